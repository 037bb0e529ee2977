"""Bills as Cross Industry Invoices: Factur-X, ZUGFeRD 2 and XRechnung, and the older ZUGFeRD 1.0."""

from __future__ import annotations

from datetime import date
from typing import Any

from lxml import etree

from devdata.papers.bills import Bill, Row
from devdata.papers.wording import UNECE

RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
PROFILES = {
    "basic": "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    "en16931": "urn:cen.eu:en16931:2017",
    "extended": "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
    "xrechnung": "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
}
CATEGORIES = {"EU0": "K", "RC0": "AE", "EX0": "G"}
EXEMPTIONS = {"K": "vatex-eu-ic", "AE": "vatex-eu-ae", "G": "vatex-eu-g"}

Node = tuple[str, Any]
"""An element: its local name and its text, its children (a list), or (text, attributes)."""


def category(code: str) -> str:
    """The VAT category of a tax (UNTDID 5305)."""
    return CATEGORIES.get(code, "S")


def cii(bill: Bill, profile: str) -> bytes:
    """The XML of a bill. Line-level order references are written in the profile "extended" alone."""
    root = etree.Element(f"{{{RSM}}}CrossIndustryInvoice", nsmap={"rsm": RSM, "ram": RAM, "udt": UDT})
    context = _sub(root, RSM, "ExchangedDocumentContext")
    if profile == "xrechnung":
        process = [("ID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")]
        _fill(context, [("BusinessProcessSpecifiedDocumentContextParameter", process)])
    _fill(context, [("GuidelineSpecifiedDocumentContextParameter", [("ID", PROFILES[profile])])])
    document = _sub(root, RSM, "ExchangedDocument")
    notes = [text for text in (bill.reason, bill.note()) if text]
    _fill(
        document,
        [
            ("ID", bill.number),
            ("TypeCode", "381" if bill.credit else "380"),
            ("IssueDateTime", [_day(bill.issued_on)]),
            *[("IncludedNote", [("Content", text)]) for text in notes],
        ],
    )
    trade = _sub(root, RSM, "SupplyChainTradeTransaction")
    _fill(trade, [("IncludedSupplyChainTradeLineItem", _line(row, profile)) for row in bill.rows])
    _fill(trade, [("ApplicableHeaderTradeAgreement", _agreement(bill, profile))])
    _fill(trade, [("ApplicableHeaderTradeDelivery", _delivery(bill, profile))])
    _fill(trade, [("ApplicableHeaderTradeSettlement", _settlement(bill))])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _sub(parent: etree._Element, namespace: str, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{namespace}}}{name}")


def _fill(parent: etree._Element, nodes: list[Node | None], namespace: str = RAM) -> None:
    for node in nodes:
        if node is None:
            continue
        name, content = node
        space = UDT if name in ("DateTimeString", "Indicator") else namespace
        element = _sub(parent, space, name)
        if isinstance(content, list):
            _fill(element, content, namespace)
        elif isinstance(content, tuple):
            element.text, attributes = content
            element.attrib.update(attributes)
        else:
            element.text = str(content)


def _day(value: date) -> Node:
    return ("DateTimeString", (f"{value:%Y%m%d}", {"format": "102"}))


def _line(row: Row, profile: str) -> list[Node | None]:
    order = [("IssuerAssignedID", row.order)] if profile == "extended" else []
    reference = ("BuyerOrderReferencedDocument", [*order, ("LineID", str(row.order_line))])
    rich = profile != "basic"
    tax = [("TypeCode", "VAT"), ("CategoryCode", category(row.tax_code)), ("RateApplicablePercent", row.rate)]
    return [
        ("AssociatedDocumentLineDocument", [("LineID", row.position)]),
        (
            "SpecifiedTradeProduct",
            [
                ("SellerAssignedID", row.code) if rich and row.code else None,
                ("Name", row.text),
                ("Description", "\n".join(row.details)) if rich and row.details else None,
            ],
        ),
        (
            "SpecifiedLineTradeAgreement",
            [
                reference if rich and row.order_line else None,
                ("NetPriceProductTradePrice", [("ChargeAmount", row.price)]),
            ],
        ),
        ("SpecifiedLineTradeDelivery", [("BilledQuantity", (str(row.quantity), {"unitCode": UNECE[row.unit]}))]),
        (
            "SpecifiedLineTradeSettlement",
            [
                ("ApplicableTradeTax", tax),
                ("SpecifiedTradeSettlementLineMonetarySummation", [("LineTotalAmount", row.amount)]),
            ],
        ),
    ]


