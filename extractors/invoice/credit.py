"""Signs on credit notes."""

from __future__ import annotations

from decimal import Decimal

from workitems.items import InvoiceLine, Paper, TaxLine

_SUMS = ("net", "tax", "total")


def credited(paper: Paper) -> Paper:
    """The paper with credited amounts positive: some print them so, some with a minus, some with negative quantities.

    All amounts change sign together, so that a line that charges again stays opposite to those that credit.
    """
    total = paper.fields.get("total") or paper.fields.get("net")
    if total is None or Decimal(total.value) >= 0:
        return paper
    fields = {
        name: reading.model_copy(update={"value": _opposite(reading.value)}) if name in _SUMS else reading
        for name, reading in paper.fields.items()
    }
    return paper.model_copy(
        update={
            "fields": fields,
            "lines": tuple(_turned(line) for line in paper.lines),
            "taxes": tuple(_turned_tax(tax) for tax in paper.taxes),
        }
    )


def _opposite(value: str) -> str:
    return format(-Decimal(value) if Decimal(value) else Decimal(value), "f")


def _turned(line: InvoiceLine) -> InvoiceLine:
    """Amount turned; the quantity only where it bore the sign."""
    if line.amount is None or not line.amount:
        return line
    quantity = line.quantity
    if quantity is not None and quantity < 0 and line.amount < 0:
        quantity = -quantity
    return line.model_copy(update={"amount": -line.amount, "quantity": quantity})


def _turned_tax(tax: TaxLine) -> TaxLine:
    base = -tax.base if tax.base else tax.base
    return tax.model_copy(update={"base": base, "tax": -tax.tax if tax.tax else tax.tax})
