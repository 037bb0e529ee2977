"""OASIS UBL 2: Invoice, CreditNote, Order and its answers; Peppol BIS and XRechnung are rules on top of it.

Names follow EN 16931: the seller is BT-27 (registration name), the trading name only where that is missing. The
sub-lines of XRechnung's extension detail a line whose amount already holds theirs, and are not listed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lxml import etree

from extractors.einvoice import terms
from extractors.einvoice.draft import CREDIT_NOTES, Draft
from extractors.einvoice.find import EInvoiceXml
from extractors.einvoice.values import (
    Element,
    amount,
    amount_in,
    child,
    children,
    currency_code,
    folded,
    iban,
    iso_date,
    per_unit,
    tax_id,
    text,
)
from workitems.items import InvoiceLine, Kind, TaxLine

_LINES = ("InvoiceLine", "CreditNoteLine", "OrderLine/LineItem")
_QUANTITIES = ("InvoicedQuantity", "CreditedQuantity", "Quantity")
_SUMS = ("LegalMonetaryTotal", "RequestedMonetaryTotal", "AnticipatedMonetaryTotal")
# An order may name who gets the invoice beside the buyer, and an invoice who ordered beside its addressee.
_SELLERS = (("AccountingSupplierParty", "SellerSupplierParty"), ("SellerSupplierParty", "AccountingSupplierParty"))
_BUYERS = (("AccountingCustomerParty", "BuyerCustomerParty"), ("BuyerCustomerParty", "AccountingCustomerParty"))
_NO_ORDER = "NA"  # Peppol: there is no order number, but a sales order's


def read_ubl(invoice: EInvoiceXml) -> Draft:
    """The values of a UBL document. Raises nothing: what is missing or malformed is absent."""
    root = invoice.root
    draft = Draft(kind=_kind(root), reader="ubl")
    draft.put("number", text(root, "ID"))
    draft.put("issued_on", _day(root, "IssueDate"))
    draft.put("due_on", _day(root, "DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate"))
    _put_parties(draft, root)
    order = text(root, "OrderReference/ID")
    draft.put("order_number", order if order != _NO_ORDER else None)
    draft.put("period_from", _day(root, "InvoicePeriod/StartDate"))
    draft.put("period_to", _day(root, "InvoicePeriod/EndDate"))
    _put_amounts(draft, root)
    accounts = (iban(e.text) for e in children(root, "PaymentMeans/PayeeFinancialAccount/ID"))
    draft.put("iban", next((account for account in accounts if account), None))
    for note in children(root, "PaymentTerms/Note"):
        draft.discounts += terms.discounts_in(note.text)
    draft.lines = [read_line(row) for path in _LINES for row in children(root, path)]
    draft.is_copy = text(root, "CopyIndicator") in ("true", "1")
    return draft


def _kind(root: Element) -> Kind:
    name = etree.QName(root).localname
    if name.startswith("Order"):
        return "order"
    if name.endswith("CreditNote") or text(root, "InvoiceTypeCode") in CREDIT_NOTES:
        return "credit_note"
    return "invoice"


def _day(parent: Element, *paths: str) -> date | None:
    return iso_date(text(parent, *paths))


def _put_parties(draft: Draft, root: Element) -> None:
    seller, buyer = _party(root, *_SELLERS[draft.kind == "order"]), _party(root, *_BUYERS[draft.kind == "order"])
    draft.put("supplier_name", _name(seller))
    draft.put("buyer_name", _name(buyer))
    draft.put("supplier_address", _address(child(seller, "PostalAddress")))
    for scheme in children(seller, "PartyTaxScheme"):
        if (text(scheme, "TaxScheme/ID") or "VAT").upper() == "VAT":
            draft.put("vat_id", tax_id(text(scheme, "CompanyID")))
            break


def _party(root: Element, *roles: str) -> Element | None:
    return next((p for role in roles if (p := child(root, f"{role}/Party")) is not None), None)


def _name(party: Element | None) -> str | None:
    person = child(party, "Person")
    private = " ".join(p for p in (text(person, "FirstName"), text(person, "FamilyName")) if p) or None
    return text(party, "PartyLegalEntity/RegistrationName", "PartyName/Name") or private


def _address(address: Element | None) -> str | None:
    street = " ".join(p for p in (text(address, "StreetName"), text(address, "BuildingNumber")) if p)
    more = [text(address, "AdditionalStreetName"), *(folded(e.text) for e in children(address, "AddressLine/Line"))]
    city = " ".join(p for p in (text(address, "PostalZone"), text(address, "CityName")) if p)
    country = text(address, "Country/IdentificationCode")
    return ", ".join(part for part in (street, *more, city, country) if part) or None


def _put_amounts(draft: Draft, root: Element) -> None:
    currency = text(root, "DocumentCurrencyCode")
    sums = next((s for name in _SUMS if (s := child(root, name)) is not None), None)
    if currency is None and sums is not None:
        currency = next((folded(e.get("currencyID")) for e in sums if e.get("currencyID")), None)
    draft.put("currency", currency_code(currency))
    draft.put("tax", amount_in(root, "TaxTotal/TaxAmount", currency))
    draft.adjustment = _adjustment(sums, children(root, "AllowanceCharge"))
    draft.payable = amount(sums, "PayableAmount")
    draft.put("net", _stated(sums, "TaxExclusiveAmount", "LineExtensionAmount", draft.adjustment))
    prepaid = (amount(sums, "PrepaidAmount") or Decimal(0)) - (amount(sums, "PayableRoundingAmount") or Decimal(0))
    draft.put("total", _stated(sums, "TaxInclusiveAmount", "PayableAmount", prepaid))
    for total in children(root, "TaxTotal"):
        rows = children(total, "TaxSubtotal")
        stated = child(total, "TaxAmount")
        if rows and (stated is None or stated.get("currencyID", currency) == currency):
            draft.taxes = [_tax_row(row) for row in rows]
            break


def _adjustment(sums: Element | None, single: list[Element]) -> Decimal:
    """Charges less allowances of the whole document: their totals, else the single ones."""
    charges, allowances = amount(sums, "ChargeTotalAmount"), amount(sums, "AllowanceTotalAmount")
    if charges is None and allowances is None:
        signs = [(text(e, "ChargeIndicator") in ("true", "1"), amount(e, "Amount")) for e in single]
        return sum((value if is_charge else -value for is_charge, value in signs if value), Decimal(0))
    return (charges or Decimal(0)) - (allowances or Decimal(0))


def _stated(sums: Element | None, path: str, instead: str, more: Decimal) -> Decimal | None:
    """An amount that EN 16931 wants; where a program leaves it out, from what it does state."""
    found, other = amount(sums, path), amount(sums, instead)
    return found if found is not None or other is None else other + more


def _tax_row(row: Element) -> TaxLine:
    return TaxLine(
        rate=amount(row, "TaxCategory/Percent", "Percent"),
        base=amount(row, "TaxableAmount"),
        tax=amount(row, "TaxAmount"),
    )


def read_line(row: Element) -> InvoiceLine:
    """One line of an invoice, a credit note or an order."""
    item, price = child(row, "Item"), child(row, "Price")
    quantity = next((q for name in _QUANTITIES if (q := child(row, name)) is not None), None)
    order = child(row, "OrderLineReference")
    return InvoiceLine(
        description=text(item, "Name", "Description") or text(row, "Note"),
        quantity=amount(row, *_QUANTITIES),
        unit=None if quantity is None else folded(quantity.get("unitCode")),
        unit_price=per_unit(amount(price, "PriceAmount"), amount(price, "BaseQuantity")),
        tax_rate=amount(
            row,
            "Item/ClassifiedTaxCategory/Percent",
            "TaxTotal/TaxSubtotal/TaxCategory/Percent",
            "TaxTotal/TaxSubtotal/Percent",
        ),
        amount=amount(row, "LineExtensionAmount"),
        account=text(row, "AccountingCost"),
        order_number=text(order, "OrderReference/ID"),
        order_line=text(order, "LineID"),
        product_code=text(item, "SellersItemIdentification/ID"),
    )
