"""The list of what waits for a person, and the way from one item to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from desk import texts
from desk.items import DoubtView
from desk.sheets import Sheets
from workitems.rows import ItemRow
from workitems.states import State
from workitems.store import Store

WAITS: tuple[State, ...] = ("review", "dead")
MOST_ROWS = 500
"""The oldest so many are listed: more than anybody works through in a day."""


@dataclass(frozen=True)
class Row:
    """One waiting item as the list shows it. `desk`: whose it is."""

    id: str
    desk: str
    document: str
    inside: str
    kind: str
    who: str
    what: str
    unit: str
    doubts: tuple[DoubtView, ...]
    dead: bool
    came_at: datetime

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that it waits for."""
        return tuple(d.code for d in self.doubts)


@dataclass(frozen=True)
class Waiting:
    """The list: the rows that were asked for, desks and reasons with their counts, and how many items wait in all."""

    rows: tuple[Row, ...]
    desks: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]
    listed: int
    total: int


def waiting(store: Store, sheets: Sheets, reason: str | None = None) -> Waiting:
    """What waits for a person, oldest first; `reason`: only what waits for that, or is that desk's."""
    rows = [_row(item, sheets) for item in store.find(states=WAITS, limit=MOST_ROWS)]
    total = sum(c.count for c in store.depth() if c.state in WAITS)
    shown = tuple(row for row in rows if reason is None or reason == row.desk or reason in row.codes)
    desks = _counted(row.desk for row in rows)
    of_desk = shown if reason in dict(desks) else rows
    return Waiting(shown, desks, _counted(code for row in of_desk for code in row.codes), len(rows), total)


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How often each comes, the most frequent first."""
    return tuple(sorted(Counter(names).items(), key=lambda c: (-c[1], c[0])))


def after(rows: Sequence[Row], item_id: str) -> Row | None:
    """The next one in the list, from the beginning again after the last; None where nothing else waits."""
    at = next((n for n, row in enumerate(rows) if row.id == item_id), -1)
    others = [*rows[at + 1 :], *rows[: max(at, 0)]]
    return others[0] if others else None


def _row(item: ItemRow, sheets: Sheets) -> Row:
    sheet = sheets.of(item)
    shown = sheet.view(item)
    summary = sheet.summary(shown)
    return Row(
        id=item.id,
        desk=sheet.desk,
        document=shown.filename,
        inside=shown.inside,
        kind=shown.values.get("kind", ""),
        who=summary.who,
        what=money(summary.what),
        unit=summary.unit,
        doubts=shown.blocking,
        dead=item.state == "dead",
        came_at=item.created_at,
    )


def money(value: str) -> str:
    """An amount with thousands set apart; what is no amount stays as it was read."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    return f"{amount:,.2f}" if texts.is_writable(amount) else value
