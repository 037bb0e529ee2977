"""A file is what its first bytes say, whatever it is called."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from extractors.media import (
    DOCX,
    HTML,
    MAIL,
    OLE,
    OUTLOOK,
    PDF,
    RTF,
    TEXT,
    UNKNOWN,
    XLSX,
    XML,
    ZIP,
    media_type_of,
)

OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"%PDF-1.4")
    return buffer.getvalue()


CASES = {
    "a mail's text that begins with a name in brackets": (b"<Jane> wrote: please pay\n", "mail.txt", TEXT),
    "an electronic invoice that is called a text": (b"<?xml version='1.0'?><a/>", "a.txt", XML),
    "XML with its mark twice": (b"\xef\xbb\xbf\xef\xbb\xbf<?xml version='1.0'?><a/>", "a.xml", XML),
    "a PDF": (b"%PDF-1.7\n", "a.pdf", PDF),
    "a PDF after junk": (b"\0\1junk" * 20 + b"%PDF-1.3", "a", PDF),
    "an archive that holds a PDF": (zipped("a.pdf"), "a.pdf", ZIP),
    "a Word file": (zipped("[Content_Types].xml", "word/document.xml"), "a.zip", DOCX),
    "a spreadsheet": (zipped("[Content_Types].xml", "xl/workbook.xml"), "a.zip", XLSX),
    "an old Office file": (OLE_START + b"\0" * 100, "a.doc", OLE),
    "an Outlook mail": (OLE_START + "__substg1.0_0037".encode("utf-16-le"), "a.msg", OUTLOOK),
    "a JPEG called PDF": (b"\xff\xd8\xff\xe0" + b"\0" * 20, "a.pdf", "image/jpeg"),
    "a WebP": (b"RIFF\0\0\0\0WEBPVP8 ", "a", "image/webp"),
    "XML": (b"<?xml version='1.0'?><a/>", "a", XML),
    "XML in UTF-16 without a mark": ("<?xml version='1.0'?><a/>".encode("utf-16-le"), "a", XML),
    "HTML": (b"\n<!DOCTYPE html><html>", "a", HTML),
    "XHTML": (b"<?xml version='1.0'?>\n<html xmlns='x'>", "a", HTML),
    "a piece of HTML": (b"<div>hello</div>", "a.txt", HTML),
    "a mail": (b"From: a@example.com\r\nTo: b@example.com\r\n\r\nhello", "a", MAIL),
    "a mail by its name": (b"hello", "a.eml", MAIL),
    "text with a colon": (b"Note: this is\nSubject to change.\n", "a", TEXT),
    "text in Latin-1": ("Grüße".encode("latin-1"), "a", TEXT),
    "text in UTF-16": ("Grüße".encode("utf-16"), "a", TEXT),
    "text with an arrow": (b"<- see above", "a", TEXT),
    "RTF": (b"{\\rtf1 x}", "a", RTF),
    "a program": (b"MZ\x90\0\3\0\0\0", "a.pdf", UNKNOWN),
    "nothing": (b"", "a.pdf", UNKNOWN),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_is_what_its_bytes_say(tmp_path: Path, case: str) -> None:
    data, name, wanted = CASES[case]
    (tmp_path / "file").write_bytes(data)
    assert media_type_of(tmp_path / "file", name) == wanted
