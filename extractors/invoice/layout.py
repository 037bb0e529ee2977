"""Words to rows and cells: what stands beside, above and below what.

A cell is a run of words on one row that stand close together; a row is everything at one height. Distances are
measured in heights of the text, so that they mean the same in points and in pixels.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from extractors.values import mend_digits, plain
from workitems.items import Box, Page, Word

MAX_WORDS = 40_000
"""Words of a document that are looked at; what comes after is left out, and the document says so."""
LONGEST = 160
"""Characters of a word that are looked at."""
CELL_GAP = 0.85
"""Words of a cell are at most this many text heights apart; columns stand further apart."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word in page units (points or pixels), from the top left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(eq=False)
class Cell:
    """Neighbouring words of one row as one text."""

    pieces: list[Piece]
    page: int
    row: int
    index: int = 0
    text: str = ""
    folded: str = ""
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        parts, at = [], 0
        for piece in self.pieces:
            self.starts.append(at)
            parts.append(piece.text)
            at += len(piece.text) + 1
        self.text = " ".join(parts)
        self.folded = plain(self.text)
        self.x0 = self.pieces[0].x0
        self.x1 = max(p.x1 for p in self.pieces)
        self.y0 = min(p.y0 for p in self.pieces)
        self.y1 = max(p.y1 for p in self.pieces)

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    def span(self, start: int, end: int) -> list[Piece]:
        """The words that the characters from `start` to `end` touch."""
        first = max(bisect_right(self.starts, start) - 1, 0)  # a cell may hold all words of a file
        if self.starts[first] + len(self.pieces[first].text) <= start:
            first += 1
        return self.pieces[first : bisect_left(self.starts, end)] or self.pieces[-1:]


@dataclass
class Row:
    """Cells at one height, from left to right."""

    cells: list[Cell]
    page: int
    index: int

    def __post_init__(self) -> None:
        self.y0 = min(c.y0 for c in self.cells)
        self.y1 = max(c.y1 for c in self.cells)
        self.text = "  ".join(c.text for c in self.cells)
        self.folded = plain(self.text)

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @cached_property
    def pieces(self) -> list[Piece]:
        """All words, from left to right."""
        return [p for c in self.cells for p in c.pieces]


