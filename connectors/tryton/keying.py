"""Keys one invoice into an empty form: header, lines, taxes. Nothing is saved here."""

from __future__ import annotations

import re
from decimal import Decimal

from connectors.evidence import Recorder
from connectors.tryton.amounts import TaxShown, keyed, tax_corrections
from connectors.tryton.pages import InvoiceForm, InvoiceShown, LinePopup
from connectors.tryton.refusals import not_offered, review
from connectors.tryton.waits import Completion, Wanted
from workitems.errors import NeedsReview
from workitems.items import Invoice, InvoiceLine

ROUNDING = Decimal("0.05")  # per invoice: how far Tryton's computed tax may be corrected to the paper's


class Keying:
    """One session's way of keying; it remembers what the ERP calls its currencies."""

    def __init__(self, recorder: Recorder, rounding: Decimal = ROUNDING) -> None:
        self._step = recorder.step
        self._rounding = rounding
        self._currencies: dict[str, str] = {}  # by ISO 4217 code

    def key(self, form: InvoiceForm, invoice: Invoice, mark: str) -> None:
        """Keys everything and proves that the form shows the invoice's amounts. Raises NeedsReview where it cannot.

        `mark` is found again in the description: it tells this invoice's earlier attempts from other people's work.
        """
        if not invoice.lines:
            raise review("erp_no_lines", "The invoice has no lines that could be keyed.", "lines")
        with self._step("header"):
            self._header(form, invoice, mark)
        with self._step("lines"):
            self._lines(form, invoice)
        with self._step("totals"):
            self._totals(form, invoice)

    def currency_code(self, name: str) -> str | None:
        """The ISO code of a currency that was used in this session."""
        return next((code for code, known in self._currencies.items() if known == name), None)

    def _header(self, form: InvoiceForm, invoice: Invoice, mark: str) -> None:
        party = form.take_party(invoice.supplier_name, int(invoice.supplier_id))
        if party.taken is None:
            raise not_offered("supplier", invoice.supplier_name, party, "erp_supplier_missing", "supplier_id")
        self._currency(form, invoice.currency)
        orders = sorted({line.order_number for line in invoice.lines if line.order_number})
        form.set_header(invoice.number, invoice.issued_on, " ".join([*orders, mark]))

    def _currency(self, form: InvoiceForm, code: str) -> None:
        if self._currencies.get(code) == form.currency():
            return
        found = form.take_currency(code)
        if found.taken is None:
            raise not_offered("currency", code, found, "erp_currency_unknown", "currency")
        self._currencies[code] = found.taken.name

    def _lines(self, form: InvoiceForm, invoice: Invoice) -> None:
        popup = form.new_line()
        for index, line in enumerate(invoice.lines):
            _line(popup, line, invoice)
            popup.add("next" if index < len(invoice.lines) - 1 else "close")

    def _totals(self, form: InvoiceForm, invoice: Invoice) -> None:
        """Proves the amounts; cents of difference in the tax are corrected to the paper's."""
        shown = form.shown()
        if same_amounts(shown, invoice):
            return
        difference = invoice.total - shown.total
        if abs(difference) <= self._rounding and invoice.net in (None, shown.net):
            _correct_taxes(form, invoice, difference)
            shown = form.shown()
        if not same_amounts(shown, invoice):
            raise total_differs(shown, invoice)


def same_amounts(shown: InvoiceShown, invoice: Invoice) -> bool:
    """Whether the form shows the invoice's amounts, to the cent."""
    return shown.total == invoice.total and invoice.net in (None, shown.net) and invoice.tax in (None, shown.tax)


def total_differs(shown: InvoiceShown, invoice: Invoice) -> NeedsReview:
    """The ERP computes other amounts than the paper says."""
    message = (
        f"The ERP computes net {shown.net}, tax {shown.tax}, total {shown.total}; the invoice says "
        f"net {invoice.net}, tax {invoice.tax}, total {invoice.total}."
    )
    return review("erp_total_differs", message, "total")


def _line(popup: LinePopup, line: InvoiceLine, invoice: Invoice) -> None:
    amounts = keyed(line)
    if amounts is None:
        raise review("erp_line_incomplete", "A line has neither an amount nor quantity and price.", "lines")
    product = _link(popup, line, invoice) if line.order_line else None
    if product is None:
        _book(popup, line, invoice)
        popup.set_amounts(amounts.quantity, amounts.unit_price)
        return
    code = re.match(r"\[(.+?)\] ", product)
    taken = popup.take_product(code[1] if code else product, product, amounts.quantity, amounts.unit_price)
    if taken.taken is None:
        raise not_offered("product", product, taken, "erp_product_missing", "lines")


def _link(popup: LinePopup, line: InvoiceLine, invoice: Invoice) -> str | None:
    """Links the line to its order line. Returns the name of the order line's product, None where it has none."""
    orders = [line.order_number] if line.order_number else (invoice.order_number or "").split(", ")
    found = Completion(offers=(), taken=None)
    for number in filter(None, orders):
        found = popup.take_order_line(number, int(line.order_line or 0))
        if found.taken is not None:
            return product_of(found.taken.name)
    raise not_offered("order line", line.order_number or "", found, "erp_order_line_missing", "lines")


def product_of(order_line: str) -> str | None:
    """The product in the name of a purchase line: "60\\u00a0u [BM-1001] Copy paper @ PO-2026-0101"."""
    named = re.match(r"[^ ]+ (.+) @ [^@]+$", order_line)
    return named[1] if named else None


def _book(popup: LinePopup, line: InvoiceLine, invoice: Invoice) -> None:
    """A line without order or product: account, tax and a description."""
    if not line.account:
        raise review("missing_account", "A line has neither an order nor an account.", "lines")
    found = popup.take_account(line.account, Wanted(pattern=rf"^{re.escape(line.account)}(?![\w.])"))
    if found.taken is None and line.account.isdigit():
        found = popup.take_account(line.account, Wanted(id=int(line.account)))
    if found.taken is None:
        raise not_offered("account", line.account, found, "unknown_account", "lines")
    if line.tax_rate is not None and not popup.taxes():
        _tax(popup, line.tax_rate, invoice)
    popup.describe(line.description or invoice.number)


def _tax(popup: LinePopup, rate: Decimal, invoice: Invoice) -> None:
    """Adds the tax of that rate; where several have it, the one that names the supplier's country."""
    typed = format(rate.normalize(), "f")
    digits = re.escape(typed).replace(r"\.", "[.,]")
    more = r"0*" if "." in typed else r"(?:[.,]0+)?"
    pattern = rf"(?<![\d.,]){digits}{more}\s*%"
    found = popup.add_tax(typed, Wanted(pattern=pattern))
    if found.taken is None and invoice.vat_id:
        found = popup.add_tax(typed, Wanted(pattern=rf"{pattern}.*\({invoice.vat_id[:2]}\)"))
    if found.taken is None and rate != 0:
        raise not_offered("tax", f"{typed} %", found, "erp_tax_unclear", "lines")


def _correct_taxes(form: InvoiceForm, invoice: Invoice, difference: Decimal) -> None:
    """Keys the paper's tax amounts over the computed ones, where that explains the difference."""
    popups = range(form.tax_count())
    shown: list[TaxShown] = []
    for index in popups:
        popup = form.tax_line(index)
        base, amount = popup.amounts()
        shown.append(TaxShown(base=base, amount=amount))
        popup.close()
    for index, amount in tax_corrections(shown, invoice, difference).items():
        popup = form.tax_line(index)
        popup.set_amount(amount)
        popup.close()
