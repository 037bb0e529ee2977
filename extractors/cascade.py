"""One document file to one Paper: the cheapest sure source first.

E-invoice XML says what each value is; the text layer says what is written; recognition (OCR) guesses it. Each is asked
only where the one before gave nothing. Whatever is wrong with a file ends in a doubt, never in an exception.
Runs inside a bounded child (tasks.bounded), which adds the limits on time and memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

from extractors import media, plain
from extractors.docx import changes_in, doubts_of
from extractors.einvoice import read_einvoice
from extractors.hidden_text import with_hidden_told
from extractors.joiner.hiring import tells_of_hiring
from extractors.joiner.webhook import is_webhook, read_webhook
from extractors.joiner.workbook import workbook_doubts
from extractors.kinds import kind_of
from extractors.kinds import version as kinds_version
from extractors.language import language_of
from extractors.odd_words import without_odd_words
from extractors.paging import Reader, Sheets, read_pdf, read_picture
from extractors.preparing import seconds_spent
from extractors.refusal import Refused
from extractors.settings import ReadingSettings
from extractors.shadow import shadowed
from extractors.splitting import SURE, page_ranges
from extractors.spreadsheet import read_spreadsheet
from workitems.items import Doubt, Kind, Page, PageRange, Paper, Source

INVOICE = "extractors.invoice:read_invoice"
FIELD_READERS: Mapping[Kind, str] = {
    "invoice": INVOICE,
    "receipt": INVOICE,
    "credit_note": INVOICE,
    "order": INVOICE,
    "contract": "extractors.contract:read_contract",
    "application": "extractors.joiner:read_joiner",
    "identity": "extractors.joiner:read_joiner",
}
"""Who reads the fields of a kind of document: `read(pages, kind, language)`, imported when the first one comes."""

OF_NO_DESK: tuple[Kind, ...] = ("letter", "other", "delivery_note")
"""What mails, offers and forms about a new colleague may seem to be; what they say tells (see extractors.joiner)."""
HIRING = 0.9

WITHOUT_LAYOUT: dict[str, Callable[[Path], Sheets]] = {
    media.TEXT: lambda path: Sheets(plain.read_text(path)),
    media.HTML: lambda path: Sheets(plain.read_html(path)),
    media.DOCX: lambda path: Sheets(plain.read_docx(path)),
    media.XLSX: lambda path: Sheets(*read_spreadsheet(path)),
}


def read_document(
    path: str, filename: str, media_type: str | None = None, settings: ReadingSettings | None = None
) -> Paper:
    """What stands in the file at `path`; `filename` is what its sender called it.

    `media_type` is what somebody else said of it; the file's own first bytes win. Files that cannot be read give a
    Paper without source whose blocking doubt says why (see extractors.refusal).
    """
    started = time.monotonic() - seconds_spent()  # loading an engine is not the document's time
    settings = settings or ReadingSettings()
    try:
        _check_size(Path(path), settings)
        paper = _read(Path(path), media.media_type_of(path, filename), settings)
    except Refused as refused:
        paper = Paper(kind="other", kind_confidence=0.0, doubts=(refused.doubt,))
    except OSError:
        paper = Paper(kind="other", kind_confidence=0.0, doubts=(Refused("unreadable").doubt,))
    return paper.model_copy(update={"seconds": round(time.monotonic() - seconds_spent() - started, 3)})


def _check_size(path: Path, settings: ReadingSettings) -> None:
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty_file")
    if size > settings.max_bytes:
        raise Refused(
            "too_large", f"The file has {size / 1e6:.0f} MB, more than the {settings.max_bytes / 1e6:.0f} MB read."
        )


def _read(path: Path, media_type: str, settings: ReadingSettings) -> Paper:
    match media_type:
        case media.PDF:
            return _read_pdf(path, settings)
        case media.XML:
            return _read_xml(path)
        case media.OLE | media.OFFICE if media.is_locked_office(path):
            raise Refused("encrypted")
    if media_type == media.TEXT and is_message(path):
        return _paper(Sheets(read_webhook(path)))
    if media_type in WITHOUT_LAYOUT:
        paper = _paper(WITHOUT_LAYOUT[media_type](path))
        return paper.model_copy(update={"doubts": (*paper.doubts, *_office_doubts(path, media_type, paper.kind))})
    if media_type.startswith("image/"):
        return _paper(read_picture(path, Reader(settings)))
    raise Refused("unsupported_type", media.why_not(media_type))


def _office_doubts(path: Path, media_type: str, kind: Kind) -> tuple[Doubt, ...]:
    """What of an Office file is more than its text: changes that nobody has settled; formulas and macros of a form."""
    if media_type == media.DOCX:
        return doubts_of(changes_in(path))
    return workbook_doubts(path) if media_type == media.XLSX and kind == "application" else ()


def is_message(path: Path) -> bool:
    """Whether a text is a message of an HR system."""
    with path.open("rb") as file:
        starts = file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return starts in (b"{", b"[") and is_webhook(path)


def _read_pdf(path: Path, settings: ReadingSettings) -> Paper:
    reader = Reader(settings)
    with reader.open_pdf(path) as pdf:
        layers = reader.text_layers(pdf)
        given = [layer.page for layer in layers if layer.usable]
        einvoice = read_einvoice(path.read_bytes(), media.PDF, given)
        if einvoice.paper is not None:
            update = {"pages": pdf.page_count, "doubts": (*einvoice.paper.doubts, *einvoice.doubts)}
            return einvoice.paper.model_copy(update=update)
        if pdf.page_count > settings.max_pages and _is_long_contract(given, settings):
            reader = Reader(settings.model_copy(update={"max_pages": settings.max_contract_pages}))
            layers = reader.text_layers(pdf)
        paper = _paper(read_pdf(pdf, layers, reader), einvoice.doubts)
        drawn = {layer.page.number for layer in layers if layer.usable and not layer.scanned}
        return with_hidden_told(paper, pdf, drawn)


def _is_long_contract(given: Sequence[Page], settings: ReadingSettings) -> bool:
    """Whether the pages that were looked at are a contract's and hold their text: then all others are worth it."""
    return len(given) * 2 > settings.max_pages and kind_of(given)[0] == "contract"


