"""Locks on files that die with the process that holds them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from tasks.file_locks import try_lock

LOOK_SECONDS = 0.05


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Two at once: the second waits until the first has ended, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        while not try_lock(file):
            time.sleep(LOOK_SECONDS)
        yield


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock."""
    if not path.exists():
        return False
    with path.open("a+") as file:
        return not try_lock(file)