@dataclass(eq=False)
class Sheet:
    """All rows of a document, page after page."""

    pages: Sequence[Page]
    rows: list[Row]
    is_cut: bool = False  # a document without end: its last words were left out

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells in reading order."""
        return [c for r in self.rows for c in r.cells]

    @property
    def first_page(self) -> int:
        """The number of the first page."""
        return self.pages[0].number if self.pages else 1

    @cached_property
    def sizes(self) -> dict[int, tuple[float, float]]:
        """Width and height of each page in its own units."""
        return {p.number: (p.width or 1.0, p.height or 1.0) for p in self.pages}

    @cached_property
    def text_height(self) -> float:
        """The usual height of a row."""
        heights = sorted(r.height for r in self.rows)
        return heights[len(heights) // 2] if heights else 1.0

    @property
    def is_ocr(self) -> bool:
        """Whether the text was recognised, so that letters may be wrong."""
        return any(p.source == "ocr" for p in self.pages)

    def box(self, page: int, pieces: Sequence[Piece]) -> Box:
        """The box around some words, as fractions of their page."""
        width, height = self.sizes[page]
        x0, y0 = min(p.x0 for p in pieces) / width, min(p.y0 for p in pieces) / height
        x1, y1 = max(p.x1 for p in pieces) / width, max(p.y1 for p in pieces) / height
        return (round(max(0.0, x0), 4), round(max(0.0, y0), 4), round(min(1.0, x1), 4), round(min(1.0, y1), 4))

    def place(self, cell: Cell) -> tuple[float, float]:
        """Left edge and middle of a cell as fractions of its page."""
        width, height = self.sizes[cell.page]
        return cell.x0 / width, cell.middle / height

    def below(self, cell: Cell, rows: int) -> Iterator[tuple[int, Row]]:
        """The next rows on the same page, nearest first, with their number counted from 1."""
        for n in range(1, rows + 1):
            at = cell.row + n
            if at >= len(self.rows) or self.rows[at].page != cell.page:
                return
            yield n, self.rows[at]


def lay_out(pages: Sequence[Page]) -> Sheet:
    """The rows of all pages. Words without extent and vertical text on the margin are left out."""
    rows: list[Row] = []
    left = MAX_WORDS
    for page in pages:
        pieces = [p for w in page.words[:left] if (p := _piece(w, page)) is not None and not _is_upended(p, page)]
        left = max(0, left - len(page.words))
        for line in _lines(_without_margin_text(pieces, page)):
            index = len(rows)
            cells = [Cell(run, page.number, index, i) for i, run in enumerate(_runs(line))]
            rows.append(Row(cells, page.number, index))
    return Sheet(pages, rows, is_cut=sum(len(p.words) for p in pages) > MAX_WORDS)


def _piece(word: Word, page: Page) -> Piece | None:
    text = " ".join(word.text[:LONGEST].split())
    x0, y0, x1, y1 = word.box
    if not text or x1 <= x0 or y1 <= y0:
        return None
    if page.source == "ocr":
        text = mend_digits(text)
    width, height = page.width or 1.0, page.height or 1.0
    return Piece(text, x0 * width, y0 * height, x1 * width, y1 * height, word.confidence)


def _is_upended(piece: Piece, page: Page) -> bool:
    """A word that runs up or down the page: it crosses several rows and belongs to none. Boxes of recognised words
    are rough, so there only long words tell."""
    least = {3: 2.0, 4: 1.2} if page.source != "ocr" else {3: 9.0, 4: 9.0}
    ratio = least.get(len(piece.text), 1.2 if page.source != "ocr" else 1.6)
    return len(piece.text) >= 3 and piece.height > ratio * (piece.x1 - piece.x0)


def _without_margin_text(pieces: list[Piece], page: Page) -> list[Piece]:
    """Text that runs up the margin comes as a column of single letters: it belongs to no row."""
    edge = [p for p in pieces if len(p.text) <= 2 and (p.x1 < 0.08 * page.width or p.x0 > 0.94 * page.width)]
    columns = Counter(round(p.x0 / max(1.0, p.height)) for p in edge)
    margin = {c for c, n in columns.items() if n >= 10}
    gone = {id(p) for p in edge if round(p.x0 / max(1.0, p.height)) in margin and not p.text.isdigit()}
    if not gone:
        return pieces
    columns_gone = [p for p in edge if id(p) in gone]
    left, right = min(p.x0 for p in columns_gone), max(p.x1 for p in columns_gone)
    return [p for p in pieces if not (len(p.text) <= 2 and p.x0 >= left - 1 and p.x1 <= right + 1)]


def _lines(pieces: list[Piece]) -> list[list[Piece]]:
    """Groups of words at one height, top to bottom. A word joins the open line whose middle it crosses."""
    lines: list[_Line] = []
    middles: list[float] = []
    for piece in sorted(pieces, key=lambda p: p.middle):
        best, best_gap = -1, 0.0
        for i in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            gap = abs(middles[i] - piece.middle)
            reach = 0.45 * min(piece.height, lines[i].pieces[0].height) + 0.05 * piece.height
            if gap <= reach and (best < 0 or gap < best_gap) and not lines[i].covers(piece):
                best, best_gap = i, gap
        if best < 0:
            lines.append(_Line(piece))
            middles.append(piece.middle)
        else:
            lines[best].add(piece)
            middles[best] += (piece.middle - middles[best]) / len(lines[best].pieces)
    order = sorted(range(len(lines)), key=lambda i: middles[i])
    return [sorted(lines[i].pieces, key=lambda p: p.x0) for i in order]


class _Line:
    """The words of one line while it is put together; ordered, because one line may hold all words of a file."""

    def __init__(self, piece: Piece) -> None:
        self.pieces = [piece]
        self._placed = [piece]  # by their left ends
        self._widest = piece.x1 - piece.x0

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        insort(self._placed, piece, key=lambda p: p.x0)
        self._widest = max(self._widest, piece.x1 - piece.x0)

    def covers(self, piece: Piece) -> bool:
        """Whether the line already has a word where this one stands: then they are two lines that lie close."""
        width = piece.x1 - piece.x0
        first = bisect_left(self._placed, piece.x0 - self._widest, key=lambda p: p.x0)
        last = bisect_left(self._placed, piece.x1, key=lambda p: p.x0)
        near = self._placed[first:last]
        return any(min(p.x1, piece.x1) - max(p.x0, piece.x0) > 0.4 * min(width, p.x1 - p.x0) for p in near)


def _runs(line: list[Piece]) -> Iterator[list[Piece]]:
    run: list[Piece] = []
    for piece in line:
        if run and piece.x0 - run[-1].x1 > CELL_GAP * min(piece.height, run[-1].height):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run
