"""What goes on right now, for a screen: what failed last, who works on what, which targets are open.

Every statement reads a bounded number of rows, so a screen may ask once a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workitems import people_sql as sql
from workitems.database import Database
from workitems.rows import at
from workitems.states import State

EVENTS_SCANNED = 5_000
WORKERS_SHOWN = 200
SILENT_SECONDS = 60.0
"""A worker that has said nothing for so long is shown no more, unless it holds an item."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that ended badly, where nothing has happened to the item since."""

    item_id: str
    queue: str
    state: State
    code: str
    message: str
    attempts: int
    at: datetime
    assigned_to: str | None


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker. `step` is the queue's name where it only shows itself by what it holds; `item_id` None: it waits."""

    step: str
    host: str
    pid: str
    item_id: str | None
    since: datetime | None
    """When it took the item, or since when it is there."""
    silent_seconds: float | None
    """Since its last sign of life; None where it gives none."""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A system outside. Its circuit is open (nobody asks it) until `open_until`; `failures` in a row."""

    name: str
    failures: int
    open_until: datetime | None
    asked_at: datetime | None
    in_use: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of the log of events; `seq` is its place in it."""

    seq: int
    at: datetime
    item_id: str
    queue: str
    from_state: State | None
    to_state: State
    who: str
    why: str


def last_failures(db: Database, limit: int) -> list[Failure]:
    """What went wrong last, newest first, an item once. Looked for among the newest 5,000 events."""
    found: dict[str, Failure] = {}
    for row in db.rows(sql.SELECT_LAST_FAILURES, {"scan": EVENTS_SCANNED}):
        if row["item_id"] not in found and len(found) < limit:
            found[row["item_id"]] = Failure(
                row["item_id"],
                row["queue"],
                row["state"],
                row["code"],
                row["message"] or "",
                row["attempts"],
                at(row["at"]),
                row["assigned_to"],
            )
    return list(found.values())


def workers(db: Database, now: float) -> list[WorkerRow]:
    """Who works on what: the workers that say so, and whoever else holds an item."""
    taken = {r["id"]: r for r in db.rows(sql.SELECT_TAKEN, {"limit": WORKERS_SHOWN})}
    shown: list[WorkerRow] = []
    for row in db.rows(sql.SELECT_WORKERS):
        item = taken.pop(row["item_id"], None)
        if item is None and now - row["seen_at"] > SILENT_SECONDS:
            continue
        host, pid = _host_and_pid(row["id"])
        since = item["taken_at"] if item is not None and item["taken_at"] else row["started_at"]
        item_id = None if item is None else item["id"]
        shown.append(WorkerRow(row["step"], host, pid, item_id, at(since), max(0.0, now - row["seen_at"])))
    for item in taken.values():
        host, pid = _host_and_pid(item["lease_owner"] or "")
        since = None if item["taken_at"] is None else at(item["taken_at"])
        shown.append(WorkerRow(item["queue"], host, pid, item["id"], since, None))
    return shown


def _host_and_pid(owner: str) -> tuple[str, str]:
    """From owners.py's name of a process."""
    parts = owner.rsplit("|", 3)
    return (parts[0], parts[2]) if len(parts) == 4 else (owner, "")


def targets(db: Database, now: float) -> list[TargetRow]:
    """The systems outside that bots drive."""
    return [
        TargetRow(r["name"], r["failures"], _moment(r["open_until"]), _moment(r["asked_at"]), r["in_use"])
        for r in db.rows(sql.SELECT_TARGETS, {"now": now})
    ]


def last_events(db: Database, limit: int, queue: str | None = None) -> list[EventRow]:
    """The newest events, oldest of them first; of one queue those among the newest 100,000."""
    scan = limit if queue is None else 100_000
    return _events(reversed(db.rows(sql.SELECT_LAST_EVENTS, {"scan": scan, "limit": limit, "queue": queue})))


def events_after(db: Database, seq: int, limit: int, queue: str | None = None) -> list[EventRow]:
    """The events behind a place in the log."""
    return _events(db.rows(sql.SELECT_EVENTS_AFTER, {"after": seq, "limit": limit, "queue": queue}))


def _events(rows: Iterable[Any]) -> list[EventRow]:
    names = ("item_id", "queue", "from_state", "to_state", "who", "why")
    return [EventRow(r["seq"], at(r["at"]), *(r[name] for name in names)) for r in rows]


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else at(seconds)
