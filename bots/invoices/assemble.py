"""The invoice as it is handed on and posted, built from what passed the checks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bots.invoices.draft import Draft
from bots.invoices.line_score import EXPLICIT
from bots.invoices.terms import Terms
from connectors import Supplier
from workitems.items import Answer, Document, Invoice, InvoiceLine, Noun, Paper, Reading


class Source(Noun):
    """The item that the invoice is made from."""

    document: Document
    paper: Paper
    answers: tuple[Answer, ...] = ()


def invoice_from(
    source: Source, draft: Draft, supplier: Supplier, lines: Sequence[InvoiceLine], terms: Terms
) -> Invoice:
    """The invoice of a draft that is complete. Raises ValueError for one without number, date, currency or total.

    `lines` are the matched lines, with their order lines or accounts.
    """
    needed = (draft.number, draft.issued_on, draft.currency, draft.total)
    number, issued_on, currency, total = needed
    if number is None or issued_on is None or currency is None or total is None:
        raise ValueError("the draft is not complete")
    return Invoice(
        document=source.document,
        answers=source.answers,
        readings=draft.readings,
        is_credit_note=draft.is_credit_note,
        supplier_id=supplier.id,
        supplier_name=supplier.name,
        number=number,
        issued_on=issued_on,
        due_on=terms.due_on,
        currency=currency,
        net=draft.net,
        tax=draft.tax,
        total=total,
        iban=draft.iban,
        vat_id=draft.vat_id,
        order_number=", ".join(draft.order_numbers) or None,
        lines=tuple(bookable(line, draft) for line in lines),
        taxes=draft.taxes,
        discounts=terms.discounts,
        paper=source.paper,
    )


def paper_of(invoice: Invoice) -> Paper:
    """The paper of an invoice that came without one, from a script: its values are taken as they are."""
    names = ("number", "issued_on", "due_on", "currency", "net", "tax", "total", "iban", "vat_id", "order_number")
    values = {name: getattr(invoice, name) for name in names} | {
        "supplier_name": invoice.supplier_name,
        "supplier_id": invoice.supplier_id,
    }
    fields = {n: Reading(value=str(v), confidence=1.0, reader="payload") for n, v in values.items() if v is not None}
    return Paper(
        kind="credit_note" if invoice.is_credit_note else "invoice",
        kind_confidence=1.0,
        source="text",
        fields=fields,
        lines=tuple(_stated(line) for line in invoice.lines),
        taxes=invoice.taxes,
        discounts=invoice.discounts,
    )


def _stated(line: InvoiceLine) -> InvoiceLine:
    """A line of an invoice names its order line by the ERP's id."""
    of = f"{EXPLICIT}{line.order_line}" if line.order_line else None
    return line.model_copy(update={"confidence": 1.0, "order_line": of})


def bookable(line: InvoiceLine, draft: Draft) -> InvoiceLine:
    """A line as a screen takes it: with quantity and price, and with the tax rate where the invoice has only one."""
    update: dict[str, Decimal | None] = {}
    if line.quantity is None and line.amount is not None:
        sign = -1 if line.amount < 0 else 1
        update = {"quantity": Decimal(sign), "unit_price": abs(line.amount)}
    if line.tax_rate is None:
        update["tax_rate"] = only_rate(draft)
    return line.model_copy(update=update)


def only_rate(draft: Draft) -> Decimal | None:
    """The invoice's tax rate in per cent, where it has just one; from the amounts where no rate is printed."""
    rates = {t.rate for t in draft.taxes if t.rate is not None} | {
        line.tax_rate for line in draft.lines if line.tax_rate is not None
    }
    if len(rates) == 1:
        return rates.pop()
    if rates or not draft.net or draft.tax is None:
        return None
    rate = (draft.tax / draft.net * 200).quantize(Decimal(1)) / 2  # rates are whole or half per cents
    fits = abs(draft.net * rate / 100 - draft.tax) <= Decimal("0.05")
    return rate if fits else None
