"""Mails as strangers write them: cut off, mislabelled, nested; who sent them, and how the same one is known again."""

from __future__ import annotations

import base64
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from letters import PDF, attachment, joined, letter, multipart, part, text
from unpacking import names

from connectors.mail.mime import unpack


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
