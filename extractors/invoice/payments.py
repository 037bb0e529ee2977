"""What a receipt's payment says about its total: cash less change, and rounding to the smallest coin."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.invoice.candidates import Candidate, Context
from extractors.values import amounts_in

_CASH = re.compile(r"\bcash\b|tender|\bpaid\b|payment|received|\bbar\b|gegeben|especes|visa|master|card|\bdebit\b")
_CHANGE = re.compile(r"change|ruckgeld|zuruck|rendu|monnaie|balance")
_ROUNDING = re.compile(r"r\s?o\s?u\s?n\s?d|\brnd|rundung|arrondi")
_COIN = Decimal("0.05")


def settled(context: Context, totals: list[Candidate]) -> list[Candidate]:
    """The totals, with those preferred that were really paid."""
    cash, change = _on_rows(context, _CASH), _on_rows(context, _CHANGE)
    paid = {c - r for c in cash for r in change if c > r >= 0} | (cash if not change else set())
    rounding = {abs(r) for r in _on_rows(context, _ROUNDING) if 0 < abs(r) < _COIN}
    values = {Decimal(c.value) for c in totals}
    found = []
    for candidate in totals:
        value = Decimal(candidate.value)
        factor = 1.0
        notes: list[str] = []
        if "sum" in candidate.notes:
            factor = 1.06
        if value in paid:
            factor *= 1.12
            notes.append("paid")
        if rounding and value % _COIN and any(abs(abs(value - v)) in rounding and not v % _COIN for v in values):
            factor *= 0.75
            notes.append("before rounding")
        found.append(candidate.scaled(factor, *notes))
    return sorted(found, key=lambda c: -c.score)


def _on_rows(context: Context, label: re.Pattern[str]) -> set[Decimal]:
    """The last amounts of all rows with such a label."""
    found = set()
    for row in context.sheet.rows:
        if label.search(row.folded):
            values = [a.value for c in row.cells for a in amounts_in(c.text, context.mark) if a.decimals == 2]
            found |= set(values[-1:])
    return found
