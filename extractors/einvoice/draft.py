"""What a syntax reader took from the XML, and its grading into a Paper.

Signs are those of the document: a credit note (381, 396 ..., UBL CreditNote) states what is credited as positive
amounts, an invoice that takes something back (380 or 384) states negative ones, and both are kept. `Paper.kind` says
which it is; who builds an Invoice item from it (there amounts of credit notes are negative) turns the sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from extractors.einvoice.values import plain
from workitems.items import DiscountTerm, InvoiceLine, Kind, Paper, Reading, TaxLine

CREDIT_NOTES = {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
"""UNTDID 1001 codes by which something is credited; corrections (384) and the rest count as invoices."""

_CONSISTENT, _DOUBTFUL = 0.999, 0.9
_AMOUNTS = ("net", "tax", "total")
_CENT = Decimal("0.01")


@dataclass
class Draft:
    """The values of one document, still without confidences. Absent values are left out of `fields`."""

    kind: Kind
    reader: str
    fields: dict[str, str] = field(default_factory=dict)
    lines: list[InvoiceLine] = field(default_factory=list)
    taxes: list[TaxLine] = field(default_factory=list)
    discounts: list[DiscountTerm] = field(default_factory=list)
    adjustment: Decimal = Decimal(0)  # document level charges less allowances, net
    payable: Decimal | None = None  # what is still due, after prepayments
    is_test: bool = False
    is_copy: bool = False
    vague: set[str] = field(default_factory=set)  # fields whose value is only approximate (a month as a date)

    def put(self, name: str, value: str | date | Decimal | None) -> None:
        """Sets a field, unless there is no value."""
        if value is not None and value != "":
            self.fields[name] = plain(value) if isinstance(value, Decimal) else str(value)


def to_paper(draft: Draft, valid: bool, pages: int) -> Paper:
    """The draft as a Paper. XML says itself what each value is; only what contradicts itself is less sure.

    0.999 in a document that is valid and adds up; a little less where the schema is violated; 0.9 for amounts
    that do not add up, because nobody can tell which of them is wrong.
    """
    sure = _CONSISTENT if valid else 0.99
    amounts = sure if _adds_up(draft) else _DOUBTFUL
    rows = sure if _rows_add_up(draft) else _DOUBTFUL
    fields = {
        name: Reading(value=value, confidence=_of(name, draft, amounts, sure), reader=draft.reader)
        for name, value in draft.fields.items()
    }
    return Paper(
        kind=draft.kind,
        kind_confidence=sure,
        source="xml",
        pages=pages,
        fields=fields,
        lines=tuple(line.model_copy(update={"confidence": rows}) for line in draft.lines),
        taxes=tuple(row.model_copy(update={"confidence": amounts}) for row in draft.taxes),
        discounts=tuple(draft.discounts),
        adjustment=draft.adjustment,
    )


def _of(name: str, draft: Draft, amounts: float, sure: float) -> float:
    if name in draft.vague:
        return 0.5
    return min(amounts, sure) if name in _AMOUNTS else sure


def _number(draft: Draft, name: str) -> Decimal | None:
    value = draft.fields.get(name)
    return Decimal(value) if value is not None else None


def _adds_up(draft: Draft) -> bool:
    """Net and tax make the total, as far as they are stated."""
    net, tax, total = (_number(draft, name) for name in _AMOUNTS)
    return net is None or total is None or abs(net + (tax or 0) - total) <= _CENT


def _rows_add_up(draft: Draft) -> bool:
    """The lines that count and the document's own charges and allowances make the net amount, half a cent a line."""
    net = _number(draft, "net")
    counted = [line.amount for line in draft.lines if line.counts and line.amount is not None]
    if net is None or not counted:
        return True
    allowed = max(_CENT, _CENT / 2 * len(counted))
    return abs(sum(counted, Decimal(0)) + draft.adjustment - net) <= allowed
