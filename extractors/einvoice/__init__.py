"""E-invoices: XML that says itself what each value is, bare or inside a PDF.

`read_einvoice` is the entry; `compare.disagreements` tells where the XML and the visible page differ.
"""

from __future__ import annotations

from time import perf_counter

from extractors.einvoice import compare, find
from extractors.einvoice.cii import read_cii
from extractors.einvoice.draft import Draft, to_paper
from extractors.einvoice.schemas import schema_doubt, schema_fault
from extractors.einvoice.ubl import read_ubl
from workitems.items import Doubt, Noun, Page, Paper

__all__ = ["EInvoiceResult", "read_einvoice"]


class EInvoiceResult(Noun):
    """`paper` is None where there is no e-invoice XML, or none that can be read (then `doubts` says why).

    `doubts` are all that this reader has; they are not repeated in `paper.doubts`.
    """

    paper: Paper | None = None
    doubts: tuple[Doubt, ...] = ()


def read_einvoice(data: bytes, media_type: str = "", pages: list[Page] | None = None) -> EInvoiceResult:
    """Reads the e-invoice in a PDF, or a bare XML file. `pages` is the visible text it is compared with, where known.

    Codes of the doubts: `xml_unreadable` (warn in a PDF, whose page can still be read; block for a bare file),
    `xml_schema`, `xml_page_mismatch`, `xml_several`, `xml_test`, `xml_copy`. Raises nothing for any bytes.
    """
    started = perf_counter()
    if data[:1024].find(b"%PDF-") >= 0 or "pdf" in media_type:
        found, faults = find.embedded(data)
        doubts = [_unreadable(faults[0], "warn")] if faults and not found else []
    elif find.looks_like_xml(data):
        found, doubts = _bare(data, "xml" in media_type)
    else:
        return EInvoiceResult()
    if not found:
        return EInvoiceResult(doubts=tuple(doubts))
    drafts = [_draft(invoice) for invoice in found]
    fault = schema_fault(found[0])
    paper = to_paper(drafts[0], fault is None, len(pages or ()))
    doubts += [schema_doubt(fault)] if fault else []
    doubts += _about(drafts)
    doubts += compare.disagreements(paper, pages or [], drafts[0].payable)
    paper = paper.model_copy(update={"seconds": perf_counter() - started})
    return EInvoiceResult(paper=paper, doubts=tuple(doubts))


def _bare(data: bytes, expected: bool) -> tuple[list[find.EInvoiceXml], list[Doubt]]:
    try:
        return find.bare(data), []
    except find.Unreadable as error:
        return [], [_unreadable(str(error), "block")] if expected else []


def _draft(invoice: find.EInvoiceXml) -> Draft:
    return read_ubl(invoice) if invoice.syntax == "ubl" else read_cii(invoice)


def _unreadable(why: str, severity: str) -> Doubt:
    message = f"The electronic invoice in this file cannot be read: {why}."
    return Doubt.model_validate({"code": "xml_unreadable", "message": message, "severity": severity})


def _about(drafts: list[Draft]) -> list[Doubt]:
    first, doubts = drafts[0], []
    if any((d.fields.get("number"), d.fields.get("total")) != _key(first) for d in drafts[1:]):
        doubts.append(Doubt(code="xml_several", message="The file contains several different electronic invoices."))
    if first.is_test:
        doubts.append(Doubt(code="xml_test", message="The sender marked this document as a test, not as a real one."))
    if first.is_copy:
        sentence = "The sender marked this document as a copy; the original may have come already."
        doubts.append(Doubt(code="xml_copy", message=sentence, severity="warn"))
    return doubts


def _key(draft: Draft) -> tuple[str | None, str | None]:
    return draft.fields.get("number"), draft.fields.get("total")
