"""Takes the files off an item that has ended, and what was read from them, before the item itself may go.

What goes is the item's files, those of the documents that it came out of, and the same contents wherever an item that
has ended has them. Payloads and decisions keep what the caller leaves of them, and the event log says what was done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from workitems import keeping_sql as sql
from workitems import sql as items_sql
from workitems.database import Database
from workitems.database_sqlite import SqliteDatabase
from workitems.journal import Cause, to_json
from workitems.projection import pins_of
from workitems.retention import ENDS

PAGE = 500
Reduce = Callable[[dict[str, Any]], dict[str, Any]]
_OF_DECISION = ("step", "input_hash", "route", "rules", "who")
"""What a decision keeps: that it was made, by whom and by which rules; no value that was read."""


def ended_in(db: Database, queue: str) -> Iterator[tuple[str, dict[str, Any], float]]:
    """The items of a queue that have ended: (id, payload, seconds since 1970 when they ended)."""
    after = 0
    while page := db.rows(sql.SELECT_ENDED_OF_QUEUE, {"queue": queue, "after": after, "page": PAGE}):
        after = page[-1]["seq"]
        for row in page:
            payload = json.loads(row["payload"])
            if isinstance(payload, dict):
                yield row["id"], payload, row["updated_at"]


def reduce_item(db: Database, item_id: str, reduce: Reduce, cause: Cause, apply: bool) -> int:
    """Returns how many files went, or would go; 0 where they are gone, or something still waits for the item."""
    if apply and isinstance(db, SqliteDatabase):
        db.rows("PRAGMA secure_delete = ON")  # what is deleted is overwritten in the file, too
    with db.write():
        items = {row["id"]: row for row in _came_from(db, item_id)}
        if any(row["state"] not in ENDS for row in items.values()):
            return 0
        contents = [file["sha256"] for each in items for file in db.rows(sql.FILES_OF, {"id": each})]
        for address in contents:
            items |= {row["id"]: row for row in db.rows(sql.ENDED_WITH_FILE, {"sha256": address})}
        if apply and contents:
            for row in items.values():
                _reduce(db, row, reduce, cause)
    return len(contents)


def _came_from(db: Database, item_id: str) -> Iterator[Any]:
    """The item, and the documents that it came out of."""
    following: str | None = item_id
    while following is not None:
        row = db.row(sql.SELECT_FOR_REDUCTION, {"id": following})
        if row is None:
            return
        yield row
        following = None if row["id"] == row["root_id"] else row["parent_id"]


def _reduce(db: Database, row: Any, reduce: Reduce, cause: Cause) -> None:
    payload = json.loads(row["payload"])
    text = to_json(reduce(payload) if isinstance(payload, dict) else {})
    values = {"id": row["id"], "pins": pins_of(row["id"]), "payload": text, "root_id": row["root_id"]}
    for statement in sql.REDUCE_ITEM:
        db.change_many(statement, [values])
    for decision in db.rows(sql.DECISIONS_OF, {"id": row["id"]}):
        body = json.loads(decision["body"])
        kept = to_json({name: body[name] for name in _OF_DECISION if name in body})
        db.change(sql.REDUCE_DECISION, {"seq": decision["seq"], "body": kept})
    event = {"item_id": row["id"], "from_state": row["state"], "to_state": row["state"]}
    db.change_many(items_sql.INSERT_EVENT, [event | {"now": cause.now, "who": cause.who, "why": cause.why}])
