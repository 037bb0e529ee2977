"""What a person may do with an item: answer what it waits for, try it again, put it off, hand it to somebody, end it.

Each is signed in the events. An event whose two states are the same is a remark: the item stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workitems import people_sql, sql
from workitems.database import Database
from workitems.journal import Cause, Move, count, drop_outputs, record
from workitems.rows import ItemRow
from workitems.states import TRANSITIONS

OVERTAKEN = "Somebody else has changed this item in the meantime. Please look at it again."


class NotAllowed(ValueError):
    """The item's state, or a change by somebody else, forbids it. The message is a sentence for a person."""


def answer(db: Database, item: ItemRow, payload: str, version: int, cause: Cause) -> None:
    """An item that waits for a person goes back to work with a new payload, if it is still the one that was seen."""
    if item.state not in ("review", "dead") or item.version != version:
        raise NotAllowed(OVERTAKEN)
    _back_to_ready(db, item, payload, cause)


def retry(db: Database, item: ItemRow, cause: Cause) -> None:
    """An item that waits for a person, was cancelled, or is in its backoff goes back to work."""
    if item.state not in ("review", "dead", "cancelled", "ready"):
        raise NotAllowed(
            f"The item {item.id} is {item.state}; only what is in review, dead, cancelled or waiting for its next "
            "attempt can be retried."
        )
    _back_to_ready(db, item, None, cause)


def cancel(db: Database, item: ItemRow, cause: Cause) -> None:
    """An item that nobody works on ends."""
    until = item.lease_until
    if item.state == "taken" and until is not None and until.timestamp() > cause.now:
        raise NotAllowed(f"The item {item.id} is being worked on right now; try again when that has ended.")
    if "cancelled" not in TRANSITIONS[item.state]:
        raise NotAllowed(f"The item {item.id} is {item.state} and cannot be cancelled.")
    values = {"id": item.id, "from_state": item.state, "version": item.version, "why": cause.why, "now": cause.now}

    def change() -> None:
        _one(db, sql.CANCEL, values)
        drop_outputs(db, item.id, cause)
        record(db, [Move(item.id, item.queue, item.state, "cancelled")], cause)

    _settle(db, item, cause, change)


def postpone(db: Database, item: ItemRow, until: float, cause: Cause) -> None:
    """A ready item is not taken before `until` (seconds since 1970). Its attempts stay what they were."""
    if item.state != "ready":
        raise NotAllowed(f"The item {item.id} is {item.state}; only what is ready can be postponed.")
    values = {"id": item.id, "version": item.version, "until": until, "why": cause.why, "now": cause.now}

    def change() -> None:
        _one(db, people_sql.POSTPONE, values)
        _remark(db, item, cause)

    _settle(db, item, cause, change)


def redrive(db: Database, item: ItemRow, until: float | None, cause: Cause) -> None:
    """A dead letter goes back to work as good as new, at once or at `until` (seconds since 1970)."""
    if item.state != "dead":
        raise NotAllowed(f"The item {item.id} is {item.state}; only a dead letter can be redriven.")

    def change() -> None:
        _one(db, people_sql.REDRIVE, {"id": item.id, "version": item.version, "until": until, "now": cause.now})
        record(db, [Move(item.id, item.queue, "dead", "ready")], cause)

    _settle(db, item, cause, change)


def assign(db: Database, item: ItemRow, person: str | None, cause: Cause) -> None:
    """An item that has not ended gets a person who shall look at it; None: anybody may."""
    if item.state in ("done", "cancelled", "held"):
        raise NotAllowed(f"The item {item.id} is {item.state}; nobody has to look at it any more.")

    def change() -> None:
        _one(db, people_sql.ASSIGN, {"id": item.id, "from_state": item.state, "person": person})
        _remark(db, item, cause)

    _settle(db, item, cause, change)


def move(db: Database, item: ItemRow, queue: str, cause: Cause) -> None:
    """An item that nobody works on goes to another queue, to its place by age."""
    if not queue:
        raise ValueError("The queue needs a name.")
    if item.state not in ("ready", "review", "dead"):
        raise NotAllowed(f"The item {item.id} is {item.state}; only what is ready, in review or dead can be moved.")
    values = {"id": item.id, "from_state": item.state, "version": item.version, "queue": queue, "now": cause.now}

    def change() -> None:
        _one(db, people_sql.MOVE_QUEUE, values)
        _remark(db, item, cause)
        if queue != item.queue:
            count(db, {(item.queue, item.state): -1, (queue, item.state): 1})
            if item.state == "ready":
                db.announce(queue)

    _settle(db, item, cause, change)


def _remark(db: Database, item: ItemRow, cause: Cause) -> None:
    values = {"item_id": item.id, "now": cause.now, "from_state": item.state, "to_state": item.state}
    db.change(sql.INSERT_EVENT, values | {"who": cause.who, "why": cause.why})


def _back_to_ready(db: Database, item: ItemRow, payload: str | None, cause: Cause) -> None:
    values = {"id": item.id, "from_state": item.state, "version": item.version, "payload": payload, "now": cause.now}

    def change() -> None:
        _one(db, sql.BACK_TO_READY, values)
        record(db, [Move(item.id, item.queue, item.state, "ready")], cause)

    _settle(db, item, cause, change)


def _settle(db: Database, item: ItemRow, cause: Cause, change: Callable[[], None]) -> None:
    """Makes the change durably, once. Nobody is told that it failed where only its answer was lost."""

    def make() -> bool:
        with db.write(durable=True):
            change()
        return True

    signed = {"id": item.id, "now": cause.now, "who": cause.who, "from_state": item.state}
    db.settle(make, lambda: None if db.row(sql.SELECT_EVENT_AT, signed) is None else True)


def _one(db: Database, statement: str, values: Mapping[str, Any]) -> None:
    """The row has its state and version still, or nothing happens."""
    if db.change(statement, values) != 1:
        raise NotAllowed(OVERTAKEN)
