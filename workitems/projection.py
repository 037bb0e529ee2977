"""Items that another host moves, as rows of our store: the desk, the lists and the counters show them like any other.

Exactly one system owns an item's state. Where that is Temporal or Control Room, the row says so (`host`) and shows
what the host said last. It is written here and nowhere else; whoever wants to move such an item asks its host
(remotes.py), which moves it, and tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workitems import projection_sql, sql
from workitems.database import Database, StoreError
from workitems.journal import Cause, Move, record
from workitems.reservations import MESSAGE_CHARACTERS
from workitems.rows import FileRow
from workitems.states import State

Host = Literal["temporal", "control_room"]


@dataclass(frozen=True, slots=True)
class Projected:
    """What a host says of an item. `payload` is JSON text (journal.to_json); times are seconds since 1970.

    `version` is the host's own count of the item's changes: what is older than the row changes nothing, so a host may
    say things twice and late. None: the host has no count, and the last word wins. `files` None leaves them as they
    are. `fence` is the number of the attempt, while it is taken. `pins` are kept contents (SHA-256) that the host
    refers to besides the files, so that no sweep takes them.
    """

    id: str
    queue: str
    state: State
    payload: str
    version: int | None = None
    code: str | None = None
    message: str | None = None
    priority: int = 0
    not_before: float | None = None
    deadline: float | None = None
    attempts: int = 0
    lost_leases: int = 0
    fence: int = 0
    parent_id: str | None = None
    root_id: str | None = None
    files: Sequence[FileRow] | None = None
    pins: Sequence[str] = ()


class Projection:
    """The rows of one host."""

    def __init__(self, db: Database, host: Host, clock: Callable[[], float] = time.time) -> None:
        self._db, self._host, self._clock = db, host, clock

    def show(self, items: Iterable[Projected], who: str, why: str, durable: bool = False) -> int:
        """Makes the rows say what the host says, in one transaction. Returns how many were not newer already.

        An item that leaves `taken` takes its mail claims along (known where it is done, else they never existed), and
        its staged outputs that were not shown by then are gone. Raises StoreError for an item of another host.
        """
        cause = Cause(self._clock(), who, why)
        with self._db.write(durable):
            # The parent comes last: what is dropped with it are the outputs that nobody has shown.
            shown = [self._show(item, cause) for item in sorted(items, key=lambda i: i.state in ("done", "taken"))]
        return sum(shown)

    def _show(self, item: Projected, cause: Cause) -> bool:
        values = _values(item) | {"host": self._host, "now": cause.now}
        if (
            self._db.change(projection_sql.INSERT, values | {"version": 1 if item.version is None else item.version})
            == 1
        ):
            self._write_files(item)
            record(self._db, [Move(item.id, item.queue, None, item.state)], cause)
            if item.state == "ready":
                self._db.announce(item.queue)
            self._settle(item, cause)
            return True
        was = self._db.row(projection_sql.LOCK, {"id": item.id, "host": self._host})
        if was is None:
            raise StoreError(f"The item {item.id} belongs to another host.")
        if item.version is not None and item.version <= was["version"]:
            return False
        version = was["version"] + 1 if item.version is None else item.version
        self._db.change(projection_sql.UPDATE, values | {"version": version})
        self._write_files(item)
        if was["state"] != item.state or was["queue"] != item.queue:
            record(self._db, _moves(item, was), cause)
            if item.state == "ready":
                self._db.announce(item.queue)
        self._settle(item, cause)
        return True

    def _settle(self, item: Projected, cause: Cause) -> None:
        """What the attempts before have left: the host has said how they ended."""
        if item.state == "held":
            return
        attempt = {"id": item.id, "fence": item.fence}
        if item.state == "done":
            self._db.change(projection_sql.CONFIRM_MAILS, attempt)
        # An attempt that begins keeps its own claims; those before it are over.
        self._db.change(projection_sql.DROP_MAILS, attempt | {"fence": item.fence - int(item.state == "taken")})
        for row in self._db.rows(projection_sql.SELECT_HELD, {"parent_id": item.id, "host": self._host}):
            self._drop(row["id"], row["queue"], cause)

    def _write_files(self, item: Projected) -> None:
        if item.files is None:
            return
        self._db.change(projection_sql.DELETE_FILES, {"id": item.id})
        for file in item.files:
            values = {"item_id": item.id, "name": file.name, "sha256": file.sha256, "size": file.size}
            self._db.change(sql.UPSERT_FILE, values)
        self._db.change(projection_sql.DELETE_FILES, {"id": pins_of(item.id)})
        self._pin(item.id, item.pins)

    def _pin(self, item_id: str, hashes: Sequence[str]) -> None:
        for sha256 in hashes:
            self._db.change(sql.UPSERT_FILE, {"item_id": pins_of(item_id), "name": sha256, "sha256": sha256, "size": 0})

    # ---- outputs of an attempt that has not ended

    def stage(self, parent: Projected, outputs: Sequence[Projected], who: str) -> list[Projected] | None:
        """Writes the outputs of a running attempt (`parent.fence`) as `held`, and returns them with all they inherit.

        Their files, and the parent's pins, are safe from now on.

        None: the parent shows another attempt, or none, and nothing was written.
        """
        cause, staged = Cause(self._clock(), who, "output"), list[Projected]()
        with self._db.write(durable=True):
            for output in outputs:
                values = {"id": output.id, "queue": output.queue, "payload": output.payload, "now": cause.now}
                values |= {"parent_id": parent.id, "fence": parent.fence, "host": self._host}
                row = self._db.row(projection_sql.STAGE, values)
                if row is None:
                    return None  # nothing precedes it: the first is refused, or none
                self._write_files(output)
                staged.append(_heir(output, parent.id, row))
            self._pin(parent.id, parent.pins)
            record(self._db, [Move(o.id, o.queue, None, "held") for o in outputs], cause)
        return staged

    def pin(self, item_id: str, hashes: Sequence[str]) -> None:
        """From now on no sweep takes these contents, until the item is shown again."""
        with self._db.write():
            self._pin(item_id, hashes)

    def forget(self, items: Iterable[Projected], who: str, why: str) -> None:
        """Deletes rows that are `held`: the host does not know these items."""
        with self._db.write():
            for item in items:
                self._drop(item.id, item.queue, Cause(self._clock(), who, why))

    def _drop(self, item_id: str, queue: str, cause: Cause) -> None:
        named = {"id": item_id, "host": self._host}
        if self._db.change(projection_sql.DELETE, named) == 1:
            for rows in (item_id, pins_of(item_id)):
                self._db.change(projection_sql.DELETE_FILES, {"id": rows})
            record(self._db, [Move(item_id, queue, "held", None)], cause)

    def shows(self, item_id: str) -> bool:
        """Whether there is a row of this host for the item."""
        row = self._db.row(projection_sql.WHOSE, {"id": item_id})
        return row is not None and row["host"] == self._host

    # ---- looking

    def get(self, item_id: str) -> Projected | None:
        """What the row of an item of this host shows, or None."""
        row = self._db.row(projection_sql.SELECT, {"id": item_id, "host": self._host})
        if row is None:
            return None
        files = self._db.rows(sql.SELECT_FILES, {"item_id": item_id})
        same = {name: row[name] for name in (*_NAMES, "payload", "message", "root_id", "version")}
        return Projected(**same, files=[FileRow(f["name"], f["sha256"], f["size"]) for f in files])

    def begun(self, seconds: float) -> list[Projected]:
        """New items whose `put` began so many seconds ago and has not ended: whoever called it is gone."""
        values = {"host": self._host, "before": self._clock() - seconds}
        found = [self.get(row["id"]) for row in self._db.rows(projection_sql.SELECT_BEGUN, values)]
        return [item for item in found if item is not None]

    def taken(self) -> list[str]:
        """The items that the rows show as being worked on."""
        return [row["id"] for row in self._db.rows(projection_sql.SELECT_TAKEN, {"host": self._host})]

    def has_work(self, queue: str) -> bool:
        """Whether the rows show something that could be taken now."""
        values = {"queue": queue, "host": self._host, "now": self._clock()}
        return self._db.row(projection_sql.HAS_WORK, values) is not None


_NAMES = (
    *("id", "queue", "state", "code", "priority", "not_before", "deadline", "attempts", "lost_leases"),
    *("fence", "parent_id"),
)


def _values(item: Projected) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in (*_NAMES, "payload")}
    return values | {"root_id": item.root_id or item.id, "message": item.message and item.message[:MESSAGE_CHARACTERS]}


def _moves(item: Projected, was: Any) -> list[Move]:
    if was["queue"] == item.queue:
        return [Move(item.id, item.queue, was["state"], item.state)]
    return [Move(item.id, was["queue"], was["state"], None), Move(item.id, item.queue, None, item.state)]


def pins_of(item_id: str) -> str:
    """Under which id `item_files` names the pins of an item. No item has it."""
    return f"{item_id}#pins"


def _heir(output: Projected, parent_id: str, row: Any) -> Projected:
    return Projected(
        output.id,
        output.queue,
        "held",
        output.payload,
        priority=row["priority"],
        deadline=row["deadline"],
        parent_id=parent_id,
        root_id=row["root_id"],
        files=output.files,
    )
