"""The words of a PDF page's text layer, where they stand on the page as it is shown."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from workitems.items import Box, Word

MAX_CHARS = 120_000  # characters looked at on one page; a dense page has 8,000
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
_BREAKS = "\x02"  # PDFium's mark for a hyphen that ends a line
_NOTHING = "\ufffd"  # a character without meaning in Unicode


class Place:
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


def words_of(page: pypdfium2.PdfPage, place: Place, confidence: float) -> tuple[list[Word], int]:
    """The words of the text layer in its own order, without what lies outside the shown page; and where they run."""
    text = page.get_textpage()
    try:
        chars = _characters(text.raw, min(text.count_chars(), MAX_CHARS))
        words: list[Word] = []
        for start, end in _spans(chars):
            for first, last, box in _unbroken(text.raw, start, end - 1, place):
                written = "".join(chars[first : last + 1]).translate(_NAMES)
                if last + 1 < len(chars) and chars[last + 1] in _BREAKS:
                    written += "-"
                if written:
                    words.append(Word(text=written, box=box, confidence=confidence))
        return words, _writing_direction(text.raw, len(chars), place)
    finally:
        text.close()


def _characters(text: Any, count: int) -> list[str]:
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


def _unbroken(text: Any, first: int, last: int, place: Place) -> Iterator[tuple[int, int, Box]]:
    """The run with its box, or its parts where it jumps to another row: PDFium sets no break between numbers that
    stand below each other. Runs that begin or end outside the shown page are left out."""
    begin, end = _char_box(text, first, place), _char_box(text, last, place)
    if begin is None or end is None:
        return
    if not (_apart(begin, end) or end[2] < begin[0]):
        yield first, last, _around(begin, end)
        return
    across = place.direction(-pdfium.FPDFText_GetCharAngle(text, first)) % 180 == 0
    box = before = begin
    for i in range(first + 1, last + 1):
        here = _char_box(text, i, place) or before
        if _jumps(before, here, across):
            yield first, i - 1, box
            first, box = i, here
        box, before = _around(box, here), here
    yield first, last, box


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _apart(one: Box, other: Box) -> bool:
    """Whether the two boxes lie on different heights."""
    return one[3] < (other[1] + other[3]) / 2 or other[3] < (one[1] + one[3]) / 2


def _jumps(one: Box, other: Box, across: bool) -> bool:
    """Whether the second character does not follow the first in its row."""
    if across:
        return _apart(one, other) or other[2] < one[0]
    return other[0] > one[2] or other[2] < one[0]


def _char_box(text: Any, index: int, place: Place) -> Box | None:
    """From descent to ascent, so that all words of a row have one height; None outside the page that is shown."""
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text, index, rect):
        return None
    x0, y0, x1, y1 = place.box(rect.left, rect.bottom, rect.right, rect.top)
    if not (0 <= x0 + x1 <= 2 and 0 <= y0 + y1 <= 2):
        return None
    return max(x0, 0.0), max(y0, 0.0), min(x1, 1.0), min(y1, 1.0)


def _writing_direction(text: Any, count: int, place: Place) -> int:
    """The direction in which most of the page's text runs: 0, or 90, 180, 270 degrees clockwise."""
    steps = range(0, count, max(count // 50, 1))
    votes = Counter(place.direction(-pdfium.FPDFText_GetCharAngle(text, i)) for i in steps)
    return votes.most_common(1)[0][0] if votes else 0
