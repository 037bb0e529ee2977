"""Line items: rows under a header, wrapped descriptions, tables that run over pages, and checks of each row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from extractors.invoice.candidates import Context
from extractors.invoice.column_sums import bare_table, described, typed_by_sums
from extractors.invoice.confidence import Model, fitted, is_measured, probability_by
from extractors.invoice.confidence_signs import source_of
from extractors.invoice.line_cells import CELL, cells_of, guess, mend
from extractors.invoice.line_parts import Item
from extractors.invoice.line_rows import items_under
from extractors.invoice.receipt_lines import items_that_add_up
from extractors.invoice.sums import CENT, adjustment_of, rows_of, without_subtotals
from extractors.invoice.table import Header, headers
from workitems.items import InvoiceLine

_ORDER_LINE = re.compile(
    r"(?:bestell\S*|order|commande|po\b|p\.o\.|ln:).{0,40}?(?:zeile|line|ligne|pos(?:ition"
    r"|\.)?|ln:)\s*:?\s*0*(\d{1,6})(?!\d)"
)
_ORDER = re.compile(
    r"(?:bestell-?\s?(?:nr|nummer|ung)\.?|order\s*(?:no\.?|number|#)"
    r"|commande\s*n?[°o]?)\s*:?\s*(?:referenz:\s*)?([\w/-]*\d[\w/-]*)"
)
_CODE = re.compile(
    r"(?:art\S*-?nr\S*-?(?:lieferant|lief)\S*|(?:unsere\s+)?art\.?-?\s?nr\.?|item\s+no\.?"
    r"|sku)\s*:?\s*([a-z0-9][\w./-]*\d[\w./-]*|[a-z]{1,4}\d[\w-]*)"
)
_MAX_LINES = 2000


def find_lines(context: Context, net: Decimal | None, total: Decimal | None) -> tuple[tuple[InvoiceLine, ...], Decimal]:
    """All line items in the order in which they are printed, and the charges less allowances of the whole paper."""
    found, adjustment = lines_with_evidence(context, net, total)
    model = fitted()
    return tuple(_sure(line, evidence, model) for line, evidence in found), adjustment


Evidence = dict[str, dict[str, float]]
"""What speaks for a line (`line`) and for each of its cells (`cell amount` ...), as signs of their probabilities."""


def _sure(line: InvoiceLine, evidence: Evidence, model: Model | None) -> InvoiceLine:
    """The line with its probability and those of its cells."""
    whole = probability_by(model, "line", evidence["line"], _guess(evidence["line"]))
    cells = {
        name.removeprefix(CELL): probability_by(model, name, signs, guess(signs))
        for name, signs in evidence.items()
        if name.startswith(CELL) and is_measured(model, name)
    }
    return line.model_copy(update={"confidence": whole, "cells": cells})


def lines_with_evidence(
    context: Context, net: Decimal | None, total: Decimal | None
) -> tuple[list[tuple[InvoiceLine, Evidence]], Decimal]:
    """The lines, each with what speaks for it: its own arithmetic, and whether all together make the sum."""
    sums = [value for value in (net, total) if value]
    items = _all_items(context)
    if not items or (context.kind == "receipt" and _total(items) not in sums):
        items = items_that_add_up(context, sums)
    kept = [item for item in items if item.description or item.number("unit_price") is not None]
    mend(context, kept, net)
    lines = without_subtotals([_line(context, item) for item in kept], net)
    lines = _reduced(context, kept, lines, net)
    counted = sum((line.amount for line in lines if line.counts and line.amount is not None), Decimal(0))
    explained = net is not None and lines and context.kind != "receipt"
    adjustment = (
        adjustment_of(context, rows_of(context, lines), net - counted) if net is not None and explained else None
    )
    agrees = adjustment is not None or (total is not None and abs(counted - total) <= CENT)
    found = [
        (line, {"line": _evidence(context, item, line) | {"sum": float(agrees)}} | cells_of(context, item, agrees))
        for item, line in zip(kept, lines, strict=True)
    ]
    return found, adjustment or Decimal(0)


def _total(items: list[Item]) -> Decimal:
    return sum((item.number("amount") or Decimal(0) for item in items), Decimal(0))


def _reduced(context: Context, items: list[Item], lines: list[InvoiceLine], net: Decimal | None) -> list[InvoiceLine]:
    """Lines less the discounts printed below them, where only then all together make the net sum."""
    taken = [sum((r.amount.value for r in item.reductions if r.amount), Decimal(0)) for item in items]
    if net is None or not any(taken):
        return lines
    reduced = [
        line.model_copy(update={"amount": line.amount - abs(less)}) if line.amount is not None else line
        for line, less in zip(lines, taken, strict=True)
    ]
    counted = sum((line.amount for line in reduced if line.counts and line.amount is not None), Decimal(0))
    return reduced if adjustment_of(context, rows_of(context, lines), net - counted) is not None else lines


def _all_items(context: Context) -> list[Item]:
    """The items of all tables; where no title row is understood, those of tables that their products give away."""
    items: list[Item] = []
    rows = context.sheet.rows
    tables = list(headers(context))
    for n, header in enumerate(tables):
        end = tables[n + 1].last_row if n + 1 < len(tables) else len(rows)
        items += _items(context, header, end)
        if len(items) > _MAX_LINES:
            break
    if not items and (header_free := bare_table(context, rows)):
        items = items_under(context, header_free, len(rows))[0]
        items = [i for i in items if i.is_product()]
    return items


def _items(context: Context, header: Header, end: int) -> list[Item]:
    """The items under a header; where few of them multiply, its columns are named by products instead."""
    if header.first("description") is None and header.first("unit_price"):
        header = described(context, header, context.sheet.rows[header.last_row + 1 : end]) or header
    items, _ = items_under(context, header, end)
    whole = sum(item.is_product() for item in items)
    if whole * 2 < len(items) or not items:
        other = typed_by_sums(context, header, context.sheet.rows[header.last_row + 1 : end])
        better = items_under(context, other, end)[0] if other else []
        if sum(item.is_product() for item in better) > whole:
            return better
    return items


def _guess(evidence: Mapping[str, float]) -> float:
    """A cautious score where no model was fitted."""
    score = 0.5 + 0.3 * evidence["product"] + 0.15 * evidence["sum"] - 0.1 * evidence["no product"]
    return score * (0.5 if evidence["no description"] else 1.0)


def _line(context: Context, item: Item) -> InvoiceLine:
    quantity, price, amount = item.number("quantity"), item.number("unit_price"), item.number("amount")
    if quantity is not None and price is not None and amount is not None and quantity * price * amount < 0:
        quantity = -quantity  # given back: prices have no sign
    rate = item.number("tax_rate")
    extra = " ".join([*item.extra, *(c.text for c in item.parts)]).lower()
    order_line, order = _ORDER_LINE.search(extra), _ORDER.search(extra)
    code = _CODE.search(extra)
    box = context.sheet.box(item.row.page, item.pieces)
    return InvoiceLine(
        description=" ".join(" ".join(item.description).split()) or None,
        quantity=quantity,
        unit=item.text("unit"),
        unit_price=price,
        tax_rate=rate if rate is not None and 0 <= rate <= 50 else None,
        amount=amount,
        order_line=order_line[1] if order_line else None,
        order_number=order[1].upper() if order else None,
        product_code=code[1].upper() if code else item.code(),
        page=item.row.page,
        box=box,
    )


def _evidence(context: Context, item: Item, line: InvoiceLine) -> dict[str, float]:
    """What speaks for a line, as features of its probability."""
    numbers = (line.quantity, line.unit_price, line.amount)
    return {
        "one": 1.0,
        "product": float(None not in numbers and item.is_product()),
        "no product": float(None not in numbers and not item.is_product()),
        "no description": float(not item.description),
        "borrowed": float(item.is_borrowed),
        "blur": 1.0 - min(p.confidence for p in item.pieces),
        "mended": float(bool(item.mended)),
        "order": float(context.kind == "order"),
        source_of(context): 1.0,
    }