def _read_xml(path: Path) -> Paper:
    data = path.read_bytes()
    einvoice = read_einvoice(data, media.XML, [])
    if einvoice.paper is not None:
        return einvoice.paper.model_copy(update={"doubts": (*einvoice.paper.doubts, *einvoice.doubts)})
    if einvoice.doubts:
        return Paper(kind="other", kind_confidence=0.0, doubts=einvoice.doubts)
    raise Refused("unsupported_type", "The file is XML, but no electronic invoice.")


def _paper(sheets: Sheets, doubts: Sequence[Doubt] = ()) -> Paper:
    """The readings of pages of words."""
    pages = sheets.pages = without_odd_words(sheets.pages)
    if not any(page.words for page in pages):  # what is wrong with the pages may be why
        nothing = (*doubts, *sheets.doubts, Refused("blank").doubt)
        return Paper(kind="other", kind_confidence=0.0, doubts=tuple(dict.fromkeys(nothing)))
    ranges = _ranges(sheets)
    whole = _one_paper(sheets, doubts)
    if not ranges:
        return whole
    if all(r.confidence >= SURE for r in ranges):
        return whole.model_copy(update={"parts": tuple(_part(sheets, r) for r in ranges)})
    return whole.model_copy(update={"parts": ranges, "doubts": (*whole.doubts, _several(ranges))})


def _ranges(sheets: Sheets) -> tuple[PageRange, ...]:
    """The documents of a file; none begins in a text where a page happened to be full."""
    if not sheets.page_count and plain.is_cut_by_lines(sheets.pages):
        return ()
    return page_ranges(sheets.pages, sheets.page_count or len(sheets.pages))


def _part(sheets: Sheets, pages: PageRange) -> PageRange:
    """One of several documents of a file, as if it were alone; pages keep the numbers that they have in the file."""
    own = [page for page in sheets.pages if pages.first <= page.number <= pages.last]
    alone = Sheets(own, page_count=pages.last - pages.first + 1, engine=sheets.engine, skews=sheets.skews)
    alone.cuts, alone.views = sheets.cuts, sheets.views
    alone.doubts = list(sheets.doubts)
    return pages.model_copy(update={"paper": _one_paper(alone)})


def _several(ranges: Sequence[PageRange]) -> Doubt:
    told = ", ".join(f"{r.name} ({r.confidence:.0%})" for r in ranges)
    message = f"The file seems to hold {len(ranges)} documents: {told}. Say which pages belong together."
    return Doubt(code="several_documents", message=message, field="split")


def _one_paper(sheets: Sheets, doubts: Sequence[Doubt] = ()) -> Paper:
    """The readings of pages that are one document."""
    pages = sheets.pages
    kind, confidence = kind_of(pages)
    if kind in OF_NO_DESK and tells_of_hiring(pages):
        kind, confidence = "application", HIRING
    language = language_of(word.text for page in pages for word in page.words)
    doubts = (*doubts, *sheets.doubts)
    models = {"kind": kinds_version()} | ({"ocr": sheets.engine} if sheets.engine else {})
    source: Source = "ocr" if any(page.source == "ocr" for page in pages) else "text"
    paper = Paper(kind=kind, kind_confidence=confidence)
    if kind in FIELD_READERS:
        paper = _reader(FIELD_READERS[kind])(pages, kind, language)
        if FIELD_READERS[kind] == INVOICE and sheets.views.kept:
            paper = _looked_twice(paper, sheets)
        paper = sheets.as_shown(paper)
        doubts, models = (*paper.doubts, *doubts), models | paper.models
    return paper.model_copy(
        update={
            "kind": kind,
            "kind_confidence": round(confidence, 4),
            "source": source,
            "pages": sheets.page_count or len(pages),
            "language": language,
            "doubts": tuple(doubts),
            "models": models,
            "shadow": (*paper.shadow, *shadowed(pages, kind, language)),
        }
    )


def _looked_twice(paper: Paper, sheets: Sheets) -> Paper:
    from extractors.invoice.second_look import looked_twice

    return looked_twice(paper, sheets.views)


@cache
def _reader(name: str) -> Callable[[list[Page], Kind, str | None], Paper]:
    module, _, function = name.partition(":")
    reader: Callable[[list[Page], Kind, str | None], Paper] = getattr(import_module(module), function)
    return reader
