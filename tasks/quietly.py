"""Long work of the set-up: one at a time, run quietly, told on stderr. Standard library only."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tasks.file_locks import try_lock

ROOT = Path(__file__).resolve().parent.parent


class SetupFailed(Exception):
    """Something is missing that only a person can bring; the message says what to do."""


def run(command: Sequence[str], otherwise: str) -> None:
    """Runs a program quietly; where it fails, tells its last lines and raises SetupFailed with `otherwise`."""
    try:
        done = attempt(command)
    except OSError as error:
        raise SetupFailed(f"{otherwise} ({command[0]}: {error.strerror})") from None
    if done.returncode != 0:
        for line in (done.stderr or done.stdout).strip().splitlines()[-5:]:
            say("  " + line)
        raise SetupFailed(otherwise)


def attempt(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Runs a program of the set-up in the project's folder.

    It inherits the lock of the set-up: where we are killed, the next set-up waits until it has ended, and never works
    beside it in the same folder.
    """
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "errors": "replace"}
    if os.name != "nt":
        quiet["pass_fds"] = _held
    return subprocess.run(command, cwd=ROOT, check=False, **quiet)


def say(text: str) -> None:
    """Progress goes to stderr: stdout belongs to the result. One write: several stages speak at once."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Announces a stage, says every ten seconds that it is still going, and how long it took."""
    began, over = time.monotonic(), threading.Event()
    say(f"  {name} ...")

    def remind() -> None:
        while not over.wait(10):
            say(f"  {name} ... {time.monotonic() - began:.0f} s")

    threading.Thread(target=remind, daemon=True).start()
    try:
        yield
        say(f"  {name}: done in {time.monotonic() - began:.0f} s")
    finally:
        over.set()


_held: list[int] = []
"""Descriptors of the locks that this process holds."""


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Two set-ups at once would spoil each other: the second waits for the first, and for what a killed one began."""
    with path.open("a+") as file:
        if not try_lock(file):
            say("Another set-up is at work; waiting for it to end ...")
            while not try_lock(file):
                time.sleep(0.5)
        _held.append(file.fileno())
        try:
            yield
        finally:
            _held.remove(file.fileno())
