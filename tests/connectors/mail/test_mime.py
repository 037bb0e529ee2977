"""What comes out of a mail: its documents, each once, under a safe name, and nothing else."""

from __future__ import annotations

import base64
import binascii
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from letters import PDF, attachment, joined, letter, locked_zip, multipart, part, png, text, zipped

from connectors import Unpacked
from connectors.mail.mime import UnpackLimits, unpack, unpack_file


def names(unpacked: Unpacked) -> list[str]:
    return [p.name for p in unpacked.parts]


def paths(unpacked: Unpacked) -> list[str | None]:
    return [p.path for p in unpacked.parts]


def codes(unpacked: Unpacked) -> list[str]:
    return [d.code for p in unpacked.parts for d in p.doubts]


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


# ---- archives


def test_a_zip_with_three_invoices_gives_three_parts_that_say_where_they_lay() -> None:
    archive = zipped(("2026/a.pdf", PDF), ("2026/b.pdf", PDF), ("c.pdf", PDF), ("__MACOSX/._c.pdf", b"x"))
    unpacked = unpack(multipart(text("."), attachment("march.zip", archive)))
    assert paths(unpacked) == ["march.zip/2026/a.pdf", "march.zip/2026/b.pdf", "march.zip/c.pdf"]
    assert names(unpacked) == ["a.pdf", "b.pdf", "c.pdf"]
    assert [i.why for i in unpacked.ignored] == ["a note of the operating system"]


def test_names_that_climb_out_of_a_zip_stay_inside() -> None:
    archive = zipped(("../../../etc/cron.d/evil.pdf", PDF), ("/abs/b.pdf", PDF), ("c:\\temp\\d.pdf", PDF))
    unpacked = unpack(multipart(attachment("x.zip", archive)))
    assert names(unpacked) == ["evil.pdf", "b.pdf", "d.pdf"]
    assert all(path and ".." not in path for path in paths(unpacked))


@pytest.mark.parametrize(
    ("archive", "code"),
    [
        (locked_zip(), "archive_encrypted"),
        (zipped(("a.pdf", b"\0" * 60_000_000)), "archive_too_large"),
        (zipped(*((f"{i}.pdf", b"") for i in range(501))), "archive_too_large"),
        (zipped(("a.pdf", PDF))[:-30], "archive_damaged"),
        (zipped(("a.pdf", PDF * 50)).replace(b"%%EOF", b"%%E0F"), None),
        (zipped(("a.pdf", PDF), method=14), "archive_damaged"),
        (zipped(), "archive_empty"),
    ],
    ids=["encrypted", "bomb", "too many", "cut off", "sound", "lzma", "empty"],
)
def test_an_archive_that_cannot_be_opened_wholly_is_itself_the_document(archive: bytes, code: str | None) -> None:
    unpacked = unpack(multipart(text("."), attachment("x.zip", archive)))
    if code is None:
        assert names(unpacked) == ["a.pdf"]
        return
    assert [(p.name, p.data, p.media_type) for p in unpacked.parts] == [("x.zip", archive, "application/zip")]
    assert codes(unpacked) == [code]


def test_a_flipped_bit_inside_a_zip_is_noticed() -> None:
    archive = bytearray(zipped(("a.pdf", bytes(range(256)) * 40)))
    archive[60] ^= 0x40
    assert codes(unpack(bytes(archive), "x.zip")) == ["archive_damaged"]


def test_zips_in_zips_are_followed_to_a_limit() -> None:
    archive = zipped(("deep.pdf", PDF))
    for level in range(3):
        archive = zipped((f"level{level}.zip", archive))
    assert paths(unpack(archive, "top.zip")) == ["level2.zip/level1.zip/level0.zip/deep.pdf"]
    too_deep = unpack(zipped(("more.zip", archive)), "top.zip")
    assert codes(too_deep) == ["nested_too_deep"]
    assert names(too_deep) == ["level0.zip"]


def test_an_office_document_is_not_taken_apart() -> None:
    sheet = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
    (found,) = unpack(multipart(attachment("list.xlsx", sheet))).parts
    assert found.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# ---- what cannot be opened


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x78\x9f\x3e\x22\x01\x00", "outlook_package"),
        (b"-----BEGIN PGP MESSAGE-----\nabc", "mail_encrypted"),
        (b"7z\xbc\xaf\x27\x1c\x00", "archive_unknown"),
        (b"Rar!\x1a\x07\x00", "archive_unknown"),
        (bytes.fromhex("308006092a864886f70d010703a080"), "mail_encrypted"),
    ],
)
def test_a_package_of_a_kind_that_is_not_opened_is_a_document_in_doubt(content: bytes, code: str) -> None:
    unpacked = unpack(multipart(text("."), attachment("x.dat", content)))
    assert (names(unpacked), codes(unpacked)) == (["x.dat"], [code])


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


# ---- sender, time and key


