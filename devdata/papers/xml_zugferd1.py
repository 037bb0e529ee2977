"""Bills as ZUGFeRD 1.0 (profile comfort), which many older programs still write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from devdata.papers.bills import Bill, Row
from devdata.papers.wording import UNECE

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
 <rsm:SpecifiedExchangedDocumentContext>
  <ram:TestIndicator><udt:Indicator>false</udt:Indicator></ram:TestIndicator>
  <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:ferd:CrossIndustryDocument:invoice:1p0:comfort</ram:ID>
  </ram:GuidelineSpecifiedDocumentContextParameter>
 </rsm:SpecifiedExchangedDocumentContext>
 <rsm:HeaderExchangedDocument>
  <ram:ID>{number}</ram:ID><ram:Name>RECHNUNG</ram:Name><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime>{issued}</ram:IssueDateTime>
 </rsm:HeaderExchangedDocument>
 <rsm:SpecifiedSupplyChainTradeTransaction>
  <ram:ApplicableSupplyChainTradeAgreement>
   <ram:SellerTradeParty>{seller}</ram:SellerTradeParty>
   <ram:BuyerTradeParty>{buyer}</ram:BuyerTradeParty>
   <ram:BuyerOrderReferencedDocument><ram:ID>{order}</ram:ID></ram:BuyerOrderReferencedDocument>
  </ram:ApplicableSupplyChainTradeAgreement>
  <ram:ApplicableSupplyChainTradeDelivery><ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime>{delivered}
   </ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent></ram:ApplicableSupplyChainTradeDelivery>
  <ram:ApplicableSupplyChainTradeSettlement>
   <ram:PaymentReference>{number}</ram:PaymentReference><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>31</ram:TypeCode>
    <ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{iban}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>
    <ram:PayeeSpecifiedCreditorFinancialInstitution><ram:BICID>{bic}</ram:BICID>
    </ram:PayeeSpecifiedCreditorFinancialInstitution>
   </ram:SpecifiedTradeSettlementPaymentMeans>{taxes}
   <ram:SpecifiedTradePaymentTerms><ram:Description>Zahlbar ohne Abzug</ram:Description>
    <ram:DueDateDateTime>{due}</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
   <ram:SpecifiedTradeSettlementMonetarySummation>
    <ram:LineTotalAmount currencyID="EUR">{net}</ram:LineTotalAmount>
    <ram:ChargeTotalAmount currencyID="EUR">0.00</ram:ChargeTotalAmount>
    <ram:AllowanceTotalAmount currencyID="EUR">0.00</ram:AllowanceTotalAmount>
    <ram:TaxBasisTotalAmount currencyID="EUR">{net}</ram:TaxBasisTotalAmount>
    <ram:TaxTotalAmount currencyID="EUR">{tax}</ram:TaxTotalAmount>
    <ram:GrandTotalAmount currencyID="EUR">{total}</ram:GrandTotalAmount>
    <ram:DuePayableAmount currencyID="EUR">{total}</ram:DuePayableAmount>
   </ram:SpecifiedTradeSettlementMonetarySummation>
  </ram:ApplicableSupplyChainTradeSettlement>{lines}
 </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>
"""
_PARTY = """<ram:Name>{name}</ram:Name><ram:PostalTradeAddress><ram:PostcodeCode>{postal_code}</ram:PostcodeCode>
    <ram:LineOne>{street}</ram:LineOne><ram:CityName>{city}</ram:CityName><ram:CountryID>{country}</ram:CountryID>
    </ram:PostalTradeAddress><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{vat_id}</ram:ID>
    </ram:SpecifiedTaxRegistration>"""
_TAX = """
   <ram:ApplicableTradeTax><ram:CalculatedAmount currencyID="EUR">{tax}</ram:CalculatedAmount>
    <ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount currencyID="EUR">{base}</ram:BasisAmount>
    <ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>{rate}</ram:ApplicablePercent></ram:ApplicableTradeTax>"""
_LINE = """
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:AssociatedDocumentLineDocument><ram:LineID>{position}</ram:LineID></ram:AssociatedDocumentLineDocument>
   <ram:SpecifiedSupplyChainTradeAgreement><ram:GrossPriceProductTradePrice>
     <ram:ChargeAmount currencyID="EUR">{price}</ram:ChargeAmount></ram:GrossPriceProductTradePrice>
    <ram:NetPriceProductTradePrice><ram:ChargeAmount currencyID="EUR">{price}</ram:ChargeAmount>
    </ram:NetPriceProductTradePrice></ram:SpecifiedSupplyChainTradeAgreement>
   <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="{unit}">{quantity}</ram:BilledQuantity>
   </ram:SpecifiedSupplyChainTradeDelivery>
   <ram:SpecifiedSupplyChainTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>
     <ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>{rate}</ram:ApplicablePercent></ram:ApplicableTradeTax>
    <ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount currencyID="EUR">{amount}</ram:LineTotalAmount>
    </ram:SpecifiedTradeSettlementMonetarySummation></ram:SpecifiedSupplyChainTradeSettlement>
   <ram:SpecifiedTradeProduct><ram:SellerAssignedID>{code}</ram:SellerAssignedID><ram:Name>{text}</ram:Name>
   </ram:SpecifiedTradeProduct>
  </ram:IncludedSupplyChainTradeLineItem>"""


def zugferd1(bill: Bill) -> bytes:
    """The XML of a German bill in euros."""
    parties = [
        _PARTY.format(**{k: escape(str(v)) for k, v in (party["address"] | party).items()})
        for party in (bill.supplier, bill.buyer)
    ]
    taxes = "".join(_TAX.format(tax=row.tax, base=row.base, rate=_two(row.rate)) for row in bill.taxes)
    return _DOCUMENT.format(
        number=escape(bill.number),
        issued=_day(bill.issued_on),
        seller=parties[0],
        buyer=parties[1],
        order=bill.orders[0],
        delivered=_day(bill.delivered_on or bill.issued_on),
        iban=bill.iban,
        bic=bill.bic,
        taxes=taxes,
        due=_day(bill.due_on),
        net=bill.net,
        tax=bill.tax,
        total=bill.total,
        lines="".join(_line(row) for row in bill.rows),
    ).encode()


def _line(row: Row) -> str:
    return _LINE.format(
        position=row.position,
        price=f"{row.price:.4f}",
        unit=UNECE[row.unit],
        quantity=f"{row.quantity:.4f}",
        rate=_two(row.rate),
        amount=row.amount,
        code=escape(row.code),
        text=escape(row.text),
    )


def _two(rate: Decimal) -> str:
    return f"{rate:.2f}"


def _day(value: date) -> str:
    return f'<udt:DateTimeString format="102">{value:%Y%m%d}</udt:DateTimeString>'
