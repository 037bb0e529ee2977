"""Every value of a field's type that stands on a paper, with what stands around it.

A finder knows labels; a spot knows no language: whatever words stand left of a value and above it, and where on the
page it stands. Two papers of one supplier's program agree in these even where no finder knows the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.invoice.candidates import Context
from extractors.invoice.layout import Cell, Piece
from extractors.values import amounts_in, dates_in

DATES = frozenset({"issued_on", "due_on", "period_from", "period_to"})
AMOUNTS = frozenset({"net", "tax", "total"})
CODES = frozenset({"number", "order_number"})
TEXTS = frozenset({"supplier_name", "supplier_address"})
"""What is the same on each of a supplier's papers."""
MOST = 400
"""Spots of a field on one document."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_\-]*")
_WORDS = 32  # characters of the words around a value that are kept


@dataclass(frozen=True)
class Spot:
    """A value and its surroundings. `left` and `above` are letters alone; `x`, `y` fractions of the page."""

    value: str
    page: int
    pieces: tuple[Piece, ...]
    left: str
    above: str
    x: float
    y: float
    shape: str


def spots(context: Context, field: str, words: int = 1) -> Iterator[Spot]:
    """All values that may be the field's; numbers of documents as runs of `words` words."""
    left = MOST
    for cell in context.sheet.cells:
        for value, start, end in _values(context, field, cell, words):
            if left == 0:
                return
            left -= 1
            yield _spot(context, cell, value, (start, end))


def _values(context: Context, field: str, cell: Cell, words: int) -> Iterator[tuple[str, int, int]]:
    if field in DATES:
        for day in dates_in(cell.text, context.order):
            yield day.value.isoformat(), day.start, day.end
    elif field in AMOUNTS:
        for amount in amounts_in(cell.text, context.mark):
            if not amount.percent:
                yield format(amount.value, "f"), amount.start, amount.end
    elif field in CODES:
        yield from _codes(cell, words)


def _codes(cell: Cell, words: int) -> Iterator[tuple[str, int, int]]:
    tokens = list(_CODE.finditer(cell.text))
    for n in range(len(tokens) - words + 1):
        start, end = tokens[n].start(), tokens[n + words - 1].end()
        value = cell.text[start:end].rstrip("./-_ ")
        if any(c.isdigit() for c in value) and len(value) <= 40:
            yield value, start, start + len(value)


def _spot(context: Context, cell: Cell, value: str, place: tuple[int, int]) -> Spot:
    pieces = tuple(cell.span(*place))
    width, height = context.sheet.sizes[cell.page]
    x, y = (pieces[0].x0 + pieces[-1].x1) / 2 / width, pieces[0].middle / height
    text = cell.text[place[0] : place[1]]
    return Spot(
        value, cell.page, pieces, _left_of(context, cell, place[0]), _above(context, cell), x, y, shape_of(text)
    )


def shape_of(text: str) -> str:
    """`RE-2024/17` as `A-9/9`: letters and digits by kind, each run once, and how many digits in all."""
    kinds = re.sub(r"[A-Za-z]+", "A", re.sub(r"\d+", "9", text))
    return re.sub(r"\s+", " ", kinds)


def _left_of(context: Context, cell: Cell, start: int) -> str:
    """The words before the value in its cell, else those of the cells left of it."""
    own = letters(cell.folded[:start])
    row = context.sheet.rows[cell.row].cells
    for other in reversed(row[: cell.index]):
        if len(own) >= 3:
            break
        own = letters(other.folded) + own
    return own[-_WORDS:]


def _above(context: Context, cell: Cell) -> str:
    """The nearest words above the value that no other column holds."""
    rows = context.sheet.rows
    for at in range(cell.row - 1, max(-1, cell.row - 9), -1):
        if rows[at].page != cell.page:
            break
        for other in rows[at].cells:
            if min(other.x1, cell.x1) - max(other.x0, cell.x0) > 0 and len(found := letters(other.folded)) >= 3:
                return found[-_WORDS:]
    return ""


def letters(folded: str) -> str:
    """The letters of a text in lower case, without accents and anything else."""
    return "".join(c for c in folded if c.isalpha())
