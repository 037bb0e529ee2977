"""Local copies of what lies in an object store: whole or not there, the oldest deleted first, shared by processes."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path

from workitems.database import StoreError

CACHE_MB = "DESKHAND_CACHE_MB"
DEFAULT_MB = 2000
IN_USE_SECONDS = 600.0
"""A copy that somebody asked for stays so long: he was given its path and may be about to open it."""
LEFT_OVER_SECONDS = 3600.0
KEPT_SECONDS = 7 * 86400.0
"""A copy that nobody asks for goes, so that what is deleted in the store does not live on here."""


class Cache:
    """A folder `ab/<sha256>` of about `most_bytes` at most; what is in use may exceed it. It may be deleted."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder, self._most = folder, most_bytes
        self._unseen = most_bytes  # bytes added since the last look at the whole folder; the first addition looks

    def find(self, sha256: str) -> Path | None:
        """The copy, which now counts as asked for; None where there is none."""
        place = self._place(sha256)
        try:
            os.utime(place)
        except OSError:
            return None
        return place

    def begin(self, sha256: str) -> Path:
        """A new file for a copy that is being fetched: `add` or `drop` it."""
        place = self._place(sha256)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return place.with_name(f"{sha256}.{secrets.token_hex(4)}.new")

    def add(self, sha256: str, fetched: Path) -> Path:
        """The fetched file is right: it becomes the copy. Its bytes reach the disk before its name does."""
        with fetched.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            os.fsync(file.fileno())
        place = self._place(sha256)
        fetched.replace(place)
        self._unseen += size
        if self._unseen >= self._most // 20:
            self.shrink()
        return place

    def drop(self, fetched: Path) -> None:
        """The fetched file is of no use."""
        with contextlib.suppress(OSError):
            fetched.unlink()

    def shrink(self) -> None:
        """Deletes what nobody asked for in a week, then the oldest, until nine tenths of the size are left."""
        self._unseen = 0
        now, total, idle = time.time(), 0, []
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):  # another process was faster
                about = path.stat()
                if path.suffix == ".new":
                    if about.st_mtime < now - LEFT_OVER_SECONDS:
                        path.unlink()
                    continue
                if about.st_mtime < now - KEPT_SECONDS:
                    path.unlink()
                    continue
                total += about.st_size
                if about.st_mtime < now - IN_USE_SECONDS:
                    idle.append((about.st_mtime, about.st_size, path))
        if total <= self._most:
            return
        for _, size, path in sorted(idle):
            if total <= self._most * 0.9:
                return
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


def cache_bytes() -> int:
    """How large the cache may grow: DESKHAND_CACHE_MB. Raises StoreError where that is no number above zero."""
    text = os.environ.get(CACHE_MB) or str(DEFAULT_MB)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise StoreError(f"{CACHE_MB} must be a number of megabytes above zero.")
    return int(text) * 1_000_000
