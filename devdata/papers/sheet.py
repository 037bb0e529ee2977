"""A PDF page to write on from the top down, with tables that run over several pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import reportlab
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
BLACK, GREY, PALE = HexColor("#111111"), HexColor("#6b6f76"), HexColor("#eef0f3")
_FONTS = Path(reportlab.__file__).parent / "fonts"
for _name, _file in (("Vera", "Vera.ttf"), ("Vera-Bold", "VeraBd.ttf")):
    pdfmetrics.registerFont(TTFont(_name, str(_FONTS / _file)))


@dataclass(frozen=True)
class Face:
    """A plain and a bold font."""

    plain: str
    bold: str


HELVETICA = Face("Helvetica", "Helvetica-Bold")
TIMES = Face("Times-Roman", "Times-Bold")
COURIER = Face("Courier", "Courier-Bold")
VERA = Face("Vera", "Vera-Bold")  # embedded, as PDF/A wants it


@dataclass(frozen=True)
class Column:
    """A table column: its title, where it begins and ends (mm from the left edge), and whether it is right-aligned."""

    title: str
    left: float
    right: float
    to_right: bool = False


@dataclass
class Sheet:
    """A document being written. `y` is the next line's place in mm from the top of the current page."""

    face: Face
    size: tuple[float, float] = A4
    top: float = 20  # where continued pages begin
    bottom: float = 250  # below it stands the footer
    title: str = ""
    each_page: Callable[[Sheet, int], None] | None = None
    y: float = 0
    page: int = 1
    _out: BytesIO = field(default_factory=BytesIO)

    def __post_init__(self) -> None:
        # invariant: no time of making and no random id in the file
        self.canvas = Canvas(self._out, pagesize=self.size, invariant=1, pageCompression=1)
        self.canvas.setTitle(self.title)
        if self.each_page:
            self.each_page(self, self.page)

    def text(
        self,
        x: float,
        y: float,
        value: str,
        size: float = 9.5,
        *,
        bold: bool = False,
        color: Color = BLACK,
        align: str = "",
    ) -> None:
        """Writes one line; `x` is its left end, its right end ("r") or its middle ("c")."""
        self.canvas.setFillColor(color)
        self.canvas.setFont(self.face.bold if bold else self.face.plain, size)
        draw = {"r": self.canvas.drawRightString, "c": self.canvas.drawCentredString}.get(align, self.canvas.drawString)
        draw(x * MM, self.size[1] - y * MM, value)

    def lines(
        self, x: float, y: float, values: Sequence[str], size: float = 9.5, step: float = 4.6, **how: object
    ) -> float:
        """Writes lines below each other; returns the place below the last one."""
        for value in values:
            self.text(x, y, value, size, **how)  # type: ignore[arg-type]
            y += step
        return y

    def wrapped(self, value: str, width: float, size: float, bold: bool = False) -> list[str]:
        """The lines of a text in `width` mm."""
        return list(simpleSplit(value, self.face.bold if bold else self.face.plain, size, width * MM))

    def rule(self, x0: float, x1: float, y: float, weight: float = 0.5, color: Color = BLACK) -> None:
        """A horizontal line."""
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(weight)
        self.canvas.line(x0 * MM, self.size[1] - y * MM, x1 * MM, self.size[1] - y * MM)

    def box(
        self, x0: float, y0: float, x1: float, y1: float, *, fill: Color | None = None, edge: Color | None = BLACK
    ) -> None:
        """A rectangle, filled or with an edge or both."""
        if fill is not None:
            self.canvas.setFillColor(fill)
        if edge is not None:
            self.canvas.setStrokeColor(edge)
            self.canvas.setLineWidth(0.5)
        place = (x0 * MM, self.size[1] - y1 * MM, (x1 - x0) * MM, (y1 - y0) * MM)
        self.canvas.rect(*place, fill=int(fill is not None), stroke=int(edge is not None))

    def turn(self) -> None:
        """Goes on to the next page."""
        self.canvas.showPage()
        self.page += 1
        self.y = self.top
        if self.each_page:
            self.each_page(self, self.page)

    def room(self, height: float) -> bool:
        """Turns the page unless `height` mm are left; returns whether it did."""
        if self.y + height <= self.bottom:
            return False
        self.turn()
        return True

    def done(self) -> bytes:
        """The finished PDF."""
        self.canvas.save()
        return self._out.getvalue()


