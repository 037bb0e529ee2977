"""Reads items from a file that export.py wrote, here or elsewhere. Nothing in it is trusted; twice adds nothing.

An item keeps its id, and one that is here already stays as it is. What was done outside for an item (its effects) and
its search keys come along, so nothing that was posted is posted again.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from workitems import exchange_format as form
from workitems import exchange_sql, sql
from workitems.database import Database
from workitems.exchange_format import ExchangedItem, ExchangeError
from workitems.files import Blobs, check_name, open_files
from workitems.journal import count, to_json
from workitems.states import State
from workitems.store import Store

BATCH = 20
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError)
"""What `zipfile` raises for a damaged archive."""


@dataclass(frozen=True)
class Imported:
    """How many items came in, and how many were here already."""

    items: int
    known: int


@dataclass(frozen=True)
class Landing:
    """How items come in: signed by whom, and whether (`hold`) all that is not ended waits for a person first."""

    who: str
    source: str
    hold: bool = False

    def of(self, item: ExchangedItem) -> tuple[State, str | None, str | None]:
        """The state, code and message here.

        Whoever had the item in hand there may still finish it: a person looks first.
        """
        if item.state == "taken":
            return (
                "review",
                "imported_in_hand",
                "Somebody was working on this when it was exported: see how that ended.",
            )
        if item.state == "ready" and self.hold:
            return "review", "imported", "Imported, and held back until a person says that it may go on."
        return item.state, item.code, item.message


def import_items(store: Store, path: Path, who: str, hold: bool = False) -> Imported:
    """Adds the items of the file that are not here yet. Cut off half-way, it goes on where it is called again.

    Raises ExchangeError with a sentence; items before the one that is wrong are in.
    """
    if store.hosts.engine() is not None:
        raise ExchangeError("Items are imported where this store moves them; here DESKHAND_ENGINE names another host.")
    landing, known, came = Landing(who, path.name, hold), 0, 0
    with _open(path) as archive:
        _check_entries(archive, path)
        manifest = _manifest(archive, path)
        items = _items(archive, path)
        for batch in iter(lambda: list(islice(items, BATCH)), []):
            new = [i for i in batch if not store.exists(i.id)]
            added = _Batch(store, landing, archive).add(new) if new else 0
            came, known = came + added, known + len(batch) - added
    if came + known != manifest.items:
        raise ExchangeError(f"{path} says that it has {manifest.items} items, but {came + known} were found.")
    return Imported(came, known)


@contextmanager
def _open(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror or error}.") from None
    except DAMAGED:
        raise ExchangeError(f"{path} is damaged, or no export of Deskhand.") from None


def _check_entries(archive: zipfile.ZipFile, path: Path) -> None:
    """`zipfile` gives no more of an entry than it declares, so what is declared is a bound."""
    kinds = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(entry.flag_bits & 1 or entry.compress_type not in kinds for entry in archive.infolist()):
        raise ExchangeError(f"{path} is encrypted or packed in another way: it is no export of Deskhand.")
    if sum(entry.file_size for entry in archive.infolist()) > form.TOTAL_BYTES:
        raise ExchangeError(f"{path} would unpack to more than {form.TOTAL_BYTES} bytes (DESKHAND_IMPORT_BYTES).")


def _manifest(archive: zipfile.ZipFile, path: Path) -> form.Manifest:
    try:
        with archive.open(form.MANIFEST) as file:
            values = json.loads(file.read(100_000))
        version = values.get("version") if isinstance(values, dict) else None
        if isinstance(version, int) and version > form.VERSION:
            raise ExchangeError(
                f"{path} was exported by a newer Deskhand (format {version}, this one knows {form.VERSION}): "
                "import it with that version."
            )
        return form.Manifest.model_validate(values)
    except (KeyError, ValueError, RecursionError):
        raise ExchangeError(f"{path} is no export of Deskhand.") from None


def _items(archive: zipfile.ZipFile, path: Path) -> Iterator[ExchangedItem]:
    try:
        lines = archive.open(form.ITEMS)
    except KeyError:
        raise ExchangeError(f"{path} is no export of Deskhand.") from None
    with lines:
        number = 0
        while line := lines.readline(form.LINE_BYTES):
            number += 1
            try:
                item = ExchangedItem.model_validate(json.loads(line))
                to_json((item.payload, [e.intent for e in item.effects], [e.result for e in item.effects]))
                for file in item.files:
                    check_name(file.name)
            except (ValueError, RecursionError) as error:
                raise ExchangeError(f"{path}: item {number} is not valid{_where(error)}.") from None
            yield item


def _where(error: Exception) -> str:
    """Which fields, without their values."""
    if not isinstance(error, ValidationError):
        return ""
    found = error.errors(include_input=False, include_url=False)
    return ": " + ", ".join(f"{'.'.join(str(p) for p in e['loc'])[:80]} ({e['type']})" for e in found[:3])


class _Batch:
    """Some items on their way in, in one transaction."""

    def __init__(self, store: Store, landing: Landing, archive: zipfile.ZipFile) -> None:
        self._db: Database = store.database
        self._blobs: Blobs = open_files(store.home)
        self._now, self._landing, self._archive = store.clock(), landing, archive
        self._addresses: dict[str, str] = {}  # in this store, by the content's SHA-256

    def add(self, items: list[ExchangedItem]) -> int:
        """Returns how many were not here."""
        for item in items:
            for file in item.files:
                self._addresses[file.sha256] = self._blobs.keep(self._content(file))  # outside the transaction: slow
        # Done again after a lost connection or a collision it finds what it had written, and adds the rest.
        return self._db.settle(lambda: self._write(items), lambda: None)

    def _write(self, items: list[ExchangedItem]) -> int:
        added, changes = 0, Counter[tuple[str, State]]()
        with self._db.write(durable=True):
            for item in items:
                state = self._add(item)
                if state is not None:
                    changes[item.queue, state] += 1
                    added += 1
            count(self._db, changes)
            for queue in sorted({queue for queue, state in changes if state == "ready"}):
                self._db.announce(queue)
        return added

    def _content(self, file: form.ExchangedFile) -> bytes:
        try:
            with self._archive.open(form.FILES + file.sha256) as entry:
                content = entry.read(file.size + 1)
        except KeyError:
            content = None
        if content is None or len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
            raise ExchangeError(f"The content {file.sha256} is missing in the file, or is not what it says.")
        return content

    def _add(self, item: ExchangedItem) -> State | None:
        state, code, message = self._landing.of(item)
        values = item.model_dump(exclude={"files", "events", "decisions", "effects", "fingerprints", "payload"})
        values |= {"payload": to_json(item.payload), "state": state, "code": code, "message": message}
        if self._db.change(exchange_sql.INSERT_ITEM, values) != 1:
            return None
        for file in item.files:
            address = self._addresses[file.sha256]
            self._db.exclude(address, shared=True)  # against the sweep, which names it too
            self._blobs.ensure(address, self._content(file))
            self._db.change(sql.UPSERT_FILE, file.model_dump() | {"item_id": item.id, "sha256": address})
        self._add_history(item, state)
        return state

    def _add_history(self, item: ExchangedItem, state: State) -> None:
        named = {"item_id": item.id}
        came = form.ExchangedEvent(
            at=self._now, from_state=item.state, to_state=state, who=self._landing.who,
            why=f"imported from {self._landing.source}"[:1000],
        )  # fmt: skip
        events = [e.model_dump(exclude={"at"}) | {"now": e.at} | named for e in (*item.events, came)]
        self._db.change_many(sql.INSERT_EVENT, events)
        decisions = [{"at": d.at, "body": to_json(d.body)} | named for d in item.decisions]
        self._db.change_many(exchange_sql.INSERT_DECISION, decisions)
        effects = [
            e.model_dump()
            | {"intent": to_json(e.intent), "result": None if e.result is None else to_json(e.result)}
            | named
            for e in item.effects
        ]
        self._db.change_many(exchange_sql.INSERT_EFFECT, effects)
        fingerprints = [f.model_dump() | named for f in item.fingerprints]
        self._db.change_many(exchange_sql.INSERT_FINGERPRINT, fingerprints)
