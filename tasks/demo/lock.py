"""One demo at a time on a home. Standard library only: `demo --stop` must work where nothing is installed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


class DemoBusy(Exception):
    """Another demo runs on this home."""


@contextlib.contextmanager
def only_demo(home: Path) -> Iterator[None]:
    """Holds the home for one demo; the lock dies with its process. Raises DemoBusy."""
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
