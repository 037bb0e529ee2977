"""Pages of words from the text layer of a PDF (PDFium), and whether that layer can be trusted.

PDFium is not thread-safe: one thread at a time. A crash inside it is what the bounded child is for.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.pages import turned
from extractors.pdf_forms import form_words
from extractors.refusal import Refused
from extractors.text_quality import FEW, looks_like_text
from workitems.items import Box, Page, Word

MAX_OBJECTS = 5_000  # drawn things looked at on one page
MAX_CHARS = 120_000  # characters looked at on one page; a dense page has 8,000
STAMP = 150  # characters
RECOGNISED = 0.9  # confidence of words that somebody else's OCR put below a scan
_GRID = 1_000_000  # PageToDevice counts in whole pixels: a grid this fine makes them millionths
_NAMES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u00ad": "",
        "\u200b": "",
        "\ufeff": "",
    }
)
_LOCKED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
_BREAKS = "\x02"  # PDFium's mark for a hyphen that ends a line
_NOTHING = "\ufffd"  # a character without meaning in Unicode


@dataclass(frozen=True)
class TextLayer:
    """What the text layer of one page gives."""

    page: Page
    objects: int  # things drawn on the page; 0: certainly blank
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
            raise Refused("encrypted" if error.err_code in _LOCKED else "unreadable") from error
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
            place = _Place(page)
            objects, scanned = _drawn(page)
            words, direction = _words(page, place, RECOGNISED if scanned else 1.0)
            words += form_words(page, self._form, place.box)
            given = Page(number=number, width=page.get_width(), height=page.get_height(), words=tuple(words))
            usable = _is_usable([w.text for w in words], objects, scanned)
            return TextLayer(turned(given, -direction), objects, scanned, usable)
        except pypdfium2.PdfiumError:
            return None
        finally:
            page.close()


class _Place:
    """Turns PDF coordinates into fractions of the page as it is shown (crop box and /Rotate applied)."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        x, y = ctypes.c_int(), ctypes.c_int()

        def shown(at: tuple[float, float]) -> tuple[float, float]:
            pdfium.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, *at, ctypes.byref(x), ctypes.byref(y))
            return x.value / _GRID, y.value / _GRID

        side = max(page.get_width(), page.get_height(), 1.0)
        (self._x, self._y), right, up = shown((0, 0)), shown((side, 0)), shown((0, side))
        self._xx, self._yx = (right[0] - self._x) / side, (right[1] - self._y) / side
        self._xy, self._yy = (up[0] - self._x) / side, (up[1] - self._y) / side

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        x0, x1 = self._x + left * self._xx + bottom * self._xy, self._x + right * self._xx + top * self._xy
        y0, y1 = self._y + left * self._yx + bottom * self._yy, self._y + right * self._yx + top * self._yy
        return (x0 if x0 < x1 else x1, y0 if y0 < y1 else y1, x1 if x0 < x1 else x0, y1 if y0 < y1 else y0)

    def direction(self, angle: float) -> int:
        """Degrees clockwise (0, 90, 180, 270) that text of this angle runs in on the shown page."""
        across, down = math.cos(angle), math.sin(angle)
        x, y = across * self._xx + down * self._xy, across * self._yx + down * self._yy
        return round(math.degrees(math.atan2(y, x)) / 90) * 90 % 360


def _is_usable(words: list[str], objects: int, scanned: bool) -> bool:
    """Few words on a scan are somebody's stamp; few words on a page with little else are a cover sheet."""
    if scanned and sum(map(len, words)) < STAMP:
        return False
    return looks_like_text(words, strict=scanned) or (
        0 < len(words) < FEW and objects <= 3 * len(words) and not scanned
    )


def _words(page: pypdfium2.PdfPage, place: _Place, confidence: float) -> tuple[list[Word], int]:
    """The words of the text layer in its own order, without what lies outside the shown page; and where they run."""
    text = page.get_textpage()
    try:
        chars = _characters(text.raw, min(text.count_chars(), MAX_CHARS))
        words: list[Word] = []
        for start, end in _spans(chars):
            written = "".join(chars[start:end]).translate(_NAMES)
            if end < len(chars) and chars[end] in _BREAKS:
                written += "-"
            box = _span_box(text.raw, start, end - 1, place)
            if written and box is not None:
                words.append(Word(text=written, box=box, confidence=confidence))
        return words, _writing_direction(text.raw, len(chars), place)
    finally:
        text.close()


def _characters(text: pdfium.FPDF_TEXTPAGE, count: int) -> list[str]:
    """One entry per character of the page; a private mark where it has no meaning in Unicode."""
    unicode = pdfium.FPDFText_GetUnicode
    codes = [unicode(text, i) for i in range(count)]
    chars = [chr(code) if 31 < code < 0xD800 else _rare(code) for code in codes]
    for i, code in enumerate(codes[:-1]):
        if 0xD800 <= code < 0xDC00 and 0xDC00 <= codes[i + 1] < 0xE000:
            chars[i] = chr(0x10000 + ((code - 0xD800) << 10) + (codes[i + 1] - 0xDC00))
    return chars


def _rare(code: int) -> str:
    if code in (2, 0xFFFE):
        return _BREAKS[0]
    if code in (9, 10, 13):
        return " "
    if code < 32 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return _NOTHING
    return chr(code)


def _spans(chars: list[str]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of characters without space or line break."""
    start = None
    for i, char in enumerate(chars):
        if char in _BREAKS or char.isspace():
            if start is not None:
                yield start, i
            start = None
        elif start is None:
            start = i
    if start is not None:
        yield start, len(chars)


def _span_box(text: pdfium.FPDF_TEXTPAGE, first: int, last: int, place: _Place) -> Box | None:
    """Where the characters stand, from descent to ascent so that all words of a row have one height."""
    box = _char_box(text, first, place)
    if box is None or first == last:
        return box
    end = _char_box(text, last, place)
    if end is None:
        return None
    return min(box[0], end[0]), min(box[1], end[1]), max(box[2], end[2]), max(box[3], end[3])


def _char_box(text: pdfium.FPDF_TEXTPAGE, index: int, place: _Place) -> Box | None:
    """One character's place; None where it lies outside the page that is shown."""
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text, index, rect):
        return None
    x0, y0, x1, y1 = place.box(rect.left, rect.bottom, rect.right, rect.top)
    if not (0 <= x0 + x1 <= 2 and 0 <= y0 + y1 <= 2):
        return None
    return max(x0, 0.0), max(y0, 0.0), min(x1, 1.0), min(y1, 1.0)


def _writing_direction(text: pdfium.FPDF_TEXTPAGE, count: int, place: _Place) -> int:
    """The direction in which most of the page's text runs: 0, or 90, 180, 270 degrees clockwise."""
    steps = range(0, count, max(count // 50, 1))
    votes = Counter(place.direction(-pdfium.FPDFText_GetCharAngle(text, i)) for i in steps)
    return votes.most_common(1)[0][0] if votes else 0


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
