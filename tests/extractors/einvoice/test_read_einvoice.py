"""E-invoices of every syntax come out with the values that the standards give them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from extractors.einvoice import EInvoiceResult, read_einvoice
from tests.extractors.einvoice.documents import cii, cii_line, pdf_with, ubl, ubl_credit_note
from workitems.items import DiscountTerm, InvoiceLine, Paper

COMMON = {
    "number": "R-1",
    "issued_on": "2026-03-05",
    "currency": "EUR",
    "net": "100.00",
    "tax": "19.00",
    "total": "119.00",
    "supplier_name": "Papierwelt GmbH",
    "buyer_name": "Moselbrück AG",
    "order_number": "PO-7",
    "vat_id": "DE136695976",
    "iban": "DE02120300000000202051",
}


def read(data: bytes, media_type: str = "application/xml") -> Paper:
    paper = read_einvoice(data, media_type, None).paper
    assert paper is not None
    return paper


def values(paper: Paper) -> dict[str, str]:
    return {name: reading.value for name, reading in paper.fields.items()}


def codes(result: EInvoiceResult) -> list[str]:
    return [doubt.code for doubt in result.doubts]


@pytest.mark.parametrize(("data", "reader"), [(cii(), "cii"), (ubl(), "ubl")])
def test_header_fields_of_an_invoice_are_read_and_sure(data: bytes, reader: str) -> None:
    result = read_einvoice(data, "application/xml", None)
    assert result.paper is not None
    assert not result.doubts
    assert result.paper.kind == "invoice"
    assert result.paper.source == "xml"
    assert values(result.paper).items() >= COMMON.items()
    assert {(r.confidence, r.reader) for r in result.paper.fields.values()} == {(0.999, reader)}


def test_a_line_has_a_price_for_one_unit_and_names_its_order_line() -> None:
    assert read(ubl()).lines == (
        InvoiceLine(
            description="Papier A4",
            quantity=Decimal(200),
            unit="C62",
            unit_price=Decimal("0.5"),
            tax_rate=Decimal(19),
            amount=Decimal("100.00"),
            order_line="3",
            confidence=0.999,
        ),
    )


def test_a_line_of_a_collective_invoice_names_its_own_order() -> None:
    order = (
        "<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-9</ram:IssuerAssignedID><ram:LineID>2</ram:LineID>"
        "</ram:BuyerOrderReferencedDocument>"
    )
    base = '<ram:BasisQuantity unitCode="H87">3</ram:BasisQuantity>'
    [line] = read(cii(lines=cii_line(order=order, base=base))).lines
    assert (line.order_number, line.order_line, line.product_code) == ("PO-9", "2", "S-1")
    assert line.unit_price == Decimal("33.33333333")


def test_group_lines_are_listed_but_do_not_count() -> None:
    group = "<ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
    detail = "<ram:ParentLineID>1</ram:ParentLineID><ram:LineStatusReasonCode>DETAIL</ram:LineStatusReasonCode>"
    paper = read(cii(lines=cii_line(status=group) + cii_line(id="1.1", status=detail)))
    assert [line.counts for line in paper.lines] == [False, True]
    assert {line.confidence for line in paper.lines} == {0.999}


def test_a_credit_note_keeps_the_positive_amounts_of_its_document() -> None:
    for paper in (read(ubl_credit_note()), read(cii(code="381")), read(cii(code="261"))):
        assert paper.kind == "credit_note"
        assert paper.fields["total"].value == "119.00"
        assert paper.lines[0].amount == Decimal("100.00")


@pytest.mark.parametrize("code", ["380", "384", "389", "326", "875", "876", "877", "751"])
def test_corrections_and_partial_invoices_are_invoices(code: str) -> None:
    assert read(cii(code=code)).kind == "invoice"


def test_the_tax_total_is_that_in_the_invoice_currency() -> None:
    paper = read(
        cii(
            currencies="<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>"
            "<ram:InvoiceCurrencyCode>GBP</ram:InvoiceCurrencyCode>",
            taxes='<ram:TaxTotalAmount currencyID="EUR">22.10</ram:TaxTotalAmount>'
            '<ram:TaxTotalAmount currencyID="GBP">19.00</ram:TaxTotalAmount>',
        )
    )
    assert (paper.fields["currency"].value, paper.fields["tax"].value) == ("GBP", "19.00")


def test_names_are_legal_names_with_white_space_folded() -> None:
    assert read(ubl(seller="\n  Papierwelt\n  GmbH ")).fields["supplier_name"].value == "Papierwelt GmbH"
    assert read(cii(seller="GLN 1\nPapierwelt\tGmbH\n")).fields["supplier_name"].value == "GLN 1 Papierwelt GmbH"


def test_an_order_number_that_peppol_calls_not_available_is_absent() -> None:
    assert "order_number" not in read(ubl(order="NA")).fields


def test_a_missing_total_follows_from_what_is_payable() -> None:
    assert read(ubl(inclusive="")).fields["total"].value == "119.00"


def test_cash_discounts_are_read_in_all_three_notations() -> None:
    note = "#SKONTO#TAGE=14#PROZENT=2.25#&#10;#SKONTO#TAGE=30#PROZENT=1.00#BASISBETRAG=50.00#&#10;"
    paper = read(ubl(terms=f"<cac:PaymentTerms><cbc:Note>{note}</cbc:Note></cac:PaymentTerms>"))
    assert paper.discounts == (
        DiscountTerm(percent=Decimal("2.25"), days=14),
        DiscountTerm(percent=Decimal(1), days=30),
    )
    terms = """<ram:SpecifiedTradePaymentTerms><ram:Description>#SKONTO#TAGE=7#PROZENT=3.00#</ram:Description>
      <ram:DueDateDateTime><udt:DateTimeString format="102">20260404</udt:DateTimeString></ram:DueDateDateTime>
      </ram:SpecifiedTradePaymentTerms><ram:SpecifiedTradePaymentTerms>
      <ram:DueDateDateTime><udt:DateTimeString format="102">20260315</udt:DateTimeString></ram:DueDateDateTime>
      <ram:ApplicableTradePaymentDiscountTerms><ram:CalculationPercent>2</ram:CalculationPercent>
      </ram:ApplicableTradePaymentDiscountTerms></ram:SpecifiedTradePaymentTerms>"""
    paper = read(cii(terms=terms))
    assert paper.fields["due_on"].value == "2026-04-04"
    assert paper.discounts == (
        DiscountTerm(percent=Decimal("3.00"), days=7),
        DiscountTerm(percent=Decimal(2), until=date(2026, 3, 15)),
    )


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-8-SIG", "UTF-16", "ISO-8859-1"])
def test_any_declared_encoding_is_read(encoding: str) -> None:
    declared = encoding.removesuffix("-SIG")
    data = ubl(declared) if encoding == declared else b"\xef\xbb\xbf" + ubl()
    assert read(data).fields["buyer_name"].value == "Moselbrück AG"


def test_a_wrong_encoding_declaration_is_mended() -> None:
    latin_called_utf8 = ubl().decode().encode("iso-8859-1")
    utf8_called_utf16 = ubl().replace(b'encoding="UTF-8"', b'encoding="UTF-16"')
    for data in (latin_called_utf8, utf8_called_utf16, b"\r\n " + ubl() + b"\0\0"):
        assert read(data).fields["buyer_name"].value == "Moselbrück AG"


def test_other_prefixes_mean_the_same() -> None:
    data = cii().replace(b"ram:", b"a:").replace(b"xmlns:ram", b"xmlns:a").replace(b"rsm:", b"r:")
    assert values(read(data.replace(b"xmlns:rsm", b"xmlns:r"))).items() >= COMMON.items()


def test_an_invoice_in_a_peppol_envelope_is_read() -> None:
    inner = ubl().split(b"?>", 1)[1]
    envelope = b"<StandardBusinessDocument xmlns='urn:x'><Header/>" + inner + b"</StandardBusinessDocument>"
    assert values(read(envelope)).items() >= COMMON.items()


def test_xml_in_a_pdf_is_found_by_what_it_is_not_by_its_name() -> None:
    for name in ("factur-x.xml", "ZUGFeRD-invoice.xml", "whatever.dat"):
        paper = read(pdf_with(("plan.png", b"\x89PNG"), (name, cii())), "application/pdf")
        assert values(paper).items() >= COMMON.items()


def test_two_different_invoices_in_one_pdf_are_doubtful_and_two_equal_ones_are_not() -> None:
    same = pdf_with(("factur-x.xml", cii()), ("copy.xml", ubl()))
    assert codes(read_einvoice(same, "application/pdf", None)) == []
    other = pdf_with(("factur-x.xml", cii()), ("more.xml", ubl(number="R-2")))
    assert codes(read_einvoice(other, "application/pdf", None)) == ["xml_several"]


def test_a_test_document_is_not_taken_for_a_real_one() -> None:
    marked = "<ram:TestIndicator><udt:Indicator>true</udt:Indicator></ram:TestIndicator>"
    assert codes(read_einvoice(cii(context=marked), "application/xml", None)) == ["xml_test"]


def test_amounts_that_contradict_each_other_are_less_sure_than_the_rest() -> None:
    paper = read(cii(total="191.00"))
    assert paper.fields["total"].confidence == pytest.approx(0.9)
    assert paper.fields["number"].confidence == pytest.approx(0.999)


def test_lines_that_do_not_make_the_net_amount_are_less_sure() -> None:
    assert read(cii(lines=cii_line(amount="90.00"))).lines[0].confidence == pytest.approx(0.9)


def test_a_violated_schema_is_a_warning_in_plain_words() -> None:
    result = read_einvoice(cii(terms="<ram:Colour>red</ram:Colour>"), "application/xml", None)
    [doubt] = result.doubts
    assert (doubt.code, doubt.severity) == ("xml_schema", "warn")
    assert "standard" in doubt.message
    assert "{urn" not in doubt.message
    assert result.paper is not None
    assert result.paper.fields["total"].confidence < 0.999
