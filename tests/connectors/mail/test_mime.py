"""What comes out of a mail: its documents, each once, under a safe name, and nothing else."""

from __future__ import annotations

import binascii
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from letters import PDF, attachment, letter, locked_zip, multipart, part, png, text, zipped
from unpacking import codes, names, paths

from connectors.mail.mime import UnpackLimits, unpack, unpack_file

# ---- which parts are documents


def test_an_attached_document_comes_alone_without_the_covering_text() -> None:
    unpacked = unpack(multipart(text("Please find our invoice attached."), attachment("invoice.pdf", PDF)))
    assert names(unpacked) == ["invoice.pdf"]
    assert unpacked.parts[0].data == PDF
    assert unpacked.parts[0].media_type == "application/pdf"
    assert unpacked.parts[0].path == "invoice.pdf"


def test_a_mail_without_documents_is_its_text() -> None:
    unpacked = unpack(letter(b"Our summer newsletter\r\nis here.\r\n", subject="Summer"))
    assert names(unpacked) == ["Summer.txt"]
    assert unpacked.parts[0].data == b"Our summer newsletter\nis here."
    assert unpacked.parts[0].media_type == "text/plain"


def test_an_html_mail_without_documents_is_its_text_with_rows_and_cells() -> None:
    html = (
        "<html><head><title>x</title><style>p {}</style></head><body><p>Dear Sir,</p><script>evil()</script>"
        "<table><tr><td>Widget</td><td>12,50 €</td></tr><tr><td>Total</td><td>12,50 €</td></tr></table></body></html>"
    )
    unpacked = unpack(letter(html.encode(), "Content-Type: text/html; charset=utf-8"))
    assert unpacked.parts[0].data.decode() == "Dear Sir,\n\nWidget\t12,50 €\n\nTotal\t12,50 €"


def test_of_two_forms_of_a_text_the_plain_one_is_taken_unless_it_only_points_to_the_other() -> None:
    both = multipart(text("Invoice 17: 100 EUR"), text("<p>Invoice 17: 100 EUR</p>", "html"), kind="alternative")
    assert unpack(both).parts[0].data == b"Invoice 17: 100 EUR"
    rich = "<p>" + "Invoice 17, 100 EUR, payable at once. " * 5 + "</p>"
    pointing = multipart(text("See HTML."), text(rich, "html"), kind="alternative")
    assert unpack(pointing).parts[0].data.startswith(b"Invoice 17, 100 EUR")


def test_an_xml_invoice_and_its_picture_are_two_parts() -> None:
    xml = b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    unpacked = unpack(multipart(text("."), attachment("a.xml", xml, "text/xml"), attachment("a.pdf", PDF)))
    assert [(p.name, p.media_type) for p in unpacked.parts] == [
        ("a.xml", "application/xml"),
        ("a.pdf", "application/pdf"),
    ]


def test_a_pdf_that_pretends_to_be_the_text_body_is_a_document() -> None:
    unpacked = unpack(letter(PDF, "Content-Type: text/plain"))
    assert [p.media_type for p in unpacked.parts] == ["application/pdf"]


def test_the_logo_of_a_signature_is_ignored_and_named() -> None:
    logo = part(png(200, 60), "Content-Type: image/png; name=logo.png", "Content-ID: <logo@acme>")
    html = text('<p>Hello</p><img src="cid:logo@acme">', "html")
    unpacked = unpack(multipart(html, logo, attachment("invoice.pdf", PDF), kind="related"))
    assert names(unpacked) == ["invoice.pdf"]
    assert [(i.name, i.why) for i in unpacked.ignored] == [("logo.png", "a picture of the letterhead")]


def test_a_receipt_photo_pasted_into_the_text_is_a_document() -> None:
    photo = part(png(700, 1000), "Content-Type: image/png; name=photo.png", "Content-ID: <p1>")
    unpacked = unpack(multipart(text('<img src="cid:p1">', "html"), photo, kind="related"))
    assert names(unpacked) == ["photo.png"]


def test_a_small_scan_attached_on_purpose_is_a_document() -> None:
    assert names(unpack(multipart(text("."), attachment("ticket.png", png(240, 180))))) == ["ticket.png"]


@pytest.mark.parametrize(
    ("content", "headers", "why"),
    [
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", ("Content-Type: text/calendar; name=invite.ics",), "a calendar entry"),
        (b"BEGIN:VCARD\r\nEND:VCARD", ("Content-Type: text/vcard; name=me.vcf",), "a business card"),
        (b"-----BEGIN PGP SIGNATURE-----", ("Content-Type: application/pgp-signature",), "an electronic signature"),
        (b"Final-Recipient: rfc822;x", ("Content-Type: message/delivery-status",), "a delivery report"),
        (b"", ("Content-Type: application/pdf; name=empty.bin",), "an empty part"),
    ],
)
def test_what_nobody_files_is_ignored_with_a_reason(content: bytes, headers: tuple[str, ...], why: str) -> None:
    unpacked = unpack(multipart(attachment("invoice.pdf", PDF), part(content, *headers, encoding="7bit")))
    assert names(unpacked) == ["invoice.pdf"]
    assert [i.why for i in unpacked.ignored] == [why]


def test_a_document_that_claims_to_be_a_signature_is_not_lost() -> None:
    hidden = part(PDF, "Content-Type: application/pkcs7-signature; name=smime.p7s")
    assert names(unpack(multipart(text("."), hidden))) == ["smime.p7s"]


