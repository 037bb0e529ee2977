"""The files of items: each content is kept once, under its SHA-256, and never changed.

A blob is written beside its place, flushed to the disk and renamed, so that whatever has its name is whole. Rows of
the database name blobs; a blob that no row names is swept later (store.sweep_blobs).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

NAME_BYTES = 255
_DRIVE = re.compile(r"[A-Za-z]:")
_BLOB = re.compile(r"[0-9a-f]{64}")


def check_name(name: str) -> str:
    """The name, if it is a plain file name. Raises ValueError with a sentence that says what is wrong."""
    if not isinstance(name, str) or not name:
        raise ValueError("A file name must not be empty.")
    if name in (".", "..") or "/" in name or "\\" in name or _DRIVE.match(name):
        raise ValueError("A file name must not be a path.")
    if "\0" in name:
        raise ValueError("A file name must not contain a NUL character.")
    try:
        size = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        raise ValueError("A file name must be valid Unicode.") from None
    if size > NAME_BYTES:
        raise ValueError(f"A file name must not be longer than {NAME_BYTES} bytes.")
    return name


class Blobs:
    """The folder of blobs: `ab/cd/<sha256>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the blob is, whether or not it is there."""
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def keep(self, content: bytes) -> str:
        """Keeps the content and returns its SHA-256. It may be swept until a row names it: see `ensure`."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.ensure(sha256, content)
        return sha256

    def ensure(self, sha256: str, content: bytes) -> None:
        """Makes sure that the blob is there. Called again inside the transaction that names it, where no sweep runs."""
        place = self.path(sha256)
        try:
            if place.stat().st_size == len(content):
                os.utime(place)  # young again: the sweep leaves it alone
                return
        except FileNotFoundError:
            pass
        self._write(place, content)

    def _write(self, place: Path, content: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = place.with_name(f"{place.name}.{secrets.token_hex(4)}.new")
        try:
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
        if os.name == "posix":  # the name is on the disk only with its folder
            folder = os.open(place.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def read(self, sha256: str) -> bytes:
        """The content. Raises FileNotFoundError where the blob is gone."""
        return self.path(sha256).read_bytes()

    def older_than(self, seconds: float) -> Iterator[tuple[str, Path]]:
        """Every file (its blob's name, or "" for the rest of a write that was cut short) not touched for so long."""
        limit = time.time() - seconds
        for path in self.folder.glob("??/??/*"):
            try:
                if path.stat().st_mtime <= limit:
                    yield (path.name if _BLOB.fullmatch(path.name) else ""), path
            except FileNotFoundError:  # swept by somebody else
                continue
