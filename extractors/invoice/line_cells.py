"""The cells of a line: how sure each is; and figures recognised wrongly, where arithmetic proves the right reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extractors.invoice.candidates import Context
from extractors.invoice.columns import Chunk
from extractors.invoice.confidence_signs import source_of
from extractors.invoice.line_parts import Item
from extractors.invoice.sums import CENT
from extractors.values import amounts_in

FACTORS = ("quantity", "unit_price", "amount")
CELL = "cell "
"""With it the names of cells begin among those of fields."""
_ALIKE: Mapping[str, str] = {
    "0": "689", "1": "47", "2": "7", "3": "89", "4": "19", "5": "69", "6": "058", "7": "12", "8": "0369", "9": "03458",
}  # fmt: skip
"""Digits that recognition takes for each other."""


def mend(context: Context, items: Sequence[Item], net: Decimal | None) -> None:
    """Puts figures right that were recognised wrongly. What proves a reading: quantity x price = amount holds for just
    one other reading of one figure, and all amounts (with it, if it is one) make the net sum."""
    if not context.sheet.is_ocr or net is None:
        return
    for item in items:
        if item.is_product() or any(item.chunk(f) is None for f in FACTORS):
            continue
        role = "amount" if not _make(items, net) else None
        fits = [
            (factor, value)
            for factor in ((role,) if role else ("quantity", "unit_price"))
            for value in _readings(context, item, factor)
            if _fits(item, factor, value)
        ]
        if len(fits) == 1 and (role is None or _make(items, net + (item.number("amount") or 0) - fits[0][1])):
            item.mended[fits[0][0]] = fits[0][1]


def _readings(context: Context, item: Item, role: str) -> Iterator[Decimal]:
    """What else a figure may have been: one digit mistaken, or its decimal mark lost."""
    chunk = item.chunk(role)
    if chunk is None or chunk.amount is None or len(chunk.text) > 16:
        return
    seen = {chunk.amount.value}
    texts = [
        chunk.text[:n] + other + chunk.text[n + 1 :]
        for n, digit in enumerate(chunk.text)
        for other in _ALIKE.get(digit, "")
    ]
    values = [a[0].value for t in texts if len(a := list(amounts_in(t, context.mark))) == 1]
    if re.fullmatch(r"\d{3,9}", chunk.text) and role != "quantity":
        values.append(chunk.amount.value / 100)
    for value in values:
        if value not in seen:
            seen.add(value)
            yield value


def _fits(item: Item, role: str, value: Decimal) -> bool:
    """Whether the product holds with another figure in one cell; a factor of one proves nothing."""
    numbers = {f: item.number(f) or Decimal(0) for f in FACTORS} | {role: value}
    if abs(numbers["quantity"]) in (0, 1) or not numbers["unit_price"]:
        return False
    full = abs(numbers["quantity"] * numbers["unit_price"])
    discount = abs(item.number("discount") or Decimal(0))
    reduced = full * (1 - discount / 100) if discount <= 100 else full
    return min(abs(full - abs(numbers["amount"])), abs(reduced - abs(numbers["amount"]))) <= CENT / 2


def _make(items: Sequence[Item], net: Decimal) -> bool:
    """Whether the amounts add up to the net sum."""
    return abs(sum((i.number("amount") or Decimal(0) for i in items), Decimal(0)) - net) <= CENT


def _legible(chunk: Chunk | None) -> float:
    return min((p.confidence for p in chunk.pieces), default=0.0) if chunk else 0.0


def cells_of(context: Context, item: Item, agrees: bool) -> dict[str, dict[str, float]]:
    """What speaks for each cell (`cell amount` ...): how well it was read, whether its arithmetic holds, and whether
    all amounts together make the sum (`agrees`)."""
    numbers = [item.number(f) for f in FACTORS]
    shared = {
        "one": 1.0,
        "product": float(item.is_product()),
        "no product": float(None not in numbers and not item.is_product()),
        "sum": float(agrees),
        "order": float(context.kind == "order"),
        source_of(context): 1.0,
    }
    found = {}
    for role in (*FACTORS, "tax_rate", "discount"):
        chunk = item.chunk(role)
        if chunk is None and role not in item.given:
            continue
        own = {"blur": 1 - _legible(chunk) if chunk else 0.1, "mended": float(role in item.mended)}
        found[CELL + role] = shared | own | {"given": float(chunk is None)}
    if item.description:
        blur = 1 - min((p.confidence for p in item.pieces), default=0.0)
        found[CELL + "description"] = shared | {"blur": blur, "borrowed": float(item.is_borrowed)}
    return found


def guess(signs: Mapping[str, float]) -> float:
    """A cautious score of a cell where no model was fitted."""
    sure = 0.985 if signs["product"] or signs["sum"] else 0.55 if signs["no product"] else 0.9
    return (0.8 if signs.get("borrowed") else sure) * (1 - 0.4 * signs["blur"])
