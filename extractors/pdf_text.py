"""Pages of words from the text layer of a PDF (PDFium), and whether that layer can be trusted.

PDFium is not thread-safe: one thread at a time. A crash inside it is what the bounded child is for.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.pages import turned
from extractors.pdf_forms import form_words, visible_notes
from extractors.pdf_words import Place, words_of
from extractors.refusal import Refused
from extractors.text_quality import FEW, looks_like_text
from workitems.items import Page

MAX_OBJECTS = 5_000  # drawn things looked at on one page
STAMP = 150  # characters
RECOGNISED = 0.9  # confidence of words that somebody else's OCR put below a scan
_LOCKED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)


@dataclass(frozen=True)
class TextLayer:
    """What the text layer of one page gives."""

    page: Page
    objects: int  # things drawn on the page, form fields and notes included; 0: certainly blank
    scanned: bool  # one picture covers the page
    usable: bool  # the words are words, and all that there are

    @property
    def readable(self) -> bool:
        """Whether nothing more can be got from the page's image."""
        return self.usable or not self.objects


class Pdf:
    """An open PDF. Use it as a context manager."""

    def __init__(self, path: Path | str) -> None:
        """Opens the file. Raises Refused (encrypted, unreadable)."""
        try:
            self._document = pypdfium2.PdfDocument(str(path))
        except pypdfium2.PdfiumError as error:
            # PDFium keeps the error of an earlier file, so its word alone is not enough
            locked = error.err_code in _LOCKED and b"/Encrypt" in Path(path).read_bytes()
            raise Refused("encrypted" if locked else "unreadable") from error
        self._document.init_forms()  # PDFium wants it before the pages are counted
        self._form = self._document.formenv
        self.page_count = len(self._document)
        if self.page_count < 1:
            self.close()
            raise Refused("unreadable", "The PDF is damaged: it has no pages.")

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self._document.close()

    def page_numbers(self, limit: int) -> list[int]:
        """The numbers (from 1) of the pages to read: all, or of a longer file the first ones and the last."""
        if self.page_count <= limit:
            return list(range(1, self.page_count + 1))
        return [*range(1, max(limit, 2)), self.page_count]

    def open_page(self, number: int) -> pypdfium2.PdfPage | None:
        """The page, or None where its object is damaged."""
        try:
            return self._document[number - 1]
        except (pypdfium2.PdfiumError, IndexError):
            return None

    def text_layer(self, number: int) -> TextLayer | None:
        """The words of page `number`; None where the page is damaged."""
        page = self.open_page(number)
        if page is None:
            return None
        try:
            place = Place(page)
            objects, scanned = _drawn(page)
            words, direction = words_of(page, place, RECOGNISED if scanned else 1.0)
            words += form_words(page, self._form, place.box)
            given = Page(number=number, width=page.get_width(), height=page.get_height(), words=tuple(words))
            objects += visible_notes(page)
            usable = _is_usable([w.text for w in words], objects, scanned)
            return TextLayer(turned(given, -direction), objects, scanned, usable)
        except pypdfium2.PdfiumError:
            return None
        finally:
            page.close()


def _is_usable(words: list[str], objects: int, scanned: bool) -> bool:
    """Few words on a scan are somebody's stamp; few words on a page with little else are a cover sheet."""
    if scanned and sum(map(len, words)) < STAMP:
        return False
    return looks_like_text(words, strict=scanned) or (
        0 < len(words) < FEW and objects <= 3 * len(words) and not scanned
    )


def _drawn(page: pypdfium2.PdfPage) -> tuple[int, bool]:
    """How many things are drawn on the page, and whether pictures cover most of it, as in a scan."""
    count = pdfium.FPDFPage_CountObjects(page)
    whole, covered = max(page.get_width() * page.get_height(), 1.0), 0.0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for i in range(min(count, MAX_OBJECTS)):
        thing = pdfium.FPDFPage_GetObject(page, i)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE or (kind == pdfium.FPDF_PAGEOBJ_FORM and _is_picture(thing)):
            pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
            covered += max(right.value - left.value, 0) * max(top.value - bottom.value, 0)
    return count, covered / whole >= 0.7


def _is_picture(form: pdfium.FPDF_PAGEOBJECT) -> bool:
    first = range(min(pdfium.FPDFFormObj_CountObjects(form), 20))
    kinds = [pdfium.FPDFPageObj_GetType(pdfium.FPDFFormObj_GetObject(form, i)) for i in first]
    return pdfium.FPDF_PAGEOBJ_IMAGE in kinds and pdfium.FPDF_PAGEOBJ_TEXT not in kinds
