"""The demo's stage: ERP, mailbox, store and vault of one home, made ready, and made new on request."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tasks import demo_erp
from tasks.demo import mailbox
from tasks.demo.settings import write_vault

# What a fresh beginning throws away: what the demo's runs left, never what was installed nor a company's settings.
LEFT_BY_RUNS = ("files", "reports", "logs", "evidence", "demo")


class DemoBusy(Exception):
    """Another demo runs on this home."""


@contextlib.contextmanager
def only_demo(home: Path) -> Iterator[None]:
    """One demo at a time on a home; the lock dies with its process. Raises DemoBusy."""
    with (home / "demo.lock").open("a+") as file:
        try:
            if os.name == "nt":
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoBusy("Another demo is running on this DESKHAND_HOME; wait for it or end it.") from None
        yield


def begin_again(home: Path) -> None:
    """An empty store, an unfilled mailbox and the seeded ERP. Killed half-way, `make_ready` completes it."""
    (home / "fresh.pending").touch()
    complete_new_beginning(home)


def complete_new_beginning(home: Path) -> None:
    """Does what `begin_again` wanted, as often as it takes; the mark goes last."""
    pending = home / "fresh.pending"
    if not pending.exists():
        return
    demo_erp.reset(home)
    for database in home.glob("deskhand.sqlite*"):
        database.unlink(missing_ok=True)
    for name in LEFT_BY_RUNS:
        shutil.rmtree(home / name, ignore_errors=True)
    pending.unlink()


def make_ready(home: Path) -> tuple[demo_erp.ErpInfo, int]:
    """Starts the ERP, writes the vault and fills the mailbox. Returns the ERP and how many mails there are."""
    complete_new_beginning(home)
    erp = demo_erp.start(home)
    write_vault(home, erp)
    return erp, mailbox.fill(home)


def tell(text: str) -> None:
    """Progress goes to stderr: stdout belongs to the result."""
    print(text, file=sys.stderr, flush=True)
