"""A lock on an open file, which dies with the process that holds it. Standard library only."""

from __future__ import annotations

import os
from typing import IO


def try_lock(file: IO[str]) -> bool:
    """Locks an open file until it is closed; False where somebody else has it. Raises OSError for one without locks."""
    if os.name == "nt":
        import msvcrt

        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:  # Windows says nothing more of why
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
