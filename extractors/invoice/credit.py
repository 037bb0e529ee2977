"""Signs on credit notes."""

from __future__ import annotations

from workitems.items import InvoiceLine, Paper, TaxLine

_SUMS = ("net", "tax", "total")


def credited(paper: Paper) -> Paper:
    """The paper with credited amounts positive: some print them so, some with a minus, some with negative quantities.

    Lines change sign together, so that one that charges again stays opposite to those that credit.
    """
    fields = {
        name: reading.model_copy(update={"value": reading.value.lstrip("-")}) if name in _SUMS else reading
        for name, reading in paper.fields.items()
    }
    lines, taxes = paper.lines, paper.taxes
    if sum(line.amount or 0 for line in lines) < 0:
        lines = tuple(_turned(line) for line in lines)
    if sum(tax.base or tax.tax or 0 for tax in taxes) < 0:
        taxes = tuple(_turned_tax(tax) for tax in taxes)
    return paper.model_copy(update={"fields": fields, "lines": lines, "taxes": taxes})


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
