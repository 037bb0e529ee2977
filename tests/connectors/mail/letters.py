"""Mails for the tests, written as mail programs write them."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def letter(body: bytes = b"Hello", *headers: str, subject: str = "Invoice 17", key: str = "1") -> bytes:
    """A mail with that body; `headers` come on top of the usual ones."""
    usual = (
        "From: Acme Billing <billing@acme.example>",
        "To: invoices@example.test",
        f"Subject: {subject}",
        "Date: Mon, 02 Mar 2026 09:30:00 +0100",
        f"Message-ID: <{key}@acme.example>",
        "MIME-Version: 1.0",
    )
    return "\r\n".join([*usual, *headers, "", ""]).encode() + body


def multipart(*parts: bytes, kind: str = "mixed", **usual: str) -> bytes:
    """A multipart mail of these parts (each with its own headers)."""
    return letter(joined(*parts), f'Content-Type: multipart/{kind}; boundary="=_outer"', **usual)


def joined(*parts: bytes, boundary: bytes = b"=_outer") -> bytes:
    """The body of a multipart."""
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def part(content: bytes, *headers: str, encoding: str = "base64") -> bytes:
    """One part with its content encoded."""
    encoded = base64.encodebytes(content).replace(b"\n", b"\r\n") if encoding == "base64" else content
    return "\r\n".join([*headers, f"Content-Transfer-Encoding: {encoding}", "", ""]).encode() + encoded


def attachment(name: str, content: bytes, media_type: str = "application/octet-stream") -> bytes:
    """An attached file."""
    return part(content, f"Content-Type: {media_type}", f'Content-Disposition: attachment; filename="{name}"')


def text(content: str, kind: str = "plain", charset: str = "utf-8") -> bytes:
    """A text body."""
    return part(content.encode(charset), f"Content-Type: text/{kind}; charset={charset}")


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def locked_zip(name: str = "invoice.pdf") -> bytes:
    """A zip archive whose entry says that it is encrypted."""
    data = bytearray(zipped((name, PDF), method=zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at] |= 1
    return bytes(data)


def png(width: int, height: int) -> bytes:
    """A white picture of that size."""
    rows = zlib.compress((b"\x00" + b"\xff" * width) * height, 1)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    packed = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
