"""What a file is, by its first bytes. What the sender claims, or the file name says, is not asked."""

from __future__ import annotations

import re
from collections.abc import Callable

PDF = "application/pdf"
XML = "application/xml"
ZIP = "application/zip"
MAIL = "message/rfc822"
TEXT = "text/plain"
HTML = "text/html"
UNKNOWN = "application/octet-stream"
EMPTY = "application/x-empty"
TNEF = "application/vnd.ms-tnef"
OUTLOOK = "application/vnd.ms-outlook"
SMIME = "application/pkcs7-mime"
PGP = "application/pgp-encrypted"
APPLE_DOUBLE = "application/applefile"

_LOOK = 4096
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"\x78\x9f\x3e\x22", TNEF),
    (b"-----BEGIN PGP MESSAGE-----", PGP),
    (b"\x00\x05\x16\x07", APPLE_DOUBLE),
    (b"\x00\x05\x16\x00", APPLE_DOUBLE),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OOXML = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OLE_STREAMS = (  # names of streams that only one program writes, as they stand in the directory (UTF-16)
    ("__substg1.0_", OUTLOOK),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("EncryptedPackage", "application/x-ole-storage"),  # a password-protected .docx or .xlsx
)
_PKCS7 = re.compile(rb"\A0[\x80-\x84].{0,4}?\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07([\x02\x03])", re.DOTALL)
_XML_START = re.compile(rb"\A<(?:\?xml[\s?]|!--|(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*[\s>/])")
_HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|p|meta|style|font|span|center|br|a)\b", re.I)
_HEADER = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{1,60}):", re.MULTILINE)
_MAIL_HEADERS = {b"received", b"return-path", b"message-id", b"mime-version", b"from", b"date", b"subject", b"to"}
_EXTENSIONS = {
    PDF: ".pdf",
    XML: ".xml",
    ZIP: ".zip",
    MAIL: ".eml",
    TEXT: ".txt",
    HTML: ".html",
    TNEF: ".dat",
    OUTLOOK: ".msg",
    SMIME: ".p7m",
    PGP: ".asc",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/webp": ".webp",
    "application/rtf": ".rtf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    _OOXML[0][1]: ".docx",
    _OOXML[1][1]: ".xlsx",
    _OOXML[2][1]: ".pptx",
}


def media_type(data: bytes) -> str:
    """The media type of a file's content; `application/octet-stream` when nothing is known about it."""
    if not data:
        return EMPTY
    head = data[:_LOOK]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    for look in _LOOKS:
        found = look(data, head)
        if found:
            return found
    return UNKNOWN


def extension(kind: str) -> str:
    """The usual file extension of a media type, "" when there is none."""
    return _EXTENSIONS.get(kind, "")


def _pdf(_: bytes, head: bytes) -> str | None:
    # Readers accept the header anywhere in the first kilobyte; mail gateways put lines of their own before it.
    return PDF if re.search(rb"(?:\A|[\r\n\x00\xbf])%PDF-", head[:1024]) else None


def _container(data: bytes, head: bytes) -> str | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_zip(data, head)
    if head.startswith(_OLE):
        return next((k for name, k in _OLE_STREAMS if name.encode("utf-16-le") in data), "application/x-ole-storage")
    found = _PKCS7.match(head)
    return SMIME if found else None


def _kind_of_zip(data: bytes, head: bytes) -> str:
    if head[30:38] == b"mimetype" and b"application/vnd.oasis.opendocument" in head[38:120]:
        return head[38:120].split(b"PK")[0].decode("ascii", "ignore").strip()
    # The directory is at the end. Its names stand there uncompressed, so no parsing is needed to tell Office files.
    directory = data[max(0, len(data) - 200_000) :]
    if b"[Content_Types].xml" in head or b"[Content_Types].xml" in directory:
        return next((kind for name, kind in _OOXML if name in directory or name in head), ZIP)
    return ZIP


def _small_images(data: bytes, head: bytes) -> str | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"avif"):
        return "image/heif"
    if head.startswith(b"BM") and len(data) > 26 and head[6:10] == b"\x00\x00\x00\x00":
        return "image/bmp"
    return None


def _text(_: bytes, head: bytes) -> str | None:
    plain = _as_ascii(head)
    if plain is None:
        return None
    start = plain.lstrip(b"\xef\xbb\xbf \t\r\n")
    lead = start.lower()
    if lead.startswith((b"<!doctype html", b"<html")) or (b"<html" in lead[:1000] and lead.startswith(b"<")):
        return HTML
    if start.startswith(b"<?xml"):
        return XML
    if _HTML_START.match(start):
        return HTML
    return XML if _XML_START.match(start) else TEXT


def _as_ascii(head: bytes) -> bytes | None:
    """The beginning of a text as bytes to look at; None when it is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        even = head[: len(head) // 2 * 2]
        return even.decode("utf-16", "ignore").encode("utf-8", "ignore")
    controls = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\f\x1b")
    return head if b"\x00" not in head and controls <= len(head) // 50 else None


def _looks_like_mail(start: bytes) -> bool:
    """A header block with a From line and two more of the fields that mail servers write."""
    block = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    first = block.split(b"\n", 1)[0]
    if not (_HEADER.match(block) or first.startswith(b"From ")):
        return False
    names = {name.lower() for name in _HEADER.findall(block)}
    strong = names & {b"received", b"return-path", b"message-id", b"mime-version", b"date"}
    return b"from" in names and bool(strong) and len(names & _MAIL_HEADERS) >= 3


def _mail(_: bytes, head: bytes) -> str | None:
    return MAIL if _looks_like_mail(head.lstrip()) else None


_LOOKS: tuple[Callable[[bytes, bytes], str | None], ...] = (_container, _small_images, _mail, _pdf, _text)
