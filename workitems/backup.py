"""Backup of a home into a folder, and restore into an empty one.

A folder holds one backup: `manifest.json` (written last, so it is the old one or the new one), the database as a SQLite
file, `files/ab/cd/<address>` as they are sealed, and what else of the home is worth keeping. A second backup into the
folder copies only the files that are new. Nobody has to stop for it: the database is copied as of one moment, files
never change, and no sweep deletes one meanwhile. Secrets (vault.json, keys) are not copied.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workitems.database import Database, StoreError, connect, database_file, is_postgresql
from workitems.file_errors import FilesAway
from workitems.file_keys import KEYS
from workitems.files import BLOB, FULL, Blobs, open_files, sha256_of
from workitems.home_parts import check_home, copy_home, put_back
from workitems.ledger import Ledger
from workitems.sealing import key_of, sealed_size
from workitems.snapshot import blobs_of, count_items, fill_from, is_empty, prepare_snapshot, write_snapshot
from workitems.sweep import BACKUP

FORMAT = 3
"""1: files as they came, under their SHA-256. 2: other files of the home always in `home`. Both are restored, too."""
MANIFEST = "manifest.json"
HELD_SECONDS = 6 * 3600.0


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `missing` are contents that the store had lost before; `bytes` are those of the files.

    `keys` are the ids of the keys that have sealed them, none of which is here. `home`: the other files, by SHA-256,
    which lie in `home_folder`.
    """

    format: int
    at: str
    database: str
    database_sha256: str
    items: int
    files: int
    bytes: int
    missing: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    home: Mapping[str, str] = field(default_factory=dict)
    home_folder: str = "home"


