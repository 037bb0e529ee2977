"""What the lines add up to: subtotals among them, and charges and allowances of the whole paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import product

from extractors.invoice.candidates import Context
from extractors.values import amounts_in
from workitems.items import InvoiceLine

CENT = Decimal("0.02")
_SUBTOTAL = re.compile(r"(?i)^\W*(?:sub-?\s?total|zwischensumme|sous-?\s?total|summe\b)")
ADJUSTMENT = re.compile(
    r"zuschlag|abschlag|allowance|charges?\b|fracht|versand|shipping|freight|postage"
    r"|\bporto?\b|verpackung|rabatt|nachlass|remise"
    r"|discount|frais|livraison|handling|surcharge|mindermengen|rundung|rounding|arrondi|sconto|descuento|korting|escompte"
)


def without_subtotals(lines: list[InvoiceLine], net: Decimal | None) -> list[InvoiceLine]:
    """Lines called subtotal do not count where the others alone make the net sum."""
    amounts = [line.amount or Decimal(0) for line in lines]
    named = [bool(line.description and _SUBTOTAL.match(line.description)) for line in lines]
    if not any(named) or net is None or abs(sum(amounts) - net) <= CENT:
        return lines
    return [line.model_copy(update={"counts": not sub}) for line, sub in zip(lines, named, strict=True)]


def adjustment_of(context: Context, items: frozenset[int], difference: Decimal) -> Decimal | None:
    """The charges less allowances that the paper prints, if they explain the difference; None if they do not."""
    if abs(difference) <= CENT:
        return Decimal(0)
    printed: list[Decimal] = []
    for row in context.sheet.rows:
        if row.index not in items and ADJUSTMENT.search(row.folded):
            values = [
                a.value for c in row.cells for a in amounts_in(c.text, context.mark) if a.decimals == 2 and a.value
            ]
            printed += values[-1:]
    for signs in product((0, 1, -1), repeat=min(5, len(printed))):
        if abs(sum((s * v for s, v in zip(signs, printed, strict=False)), Decimal(0)) - difference) <= CENT:
            return difference
    return None


def rows_of(context: Context, lines: Sequence[InvoiceLine]) -> frozenset[int]:
    """Indexes of the rows on which line items stand."""
    height = {page: size[1] for page, size in context.sheet.sizes.items()}
    spans = [(line.page, line.box[1], line.box[3]) for line in lines if line.box]
    return frozenset(
        row.index
        for row in context.sheet.rows
        if any(page == row.page and top <= (row.y0 + row.y1) / 2 / height[page] <= foot for page, top, foot in spans)
    )
