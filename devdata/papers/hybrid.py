"""PDFs with an e-invoice inside, and PDFs that are locked or broken."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Encryption, Name

_SCHEMA = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_SCHEMA_1 = "urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#"


def with_xml(page: bytes, xml: bytes, name: str = "factur-x.xml", level: str = "EN 16931") -> bytes:
    """The PDF with the XML embedded as its data, as Factur-X and ZUGFeRD want it."""
    with pikepdf.open(BytesIO(page)) as pdf:
        pdf.attachments[name] = AttachedFileSpec(
            pdf,
            xml,
            filename=name,
            mime_type="text/xml",
            description="Factur-X/ZUGFeRD invoice",
            creation_date="D:20260901080000Z",
            mod_date="D:20260901080000Z",
            relationship=Name.Alternative,
        )
        pdf.Root.AF = Array([pdf.attachments[name].obj])
        pdf.Root.Metadata = pdf.make_stream(_xmp(name, level), Type=Name.Metadata, Subtype=Name.XML)
        return _saved(pdf)


def _xmp(name: str, level: str) -> bytes:
    prefix, space = ("zf", _SCHEMA_1) if name.startswith("ZUGFeRD") else ("fx", _SCHEMA)
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:{prefix}="{space}"><{prefix}:DocumentType>INVOICE</{prefix}:DocumentType>
<{prefix}:DocumentFileName>{name}</{prefix}:DocumentFileName><{prefix}:Version>1.0</{prefix}:Version>
<{prefix}:ConformanceLevel>{level}</{prefix}:ConformanceLevel></rdf:Description>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def locked(page: bytes, password: str) -> bytes:
    """The PDF behind a password."""
    with pikepdf.open(BytesIO(page)) as pdf:
        out = BytesIO()
        # RC4 and a fixed file id, because the newer methods draw random keys
        lock = Encryption(owner=password, user=password, R=3, aes=False, metadata=False)
        pdf.save(out, encryption=lock, static_id=True)
        return out.getvalue()


def broken(page: bytes) -> bytes:
    """What is left of a PDF after an interrupted transfer: its second half is missing, and bytes in it are wrong."""
    half = bytearray(page[: len(page) // 2])
    half[600:900] = bytes((b * 7 + i) % 256 for i, b in enumerate(half[600:900]))
    return bytes(half)


def merged(*documents: bytes) -> bytes:
    """The pages of several PDFs as one."""
    with pikepdf.new() as pdf:
        for document in documents:
            with pikepdf.open(BytesIO(document)) as part:
                pdf.pages.extend(part.pages)
        pdf.docinfo = pdf.make_indirect(Dictionary())
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