def test_the_mail_says_who_sent_it_what_about_and_when_it_was_received() -> None:
    received = "Received: from x by mx.example.test; Mon, 02 Mar 2026 08:31:07 +0000"
    mail = unpack(letter(b"x", received, subject="=?utf-8?q?Rechnung_f=C3=BCr_M=C3=A4rz?=")).mail
    assert (mail.sender, mail.subject) == ("billing@acme.example", "Rechnung für März")
    assert mail.message_id == "<1@acme.example>"
    assert mail.received_at == datetime(2026, 3, 2, 8, 31, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"ceo@corp.example" <evil@x.example>', "evil@x.example"),
        ("=?utf-8?q?=3Cceo=40corp=2Eexample=3E?= <evil@x.example>", "evil@x.example"),
        ("plain@x.example (The Boss <ceo@corp.example>)", "plain@x.example"),
        ("nobody", None),
        ("<a b@c>", "b@c"),
        ('"' + '\\"' * 5000, None),
    ],
)
def test_a_name_that_is_another_address_fools_nobody(header: str, expected: str | None) -> None:
    assert unpack(f"From: {header}\r\n\r\nhello".encode()).mail.sender == expected


def test_the_key_survives_what_servers_change_and_nothing_else() -> None:
    mail = multipart(text("Dear Sir,\r\ninvoice.\r\n"), attachment("a.pdf", PDF))
    key = unpack(mail).mail.message_key
    again = b"Received: by other.example; Tue, 03 Mar 2026 10:00:00 +0000\r\nX-Spam: no\r\n" + mail
    assert unpack(again).mail.message_key == key
    assert unpack(mail.replace(b"\r\n", b"\n")).mail.message_key == key
    recoded = multipart(
        part(b"Dear Sir,\ninvoice.", "Content-Type: text/plain; charset=us-ascii", encoding="quoted-printable"),
        attachment("a.pdf", PDF),
    )
    assert unpack(recoded).mail.message_key == key
    other_file = multipart(text("Dear Sir,\r\ninvoice.\r\n"), attachment("a.pdf", PDF + b" "))
    assert unpack(other_file).mail.message_key != key
    assert unpack(mail.replace(b"Invoice 17", b"Invoice 18")).mail.message_key != key
    assert unpack(mail.replace(b"<1@acme", b"<2@acme")).mail.message_key != key


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


# ---- structure as strangers write it


def test_parts_are_found_though_the_mail_was_cut_off_or_its_boundary_is_wrong() -> None:
    mail = multipart(text("x"), attachment("a.pdf", PDF))
    cut_off = mail[: mail.rindex(b"--=_outer")]
    assert names(unpack(cut_off)) == ["a.pdf"]
    assert names(unpack(mail.replace(b'boundary="=_outer"', b'boundary="other"'))) == ["a.pdf"]
    assert names(unpack(mail.replace(b'; boundary="=_outer"', b""))) == ["a.pdf"]


def test_blank_lines_and_an_mbox_line_before_the_headers_do_no_harm() -> None:
    mail = multipart(text("x"), attachment("a.pdf", PDF))
    assert names(unpack(b"   \r\n\r\n" + mail)) == ["a.pdf"]
    assert names(unpack(b"From someone Mon Mar  2 09:30:00 2026\n" + mail)) == ["a.pdf"]
    assert names(unpack(mail.replace(b"\r\n", b"\r"))) == ["a.pdf"]


def test_a_part_in_base64_is_decoded_whatever_stands_between_the_letters() -> None:
    content = PDF * 30
    dirty = base64.encodebytes(content).replace(b"\n", b" !\r\n  ").rstrip(b"= !\r\n")
    mail = multipart(b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: BASE64 \r\n\r\n" + dirty)
    assert unpack(mail).parts[0].data == content
    honest = multipart(b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + PDF)
    assert unpack(honest).parts[0].data == PDF.rstrip(b"\n") + b"\n"


def test_an_attachment_keeps_its_bytes_whatever_its_encoding() -> None:
    content = bytes(range(256)) * 20
    binary = part(content, "Content-Type: x/y", 'Content-Disposition: attachment; filename="b.bin"', encoding="binary")
    assert [p.data for p in unpack(multipart(binary, attachment("c.bin", content))).parts] == [content, content]


def test_nested_multiparts_are_walked_in_order() -> None:
    inner = joined(text("plain"), attachment("1.pdf", PDF), boundary=b"=_inner")
    nested = b'Content-Type: multipart/mixed; boundary="=_inner"\r\n\r\n' + inner
    assert names(unpack(multipart(nested, attachment("2.pdf", PDF)))) == ["1.pdf", "2.pdf"]


def test_an_empty_file_that_was_meant_as_a_document_is_one() -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@b.example", "Agreement"
    made.set_content("Please find the agreement attached.")
    made.add_attachment(b"", maintype="application", subtype="pdf", filename="Agreement.pdf")
    assert [part.name for part in unpack(made.as_bytes()).parts] == ["Agreement.pdf"]
