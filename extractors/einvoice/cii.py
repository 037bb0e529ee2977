"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 1.0 and 2.x, XRechnung-CII, and the order message of Order-X.

The three grammars name the same things in slightly different words; `Words` holds the difference. Lines of every
level are read, as all stand side by side in the message; `InvoiceLine.counts` is False for those whose amount is
already in others (GROUP) or is only told (INFORMATION). The quantity of an order response is what was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from extractors.einvoice import terms
from extractors.einvoice.draft import CREDIT_NOTES, Draft
from extractors.einvoice.find import EInvoiceXml, Syntax
from extractors.einvoice.values import (
    Element,
    amount,
    amount_in,
    child,
    children,
    coded_date,
    currency_code,
    folded,
    iban,
    per_unit,
    tax_id,
    text,
)
from workitems.items import DiscountTerm, InvoiceLine, Kind, TaxLine


@dataclass(frozen=True)
class Words:
    """The element names in which the grammars differ."""

    reader: str
    context: str = "ExchangedDocumentContext"
    document: str = "ExchangedDocument"
    transaction: str = "SupplyChainTradeTransaction"
    agreement: str = "ApplicableHeaderTradeAgreement"
    settlement: str = "ApplicableHeaderTradeSettlement"
    line_agreement: str = "SpecifiedLineTradeAgreement"
    line_delivery: str = "SpecifiedLineTradeDelivery"
    line_settlement: str = "SpecifiedLineTradeSettlement"
    line_sum: str = "SpecifiedTradeSettlementLineMonetarySummation"
    sums: str = "SpecifiedTradeSettlementHeaderMonetarySummation"
    percent: str = "RateApplicablePercent"
    reference: str = "IssuerAssignedID"
    currency: str = "InvoiceCurrencyCode"


CII = Words(reader="cii")
ORDER_X = Words(reader="orderx", currency="OrderCurrencyCode")
ZUGFERD_1 = Words(
    reader="zugferd1",
    context="SpecifiedExchangedDocumentContext",
    document="HeaderExchangedDocument",
    transaction="SpecifiedSupplyChainTradeTransaction",
    agreement="ApplicableSupplyChainTradeAgreement",
    settlement="ApplicableSupplyChainTradeSettlement",
    line_agreement="SpecifiedSupplyChainTradeAgreement",
    line_delivery="SpecifiedSupplyChainTradeDelivery",
    line_settlement="SpecifiedSupplyChainTradeSettlement",
    line_sum="SpecifiedTradeSettlementMonetarySummation",
    sums="SpecifiedTradeSettlementMonetarySummation",
    percent="ApplicablePercent",
    reference="ID",
)
WORDS: dict[Syntax, Words] = {"cii": CII, "orderx": ORDER_X, "zugferd1": ZUGFERD_1}


def read_cii(invoice: EInvoiceXml) -> Draft:
    """The values of a CII, ZUGFeRD 1.0 or Order-X document. Raises nothing: what is missing or malformed is absent."""
    words, root = WORDS[invoice.syntax], invoice.root
    document, trade = child(root, words.document), child(root, words.transaction)
    agreement, settlement = child(trade, words.agreement), child(trade, words.settlement)
    code = text(document, "TypeCode")
    draft = Draft(kind=_kind(invoice.syntax, code), reader=words.reader)
    draft.put("number", text(document, "ID"))
    _put_date(draft, "issued_on", child(document, "IssueDateTime/DateTimeString"))
    _put_parties(draft, agreement)
    draft.put("order_number", text(agreement, f"BuyerOrderReferencedDocument/{words.reference}"))
    _put_settlement(draft, settlement, words)
    draft.lines = [
        line
        for item in children(trade, "IncludedSupplyChainTradeLineItem")
        if (line := read_line(item, words)) is not None
    ]
    draft.is_test = text(root, f"{words.context}/TestIndicator/Indicator") in ("true", "1")
    draft.is_copy = text(document, "CopyIndicator/Indicator") in ("true", "1")
    return draft


def _kind(syntax: Syntax, code: str | None) -> Kind:
    if syntax == "orderx":
        return "order"
    return "credit_note" if code in CREDIT_NOTES else "invoice"


def _dated(element: Element | None, last: bool = False) -> date | None:
    return None if element is None else coded_date(element.text, element.get("format"), last)


def _put_date(draft: Draft, name: str, element: Element | None, last: bool = False) -> None:
    draft.put(name, _dated(element, last))
    if element is not None and element.get("format") in ("610", "616"):
        draft.vague.add(name)


def _put_parties(draft: Draft, agreement: Element | None) -> None:
    seller, buyer = child(agreement, "SellerTradeParty"), child(agreement, "BuyerTradeParty")
    trading_name = "SpecifiedLegalOrganization/TradingBusinessName"
    draft.put("supplier_name", text(seller, "Name", trading_name))
    draft.put("buyer_name", text(buyer, "Name", trading_name))
    draft.put("supplier_address", _address(child(seller, "PostalTradeAddress")))
    ids = children(seller, "SpecifiedTaxRegistration/ID")
    vat = [e for e in ids if e.get("schemeID") == "VA"]
    draft.put("vat_id", tax_id(vat[0].text) if vat else None)


def _address(address: Element | None) -> str | None:
    lines = [text(address, name) for name in ("LineOne", "LineTwo", "LineThree")]
    city = " ".join(p for p in (text(address, "PostcodeCode"), text(address, "CityName")) if p)
    return ", ".join(part for part in (*lines, city, text(address, "CountryID")) if part) or None


