"""Which order line each invoice line belongs to: scored pair by pair, then the best assignment as a whole.

The result does not depend on the order of the invoice's lines: both sides are sorted by content first.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bots.invoices.line_score import ACCEPTED, WEAK, score
from bots.invoices.optimal import best_pairs
from bots.invoices.targets import Target
from workitems.items import InvoiceLine

_SAME_AGAIN = 0.04  # what a second invoice line on one order line costs, so that free order lines come first
_MOST_ON_ONE = 3

Scores = list[list[float]]
Chosen = list[int | None]


class Pair(NamedTuple):
    """An invoice line's order line, with the score of the match."""

    target: Target
    score: float

    @property
    def sure(self) -> bool:
        """Whether the match rests on more than being the only ones left."""
        return self.score >= ACCEPTED


def assign(lines: Sequence[InvoiceLine], targets: Sequence[Target], credit: bool = False) -> list[Pair | None]:
    """For each invoice line its order line, or None.

    Several invoice lines may fall on one order line (two deliveries of one order); where that would be too much and
    another order line fits as well, it takes one of them. A credit note is compared with what was invoiced.
    """
    order = sorted(range(len(lines)), key=lambda i: _content(lines[i]))
    ranked = [lines[i] for i in order]
    scores = [[score(line, t, credit) for t in targets] for line in ranked]
    chosen = _as_a_whole(scores)
    _relieve(chosen, ranked, targets, scores, credit)
    _last_one(chosen, targets, scores, credit)
    result: list[Pair | None] = [None] * len(lines)
    for row, index in enumerate(order):
        column = chosen[row]
        if column is not None:
            result[index] = Pair(targets[column], scores[row][column])
    return result


def _content(line: InvoiceLine) -> tuple[str, ...]:
    fields = (line.description, line.product_code, line.order_number, line.order_line)
    numbers = (line.quantity, line.unit_price, line.amount)
    return (*(f or "" for f in fields), *("" if n is None else format(n.normalize(), "f") for n in numbers))


def _as_a_whole(scores: Scores) -> Chosen:
    """The best assignment, group by group: lines that compete for no common order line do not meet."""
    chosen: Chosen = [None] * len(scores)
    for rows in _groups(scores):
        takers = {c: sum(scores[r][c] >= ACCEPTED for r in rows) for c in range(len(scores[rows[0]]))}
        slots = [(c, again) for c, n in takers.items() for again in range(min(n, _MOST_ON_ONE))]
        matrix = [[_slot_score(scores[r][c], again) for c, again in slots] for r in rows]
        for row, slot in zip(rows, best_pairs(matrix), strict=True):
            chosen[row] = slots[slot][0] if slot is not None else _best(scores[row])
    return chosen


def _slot_score(value: float, again: int) -> float:
    return value - again * _SAME_AGAIN if value >= ACCEPTED else 0.0


def _best(row: list[float]) -> int | None:
    top = max(row, default=0.0)
    return row.index(top) if top >= ACCEPTED else None


def _groups(scores: Scores) -> list[list[int]]:
    """Rows that are connected through columns that both accept; rows that accept none are left out."""
    by_column: dict[int, list[int]] = {}
    for r, row in enumerate(scores):
        for c, value in enumerate(row):
            if value >= ACCEPTED:
                by_column.setdefault(c, []).append(r)
    group = list(range(len(scores)))

    def leader(row: int) -> int:
        while group[row] != row:
            group[row] = group[group[row]]
            row = group[row]
        return row

    for members in by_column.values():
        for member in members[1:]:
            first, second = sorted((leader(members[0]), leader(member)))
            group[second] = first
    found: dict[int, list[int]] = {}
    for member in sorted({m for members in by_column.values() for m in members}):
        found.setdefault(leader(member), []).append(member)
    return list(found.values())


def _relieve(
    chosen: Chosen, lines: Sequence[InvoiceLine], targets: Sequence[Target], scores: Scores, credit: bool
) -> None:
    """Moves lines from order lines that would be invoiced too far to others that fit and have room."""
    room = [t.open(credit) for t in targets]
    for row, column in enumerate(chosen):
        if column is not None:
            room[column] -= _quantity(lines[row])
    for row, column in enumerate(chosen):
        if column is None or room[column] >= 0:
            continue
        needed = _quantity(lines[row])
        others = [c for c, v in enumerate(scores[row]) if c != column and v >= ACCEPTED and room[c] >= needed > 0]
        if others:
            better = max(others, key=lambda c: (scores[row][c], -c))
            chosen[row] = better
            room[column] += needed
            room[better] -= needed


def _quantity(line: InvoiceLine) -> Decimal:
    return abs(line.quantity) if line.quantity is not None else Decimal(0)


def _last_one(chosen: Chosen, targets: Sequence[Target], scores: Scores, credit: bool) -> None:
    """The one line that is left over belongs to the one open order line that is left over, if it is at all alike."""
    rows = [r for r, c in enumerate(chosen) if c is None]
    columns = [c for c, t in enumerate(targets) if c not in chosen and t.open(credit) > 0]
    if len(rows) == 1 and len(columns) == 1 and scores[rows[0]][columns[0]] >= WEAK:
        chosen[rows[0]] = columns[0]
