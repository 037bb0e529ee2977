"""One demo at a time on a home. Standard library only: `demo --stop` must work where nothing is installed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tasks.file_locks import try_lock


class DemoBusy(Exception):
    """Another demo runs on this home."""


@contextlib.contextmanager
def only_demo(home: Path) -> Iterator[None]:
    """Holds the home for one demo; the lock dies with its process. Raises DemoBusy."""
    with (home / "demo.lock").open("a+") as file:
        try:
            free = try_lock(file)
        except OSError as error:
            raise DemoBusy(f"Nothing can be locked in {home}: {error.strerror}.") from None
        if not free:
            raise DemoBusy("Another demo is running on this DESKHAND_HOME; wait for it or end it.")
        yield