def _put_settlement(draft: Draft, settlement: Element | None, words: Words) -> None:
    currency = text(settlement, words.currency, "InvoiceCurrencyCode", "OrderCurrencyCode")
    sums = child(settlement, words.sums)
    draft.put("currency", currency_code(currency))
    draft.adjustment = _adjustment(sums, children(settlement, "SpecifiedTradeAllowanceCharge"))
    draft.put("net", _net(sums, currency, draft.adjustment))
    draft.put("tax", amount_in(sums, "TaxTotalAmount", currency))
    draft.put("total", amount_in(sums, "GrandTotalAmount", currency))
    draft.payable = amount(sums, "DuePayableAmount")
    means = children(settlement, "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount")
    accounts = (iban(text(account, "IBANID", "ProprietaryID")) for account in means)
    draft.put("iban", next((account for account in accounts if account), None))
    period = child(settlement, "BillingSpecifiedPeriod")
    _put_date(draft, "period_from", child(period, "StartDateTime/DateTimeString"))
    _put_date(draft, "period_to", child(period, "EndDateTime/DateTimeString"), last=True)
    draft.taxes = [_tax_row(row, words) for row in children(settlement, "ApplicableTradeTax")]
    _put_terms(draft, children(settlement, "SpecifiedTradePaymentTerms"))


def _adjustment(sums: Element | None, single: list[Element]) -> Decimal:
    """Charges less allowances of the whole document: their totals, else the single ones."""
    charges, allowances = amount(sums, "ChargeTotalAmount"), amount(sums, "AllowanceTotalAmount")
    if charges is None and allowances is None:
        signs = [(text(e, "ChargeIndicator/Indicator") in ("true", "1"), amount(e, "ActualAmount")) for e in single]
        return sum((value if is_charge else -value for is_charge, value in signs if value), Decimal(0))
    return (charges or Decimal(0)) - (allowances or Decimal(0))


def _net(sums: Element | None, currency: str | None, adjustment: Decimal) -> Decimal | None:
    """The tax basis; an order may state only the sum of its lines and what is added and taken off."""
    stated, lines = amount_in(sums, "TaxBasisTotalAmount", currency), amount(sums, "LineTotalAmount")
    return stated if stated is not None or lines is None else lines + adjustment


def _tax_row(row: Element, words: Words) -> TaxLine:
    return TaxLine(
        rate=amount(row, words.percent), base=amount(row, "BasisAmount"), tax=amount(row, "CalculatedAmount")
    )


def _put_terms(draft: Draft, payment_terms: list[Element]) -> None:
    """Due is the last day of terms without discount; a discount has days, or a last day, of its own."""
    due: list[date] = []
    for term in payment_terms:
        day = _dated(child(term, "DueDateDateTime/DateTimeString"))
        structured = [_discount(d, day) for d in children(term, "ApplicableTradePaymentDiscountTerms")]
        described = terms.discounts_in("\n".join(e.text or "" for e in children(term, "Description")))
        draft.discounts += [d for d in structured if d is not None] + described
        if day and not any(structured):
            due.append(day)
        elif day and len(payment_terms) == 1:
            due.append(day)  # one term that states both: its date is that of the full amount
    draft.put("due_on", max(due, default=None))


def _discount(terms_of: Element, due: date | None) -> DiscountTerm | None:
    percent = amount(terms_of, "CalculationPercent")
    if not percent:
        return None
    measure = child(terms_of, "BasisPeriodMeasure")
    period = amount(terms_of, "BasisPeriodMeasure")
    if period is not None and measure is not None and measure.get("unitCode", "DAY") in ("DAY", "WEE"):
        factor = 7 if measure.get("unitCode") == "WEE" else 1
        return DiscountTerm(percent=percent, days=int(period) * factor)
    until = _dated(child(terms_of, "BasisDateTime/DateTimeString")) or due
    return DiscountTerm(percent=percent, until=until)


def read_line(item: Element, words: Words) -> InvoiceLine | None:
    """One line; None for a row of nothing but a note."""
    product = child(item, "SpecifiedTradeProduct")
    agreement, settlement = child(item, words.line_agreement), child(item, words.line_settlement)
    delivery = child(item, words.line_delivery)
    price = child(agreement, "NetPriceProductTradePrice")
    if price is None:
        price = child(agreement, "GrossPriceProductTradePrice")
    quantity = next((q for name in _QUANTITIES if (q := child(delivery, name)) is not None), None)
    total = amount(settlement, f"{words.line_sum}/LineTotalAmount")
    number = amount(delivery, *_QUANTITIES)
    if product is None and total is None and number is None and price is None:
        return None
    order = child(agreement, "BuyerOrderReferencedDocument")
    status = text(item, "AssociatedDocumentLineDocument/LineStatusReasonCode")
    return InvoiceLine(
        description=_description(item, product),
        quantity=number,
        unit=None if quantity is None else folded(quantity.get("unitCode")),
        unit_price=per_unit(amount(price, "ChargeAmount"), amount(price, "BasisQuantity")),
        tax_rate=amount(settlement, f"ApplicableTradeTax/{words.percent}"),
        amount=total,
        account=text(settlement, "ReceivableSpecifiedTradeAccountingAccount/ID"),
        order_number=text(order, words.reference),
        order_line=text(order, "LineID"),
        product_code=text(product, "SellerAssignedID"),
        counts=status not in ("GROUP", "INFORMATION"),
    )


_QUANTITIES = ("BilledQuantity", "RequestedQuantity", "AgreedQuantity")


def _description(item: Element, product: Element | None) -> str | None:
    return (
        text(product, "Name", "Description")
        or text(item, "SubstitutedReferencedProduct/Name")
        or text(item, "AssociatedDocumentLineDocument/IncludedNote/Content")
    )
