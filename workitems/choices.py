"""Which items a person means: some by their ids, or those of a queue, in a state, with a code, of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workitems import people_sql
from workitems.database import Database
from workitems.rows import ItemRow, item_from
from workitems.states import State


@dataclass(frozen=True)
class Choice:
    """Conditions that all must hold; None or empty: any. `assigned` "nobody": without a person."""

    queue: str | None = None
    states: tuple[State, ...] = ()
    code: str | None = None
    assigned: str | None = None
    limit: int = 2**31
    newest: bool = False


def choose(db: Database, choice: Choice) -> list[ItemRow]:
    """The items, oldest (or newest) first. Of one state and queue it costs as much as it finds."""
    return [item_from(row) for row in _rows(db, choice, "*")]


def choose_ids(db: Database, choice: Choice) -> list[str]:
    """Their ids alone, where there may be very many."""
    return [row["id"] for row in _rows(db, choice, "id")]


def _rows(db: Database, choice: Choice, columns: str) -> list[Any]:
    statement = people_sql.choose_items(
        columns,
        queue=choice.queue is not None,
        states=len(choice.states),
        code=choice.code is not None,
        assigned=choice.assigned,
        newest=choice.newest,
    )
    values: dict[str, Any] = {"queue": choice.queue, "code": choice.code, "assigned": choice.assigned}
    values |= {f"state{n}": state for n, state in enumerate(choice.states)} | {"limit": choice.limit}
    return db.rows(statement, values)