def _party(party: dict[str, Any], full: bool, scheme: str = "EM") -> list[Node | None]:
    place = party["address"]
    contact = [
        ("PersonName", party.get("contact") or party["name"]),
        ("TelephoneUniversalCommunication", [("CompleteNumber", party["phone"])]),
        ("EmailURIUniversalCommunication", [("URIID", party["email"])]),
    ]
    tax_ids = [(party.get("tax_number"), "FC"), (party["vat_id"], "VA")]
    return [
        ("Name", party["name"]),
        ("DefinedTradeContact", contact) if full else None,
        (
            "PostalTradeAddress",
            [
                ("PostcodeCode", place["postal_code"]),
                ("LineOne", place["street"]),
                ("CityName", place["city"]),
                ("CountryID", place["country"]),
            ],
        ),
        ("URIUniversalCommunication", [("URIID", (party["email"], {"schemeID": scheme}))]) if full else None,
        *[("SpecifiedTaxRegistration", [("ID", (value, {"schemeID": code}))]) for value, code in tax_ids if value],
    ]


def _agreement(bill: Bill, profile: str) -> list[Node | None]:
    full = profile != "basic"
    order = bill.orders[0] if len(bill.orders) == 1 else None
    return [
        ("BuyerReference", "04011000-12345-03") if profile == "xrechnung" else None,
        ("SellerTradeParty", _party(bill.supplier, full)),
        ("BuyerTradeParty", _party(bill.buyer, full)),
        ("BuyerOrderReferencedDocument", [("IssuerAssignedID", order)]) if order else None,
    ]


def _delivery(bill: Bill, profile: str) -> list[Node | None]:
    if bill.delivered_on is None:
        return []
    event = ("ActualDeliverySupplyChainEvent", [("OccurrenceDateTime", [_day(bill.delivered_on)])])
    note = bill.delivery_notes[-1] if bill.delivery_notes and profile != "basic" else None
    return [event, ("DespatchAdviceReferencedDocument", [("IssuerAssignedID", note)]) if note else None]


def _settlement(bill: Bill) -> list[Node | None]:
    account = ("PayeePartyCreditorFinancialAccount", [("IBANID", bill.iban)])
    terms: list[Node | None] = [("DueDateDateTime", [_day(bill.due_on)])]
    if bill.discount:
        percent, days = bill.discount
        terms.insert(0, ("Description", f"#SKONTO#TAGE={days}#PROZENT={percent:.2f}#\n"))
    sums = [
        ("LineTotalAmount", bill.net),
        ("TaxBasisTotalAmount", bill.net),
        ("TaxTotalAmount", (str(bill.tax), {"currencyID": bill.currency})),
        ("GrandTotalAmount", bill.total),
        ("DuePayableAmount", bill.total),
    ]
    return [
        ("PaymentReference", bill.number),
        ("InvoiceCurrencyCode", bill.currency),
        ("SpecifiedTradeSettlementPaymentMeans", [("TypeCode", "58"), account]) if bill.iban else None,
        *[("ApplicableTradeTax", _tax(bill, row.code)) for row in bill.taxes],
        ("SpecifiedTradePaymentTerms", terms),
        ("SpecifiedTradeSettlementHeaderMonetarySummation", sums),
        ("InvoiceReferencedDocument", [("IssuerAssignedID", bill.refers_to)]) if bill.refers_to else None,
    ]


def _tax(bill: Bill, code: str) -> list[Node | None]:
    row = next(row for row in bill.taxes if row.code == code)
    kind = category(code)
    return [
        ("CalculatedAmount", row.tax),
        ("TypeCode", "VAT"),
        ("ExemptionReason", bill.tax_notes[code]) if kind != "S" else None,
        ("BasisAmount", row.base),
        ("CategoryCode", kind),
        ("ExemptionReasonCode", EXEMPTIONS[kind]) if kind != "S" else None,
        ("RateApplicablePercent", row.rate),
    ]
