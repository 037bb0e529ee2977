"""Decisions in the order in which they were made, some at a time, with what their items say now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workitems import decided_sql as sql
from workitems.database import Database
from workitems.rows import at

SETTLED_SECONDS = 60.0
"""A decision that is younger is left for the next time: one before it may not have been committed yet."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. `is_first`: the first about its item. `seq` rises, with gaps."""

    seq: int
    item_id: str
    at: datetime
    is_first: bool
    body: dict[str, Any]
    payload: Any


def decided_after(db: Database, seq: int, queue: str, most: int) -> list[Decided]:
    """Up to `most` decisions about items of a queue after that one, oldest first; those of deleted items are gone."""
    rows = db.rows(
        sql.SELECT_DECIDED, {"after": seq, "queue": queue, "most": most, "until": db.wall() - SETTLED_SECONDS}
    )
    return [
        Decided(
            r["seq"],
            r["item_id"],
            at(r["at"]),
            r["earlier"] is None,
            json.loads(r["body"]),
            json.loads(r["payload"]),
        )
        for r in rows
    ]


def last_decided(db: Database) -> int:
    """The number of the newest decision; 0 where there is none."""
    row = db.row(sql.SELECT_LAST)
    return int(row["seq"] or 0) if row is not None else 0
