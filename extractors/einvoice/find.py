"""The e-invoice XML in a PDF, in a Peppol envelope or as a bare file: found and parsed, following nothing."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from lxml import etree

from extractors.einvoice.values import Element

if TYPE_CHECKING:
    import pikepdf

LARGEST_XML = 25_000_000
"""Bytes. XRechnung carries its enclosures as base64, so some are large; beyond this nothing is read."""
_MOST_ATTACHMENTS = 100
_MOST_PAGES = 50  # whose file attachment annotations are looked at
_SMALL_CODED = 256_000  # bytes of a stream in a rare coding, which pikepdf has to decode without a bound

Syntax = Literal["cii", "zugferd1", "orderx", "ubl"]

_KNOWN_NAMES = (
    "factur-x.xml",
    "xrechnung.xml",
    "zugferd-invoice.xml",
    "order-x.xml",
    "cii.xml",
    "invoice.xml",
)
_WIDE = re.compile(rb"(\xef\xbb\xbf)?<\?xml[^>]{0,100}encoding\s*=\s*.(utf-16|ucs-2|utf-32)", re.IGNORECASE)
_UBL = re.compile(r"urn:oasis:names:(specification|tc):ubl:.*")
_UBL_ROOTS = {
    "Invoice",
    "CreditNote",
    "Order",
    "OrderChange",
    "OrderResponse",
    "SelfBilledInvoice",
    "SelfBilledCreditNote",
}
_OTHER_ROOTS: dict[str, Syntax] = {
    "CrossIndustryInvoice": "cii",
    "CrossIndustryDocument": "zugferd1",
    "SCRDMCCBDACIOMessageStructure": "orderx",
}


@dataclass(frozen=True)
class EInvoiceXml:
    """A parsed e-invoice. `name` is that of the embedded file, None for a bare one."""

    root: Element
    syntax: Syntax
    name: str | None = None


class Unreadable(Exception):
    """The bytes are not XML that is read here. The message says why in a few words, without content."""


def syntax_of(root: Element) -> Syntax | None:
    """Which e-invoice syntax a root element belongs to; None: no e-invoice."""
    tag = etree.QName(root)
    if tag.localname in _OTHER_ROOTS:
        return _OTHER_ROOTS[tag.localname]
    return "ubl" if tag.localname in _UBL_ROOTS and _UBL.fullmatch(tag.namespace or "") else None


def looks_like_xml(data: bytes) -> bool:
    """Whether a bare file may be XML, by its first character in any encoding that XML is written in."""
    return data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def parse(data: bytes) -> Element:
    """The root of an XML document. Raises Unreadable for anything broken, too large, or with a DTD.

    A DTD has no place in an e-invoice and is how entity bombs and file inclusions get in. Two frequent faults of
    programs that write XML are mended: a wrong encoding declaration, and white space before or rubbish behind.
    """
    if len(data) > LARGEST_XML:
        raise Unreadable("it is larger than what is read")
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in data[:4]:
        data = re.sub(rb"\A(?:\xef\xbb\xbf){2,}", b"", data.strip(b" \t\r\n\0\x1a"))
    if any("<!DOCTYPE".encode(code) in data for code in ("ascii", "utf-16-le", "utf-16-be")):
        raise Unreadable("it contains a document type definition")
    fault = ""
    declared_wide = _WIDE.match(data)  # in single bytes, so it is not what it says
    for encoding in ("utf-8" if declared_wide else None, "cp1252"):
        try:
            return etree.parse(BytesIO(data), _parser(encoding)).getroot()
        except etree.XMLSyntaxError as error:
            fault = fault or f"it is damaged or cut off (near line {error.lineno or 1})"
            if not re.search(r"encod|UTF-8|bytes", str(error.msg)):
                break
        except (LookupError, AssertionError) as error:
            raise Unreadable("it is empty or in an unknown encoding") from error
    raise Unreadable(fault)


def _parser(encoding: str | None) -> etree.XMLParser:
    # huge_tree lifts the limit of 10 MB a text, which enclosures pass; what it guards against (entity expansion)
    # needs a DTD, and LARGEST_XML bounds the rest.
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )


def bare(data: bytes, name: str | None = None) -> list[EInvoiceXml]:
    """The e-invoice that `data` is, or those that its envelope (Peppol's StandardBusinessDocument) holds.

    Nothing: well-formed XML, but no e-invoice. Raises Unreadable.
    """
    root = parse(data)
    for level in ((root,), tuple(root), tuple(inner for outer in root for inner in outer)):
        if found := [EInvoiceXml(e, syntax, name) for e in level if (syntax := syntax_of(e))]:
            return found[:_MOST_ATTACHMENTS]
    return []


def embedded(data: bytes) -> tuple[list[EInvoiceXml], list[str]]:
    """The e-invoices inside a PDF, the best known file names first, and why files of such names cannot be read.

    A PDF that is locked or does not open has none; who reads its pages says so.
    """
    import pikepdf

    found: list[EInvoiceXml] = []
    faults: list[str] = []
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            for name, content in sorted(_files(pdf), key=lambda f: _rank(f[0])):
                _read_one(name, content, found, faults)
    except (pikepdf.PikepdfError, ValueError, TypeError, RuntimeError):
        # qpdf reports damage by these, depending on where it meets it; the page readers refuse the file for it.
        return found, faults
    return found, faults


def _read_one(name: str, content: bytes | None, found: list[EInvoiceXml], faults: list[str]) -> None:
    expected = name.lower() in _KNOWN_NAMES
    if content is None or not looks_like_xml(content):
        if expected:
            faults.append("it is empty, too large or no XML")
        return
    try:
        found += bare(content, name)
    except Unreadable as error:
        if expected or name.lower().endswith(".xml"):
            faults.append(str(error))


def _rank(name: str) -> int:
    return _KNOWN_NAMES.index(name.lower()) if name.lower() in _KNOWN_NAMES else len(_KNOWN_NAMES)


def _files(pdf: pikepdf.Pdf) -> Iterator[tuple[str, bytes | None]]:
    """Name and content of what is embedded: in the name tree, as associated files, as annotations of a page."""
    import pikepdf

    seen: set[tuple[int, int]] = set()
    for number, specification in enumerate(_specifications(pdf)):
        if number >= _MOST_ATTACHMENTS:
            return
        if not isinstance(specification, pikepdf.Dictionary) or "/EF" not in specification:
            continue
        files = specification["/EF"]
        stream = files.get("/UF", files.get("/F")) if isinstance(files, pikepdf.Dictionary) else None
        if not isinstance(stream, pikepdf.Stream) or stream.objgen in seen:
            continue
        seen.add(stream.objgen)
        name = str(specification.get("/UF", specification.get("/F", "")))
        yield name.replace("\\", "/").rsplit("/", 1)[-1], bounded_content(stream)


def _specifications(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    import pikepdf

    for name in pdf.attachments:
        attachment = pdf.attachments.get(name)  # None where the name is damaged
        if attachment is not None:
            yield attachment.obj
    associated = pdf.Root.get("/AF")
    yield from associated if isinstance(associated, pikepdf.Array) else ()
    for page in pdf.pages[:_MOST_PAGES]:
        notes = page.obj.get("/Annots")
        for note in notes if isinstance(notes, pikepdf.Array) else ():
            if isinstance(note, pikepdf.Dictionary) and note.get("/Subtype") == "/FileAttachment" and "/FS" in note:
                yield note["/FS"]


def bounded_content(stream: pikepdf.Stream) -> bytes | None:
    """What a stream holds, decoded; None where that is more than LARGEST_XML. Never unpacks a bomb."""
    import pikepdf

    filters = stream.get("/Filter")
    names = [str(f) for f in filters] if isinstance(filters, pikepdf.Array) else [str(filters)] if filters else []
    raw = bytes(stream.read_raw_bytes())
    if names and set(names) != {"/FlateDecode"}:
        return bytes(stream.read_bytes()) if len(raw) <= _SMALL_CODED and len(names) == 1 else None
    for _ in names[:4]:
        unpacker = zlib.decompressobj()
        try:
            raw = unpacker.decompress(raw, LARGEST_XML + 1)
        except zlib.error:
            return None
    return raw if len(raw) <= LARGEST_XML and len(names) <= 4 else None