def back_up(home: Path, folder: Path) -> Manifest:
    """Writes a backup of the home (its database and files, wherever they lie) into a folder. Raises StoreError.

    Raises TryLater while another backup runs. Whatever ends it half-way, an earlier backup in the folder stays good.
    """
    with _disk(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.resolve() == home.resolve() or (any(folder.iterdir()) and not (folder / MANIFEST).is_file()):
        raise StoreError(f"{folder} is no backup, and not empty: name a folder of its own.")
    db, blobs = connect(home), open_files(home)
    try:
        with Ledger(db).lock(BACKUP, HELD_SECONDS), _disk(folder):
            return _write(home, db, blobs, folder)
    finally:
        db.close()


def _write(home: Path, db: Database, blobs: Blobs, folder: Path) -> Manifest:
    began = datetime.now(UTC)
    stamp = f"{began:%Y%m%dT%H%M%S%f}"
    database, parts = folder / f"database-{stamp}.db", folder / f"home-{stamp}"
    try:
        write_snapshot(db, database)
        _flush(database)
        told = Manifest(
            format=FORMAT,
            at=began.isoformat(timespec="seconds"),
            database=database.name,
            database_sha256=sha256_of(database),
            items=count_items(database),
            **_copy_files(blobs, database, folder),
            home=copy_home(home, parts),
            home_folder=parts.name,
        )
        new = folder / f"{MANIFEST}.new"
        new.write_text(json.dumps(asdict(told), indent=1), encoding="utf-8")
        _flush(new)
        new.replace(folder / MANIFEST)
    except BaseException:
        database.unlink(missing_ok=True)
        shutil.rmtree(parts, ignore_errors=True)
        raise
    _forget_the_old(folder, database, parts)
    return told


def _copy_files(blobs: Blobs, database: Path, folder: Path) -> dict[str, Any]:
    """Copies what the database names; what the manifest says of it."""
    missing, count, size, keys = [], 0, 0, set[str]()
    for address, length in blobs_of(database):
        if _copy_file(blobs, address, length, folder):
            count, size = count + 1, size + length
            keys.add(_key_of(_place(folder, address)))
        else:
            missing.append(address)
    return {"files": count, "bytes": size, "missing": tuple(missing), "keys": tuple(sorted(keys - {""}))}


def _copy_file(blobs: Blobs, address: str, size: int, folder: Path) -> bool:
    """Copies one content as it lies there, sealed, unless it is here; False where the store has lost it."""
    place = _place(folder, address)
    if place.is_file() and place.stat().st_size in (size, sealed_size(size)):
        return True
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = place.with_name(f"{address}.new")
    try:
        new.write_bytes(blobs.read_both(address)[0])
        _flush(new)
        new.replace(place)
    except FileNotFoundError:
        return False
    finally:
        new.unlink(missing_ok=True)
    return True


def _forget_the_old(folder: Path, database: Path, parts: Path) -> None:
    """What an earlier backup had and this one has not: what was deleted shall not live on here."""
    for before in (folder / "home", *folder.glob("home-*")):
        if before != parts:
            shutil.rmtree(before, ignore_errors=True)
    for old in folder.glob("database-*.db*"):
        if old != database:
            old.unlink(missing_ok=True)
    named = {sha256 for sha256, _ in blobs_of(database)}
    for path in (folder / "files").glob("??/??/*"):
        if path.name not in named:
            path.unlink(missing_ok=True)


def restore(home: Path, folder: Path) -> Manifest:
    """Fills an empty home (with an empty database, of either kind) from a backup. Raises StoreError.

    The database comes last: what was cut off is begun again, or there is no database yet.
    """
    told, addresses = verify(home, folder)
    blobs = open_files(home)
    _must_be_empty(home)
    with _disk(home):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for address in addresses:
            blobs.key()  # what is kept from now on is sealed with one of the keys that are here
            blobs.put_sealed(address, (_sealed(blobs, folder, address),))
        put_back(folder / told.home_folder, home)
        _restore_database(home, folder / told.database)
    return told


def verify(home: Path, folder: Path) -> tuple[Manifest, list[str]]:
    """What a backup says of itself and the files in it, once all of it was found whole. Raises StoreError.

    `home` has the keys: sealed files are opened.
    """
    told = read_manifest(folder)
    blobs = open_files(home)
    _must_have_keys(blobs, told)
    addresses = [address for address, _ in blobs_of(folder / told.database) if address not in told.missing]
    for address in addresses:
        _sealed(blobs, folder, address)
    check_home(folder / told.home_folder, told.home)
    return told, addresses


def read_manifest(folder: Path) -> Manifest:
    """What a backup says of itself, if its database is the one that was written. Raises StoreError."""
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if told["format"] > FORMAT:
            raise StoreError(f"The backup {folder} was written by a newer Deskhand: use that version.")
        manifest = Manifest(**{**told, "missing": tuple(told["missing"])})
        whole = all(Path(name).name == name for name in (manifest.database, manifest.home_folder))
        whole = whole and sha256_of(folder / manifest.database) == manifest.database_sha256
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(f"{folder} holds no backup, or one that was damaged.") from None
    if not whole:
        raise StoreError(f"The backup {folder} is damaged: its database is not the one that was written.")
    return manifest


def _must_be_empty(home: Path) -> None:
    if not is_postgresql(None) and not database_file(home, None).exists():
        return
    db = connect(home)
    try:
        if not is_empty(db):
            raise StoreError(
                f"The database {db.name} is in use: restore into an empty one (another DESKHAND_HOME or "
                "DESKHAND_DATABASE), or move this one away first."
            )
    finally:
        db.close()


def _restore_database(home: Path, snapshot: Path) -> None:
    """Puts the database in its place, wholly or not at all."""
    new = home / "restored.db.new"
    try:
        shutil.copyfile(snapshot, new)
        prepare_snapshot(new, time.time())
        _flush(new)
        if is_postgresql(None):
            db = connect(home)
            try:
                fill_from(new, db)
            finally:
                db.close()
            return
        file = database_file(home, None)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for companion in ("-wal", "-shm"):  # of the empty one that was there
            Path(f"{file}{companion}").unlink(missing_ok=True)
        if new.stat().st_dev == file.parent.stat().st_dev:
            new.replace(file)
        else:
            shutil.move(new, file)
    finally:
        new.unlink(missing_ok=True)


def _place(folder: Path, sha256: str) -> Path:
    if not BLOB.fullmatch(sha256):
        raise StoreError("The backup names a file that is none.")
    return folder / "files" / sha256[:2] / sha256[2:4] / sha256


def _must_have_keys(blobs: Blobs, told: Manifest) -> None:
    missing = [key for key in told.keys if blobs.keys.find(key) is None]
    if missing:
        raise StoreError(
            f"The backup's files are sealed with the key {', '.join(missing)}, which is in no backup, and not in "
            f"{blobs.keys}: put the copy of the keys there that you keep beside vault.json (without it the documents "
            f"are lost), or name it in {KEYS}; then restore again."
        )


def _sealed(blobs: Blobs, folder: Path, address: str) -> bytes:
    """A file of the backup, which was found to be what was kept. Raises StoreError."""
    try:
        raw = _place(folder, address).read_bytes()
        blobs.unsealed(address, raw)
    except (FileNotFoundError, FilesAway):
        raise StoreError(f"The backup {folder} is not whole: its file {address} is missing or damaged.") from None
    return raw


def _key_of(place: Path) -> str:
    """The id of the key that has sealed a file; empty: it lies there as it came."""
    with place.open("rb") as file:
        return key_of(file.read(64)) or ""


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """Turns what the disk says into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StoreError(f"The disk of {folder} is full.") from error
        raise StoreError(f"{folder} cannot be used: {error.strerror or error}.") from error
