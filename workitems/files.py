"""The files of items: each content is kept once, sealed (sealing.py), under an address that follows from it.

They lie in a folder (of this machine, or one that several machines share) or in an object store: remote_files.py. In a
folder a blob is written beside its place, flushed to the disk and renamed, so that whatever has its name is whole. Rows
of the database name blobs (in the column sha256: the address was a plain SHA-256 before files were sealed, and such
files stay readable); a blob that no row names is swept later (store.sweep_blobs).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

from workitems.file_keys import Key, Keyring
from workitems.sealing import Damaged, NoKey, key_of, seal, sealed_size, unseal

FILES = "DESKHAND_FILES"
"""A folder, or the url of an object store such as s3://bucket/prefix. Without it: `files` in the home."""

NAME_BYTES = 255
HOUR = 3600.0
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MARKER = "deskhand-store"
"""The note in a store of files that says which database's it is."""
KEY_MARKER = "deskhand-keys"
"""The note in a store of files that says which keys seal in it: their ids, a line each."""
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
    named, keys = os.environ.get(FILES, "").strip(), Keyring(home)
    if not named:
        return Blobs(home / "files", keys)
    if "://" not in named:
        return Blobs((home / Path(named).expanduser()).absolute(), keys)
    from workitems.remote_files import open_remote

    return open_remote(named, home / "cache" / "files", keys)


class Blobs:
    """The folder of blobs: `ab/cd/<address>`."""

    shards = tuple(f"{n:02x}" for n in range(256))
    """How names begin: the parts in which a store is swept."""

    def __init__(self, folder: Path, keys: Keyring) -> None:
        self.folder, self.keys = folder, keys
        self._sealing: Key | None = None

    def __str__(self) -> str:
        return str(self.folder)

    def _place(self, address: str) -> Path:
        return self.folder / address[:2] / address[2:4] / address

    def keep(self, content: bytes) -> str:
        """Keeps the content and returns its address. It may be swept until a row names it: see `ensure`.

        Raises FilesAway (a StoreError that another attempt may cure) for a full disk or a store that does not answer.
        """
        address = self.key().address(content)
        self.ensure(address, content)
        return address

    def ensure(self, address: str, content: bytes) -> None:
        """Makes sure that the blob is there. Called again inside the transaction that names it, where no sweep runs."""
        place = self._place(address)
        try:
            if place.stat().st_size == sealed_size(len(content)):
                os.utime(place)  # young again: the sweep leaves it alone
                return
        except FileNotFoundError:
            pass
        except OSError as error:
            fail(self.folder, error)
        self.put_sealed(address, seal(content, address, self.key()))

    def put_sealed(self, address: str, sealed: Iterable[bytes]) -> None:
        """Puts sealed bytes (of a backup, or sealed anew) in the blob's place. Raises FilesAway."""
        try:
            self._write(self._place(address), sealed)
        except OSError as error:
            fail(self.folder, error)

    def _write(self, place: Path, parts: Iterable[bytes]) -> None:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = place.with_name(f"{place.name}.{secrets.token_hex(4)}.new")
        try:
            with beside.open("xb") as file:
                file.writelines(parts)
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

    def read(self, address: str) -> bytes:
        """The content. Raises FileNotFoundError where the blob is gone, FilesAway; also where it is damaged."""
        return self.read_both(address)[1]

    def read_both(self, address: str) -> tuple[bytes, bytes]:
        """The blob as it lies there, which was found to be whole, and its content. Raises as `read` does."""
        raw = self._place(address).read_bytes()
        return raw, self.unsealed(address, raw)

    def unsealed(self, address: str, raw: bytes) -> bytes:
        """The content of a blob. Raises FilesAway where it is damaged, or its key is not here."""
        from workitems.file_errors import FilesAway

        try:
            return unseal(raw, address, self.keys)
        except NoKey as missing:
            raise FilesAway("files_key", missing_key(self.keys, str(missing))) from None
        except Damaged:
            told = f"{address} in {self} is damaged: these are not the bytes that were kept."
            raise FilesAway("file_damaged", told) from None

    # ---- the keys

    def key(self) -> Key:
        """The key that seals, the same on all machines that share the store. Raises StoreError."""
        if self._sealing is None:
            self._sealing = self._agreed()
        return self._sealing

    def _agreed(self) -> Key:
        """The newest key, if it is one of the store's. The first who keeps a file makes one and notes it there."""
        key, noted = self.keys.newest(), (self.marker(KEY_MARKER) or "").split()
        if not noted:
            key = key or self.keys.make()
            self.mark(key.id, KEY_MARKER)
            noted = (self.marker(KEY_MARKER) or "").split()  # of two machines at once, one has written last
        if key is not None and key.id not in noted and any(self.keys.find(each) for each in noted):
            noted.append(key.id)  # a new key in addition to those that were known
            self.mark("\n".join(noted), KEY_MARKER)
        if key is None or key.id not in noted:
            from workitems.file_errors import FilesAway

            raise FilesAway("files_key", missing_key(self.keys, noted[-1]))
        return key

    def reseal(self) -> int:
        """Seals anew with the newest key what another one has sealed, or none. Returns how many. Raises StoreError.

        Whoever reads meanwhile reads either. Called again it goes on.
        """
        self._sealing, resealed = None, 0
        key = self.key()
        for shard in self.shards:
            for address, _ in self.older_than(-HOUR, shard):
                if address and key_of(self.beginning(address)) != key.id:
                    with contextlib.suppress(FileNotFoundError):  # swept meanwhile
                        self.put_sealed(address, seal(self.read(address), address, key))
                        resealed += 1
        return resealed

    def beginning(self, address: str) -> bytes:
        """The first bytes of a blob as it lies there; nothing where it is gone."""
        try:
            with self._place(address).open("rb") as file:
                return file.read(64)
        except FileNotFoundError:
            return b""

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

    def marker(self, name: str = MARKER) -> str | None:
        """The note of that name in the store; None: nothing yet."""
        try:
            return (self.folder / name).read_text(encoding="ascii")
        except FileNotFoundError:
            return None

    def mark(self, text: str, name: str = MARKER) -> None:
        """Writes a note into the store."""
        try:
            self._write(self.folder / name, (text.encode("ascii"),))
        except OSError as error:
            fail(self.folder, error)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def missing_key(keys: Keyring, key_id: str) -> str:
    """What to do where a key is not here."""
    return (
        f"The files are sealed with the key {key_id}, which is not in {keys}: put a copy of the keys there (from "
        "another machine of this deployment, or from where you keep them)."
    )


def fail(folder: Path, error: OSError) -> NoReturn:
    """A sentence for a disk that is full or away; another attempt may succeed."""
    from workitems.file_errors import FilesAway

    if error.errno in FULL:
        raise FilesAway("disk_full", f"The disk of {folder} is full: nothing of the file was kept.") from error
    raise FilesAway("files_away", f"The files in {folder} cannot be used: {error.strerror or error}.") from error
