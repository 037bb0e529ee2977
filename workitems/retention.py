"""Deletes what has ended for long enough: a lineage goes as a whole, with its events, decisions and files.

What must never be done twice stays by its key: effects, known mails, search keys of documents. What was said about them
(names, amounts, subjects) goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workitems import keeping_sql as sql
from workitems.database import Database
from workitems.database_sqlite import SqliteDatabase
from workitems.journal import Cause, Move, record
from workitems.states import State

PAGE = 500
ENDS: tuple[State, ...] = ("done", "cancelled", "dead")
"""The states in which an item may be deleted; in any other somebody or something still waits for it."""


@dataclass
class Deleted:
    """How much was deleted, or would be."""

    lineages: int = 0
    items: int = 0
    files: int = 0


def delete_ended(db: Database, limits: Mapping[State, float], now: float, apply: bool) -> Deleted:
    """Deletes every lineage whose items all ended in a state of `limits`, before that moment (seconds since 1970).

    Without `apply` nothing is changed. Contents of files are deleted by the next sweep.
    """
    deleted = Deleted()
    if apply and isinstance(db, SqliteDatabase):
        db.rows("PRAGMA secure_delete = ON")  # what is deleted is overwritten in the file, too
    for root_id in _old_roots(db, limits):
        if apply:
            with db.write():
                _delete(db, root_id, limits, now, deleted)
        else:
            _count(db, root_id, limits, deleted)
    return deleted


def delete_lineages(db: Database, roots: Iterable[str], now: float, apply: bool) -> tuple[Deleted, bool]:
    """Deletes these lineages, if all of their items have ended. Also says whether none of them is left."""
    deleted, all_gone = Deleted(), True
    limits = dict.fromkeys(ENDS, float("inf"))
    for root_id in roots:
        before = deleted.lineages
        with db.write():
            if apply:
                _delete(db, root_id, limits, now, deleted)
            else:
                _count(db, root_id, limits, deleted)
        all_gone = all_gone and deleted.lineages > before
    return deleted, all_gone


def roots_naming(db: Database, key: str, items: Iterable[str]) -> list[str]:
    """The lineages that have one of these items, or an item whose payload holds the key as a value."""
    found = {
        row["root_id"]
        for item in (*items, "")
        for row in db.rows(sql.ROOTS_NAMING, {"what": f'%"{key}"%', "item": item})
    }
    return sorted(found)


def _old_roots(db: Database, limits: Mapping[State, float]) -> Iterator[str]:
    """The lineages whose first item ended before its limit."""
    for state, limit in limits.items():
        if state not in ENDS:
            raise ValueError(f"Items that are {state} are never deleted.")
        after = 0
        while page := db.rows(sql.SELECT_ENDED, {"state": state, "limit": limit, "after": after, "page": PAGE}):
            after = page[-1]["seq"]
            yield from (str(row["id"]) for row in page)


def _count(db: Database, root_id: str, limits: Mapping[State, float], deleted: Deleted) -> list[Move]:
    """The moves that delete the lineage, which are added up; none where it may not be deleted."""
    items = db.rows(sql.SELECT_LINEAGE, {"root_id": root_id})
    if not items or any(i["updated_at"] >= limits.get(i["state"], 0) for i in items):
        return []
    deleted.lineages += 1
    deleted.items += len(items)
    deleted.files += db.rows(sql.COUNT_FILES, {"root_id": root_id})[0]["files"]
    return [Move(i["id"], i["queue"], i["state"], None) for i in items]


def _delete(db: Database, root_id: str, limits: Mapping[State, float], now: float, deleted: Deleted) -> None:
    """Inside a transaction: looks once more, under lock, then deletes."""
    moves = _count(db, root_id, limits, deleted)
    if moves:
        for statement in sql.DELETE_LINEAGE:
            db.change_many(statement, [{"root_id": root_id}])
        record(db, moves, Cause(now, "retention", "deleted"))
