"""Hostile and broken XML ends in a reason, quickly, without following anything."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from pathlib import Path
from random import Random
from time import process_time

import pikepdf
import pytest

from extractors.einvoice import EInvoiceResult, find, read_einvoice
from tests.extractors.einvoice.documents import cii, pdf_with, ubl

BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


def test_a_document_type_definition_is_refused_in_any_encoding() -> None:
    for data in (BOMB, BOMB.decode().encode("utf-16"), b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + ubl()):
        result = read_einvoice(data, "application/xml", None)
        assert result.paper is None
        assert [(d.code, d.severity) for d in result.doubts] == [("xml_unreadable", "block")]


def test_a_file_that_an_invoice_names_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xsd"
    secret.write_text("<not-a-schema>")
    hint = (
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x file://{secret}" xmlns:cac='
    )
    result = read_einvoice(ubl().replace(b"xmlns:cac=", hint.encode()), "application/xml", None)
    assert result.paper is not None
    assert not result.doubts


def test_broken_xml_in_a_pdf_is_a_warning_because_the_page_can_be_read() -> None:
    result = read_einvoice(pdf_with(("factur-x.xml", cii()[:900])), "application/pdf", None)
    assert result.paper is None
    assert [(d.code, d.severity) for d in result.doubts] == [("xml_unreadable", "warn")]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 rubbish", b"<", b"\xff\xfe", b"<html/>", b"\0" * 50, b"PK\x03\x04"])
def test_what_is_no_einvoice_gives_nothing(data: bytes) -> None:
    for media_type in ("", "application/pdf", "text/html"):
        assert read_einvoice(data, media_type, None).paper is None


def test_a_pdf_behind_a_password_gives_nothing() -> None:
    locked = BytesIO()
    with pikepdf.open(BytesIO(pdf_with(("factur-x.xml", cii())))) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert read_einvoice(locked.getvalue(), "application/pdf", None) == EInvoiceResult()


def test_damaged_pdfs_never_raise() -> None:
    whole, random = bytearray(pdf_with(("factur-x.xml", cii()))), Random(7)  # noqa: S311
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(random.choice((1, 5, 50))):
            data[random.randrange(len(data))] = random.randrange(256)
        read_einvoice(bytes(data[: random.choice((len(data), 900))]), "application/pdf", None)


def test_other_xml_is_no_einvoice() -> None:
    for data in (b"<Invoice xmlns='urn:other'><ID>1</ID></Invoice>", b"<feed/>", b"<Order/>"):
        result = read_einvoice(data, "application/xml", None)
        assert (result.paper, result.doubts) == (None, ())


def test_a_compression_bomb_in_a_pdf_is_not_unpacked() -> None:
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(pdf, b"<a/>", filename="factur-x.xml")
        stream = pdf.attachments["factur-x.xml"].obj["/EF"]["/F"]
        stream.write(zlib.compress(b" " * 80_000_000, 9), filter=pikepdf.Name.FlateDecode)
        pdf.save(out)
    started = process_time()
    result = read_einvoice(out.getvalue(), "application/pdf", None)
    assert [d.code for d in result.doubts] == ["xml_unreadable"]
    assert process_time() - started < 2


def test_xml_above_the_bound_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(find.Unreadable):
        find.parse(b"<a>" + b" " * find.LARGEST_XML + b"</a>")


def test_deeply_nested_xml_is_refused_or_read_but_does_not_crash() -> None:
    assert read_einvoice(b"<a>" * 100_000 + b"</a>" * 100_000, "application/xml", None).paper is None


def test_senseless_values_are_absent() -> None:
    data = cii(number=" ", total="1e99").replace(b"20260305", b"20269999")
    paper = read_einvoice(data, "application/xml", None).paper
    assert paper is not None
    assert not {"number", "issued_on", "total"} & paper.fields.keys()


def test_what_nobody_sees_is_no_part_of_a_value() -> None:
    plain, name = read_einvoice(ubl(), "application/xml", None), re.compile(b"(RegistrationName>)([^<]+)")
    turned = read_einvoice(name.sub("\\1\u202e\u2066\\2".encode(), ubl()), "application/xml", None)
    assert turned.paper is not None
    assert plain.paper is not None
    assert turned.paper.fields["supplier_name"].value == plain.paper.fields["supplier_name"].value
    unseen = read_einvoice(name.sub(b"\\1" + "\u200b".encode() * 1000, ubl()), "application/xml", None)
    assert unseen.paper is not None
    assert unseen.paper.fields["supplier_name"].value == "Papierwelt"  # what else the invoice calls the seller


@pytest.mark.parametrize(("written", "read"), [("EURO", None), ("978", None), ("eur", "EUR"), ("\u202eEUR", "EUR")])
def test_a_currency_has_the_form_of_one(written: str, read: str | None) -> None:
    code = f">{written}</cbc:DocumentCurrencyCode>".encode()
    result = read_einvoice(ubl().replace(b">EUR</cbc:DocumentCurrencyCode>", code), "application/xml", None)
    assert result.paper is not None
    found = result.paper.fields.get("currency")
    assert (found.value if found else None) == read


def test_an_envelope_with_several_invoices_says_so() -> None:
    body = ubl().split(b"?>", 1)[1]
    other = body.replace(b"</cbc:ID>", b"-B</cbc:ID>", 1)
    result = read_einvoice(b"<Envelope>" + body + other + b"</Envelope>", "application/xml", None)
    assert "xml_several" in [d.code for d in result.doubts]


def test_damage_is_told_in_words_that_everybody_understands() -> None:
    (doubt,) = read_einvoice(ubl()[:700], "application/xml", None).doubts
    assert "damaged or cut off (near line" in doubt.message


def test_a_mark_of_the_encoding_that_stands_there_twice_does_no_harm() -> None:
    assert read_einvoice(b"\xef\xbb\xbf\xef\xbb\xbf" + ubl(), "application/xml", None).paper is not None
