"""The files of items: each content is kept once, under its SHA-256, and never changed.

They lie in a folder (of this machine, or one that several machines share) or in an object store: remote_files.py. In a
folder a blob is written beside its place, flushed to the disk and renamed, so that whatever has its name is whole. Rows
of the database name blobs; a blob that no row names is swept later (store.sweep_blobs).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

FILES = "DESKHAND_FILES"
"""A folder, or the url of an object store such as s3://bucket/prefix. Without it: `files` in the home."""

NAME_BYTES = 255
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MARKER = "deskhand-store"
_DRIVE = re.compile(r"[A-Za-z]:")
BLOB = re.compile(r"[0-9a-f]{64}")


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


def open_files(home: Path) -> Blobs:
    """The files that DESKHAND_FILES names, else those of the home. Raises StoreError with a sentence."""
    named = os.environ.get(FILES, "").strip()
    if not named:
        return Blobs(home / "files")
    if "://" not in named:
        return Blobs((home / Path(named).expanduser()).absolute())
    from workitems.remote_files import open_remote

    return open_remote(named, home / "cache" / "files")


class Blobs:
    """The folder of blobs: `ab/cd/<sha256>`."""

    shards = tuple(f"{n:02x}" for n in range(256))
    """How names begin: the parts in which a store is swept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return str(self.folder)

    def path(self, sha256: str) -> Path:
        """Where a local copy of the blob is. Raises FileNotFoundError where a store far away does not have it."""
        return self._place(sha256)

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def keep(self, content: bytes) -> str:
        """Keeps the content and returns its SHA-256. It may be swept until a row names it: see `ensure`.

        Raises FilesAway (a StoreError that another attempt may cure) for a full disk or a store that does not answer.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        self.ensure(sha256, content)
        return sha256

    def ensure(self, sha256: str, content: bytes) -> None:
        """Makes sure that the blob is there. Called again inside the transaction that names it, where no sweep runs."""
        place = self._place(sha256)
        try:
            if place.stat().st_size == len(content):
                os.utime(place)  # young again: the sweep leaves it alone
                return
        except FileNotFoundError:
            pass
        except OSError as error:
            fail(self.folder, error)
        try:
            self._write(place, content)
        except OSError as error:
            fail(self.folder, error)

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

    def fetch(self, sha256: str, target: Path) -> None:
        """Copies the content to a local file. Raises FileNotFoundError, FilesAway; also where it is damaged."""
        shutil.copyfile(self._place(sha256), target)
        if sha256_of(target) != sha256:
            raise damaged(sha256, str(self))

    def read(self, sha256: str) -> bytes:
        """The content. Raises FileNotFoundError where the blob is gone."""
        return self.path(sha256).read_bytes()

    def older_than(self, seconds: float, shard: str) -> Iterator[tuple[str, str]]:
        """What of a shard was not touched for so long: (the blob's name, its place).

        The name is "" for the rest of a write that was cut short.
        """
        limit = time.time() - seconds
        for path in (self.folder / shard).glob("??/*"):
            try:
                if path.stat().st_mtime <= limit:
                    yield (path.name if BLOB.fullmatch(path.name) else ""), str(path)
            except FileNotFoundError:  # swept by somebody else
                continue

    def remove(self, place: str) -> None:
        """Deletes what `older_than` found."""
        Path(place).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Deletes copies of this machine that nobody asks for any more."""

    def marker(self) -> str | None:
        """What `mark` wrote; None: nothing yet."""
        try:
            return (self.folder / MARKER).read_text(encoding="ascii")
        except FileNotFoundError:
            return None

    def mark(self, text: str) -> None:
        """Says in the store whose it is."""
        try:
            self._write(self.folder / MARKER, text.encode("ascii"))
        except OSError as error:
            fail(self.folder, error)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged(sha256: str, where: str) -> Exception:
    """What is raised for a content that is not the one that was kept."""
    from workitems.file_errors import FilesAway

    return FilesAway("file_damaged", f"{sha256} in {where} is damaged: these are not the bytes that were kept.")


def fail(folder: Path, error: OSError) -> NoReturn:
    """A sentence for a disk that is full or away; another attempt may succeed."""
    from workitems.file_errors import FilesAway

    if error.errno in FULL:
        raise FilesAway("disk_full", f"The disk of {folder} is full: nothing of the file was kept.") from error
    raise FilesAway("files_away", f"The files in {folder} cannot be used: {error.strerror or error}.") from error
