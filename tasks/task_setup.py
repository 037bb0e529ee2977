"""What holds for every task, however it is started: no values in the log, a vault, and an end with the parent."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from robocorp import log
from robocorp.tasks import ITask, setup, teardown

from tasks.development import work_on_copies
from tasks.settings import SettingsError, home, load
from workitems import workers
from workitems.database import connect

_PRESENCE: list[workers.Presence] = []


@setup(scope="session")
def prepare(tasks: Sequence[ITask]) -> None:
    """Runs once before the first task of a process."""
    # The log records local variables by default: that would be personal data and bank details.
    log.suppress_variables()
    logging.getLogger("robocorp.workitems").setLevel(logging.WARNING)  # below, it tells names of files: of people, too
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if "RC_API_SECRET_HOST" not in os.environ:  # Control Room brings its own vault
        os.environ.setdefault("RC_VAULT_SECRET_MANAGER", "FileSecrets")
        os.environ.setdefault("RC_VAULT_SECRETS_FILE", str(_home() / "vault.json"))
    work_on_copies()
    _end_with_parent()
    for task in tasks[:1]:
        _rules(task.name)
    if os.environ.get(workers.STEP):
        _PRESENCE.append(workers.Presence(lambda: connect(_home()), os.environ[workers.STEP]))
        _PRESENCE[0].start()


@teardown(scope="session")
def take_leave(tasks: Sequence[ITask]) -> None:
    """Runs once after the last task: a worker that ends is not missed."""
    for presence in _PRESENCE:
        presence.stop()


def _rules(step: str) -> None:
    """Lease, longest time and retries of the step, for the adapter; what the caller has set stays."""
    try:
        rules = load().work.of(step)
    except SettingsError as failure:
        raise SystemExit(str(failure)) from None
    for name, value in rules.environment().items():
        os.environ.setdefault(name, value)


def _home() -> Path:
    try:
        return home()
    except SettingsError as failure:
        raise SystemExit(str(failure)) from None


def _end_with_parent() -> None:
    """A worker whose runner was killed must not go on: the next run would work beside it."""
    parent = os.environ.get("DESKHAND_PARENT")
    if not parent or os.name == "nt":
        return
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(int(parent),), daemon=True).start()
    if os.getppid() != int(parent):  # it died before we asked
        os._exit(1)


def _watch(parent: int) -> None:
    """Looks once a second, where the system does not tell."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
