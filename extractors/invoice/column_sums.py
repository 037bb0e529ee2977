"""Columns of figures by what they hold: quantity x price = amount says which is which, whatever the titles say.

Recognised titles run together, titles may be in a language that nobody listed, and some tables have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import permutations

from extractors.invoice.candidates import Context
from extractors.invoice.columns import Chunk, bare_chunks
from extractors.invoice.layout import Row
from extractors.invoice.table import Column, Header

_MOST_COLUMNS = 9
_MOST_ROWS = 60
_FAR = 1500
"""Rows that are looked through for figures."""
_TRIVIAL = 0.3
"""1 x price = price says little: any column of ones would do."""


@dataclass
class Band:
    """Figures that stand below each other."""

    x0: float
    x1: float
    values: dict[int, Chunk] = field(default_factory=dict)  # by row

    def amount(self, row: int) -> Decimal | None:
        chunk = self.values.get(row)
        return chunk.amount.value if chunk and chunk.amount else None

    @property
    def whole(self) -> float:
        """The share of whole numbers."""
        return sum(
            c.amount.value == c.amount.value.to_integral_value() for c in self.values.values() if c.amount
        ) / max(1, len(self.values))


def typed_by_sums(context: Context, header: Header, rows: Sequence[Row]) -> Header | None:
    """The header with its columns of figures named after the products that hold in the rows; None without any."""
    bands = list(_bands(context, rows))
    best = max(_products(bands), default=None, key=lambda p: p[0])
    if best is None or best[0] < 0.9:
        return None
    quantity, price, amount = best[1]
    named = [
        Column("quantity", quantity.x0, quantity.x1),
        Column("unit_price", price.x0, price.x1),
        Column("amount", amount.x0, amount.x1),
    ]
    texts = [c for c in header.columns if not any(_meet(c, n) for n in named)]
    kept = [Column("", c.x0, c.x1) if c.role in ("quantity", "unit_price", "amount") else c for c in texts]
    columns = sorted([*kept, *named], key=lambda c: c.x0)
    return Header(columns, header.page, header.last_row, header.height)


def bare_table(context: Context, rows: Sequence[Row]) -> Header | None:
    """A table without titles: its figures by their products, its description by the most text to their left."""
    if not rows:
        return None
    empty = Header([], rows[0].page, rows[0].index - 1, rows[0].height)
    header = typed_by_sums(context, empty, rows)
    if header is None:
        return None
    return described(context, header, rows)


def described(context: Context, header: Header, rows: Sequence[Row]) -> Header | None:
    """The header with a description where the most text stands left of its last column; None where there is none."""
    texts: list[Chunk] = []
    for row in rows[:_FAR]:
        chunks = bare_chunks(context, row) if len(row.cells) > 2 else []
        if sum(bool(c.amount and c.amount.decimals) for c in chunks) >= 2 and len(texts) < _MOST_ROWS:
            texts += [c for c in chunks if sum(x.isalpha() for x in c.text) >= 3]
    texts = [c for c in texts if c.x0 < header.columns[-1].x0]
    if not texts:
        return None
    widest = max(texts, key=lambda c: sum(abs(o.x0 - c.x0) < header.height and len(o.text) for o in texts))
    same = [c for c in texts if abs(c.x0 - widest.x0) < header.height]
    description = Column("description", min(c.x0 for c in same), max(c.x1 for c in same))
    return Header(
        sorted([description, *header.columns], key=lambda c: c.x0), header.page, header.last_row, header.height
    )


def _bands(context: Context, rows: Sequence[Row]) -> Iterator[Band]:
    """Columns of figures: chunks whose widths overlap."""
    bands: list[Band] = []
    taken = 0
    for row in rows[:_FAR]:
        figures = [c for c in bare_chunks(context, row) if c.amount and not c.amount.percent] if row.cells[1:] else []
        if len(figures) < 3:
            continue
        taken += 1
        if taken > _MOST_ROWS:
            break
        for chunk in figures:
            band = next(
                (b for b in bands if min(b.x1, chunk.x1) - max(b.x0, chunk.x0) > 0 and row.index not in b.values), None
            )
            if band is None:
                bands.append(Band(chunk.x0, chunk.x1, {row.index: chunk}))
            else:
                band.x0, band.x1 = min(band.x0, chunk.x0), max(band.x1, chunk.x1)
                band.values[row.index] = chunk
    yield from sorted(bands, key=lambda b: -len(b.values))[:_MOST_COLUMNS]


def _products(bands: Sequence[Band]) -> Iterator[tuple[float, tuple[Band, Band, Band]]]:
    """How well each choice of quantity, price and amount holds over the rows."""
    for quantity, price, amount in permutations(bands, 3):
        if amount.x0 < max(quantity.x0, price.x0):
            continue
        score = 0.0
        for row in quantity.values.keys() & price.values.keys() & amount.values.keys():
            score += _holds(quantity.amount(row), price.amount(row), amount.values[row])
        if score:
            likely = 0.05 * (quantity.whole > price.whole) + 0.01 * (quantity.x0 < price.x0)
            yield score + likely + 1e-6 * amount.x1, (quantity, price, amount)


def _holds(quantity: Decimal | None, price: Decimal | None, amount: Chunk) -> float:
    total = amount.amount
    if not quantity or not price or total is None or not total.value or not total.decimals:
        return 0.0
    tolerance = Decimal("0.011") + abs(quantity) * Decimal("0.0005")
    if abs(abs(quantity * price) - abs(total.value)) > tolerance:
        return 0.0
    return _TRIVIAL if 1 in (abs(quantity), abs(price)) else 1.0


def _meet(one: Column, other: Column) -> bool:
    return min(one.x1, other.x1) - max(one.x0, other.x0) > 0
