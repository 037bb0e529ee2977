"""What was typed into the form fields of a PDF and written on it as notes: text that is no part of the page itself."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.pages import split_line
from workitems.items import Box, Word

MAX_NOTES = 2_000  # form fields and notes looked at on one page
MAX_TEXT = 4_000  # characters of one of them
LETTER = 6.0  # points: what a character takes at most; fields are wider than what stands in them
_TYPED = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)

ToBox = Callable[[float, float, float, float], Box]


def form_words(page: pypdfium2.PdfPage, form: Any, to_box: ToBox) -> list[Word]:
    """The words in the page's form fields and free-text notes. `form` is the document's form environment or None."""
    words: list[Word] = []
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            words.extend(_note_words(note, form, to_box, LETTER / page.get_width()))
        finally:
            pdfium.FPDFPage_CloseAnnot(note)
    return words


def visible_notes(page: pypdfium2.PdfPage) -> int:
    """How many form fields and notes draw something on the page; links do not."""
    count = 0
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if note:
            count += pdfium.FPDFAnnot_GetSubtype(note) not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP)
            pdfium.FPDFPage_CloseAnnot(note)
    return count


def _note_words(note: Any, form: Any, to_box: ToBox, letter: float) -> Iterator[Word]:
    """One field's words, none wider apart than in print: room between them would part one value into several.
    `letter` is a character's width at most, as a fraction of the page's."""
    kind = pdfium.FPDFAnnot_GetSubtype(note)
    if pdfium.FPDFAnnot_GetFlags(note) & (pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW):
        return
    if kind == pdfium.FPDF_ANNOT_WIDGET and form and pdfium.FPDFAnnot_GetFormFieldType(form, note) in _TYPED:
        text = _utf16(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, note, buffer, size))
    elif kind == pdfium.FPDF_ANNOT_FREETEXT:
        text = _utf16(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(note, b"Contents", buffer, size))
    else:
        return
    rect = pdfium.FS_RECTF()
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    if not lines or not pdfium.FPDFAnnot_GetRect(note, rect):
        return
    x0, y0, x1, y1 = (min(max(side, 0.0), 1.0) for side in to_box(rect.left, rect.bottom, rect.right, rect.top))
    step = (y1 - y0) / len(lines)
    for i, line in enumerate(lines):
        end = min(x1, x0 + letter * len(line))
        yield from split_line(line, (x0, y0 + i * step, end, y0 + (i + 1) * step), 1.0)


def _utf16(fill: Callable[[Any, int], int]) -> str:
    """A string by PDFium's convention: ask for its length in bytes first, then for UTF-16 with a closing zero."""
    size = min(fill(None, 0), 2 * MAX_TEXT)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    fill(buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", errors="ignore")
