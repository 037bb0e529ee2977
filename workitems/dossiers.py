"""Dossiers: what several documents are about. A contract with its amendments, a joiner with papers and a checklist.

A work item is one document on its way; a dossier stays, and many items change it. Each is one of a kind on its desk (by
its key), is found again under marks, and keeps who changed it and why. Whoever changes it names the version that they
read: of two at once the second is told (`Changed`) and looks again. A step that is killed and run again must find its
change done: compare before you save.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workitems import dossiers_sql as sql
from workitems.database import Database
from workitems.journal import to_json
from workitems.rows import at

MOST = 10_000


class Changed(Exception):
    """Somebody else has changed the dossier since it was read."""


@dataclass(frozen=True)
class Dossier:
    """One dossier as it was read. `body` is JSON, `state` a word of its desk."""

    id: str
    desk: str
    key: str
    state: str
    version: int
    body: dict[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Change:
    """One change: the version that it made, the item that it came of, who and why."""

    version: int
    state: str
    item_id: str
    who: str
    why: str
    at: datetime


@dataclass(frozen=True)
class By:
    """Whose change it is: the item at hand, a step or a person, and a sentence."""

    item_id: str
    who: str
    why: str


class Dossiers:
    """The dossiers of one desk, in the database of a home. Everything is committed when a call returns."""

    def __init__(self, db: Database, desk: str, clock: Callable[[], float] | None = None) -> None:
        self._db, self._desk, self._clock = db, desk, clock or db.wall

    def close(self) -> None:
        """Ends the connection."""
        self._db.close()

    def open(self, key: str, body: dict[str, Any], state: str, by: By, marks: Iterable[str] = ()) -> Dossier:
        """The dossier of that key; where there is none yet it begins with this body, state and these marks."""
        row: dict[str, Any] = {"id": secrets.token_hex(8), "desk": self._desk, "key": key, "state": state}
        row |= {"body": to_json(body), "now": self._clock()}

        def begin() -> Dossier:
            with self._db.write(durable=True):
                if self._db.change(sql.INSERT_DOSSIER, row) == 1:
                    self._mark(row["id"], marks)
                    self._note(row["id"], 1, state, by)
                return _dossier(self._db.row(sql.SELECT_BY_KEY, {"desk": self._desk, "key": key}))

        return self._db.settle(begin, lambda: None)

    def save(
        self, dossier: Dossier, body: dict[str, Any], state: str, by: By, marks: Iterable[str] | None = None
    ) -> Dossier:
        """Puts a new body and state in the place of what was read; `marks`: all its marks, where they change.

        Raises Changed where somebody else was faster.
        """
        values: dict[str, Any] = {"id": dossier.id, "version": dossier.version, "state": state}
        values |= {"body": to_json(body), "now": self._clock()}

        def change() -> Dossier:
            with self._db.write(durable=True):
                if self._db.change(sql.UPDATE_DOSSIER, values) != 1:
                    raise Changed(dossier.id)
                if marks is not None:
                    self._db.change(sql.DELETE_MARKS, {"id": dossier.id})
                    self._mark(dossier.id, marks)
                self._note(dossier.id, dossier.version + 1, state, by)
                return _dossier(self._db.row(sql.SELECT_BY_ID, {"id": dossier.id}))

        def settled() -> Dossier | None:
            """After a lost connection: the change, where it is this one that has been made."""
            row = self._db.row(sql.SELECT_BY_ID, {"id": dossier.id})
            made = row is not None and row["version"] == dossier.version + 1 and row["body"] == values["body"]
            return _dossier(row) if made else None

        return self._db.settle(change, settled)

    def get(self, dossier_id: str) -> Dossier | None:
        """A dossier of this desk by its id."""
        row = self._db.row(sql.SELECT_BY_ID, {"id": dossier_id})
        return _dossier(row) if row is not None and row["desk"] == self._desk else None

    def of_key(self, key: str) -> Dossier | None:
        """A dossier by its key."""
        row = self._db.row(sql.SELECT_BY_KEY, {"desk": self._desk, "key": key})
        return None if row is None else _dossier(row)

    def marked(self, mark: str) -> list[Dossier]:
        """The dossiers that are found under a mark, oldest first."""
        return [_dossier(row) for row in self._db.rows(sql.SELECT_MARKED, {"desk": self._desk, "mark": mark})]

    def all(self, state: str | None = None, after: str = "", most: int = MOST) -> list[Dossier]:
        """The desk's dossiers (in a state) by their ids; for more, ask again after the last one's id."""
        values = {"desk": self._desk, "after": after, "most": most}
        if state is None:
            return [_dossier(row) for row in self._db.rows(sql.SELECT_OF_DESK, values)]
        return [_dossier(row) for row in self._db.rows(sql.SELECT_IN_STATE, values | {"state": state})]

    def versions(self) -> dict[str, int]:
        """The version of each of the desk's dossiers, by its id: tells cheaply what has changed since it was read."""
        return {row["id"]: row["version"] for row in self._db.rows(sql.SELECT_VERSIONS, {"desk": self._desk})}

    def changes(self, dossier_id: str) -> list[Change]:
        """What was done to a dossier, oldest first."""
        return [
            Change(row["version"], row["state"], row["item_id"], row["who"], row["why"], at(row["at"]))
            for row in self._db.rows(sql.SELECT_CHANGES, {"id": dossier_id})
        ]

    def forget(self, dossier_id: str) -> bool:
        """Deletes a dossier with its history: the time that it may be kept is over. Says whether it was there."""
        with self._db.write(durable=True):
            for statement in (sql.DELETE_MARKS, sql.DELETE_CHANGES):
                self._db.change(statement, {"id": dossier_id})
            return self._db.change(sql.DELETE_DOSSIER, {"id": dossier_id}) == 1

    def _mark(self, dossier_id: str, marks: Iterable[str]) -> None:
        rows = [{"id": dossier_id, "desk": self._desk, "mark": mark} for mark in sorted(set(marks))]
        self._db.change_many(sql.INSERT_MARK, rows)

    def _note(self, dossier_id: str, version: int, state: str, by: By) -> None:
        told = {"item_id": by.item_id, "who": by.who, "why": by.why, "now": self._clock()}
        self._db.change(sql.INSERT_CHANGE, {"id": dossier_id, "version": version, "state": state} | told)


def _dossier(row: Any) -> Dossier:
    return Dossier(
        id=row["id"],
        desk=row["desk"],
        key=row["key"],
        state=row["state"],
        version=row["version"],
        body=json.loads(row["body"]),
        created_at=at(row["created_at"]),
        updated_at=at(row["updated_at"]),
    )