def test_a_forwarded_mail_gives_the_documents_inside_it() -> None:
    inner = multipart(text("Invoice attached"), attachment("invoice.pdf", PDF), subject="Original")
    inner = inner.replace(b"=_outer", b"=_inner")
    forwarded = part(inner, "Content-Type: message/rfc822", encoding="8bit")
    unpacked = unpack(multipart(text("fyi"), forwarded))
    assert paths(unpacked) == ["Original.eml/invoice.pdf"]


def test_a_forwarded_mail_without_documents_gives_its_text() -> None:
    forwarded = part(letter(b"Invoice 17 is 100 EUR", subject="Bill"), "Content-Type: message/rfc822")
    unpacked = unpack(multipart(text("fyi"), forwarded))
    assert [(p.path, p.data) for p in unpacked.parts] == [("Bill.eml/Bill.txt", b"Invoice 17 is 100 EUR")]


def test_a_uuencoded_file_inside_the_text_is_a_document() -> None:
    lines = b"".join(binascii.b2a_uu(PDF[at : at + 45]) for at in range(0, len(PDF), 45))
    body = b"see below\n\nbegin 644 order.pdf\n" + lines + b"`\nend\n"
    assert [(p.name, p.data) for p in unpack(letter(body)).parts] == [("order.pdf", PDF)]
    assert names(unpack(letter(body.replace(b"\n", b"\r\n")))) == ["order.pdf"]


# ---- names


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("filename=invoice March 2026.pdf", "invoice March 2026.pdf"),
        ('filename="../../etc/pass.pdf"', "pass.pdf"),
        ('filename="C:\\\\Users\\\\me\\\\Rechnung.pdf"', "Rechnung.pdf"),
        ("filename*=UTF-8''Rechnung%20M%C3%A4rz.pdf", "Rechnung März.pdf"),
        ("filename*0*=UTF-8''Rech; filename*1*=nung%20; filename*2=17.pdf", "Rechnung 17.pdf"),
        ('filename="=?utf-8?q?R=C3=A9sum=C3=A9?= =?utf-8?q?_1=2Epdf?="', "Résumé 1.pdf"),
        ('filename="=?iso-8859-1?b?UmVjaG51bmcg/C5wZGY=?="', "Rechnung ü.pdf"),
        ('filename="a;b.pdf"; size=3', "a;b.pdf"),
        ("filename=''", "part-1.pdf"),
        ('filename="\u202efdp.exe"', "fdp.exe"),
        ('filename="con.pdf"', "_con.pdf"),
        ('filename="...pdf"', "pdf.pdf"),
        ('filename="a\\"b.pdf"', "a_b.pdf"),
        ("name=x", "part-1.pdf"),
    ],
)
def test_file_names_are_read_whole_and_made_safe(header: str, expected: str) -> None:
    mail = multipart(part(PDF, "Content-Type: application/pdf", f"Content-Disposition: attachment; {header}"))
    assert names(unpack(mail)) == [expected]


def test_a_long_name_keeps_its_extension() -> None:
    (name,) = names(unpack(multipart(attachment("ä" * 300 + ".pdf", PDF))))
    assert name.endswith("ä.pdf")
    assert len(name) <= 120
    assert len(name.encode()) <= 240


def test_names_and_paths_are_unique_within_a_mail() -> None:
    unpacked = unpack(multipart(*(attachment(n, PDF) for n in ("scan.pdf", "SCAN.pdf", "scan-2.pdf", "scan.pdf"))))
    assert names(unpacked) == ["scan.pdf", "SCAN-2.pdf", "scan-2-2.pdf", "scan-3.pdf"]
    assert len(set(paths(unpacked))) == 4


# ---- what cannot be opened


def test_a_mail_with_nothing_in_it_is_a_document_in_doubt() -> None:
    raw = letter(b"  \r\n")
    unpacked = unpack(raw)
    assert [(p.name, p.data, p.media_type) for p in unpacked.parts] == [("Invoice 17.eml", raw, "message/rfc822")]
    assert codes(unpacked) == ["mail_empty"]


def test_a_mail_with_too_many_parts_stays_whole() -> None:
    raw = multipart(*(attachment("a.pdf", PDF) for _ in range(12)))
    unpacked = unpack(raw, limits=UnpackLimits(parts=10))
    assert [(p.data, p.path) for p in unpacked.parts] == [(raw, None)]
    assert codes(unpacked) == ["mail_too_complex"]


# ---- bare files


def test_a_bare_file_is_its_own_part() -> None:
    unpacked = unpack(PDF, "Scan 1.pdf")
    assert [(p.name, p.path, p.data) for p in unpacked.parts] == [("Scan 1.pdf", None, PDF)]
    assert unpack(PDF, "Scan 2.pdf").mail.message_key != unpacked.mail.message_key
    assert unpack(PDF, "Scan 1.pdf").mail.message_key == unpacked.mail.message_key


def test_unpack_file_gives_the_parts_of_a_mail_or_archive_and_any_other_file_itself(tmp_path: Path) -> None:
    files = {
        "a.eml": multipart(text("."), attachment("a.pdf", PDF)),
        "b.zip": zipped(("x/b.pdf", PDF)),
        "c.pdf": PDF,
        "d.txt": letter(b"a contract that begins like a mail"),
        "e": letter(b"a mail without extension"),
        "f.zip": locked_zip(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = {name: [(p.name, p.path) for p in unpack_file(tmp_path / name)] for name in files}
    assert found == {
        "a.eml": [("a.pdf", "a.pdf")],
        "b.zip": [("b.pdf", "x/b.pdf")],
        "c.pdf": [("c.pdf", None)],
        "d.txt": [("d.txt", None)],
        "e": [("Invoice 17.txt", "Invoice 17.txt")],
        "f.zip": [("f.zip", None)],
    }
    with pytest.raises(OSError, match="missing"):
        unpack_file(tmp_path / "missing.eml")
