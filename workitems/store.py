"""The store of work items as people see it: the queue commands, the review desk, the demo and the report.

Workers go through adapter.py, which uses `Store.reservations`.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from workitems import housekeeping, interventions, sql
from workitems.database import Database, StoreError, connect, home_folder
from workitems.files import FILES, check_name, open_files
from workitems.interventions import NotAllowed
from workitems.journal import Cause, Move, record, to_json
from workitems.projection import Projected
from workitems.remotes import Hosts
from workitems.reservations import NotHeld, Reservations, UnknownItem
from workitems.rows import DecisionRow, Event, FileRow, ItemRow, QueueCount, at, item_from
from workitems.scratch import private_file
from workitems.states import RetryPolicy, State
from workitems.statistics import Arrivals, QueueFigures, arrivals, figures
from workitems.sweep import AFTER_SECONDS, MOST_SECONDS, Sweeper

__all__ = ["NotAllowed", "NotHeld", "Store", "StoreError", "UnknownItem", "new_id"]

NO_FILES: Mapping[str, bytes | Path] = {}


class Store:
    """Items, their files, events and decisions. `home` holds the database (unless `url` names another) and the files.

    One Store is one connection; threads may share it. Times in the answers are aware (UTC), ages in seconds.
    """

    def __init__(self, home: Path, db: Database, clock: Callable[[], float] | None = None) -> None:
        self.home, self._db = home, db
        self._clock, self._lease_clock = clock or db.wall, clock or db.clock
        self._blobs = open_files(home)
        self._sweeper: Sweeper | None = None
        self.hosts = Hosts(home, db, self._clock)

    @classmethod
    def open(cls, home: Path | None = None, url: str | None = None, clock: Callable[[], float] | None = None) -> Store:
        """The store of a home (default: DESKHAND_HOME). Creates or updates the schema. Raises StoreError."""
        home = home or home_folder()
        return cls(home, connect(home, url), clock)

    def close(self) -> None:
        """Ends the connection."""
        self.hosts.close()
        self._db.close()

    @property
    def database(self) -> Database:
        """The connection, for the ledger."""
        return self._db

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds since 1970."""
        return self._clock

    def reservations(self, who: str, retry: RetryPolicy | None = None) -> Reservations:
        """The working side, for a worker of that name. `retry` says when what failed is tried again."""
        return Reservations(self._db, self._blobs, who, (self._clock, self._lease_clock), retry)

    # ---- coming into being

    def put(
        self,
        queue: str,
        payload: Any,
        files: Mapping[str, bytes | Path] = NO_FILES,
        *,
        priority: int = 0,
        not_before: datetime | None = None,
        deadline: datetime | None = None,
        who: str = "put",
        why: str = "put",
    ) -> str:
        """Enqueues one item with its files, in one transaction, and returns its id. It has reached the disk.

        Raises ValueError for an empty queue name, a refused file name or a payload that is no JSON.
        """
        if not queue:
            raise ValueError("The queue needs a name.")
        contents = {check_name(n): c.read_bytes() if isinstance(c, Path) else bytes(c) for n, c in files.items()}
        hashes = {name: self._blobs.keep(content) for name, content in contents.items()}
        now, item_id = self._clock(), new_id()
        engine = self.hosts.engine()
        if engine is not None:
            rows = tuple(FileRow(name, hashes[name], len(content)) for name, content in contents.items())
            item = Projected(item_id, queue, "ready", to_json(payload), priority=priority, files=rows)
            engine.put(replace(item, not_before=_seconds(not_before), deadline=_seconds(deadline)), who, why)
            return item_id
        values = {"id": item_id, "queue": queue, "payload": to_json(payload), "priority": priority, "now": now}
        values |= {"not_before": _seconds(not_before), "deadline": _seconds(deadline)}

        def insert() -> str:
            with self._db.write(durable=True):
                for sha256 in hashes.values():  # first, so that it holds when the file is looked for: no sweep ...
                    self._db.exclude(sha256, shared=True)  # ... deletes it
                self._db.change_many(sql.INSERT_ITEM, [values])
                for name, content in contents.items():
                    self._blobs.ensure(hashes[name], content)
                    file = {"item_id": item_id, "name": name, "sha256": hashes[name], "size": len(content)}
                    self._db.change_many(sql.UPSERT_FILE, [file])
                record(self._db, [Move(item_id, queue, None, "ready")], Cause(now, who, why))
            return item_id

        return self._db.settle(insert, lambda: item_id if self.exists(item_id) else None)

    def trigger(self, queue: str, who: str = "trigger") -> str:
        """Makes sure that a trigger item waits in a producer's queue, takeable now, and returns its id."""
        if self.hosts.engine() is not None:
            if (row := self._db.row(sql.SELECT_TRIGGER, {"queue": queue})) is None:
                return self.put(queue, {"trigger": queue}, who=who, why="trigger")
            if self._must(row["id"]).not_before is not None:
                self.retry(row["id"], who)
            return str(row["id"])
        from workitems.moments import trigger_within

        def put() -> str:
            with self._db.write(durable=True):
                return trigger_within(self._db, queue, Cause(self._clock(), who, "trigger"))

        return self._db.settle(put, lambda: None)  # a trigger that was put is found again

    # ---- looking

    def exists(self, item_id: str) -> bool:
        """Whether there is such an item."""
        return self._db.row(sql.SELECT_ITEM_EXISTS, {"id": item_id}) is not None

    def get(self, item_id: str) -> ItemRow | None:
        """The item, or None."""
        row = self._db.row(sql.SELECT_ITEM, {"id": item_id})
        return None if row is None else item_from(row)

    def find(
        self,
        queue: str | None = None,
        states: Sequence[State] | None = None,
        limit: int = 1000,
        after: str | None = None,
    ) -> list[ItemRow]:
        """A page of items, oldest first; `after` is the id of the last item of the page before."""
        values: dict[str, Any] = {"queue": queue, "limit": limit, "after": self._seq(after) if after else 0}
        values |= {f"state{n}": state for n, state in enumerate(states or ())}
        return [item_from(row) for row in self._db.rows(sql.select_items(queue is not None, len(states or ())), values)]

    def depth(self) -> list[QueueCount]:
        """How many items are in which state of which queue, and how old the oldest is."""
        now = self._clock()
        rows = self._db.rows(sql.SELECT_DEPTH)
        return [QueueCount(r["queue"], r["state"], r["count"], max(0.0, now - (r["oldest"] or now))) for r in rows]

    def rates(self, minutes: int) -> list[Arrivals]:
        """How many items came into which state of which queue in the last `minutes`."""
        return arrivals(self._db, self._clock(), minutes)

    def figures(self) -> list[QueueFigures]:
        """Every queue's counts, ages, rates and shares; milliseconds, however many items there are."""
        return figures(self._db, self._clock(), self.depth())

    def due_in(self, queue: str) -> float | None:
        """Seconds until the next item of the queue may be taken (0: now); None where nothing is ready or in backoff."""
        if self.has_work(queue):
            return 0.0
        row = self._db.row(sql.SELECT_NEXT_DUE, {"queue": queue})
        return None if row is None or row["due"] is None else max(0.0, row["due"] - self._clock())

    def has_work(self, queue: str) -> bool:
        """Whether a reservation would get an item now."""
        now = {"now": self._clock(), "lease_now": self._lease_clock()}
        return any(self._db.rows(sql.LOOK, {"queue": queue, **now})[0]) or self.hosts.has_work(queue)

    def mark_batch(self, item_id: str) -> None:
        """The item is a trigger: each of its outputs begins a lineage of its own."""
        with self._db.write():
            self._db.change(sql.MARK_BATCH, {"id": item_id})

    def files(self, item_id: str) -> list[FileRow]:
        """The item's files in the order in which they were added."""
        rows = self._db.rows(sql.SELECT_FILES, {"item_id": item_id})
        return [FileRow(r["name"], r["sha256"], r["size"]) for r in rows]

    def file_names(self, item_id: str) -> list[str]:
        """The names of the item's files."""
        return [file.name for file in self.files(item_id)]

    def read_file(self, item_id: str, name: str) -> bytes:
        """The content of a file. Raises FileNotFoundError, FilesAway."""
        row = self._db.row(sql.SELECT_FILE, {"item_id": item_id, "name": name})
        if row is None:
            raise FileNotFoundError(f"The item {item_id} has no file of that name.")
        return self._blobs.read(row["sha256"])

    def opened(self, item_id: str, name: str) -> AbstractContextManager[Path]:
        """The file as a local one, for as long as the block lasts. Raises as `read_file` does."""
        return private_file(self.read_file(item_id, name))

    def events(self, item_id: str) -> list[Event]:
        """Every transition of the item, oldest first."""
        return [
            Event(r["item_id"], at(r["at"]), r["from_state"], r["to_state"], r["who"], r["why"])
            for r in self._db.rows(sql.SELECT_EVENTS, {"item_id": item_id})
        ]

    def decisions(self, item_id: str) -> list[DecisionRow]:
        """Every automated decision about the item, oldest first."""
        rows = self._db.rows(sql.SELECT_DECISIONS, {"item_id": item_id})
        return [DecisionRow(r["item_id"], at(r["at"]), json.loads(r["body"])) for r in rows]

    def lineage(self, item_id: str) -> list[ItemRow]:
        """All items with the same root, oldest first: what the item came from and what became of it."""
        item = self.get(item_id)
        return (
            [] if item is None else [item_from(r) for r in self._db.rows(sql.SELECT_LINEAGE, {"root_id": item.root_id})]
        )

    def moves(self, root_ids: Iterable[str] | None = None) -> list[tuple[str, str, Event]]:
        """Every transition as (root id, queue, event), by item and in order; of some lineages or of all."""
        if root_ids is None:
            rows = self._db.rows(sql.SELECT_MOVES)
        else:
            rows = [r for root in root_ids for r in self._db.rows(sql.SELECT_MOVES_OF_ROOT, {"root_id": root})]
        return [
            (r["root_id"], r["queue"], Event(r["item_id"], at(r["at"]), r["from_state"], r["to_state"], "", ""))
            for r in rows
        ]

    # ---- what a person decides

    def answer(self, item_id: str, payload: Any, who: str, why: str, version: int) -> None:
        """Puts an item that waits for a person (in review or dead) back to work with its new payload.

        Raises NotAllowed when it waits no longer, or when `version` is not the one that the person saw.
        """
        item, cause = self._must(item_id), Cause(self._clock(), who, why)
        if (remote := self.hosts.of(item)) is None:
            interventions.answer(self._db, item, to_json(payload), version, cause)
        elif item.version != version:
            raise NotAllowed(interventions.OVERTAKEN)
        else:
            remote.answer(item, payload, who, why)

    def retry(self, item_id: str, who: str = "person") -> None:
        """Puts an item in review, dead or cancelled back to work, and ends the backoff of a ready one.

        Raises NotAllowed for any other.
        """
        item = self._must(item_id)
        if (remote := self.hosts.of(item)) is None:
            interventions.retry(self._db, item, Cause(self._clock(), who, "retry"))
        else:
            remote.retry(item, who)

    def cancel(self, item_id: str, who: str = "person", why: str = "cancelled", version: int | None = None) -> None:
        """Ends an item that nobody works on. Raises NotAllowed for one that is being worked on or has ended, and where
        `version` is given and is not the one that the person saw.
        """
        item = self._must(item_id)
        if version not in (None, item.version):
            raise NotAllowed(interventions.OVERTAKEN)
        if (remote := self.hosts.of(item)) is None:
            interventions.cancel(self._db, item, Cause(self._clock(), who, why))
        else:
            remote.cancel(item, who, why)

    def carry(self) -> None:
        """Where another engine moves the items, this process drives them from now on; else nothing."""
        engine = self.hosts.engine()
        if engine is not None:
            engine.carry()

    def end_all(self) -> None:
        """Where another engine moves the items, it ends every one that is open, for a new beginning; else nothing."""
        engine = self.hosts.engine()
        if engine is not None:
            engine.end_all()

    # ---- housekeeping

    def release_dead_owners(self, blame: bool = True) -> int:
        """Ends the leases of processes of this machine that have died, at once. Returns how many.

        Each counts as a lost lease of its item; not so with `blame` False, when the whole suite was killed. Where
        another engine moves the items, items whose `put` was cut short are settled with it.
        """
        engine, ended = self.hosts.engine(), 0
        if engine is not None:
            engine.settle_puts()
            ended = engine.end_attempts_of_the_dead(blame)
        return ended + housekeeping.release_dead_owners(self._db, self._clock(), blame)

    def sweep_blobs(self, older_than_seconds: float = AFTER_SECONDS, most_seconds: float | None = MOST_SECONDS) -> int:
        """Deletes contents that no item has any more, if they were not touched for so long. Returns how many.

        It ends after `most_seconds` (None: when all is swept); the next call goes on there. Raises StoreError where
        the files are away, or another database's.
        """
        if self._sweeper is None:
            self._sweeper = Sweeper(self._db, self._blobs, own=not os.environ.get(FILES))
        return self._sweeper.sweep(older_than_seconds, most_seconds)

    def _must(self, item_id: str) -> ItemRow:
        item = self.get(item_id)
        if item is None:
            raise UnknownItem(item_id)
        return item

    def _seq(self, item_id: str) -> int:
        row = self._db.row(sql.SELECT_SEQ, {"id": item_id})
        if row is None:
            raise UnknownItem(item_id)
        return int(row["seq"])


def new_id() -> str:
    """A new item id: 20 hexadecimal characters, nearly in order of time, which keeps the index compact."""
    return f"{time.time_ns() // 1_000_000:011x}{secrets.token_hex(5)[:9]}"


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