@dataclass
class Grid:
    """A table on a sheet, whose head is repeated on every page."""

    sheet: Sheet
    columns: Sequence[Column]
    size: float = 9
    head_fill: Color | None = None
    head_color: Color = BLACK
    ruled: bool = False  # a line below every row
    boxed: bool = False  # vertical lines too
    _tops: list[float] = field(default_factory=list)

    def head(self) -> None:
        """The titles."""
        s = self.sheet
        left, right = self.columns[0].left, self.columns[-1].right
        top = s.y - 4.4
        if self.head_fill is not None or self.boxed:
            s.box(left - 1, top, right + 1, s.y + 2, fill=self.head_fill, edge=BLACK if self.boxed else None)
        for column in self.columns:
            align = "r" if column.to_right else ""
            s.text(*self._at(column), column.title, self.size, bold=True, color=self.head_color, align=align)
        if self.head_fill is None and not self.boxed:
            s.rule(left, right, s.y + 1.8, 0.8)
        self._tops = [top]
        s.y += 7

    def _at(self, column: Column) -> tuple[float, float]:
        return (column.right if column.to_right else column.left, self.sheet.y)

    def row(self, cells: Sequence[str], details: Sequence[str] = (), carry: str = "", then: str = "") -> None:
        """One row; cells wrap, `details` stand below the widest text.

        Where the page is turned, the sum carried over is written: `carry` before the row, `then` inside it.
        """
        s, size = self.sheet, self.size
        wraps = [s.wrapped(c, col.right - col.left, size) for c, col in zip(cells, self.columns, strict=True)]
        height = max(len(w) for w in wraps) * 4.3 + len(details) * 3.9 + 2.6
        if s.y + min(height, 30) > s.bottom:
            self._turn(carry)
        start = s.y
        for lines, column in zip(wraps, self.columns, strict=True):
            for i, line in enumerate(lines):
                place = column.right if column.to_right else column.left
                s.text(place, start + 4.3 * i, line, size, align="r" if column.to_right else "")
        s.y = start + max(len(w) for w in wraps) * 4.3
        text_column = max(self.columns, key=lambda c: c.right - c.left)
        for detail in details:
            if s.y + 4 > s.bottom:
                self._turn(then)
            s.text(text_column.left, s.y, detail, size - 1, color=GREY)
            s.y += 3.9
        if self.ruled:
            s.rule(self.columns[0].left - 1, self.columns[-1].right + 1, s.y - 2.2, 0.3)
        s.y += 2.6

    def _turn(self, carry: str) -> None:
        self.close()
        if carry:
            self.sheet.text(self.columns[-1].right, self.sheet.y, carry, self.size, bold=True, align="r")
        self.sheet.turn()
        self.head()
        if carry:
            self.sheet.text(self.columns[-1].right, self.sheet.y, carry, self.size, bold=True, align="r")
            self.sheet.y += 6

    def close(self) -> None:
        """Ends the table on this page."""
        s = self.sheet
        left, right = self.columns[0].left - 1, self.columns[-1].right + 1
        if self.boxed and self._tops:
            bottom = s.y - 2.2
            s.box(left, self._tops[0], right, bottom)
            for before, after in zip(self.columns, self.columns[1:], strict=False):
                x = (before.right + after.left) / 2 * MM
                s.canvas.line(x, s.size[1] - self._tops[0] * MM, x, s.size[1] - bottom * MM)
        elif not self.ruled:
            s.rule(left + 1, right - 1, s.y - 2, 0.5)
        s.y += 3
