"""Writes items into one file; exchange_format.py says what is in it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from workitems import exchange_sql, people_sql, sql
from workitems.exchange_format import FILES, ITEMS, MANIFEST, ExchangeError, Manifest
from workitems.files import Blobs, open_files
from workitems.journal import to_json
from workitems.store import Store

_COLUMNS: tuple[str, ...] = (
    "id",
    "queue",
    "state",
    "code",
    "message",
    "priority",
    "not_before",
    "deadline",
    "attempts",
    "lost_leases",
)
_COLUMNS += ("parent_id", "root_id", "is_batch", "version", "created_at", "updated_at", "assigned_to")
_EVENT = ("at", "from_state", "to_state", "who", "why")
_FINGERPRINT = ("key", "root_id", "document_id", "filename", "created_at")


def export_items(store: Store, item_ids: Iterable[str], to: Path) -> Manifest:
    """Writes the items into a new file, whole or not at all, readable by its owner alone.

    Every item is as it was at one moment; outputs of attempts that have not ended are left out. Raises ExchangeError.
    """
    beside = to.with_name(f"{to.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            manifest = _write(store, item_ids, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(to)
    except OSError as error:
        raise ExchangeError(f"{to} cannot be written: {error.strerror or error}.") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    return manifest


def lineages(store: Store, item_ids: Iterable[str]) -> Iterator[str]:
    """The ids of the items and of all that have a root in common with them, each once."""
    roots: dict[str, None] = {}
    for item_id in item_ids:
        item = store.get(item_id)
        if item is not None:
            roots[item.root_id] = None
    for root_id in roots:
        for row in store.database.rows(exchange_sql.SELECT_LINEAGE_IDS, {"root_id": root_id}):
            yield row["id"]


def _write(store: Store, item_ids: Iterable[str], file: IO[bytes]) -> Manifest:
    blobs, contents, written = open_files(store.home), dict[str, str](), 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(ITEMS, "w", force_zip64=True) as lines:
            for item_id in item_ids:
                item = _item(store, item_id)
                if item is not None:
                    for each in item["files"]:
                        address = each["sha256"]
                        each["sha256"] = hashlib.sha256(_content(blobs, address)).hexdigest()
                        contents[each["sha256"]] = address
                    lines.write(to_json(item).encode("ascii") + b"\n")
                    written += 1
        for sha256, address in contents.items():
            archive.writestr(FILES + sha256, _content(blobs, address))
        manifest = Manifest(exported_at=store.clock(), items=written, files=len(contents))
        archive.writestr(MANIFEST, manifest.model_dump_json())
    return manifest


def _content(blobs: Blobs, address: str) -> bytes:
    try:
        return blobs.read(address)
    except FileNotFoundError:
        raise ExchangeError(f"The content {address} of a file is missing in the store: nothing was exported.") from None


def _item(store: Store, item_id: str) -> dict[str, Any] | None:
    """Everything that belongs to an item, as one line; None where it has gone."""
    db, named = store.database, {"item_id": item_id}
    with db.write():  # nobody moves it in between
        row = db.row(exchange_sql.SELECT_ITEM, {"id": item_id})
        if row is None:
            return None
        files, events = db.rows(sql.SELECT_FILES, named), db.rows(sql.SELECT_EVENTS, named)
        decisions, effects = db.rows(sql.SELECT_DECISIONS, named), db.rows(people_sql.SELECT_EFFECTS_OF, named)
        fingerprints = db.rows(exchange_sql.SELECT_FINGERPRINTS, named)
    return {name: row[name] for name in _COLUMNS} | {
        "payload": json.loads(row["payload"]),
        "files": [{"name": f["name"], "sha256": f["sha256"], "size": f["size"]} for f in files],
        "events": [{name: e[name] for name in _EVENT} for e in events],
        "decisions": [{"at": d["at"], "body": json.loads(d["body"])} for d in decisions],
        "effects": [_effect(e) for e in effects],
        "fingerprints": [{name: f[name] for name in _FINGERPRINT} for f in fingerprints],
    }


def _effect(row: Any) -> dict[str, Any]:
    values = {name: row[name] for name in ("key", "state", "created_at", "finished_at")}
    result = None if row["result"] is None else json.loads(row["result"])
    return values | {"intent": json.loads(row["intent"]), "result": result}
