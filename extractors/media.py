"""What a file is, by its first bytes; its name only decides between kinds of text."""

from __future__ import annotations

import re
from pathlib import Path

PDF = "application/pdf"
XML = "application/xml"
HTML = "text/html"
TEXT = "text/plain"
ZIP = "application/zip"
MAIL = "message/rfc822"
OUTLOOK = "application/vnd.ms-outlook"
OLE = "application/x-ole-storage"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFICE = "application/vnd.openxmlformats-officedocument"  # any other Office file inside a zip
RTF = "application/rtf"
UNKNOWN = "application/octet-stream"

_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
    (b"P4", "image/x-portable-anymap"),
    (b"P5", "image/x-portable-anymap"),
    (b"P6", "image/x-portable-anymap"),
)
_HEADER = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]{1,40}:[ \t][^\r\n]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*){2,}", re.MULTILINE)
_MAIL_FIELD = re.compile(
    rb"^(?:From|To|Received|Message-ID|Return-Path|Delivered-To|MIME-Version):", re.IGNORECASE | re.MULTILINE
)
_HTML = re.compile(
    rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype )?(x?html|body|div|p|br|table|font|head|meta)\b", re.DOTALL
)
_HEAD, _TAIL = 4096, 65_536


def media_type_of(path: Path | str, filename: str | None = None) -> str:
    """The media type of a file. Reads its ends only and parses nothing. An empty file is UNKNOWN."""
    path = Path(path)
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(file.seek(0, 2) - _TAIL, 0))
        tail = file.read(_TAIL)
    return _binary_type(head, tail) or _text_type(head, Path(filename or path.name).suffix.lower()) or UNKNOWN


def _binary_type(head: bytes, tail: bytes) -> str | None:
    picture = next((media_type for start, media_type in _PICTURES if head.startswith(start)), None)
    if picture:
        return picture
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(head, tail)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OUTLOOK if "__substg1.0_".encode("utf-16-le") in head + tail else OLE
    return PDF if b"%PDF-" in head[:1100] else None  # programs put all kinds of things before the first line


def _zip_type(head: bytes, tail: bytes) -> str:
    """Office files are zips with certain names inside; names stand in clear in the directory at the end."""
    if b"word/document" in tail:
        return DOCX
    if b"xl/workbook.xml" in tail:
        return XLSX
    if b"[Content_Types].xml" in tail or b"[Content_Types].xml" in head[:200]:
        return OFFICE
    if head[30:38] == b"mimetype":
        return head[38:120].split(b"PK")[0].decode("ascii", errors="replace")
    return ZIP


def _text_type(head: bytes, suffix: str) -> str | None:
    text = re.sub(rb"\A(?:\xef\xbb\xbf)+", b"", head)  # some programs write their mark twice
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.decode("utf-16", errors="ignore").encode()
    elif text[:4] in (b"<\x00?\x00", b"\x00<\x00?"):  # UTF-16 without a mark, as XML allows
        return XML
    start = text.lstrip()[:2048].lower()
    if not start or b"\x00" in text or _odd_share(text) > 0.1:
        return TEXT if head and not start else None
    if start.startswith(b"<"):
        return _markup_type(start, suffix)
    if suffix == ".eml" or (_HEADER.match(text) and _MAIL_FIELD.search(text)):
        return MAIL
    named = {".html": HTML, ".htm": HTML, ".rtf": RTF}
    return RTF if start.startswith(b"{\\rtf") else named.get(suffix, TEXT)


def _markup_type(start: bytes, suffix: str) -> str:
    """HTML or XML, or text that merely begins with "<"."""
    if suffix in (".html", ".htm") or _HTML.match(start):
        return HTML
    if suffix == ".txt" and not start.startswith(b"<?xml") and b"urn:" not in start:  # "<Jane> wrote:"
        return TEXT
    return XML if re.match(rb"<(\?xml|!doctype|!--|[a-z_][\w:.-]*[\s>/])", start) else TEXT


def _odd_share(text: bytes) -> float:
    """The share of control bytes that no text has."""
    return sum(b < 32 and b not in (9, 10, 12, 13, 27) for b in text) / max(len(text), 1)


def is_locked_office(path: Path | str) -> bool:
    """Whether an Office file is encrypted: an OLE container that holds an EncryptedPackage, or an old file's mark."""
    with Path(path).open("rb") as file:
        data = file.read(50_000_000)
    return any(name.encode("utf-16-le") in data for name in ("EncryptedPackage", "EncryptionInfo", "EncryptedSummary"))


def why_not(media_type: str) -> str:
    """The sentence for a type that is not read."""
    names = {ZIP: "a zip archive inside another file", MAIL: "a mail", OUTLOOK: "an Outlook mail", RTF: "an RTF text"}
    named = names.get(media_type) or ("an Office file" if "office" in media_type or media_type == OLE else None)
    return f"The file is {named}, which is not read." if named else "The file is of a type that is not read."
