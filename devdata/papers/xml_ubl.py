"""Bills as UBL 2.1: Peppol BIS Billing 3.0 and XRechnung."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lxml import etree

from devdata.papers.bills import Bill, Row, TaxRow
from devdata.papers.wording import UNECE
from devdata.papers.xml_cii import EXEMPTIONS, category

_SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC, CBC = f"{_SPACE}CommonAggregateComponents-2", f"{_SPACE}CommonBasicComponents-2"
_PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_ENDPOINTS = {"DE": "9930", "FR": "9957", "NL": "9944", "BE": "9925", "IT": "9906", "AT": "9915", "GB": "9932"}


class _Writer:
    """Appends elements by names of one letter and a colon: "c:ID" for a value, "a:Party" for an aggregate."""

    def __init__(self, bill: Bill) -> None:
        name = "CreditNote" if bill.credit else "Invoice"
        spaces = {None: f"{_SPACE}{name}-2", "cac": CAC, "cbc": CBC}
        self.root = etree.Element(f"{{{_SPACE}{name}-2}}{name}", nsmap=spaces)
        self.currency = bill.currency

    def value(self, parent: etree._Element, name: str, value: object, **attributes: str) -> None:
        etree.SubElement(parent, f"{{{CBC}}}{name}", **attributes).text = str(value)

    def amount(self, parent: etree._Element, name: str, value: Decimal) -> None:
        self.value(parent, name, value, currencyID=self.currency)

    def group(self, parent: etree._Element, path: str) -> etree._Element:
        for name in path.split("/"):
            parent = etree.SubElement(parent, f"{{{CAC}}}{name}")
        return parent


def ubl(bill: Bill, xrechnung: bool = False, encoding: str = "UTF-8") -> bytes:
    """The XML of a bill."""
    w = _Writer(bill)
    root = w.root
    w.value(root, "CustomizationID", _XRECHNUNG if xrechnung else _PEPPOL)
    w.value(root, "ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
    w.value(root, "ID", bill.number)
    w.value(root, "IssueDate", bill.issued_on)
    if not bill.credit:
        w.value(root, "DueDate", bill.due_on)
    w.value(root, "CreditNoteTypeCode" if bill.credit else "InvoiceTypeCode", "381" if bill.credit else "380")
    if bill.reason:
        w.value(root, "Note", bill.reason)
    w.value(root, "DocumentCurrencyCode", bill.currency)
    if xrechnung:
        w.value(root, "BuyerReference", "04011000-12345-03")
    if bill.orders:
        w.value(w.group(root, "OrderReference"), "ID", bill.orders[0])
    if bill.refers_to:
        w.value(w.group(root, "BillingReference/InvoiceDocumentReference"), "ID", bill.refers_to)
    for number in bill.delivery_notes[-1:]:
        w.value(w.group(root, "DespatchDocumentReference"), "ID", number)
    _party(w, w.group(root, "AccountingSupplierParty/Party"), bill.supplier)
    _party(w, w.group(root, "AccountingCustomerParty/Party"), bill.buyer)
    if bill.delivered_on:
        w.value(w.group(root, "Delivery"), "ActualDeliveryDate", bill.delivered_on)
    _payment(w, bill)
    _sums(w, bill)
    for row in bill.rows:
        _line(w, bill, row)
    return etree.tostring(root, xml_declaration=True, encoding=encoding, pretty_print=True)


def _party(w: _Writer, parent: etree._Element, party: dict[str, Any]) -> None:
    place = party["address"]
    w.value(parent, "EndpointID", party["vat_id"], schemeID=_ENDPOINTS.get(place["country"], "9930"))
    w.value(w.group(parent, "PartyName"), "Name", party["name"])
    address = w.group(parent, "PostalAddress")
    w.value(address, "StreetName", place["street"])
    w.value(address, "CityName", place["city"])
    w.value(address, "PostalZone", place["postal_code"])
    w.value(w.group(address, "Country"), "IdentificationCode", place["country"])
    scheme = w.group(parent, "PartyTaxScheme")
    w.value(scheme, "CompanyID", party["vat_id"])
    w.value(w.group(scheme, "TaxScheme"), "ID", "VAT")
    w.value(w.group(parent, "PartyLegalEntity"), "RegistrationName", party["name"])
    contact = w.group(parent, "Contact")
    w.value(contact, "Name", party.get("contact") or party["name"])
    w.value(contact, "Telephone", party["phone"])
    w.value(contact, "ElectronicMail", party["email"])


def _payment(w: _Writer, bill: Bill) -> None:
    if bill.iban:
        means = w.group(w.root, "PaymentMeans")
        w.value(means, "PaymentMeansCode", "58" if bill.supplier["address"]["country"] == "DE" else "30")
        w.value(means, "PaymentID", bill.number)
        account = w.group(means, "PayeeFinancialAccount")
        w.value(account, "ID", bill.iban)
        w.value(account, "Name", bill.supplier["name"])
    if bill.discount:
        percent, days = bill.discount
        w.value(w.group(w.root, "PaymentTerms"), "Note", f"#SKONTO#TAGE={days}#PROZENT={percent:.2f}#\n")


def _sums(w: _Writer, bill: Bill) -> None:
    taxes = w.group(w.root, "TaxTotal")
    w.amount(taxes, "TaxAmount", bill.tax)
    for row in bill.taxes:
        sub = w.group(taxes, "TaxSubtotal")
        w.amount(sub, "TaxableAmount", row.base)
        w.amount(sub, "TaxAmount", row.tax)
        _category(w, w.group(sub, "TaxCategory"), row, bill)
    sums = w.group(w.root, "LegalMonetaryTotal")
    for name, value in (
        ("LineExtensionAmount", bill.net),
        ("TaxExclusiveAmount", bill.net),
        ("TaxInclusiveAmount", bill.total),
        ("PayableAmount", bill.total),
    ):
        w.amount(sums, name, value)


def _category(w: _Writer, parent: etree._Element, row: TaxRow | Row, bill: Bill | None = None) -> None:
    code = row.code if isinstance(row, TaxRow) else row.tax_code
    kind = category(code)
    w.value(parent, "ID", kind)
    w.value(parent, "Percent", row.rate)
    if bill is not None and kind != "S":
        w.value(parent, "TaxExemptionReasonCode", EXEMPTIONS[kind])
        w.value(parent, "TaxExemptionReason", bill.tax_notes[code])
    w.value(w.group(parent, "TaxScheme"), "ID", "VAT")


def _line(w: _Writer, bill: Bill, row: Row) -> None:
    line = w.group(w.root, "CreditNoteLine" if bill.credit else "InvoiceLine")
    w.value(line, "ID", row.position)
    name = "CreditedQuantity" if bill.credit else "InvoicedQuantity"
    w.value(line, name, row.quantity, unitCode=UNECE[row.unit])
    w.amount(line, "LineExtensionAmount", row.amount)
    if row.order_line:
        w.value(w.group(line, "OrderLineReference"), "LineID", row.order_line)
    item = w.group(line, "Item")
    w.value(item, "Name", row.text)
    w.value(w.group(item, "SellersItemIdentification"), "ID", row.code)
    _category(w, w.group(item, "ClassifiedTaxCategory"), row)
    w.amount(w.group(line, "Price"), "PriceAmount", row.price)
