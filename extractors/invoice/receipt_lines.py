"""Line items without a table: rows of text and amount that add up to a sum printed below them (receipts, mostly).

Nothing is taken that does not add up: without titles only the sum proves that rows are items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from extractors.invoice.candidates import Context
from extractors.invoice.columns import Chunk, bare_chunks
from extractors.invoice.layout import Row
from extractors.invoice.line_parts import Item
from extractors.values import Amount, amounts_in

_SUM = re.compile(
    r"total|tot[ae]l|sum(?:me|ma)?\b|gesamt|betrag|amount|netto?\b|brutto|cash|change|tender|paid|balance|due\b|visa|master"
    r"|round|gst|sst|vat|tva|mwst|ust\b|tax|steuer|rounding|rundung|arrondi|discount|rabatt|remise|montant|beitrag|saldo"
    r"|kembali|tunai|bayar|jumlah|baki|items?\s*:|qty\s*:|bar\b|rendu|ruckgeld|gegeben|karte|card"
)
_TIMES = re.compile(
    r"(?<![\d.,])(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:pcs?|pkt|unit|stk\.?|kg|ea|x)*\s*[x@*×]\s*(?:rm|[$€£])?\s*(\d+[.,]\d{2,3})"
)
_LETTERS = re.compile(r"[^\W\d_]")
_MOST = 120
_SURCHARGES = Decimal("0.3")
"""Tax, service and rounding between the items and the total are less than this share of it."""
_FAR = 14
"""Rows between the last item and the sum."""


@dataclass
class Priced:
    """A row that ends in an amount."""

    row: Row
    chunk: Chunk
    amount: Amount


def items_that_add_up(context: Context, sums: Sequence[Decimal]) -> list[Item]:
    """The longest run of priced rows whose amounts make one of the paper's sums; empty where none does."""
    priced = list(_priced(context))[:_MOST]
    best: tuple[int, int] | None = None
    for first in range(len(priced)):
        added, edge = Decimal(0), priced[first].chunk.x1
        for last in range(first, len(priced)):
            one = priced[last]
            if abs(one.chunk.x1 - edge) > 2.0 * one.row.height:
                break
            added += one.amount.value
            if best is not None and last - first <= best[1] - best[0]:
                continue
            if (last > first or _factors(context, one) is not None) and _is_sum(context, one.row, added, sums):
                best = first, last
    if best is None:
        return []
    run = priced[best[0] : best[1] + 1]
    return [_item(context, one, run[n - 1].row.index if n else one.row.index - 3) for n, one in enumerate(run)]


def _priced(context: Context) -> Iterator[Priced]:
    """Rows that end in an amount and do not speak of sums or payment."""
    middles = _middles(context)
    for row in context.sheet.rows:
        if _SUM.search(row.folded):
            continue
        money = [c for c in bare_chunks(context, row) if c.amount and c.amount.decimals == 2 and not c.amount.percent]
        if money and money[-1].amount and money[-1].x0 > middles[row.page]:
            yield Priced(row, money[-1], money[-1].amount)


def _middles(context: Context) -> dict[int, float]:
    """A little left of the middle of what is printed on each page: amounts stand to its right."""
    edges: dict[int, tuple[float, float]] = {}
    for row in context.sheet.rows:
        left, right = edges.get(row.page, (float("inf"), 0.0))
        edges[row.page] = min(left, row.cells[0].x0), max(right, row.cells[-1].x1)
    return {page: left + 0.45 * (right - left) for page, (left, right) in edges.items()}


def _is_sum(context: Context, last: Row, added: Decimal, sums: Sequence[Decimal]) -> bool:
    """Whether a sum of that size is printed soon after the last item: the total or net, or one before tax, service
    and rounding."""
    if not any(abs(added - s) <= abs(s) * _SURCHARGES for s in sums):
        return False
    for row in context.sheet.rows[last.index + 1 : last.index + 1 + _FAR]:
        if _SUM.search(row.folded) and any(
            a.value == added for c in row.cells for a in amounts_in(c.text, context.mark)
        ):
            return True
    return False


def _factors(context: Context, one: Priced, reach: int = 1) -> tuple[Decimal, Decimal] | None:
    """Quantity and price printed in the row, or in those beside it, whose product is the amount."""
    rows = context.sheet.rows
    for at in (one.row.index, *range(one.row.index - 1, one.row.index - reach - 1, -1), one.row.index + 1):
        if not 0 <= at < len(rows) or rows[at].page != one.row.page:
            continue
        figures = [
            c.amount.value
            for c in bare_chunks(context, rows[at])
            if c.amount and c is not one.chunk and not c.amount.percent
        ]
        for found in _TIMES.finditer(rows[at].folded):
            figures += [Decimal(g.replace(",", ".")) for g in found.groups()]
        own = at == one.row.index
        fits = [
            (quantity != quantity.to_integral_value(), n, quantity, price)
            for n, (quantity, price) in enumerate(permutations(figures, 2))
            if quantity > 0 and price and abs(quantity * price - one.amount.value) <= Decimal("0.011")
            if quantity == 1 or not own or price != one.amount.value
        ]
        if fits:
            return min(fits)[2:]
    return None


def _item(context: Context, one: Priced, before: int) -> Item:
    """The row's item: its text, else that of the rows between the item before and this one."""
    item = Item(one.row, [one.chunk], pieces=[*one.row.pieces])
    one.chunk.role = "amount"
    texts = [c for c in bare_chunks(context, one.row) if not c.amount and len(_LETTERS.findall(c.text)) >= 3]
    above = [r for r in context.sheet.rows[max(0, before + 1) : one.row.index] if r.page == one.row.page]
    if not texts:
        for row in reversed(above):
            if len(_LETTERS.findall(row.text)) >= 3 and not _SUM.search(row.folded):
                item.description.insert(0, row.text)
                item.pieces += row.pieces
                item.is_borrowed = True
                break
    item.description += [c.text for c in texts]
    factors = _factors(context, one, reach=min(2, max(0, one.row.index - before - 1)))
    if factors:
        item.given = {"quantity": factors[0], "unit_price": factors[1]}
    return item
