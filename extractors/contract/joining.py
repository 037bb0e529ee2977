"""Pages of words joined to one running text, with the place of every word in it.

A text file's words know where they stood in its characters (`Word.start`): they get those places again, so that every
offset of the joined text is one of the file. The words of other pages are put into reading order: two columns one
after the other, repeated page headers and footers left out, words joined that a hyphen divides at the end of a line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extractors.contract.columns import in_reading_order
from workitems.items import Page, Word

LINE_POINTS = 12.0  # height of a line on the pages that extractors.plain makes of text
EDGE_ROWS = 2  # rows at the top and at the bottom of a page that may be its header or footer
FURNITURE_LENGTH = 120
SHORT_ROW = 0.7  # of the usual width of the page's rows
MAX_GAP = 2_000_000  # characters; no file that is read is longer


class Placed(NamedTuple):
    """A word and where it stands in the joined text."""

    start: int
    end: int
    page: int  # index into the pages, from 0
    word: Word


def joined(pages: Sequence[Page]) -> tuple[str, list[Placed]]:
    """The running text and its words in order. Words of a text file keep their offsets."""
    words = [w for page in pages for w in page.words]
    if words and all(w.start is not None for w in words):
        return _as_in_the_file(pages)
    return _in_order(pages)


def _as_in_the_file(pages: Sequence[Page]) -> tuple[str, list[Placed]]:
    """White space between two words becomes as many line feeds as lines lie between them, then spaces."""
    pieces: list[str] = []
    placed: list[Placed] = []
    end = line = lines_before = 0
    for number, page in enumerate(pages):
        for word in sorted(page.words, key=lambda w: w.start or 0):
            start = word.start or 0
            if start < end or start - end > MAX_GAP:
                continue  # no file says so: two words at one place
            at = lines_before + round(word.box[1] * page.height / LINE_POINTS)
            gap = start - end
            if placed and not gap:  # a run without end that was cut: a blank for its last character breaks it here too
                pieces[-1] = pieces[-1][:-1] + " "
            feeds = min(max(at - line, 0), gap) if placed else 0
            pieces.append("\n" * feeds + " " * (gap - feeds) + word.text)
            end, line = start + len(word.text), at
            placed.append(Placed(start, end, number, word))
        lines_before += max(round(page.height / LINE_POINTS), 1)
    return "".join(pieces), placed


def _in_order(pages: Sequence[Page]) -> tuple[str, list[Placed]]:
    rows = [in_reading_order(page) for page in pages]
    furniture = _furniture(rows)
    joiner = _Joiner()
    for number, page_rows in enumerate(rows):
        pitch = _pitch(page_rows)
        usual = median(_width(row) for row in page_rows) if page_rows else 0.0
        above: list[Word] | None = None
        for place, row in enumerate(page_rows):
            if _at_edge(place, len(page_rows)) and _shape(row) in furniture:
                continue
            joiner.add(number, row, _break(above, row, pitch, usual) if above else "page")
            above = row
    return joiner.text, joiner.placed


class _Joiner:
    """Appends rows to the text."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.placed: list[Placed] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def add(self, page: int, row: Sequence[Word], gap: str) -> None:
        """A row; `gap` says what lies above it: "line", "paragraph" or "page"."""
        for n, word in enumerate(row):
            if n:
                self._put(" ")
            elif self._divided(word.text):
                self._unhyphen()
            elif self._pieces:
                ended = self._pieces[-1][-1:] in '.;:!?"”'
                self._put("\n\n" if gap == "paragraph" or (gap == "page" and ended) else "\n")
            start = self._length
            self._put(word.text)
            self.placed.append(Placed(start, self._length, page, word))

    def _put(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def _divided(self, following: str) -> bool:
        last = self._pieces[-1] if self._pieces else ""
        return len(last) > 2 and last[-1] in "-\u00ad" and last[-2].islower() and following[:1].islower()

    def _unhyphen(self) -> None:
        self._pieces[-1] = self._pieces[-1][:-1]
        self._length -= 1
        last = self.placed[-1]
        self.placed[-1] = Placed(last.start, self._length, last.page, last.word)


def _pitch(rows: Sequence[Sequence[Word]]) -> float:
    steps = [b[0].box[1] - a[0].box[1] for a, b in pairwise(rows)]
    down = [s for s in steps if s > 0]
    return median(down) if down else 0.0


def _width(row: Sequence[Word]) -> float:
    return row[-1].box[2] - row[0].box[0]


def _break(above: Sequence[Word], row: Sequence[Word], pitch: float, usual: float) -> str:
    """A wider gap ends a paragraph, and so does a short row (a heading, a last line) before a capital or a number."""
    step = row[0].box[1] - above[0].box[1]
    ended = _width(above) < SHORT_ROW * usual and not row[0].text[0].islower()
    return "paragraph" if ended or step < 0 or step > 1.45 * pitch else "line"


def _at_edge(place: int, count: int) -> bool:
    edge = min(EDGE_ROWS, max(count // 6, 1))
    return place < edge or place >= count - edge


def _shape(row: Sequence[Word]) -> str:
    return re.sub(r"\d+", "#", " ".join(w.text for w in row)).strip().lower()


def _furniture(rows: Sequence[Sequence[Sequence[Word]]]) -> frozenset[str]:
    """Shapes of short rows that stand at the edge of at least three pages and of every fourth, and page numbers."""
    counts = Counter(shape for page in rows for shape in set(_edge_shapes(page)))
    least = max(3, len(rows) // 4)
    found = {shape for shape, n in counts.items() if n >= least and len(shape) <= FURNITURE_LENGTH}
    return frozenset(found | {"#", "- # -", "-#-", "page #", "page # of #"})


def _edge_shapes(rows: Sequence[Sequence[Word]]) -> Iterator[str]:
    for place, row in enumerate(rows):
        if _at_edge(place, len(rows)):
            yield _shape(row)
