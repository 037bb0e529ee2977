"""The head of a receipt as lines with what is known of each: the ground that names and addresses are ranked on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from extractors.invoice.blocks import (
    is_company,
    is_contact,
    is_id,
    is_region,
    is_street,
    is_title,
    is_town,
    legal_strength,
    may_be_name,
)
from extractors.invoice.candidates import Context
from extractors.invoice.layout import Cell, Piece
from extractors.invoice.spelling import unaccented
from extractors.values import dates_in, plain

DEPTH = 24
"""Rows of the first page in which the shop's name and address stand."""

_OPENING = re.compile(r"^\W*(?:no\.?|lot|unit|suite|\d|[a-z]{1,2}\d|[a-z]?-?\d|level|ground|jalan|jln|block|blok)")
_OWNER = re.compile(r"own(?:ed)?\s*by|dimiliki|f\.?k\.?a|formerly|managed|operated|franchise|licen[cs]e")
_POSTCODE = re.compile(r"(?<![\d-])\d{5}(?![\d-])")


@dataclass(frozen=True)
class Line:
    """One row of the head: its words as one cell."""

    cell: Cell
    text: str
    folded: str

    @cached_property
    def signs(self) -> dict[str, float]:
        """What kind of line it is, as numbers."""
        text = self.folded
        letters = sum(c.isalpha() for c in text)
        digits = sum(c.isdigit() for c in text)
        bare = max(1, letters + digits)
        return {
            "legal": legal_strength(text),
            "company": float(is_company(text)),
            "street": float(is_street(text)),
            "town": float(is_town(text)),
            "region": float(is_region(text)),
            "contact": float(is_contact(text)),
            "id": float(is_id(text)),
            "title": float(is_title(text)),
            "name": float(may_be_name(text)),
            "date": float(next(dates_in(text), None) is not None),
            "opening": float(bool(_OPENING.match(text))),
            "owner": float(bool(_OWNER.search(text))),
            "postcode": float(bool(_POSTCODE.search(text))),
            "brackets": float(text.startswith("(") and text.rstrip(" .,").endswith(")")),
            "unclosed": float(text.count("(") - text.count(")")),
            "commas": float(text.count(",")),
            "comma": float(text.rstrip().endswith((",", "&", "-"))),
            "stop": float(text.rstrip().endswith(".")),
            "colon": float(":" in text),
            "digits": digits / bare,
            "letters": float(min(letters, 60)),
            "words": float(len(text.split())),
            "capitals": sum(c.isupper() for c in self.text) / max(1, letters),
        }


@dataclass(frozen=True)
class Head:
    """The lines, and the measures of the page around them."""

    lines: tuple[Line, ...]
    text_height: float
    width: float
    rest: str  # letters and digits of what stands below the head

    @cached_property
    def tallest(self) -> float:
        """The height of the tallest line."""
        return max((self.height(n) for n in range(len(self.lines))), default=1.0)

    def gap(self, n: int) -> float:
        """The white space above line n, in text heights; 9 above the first."""
        if not 0 < n < len(self.lines):
            return 9.0
        space = self.lines[n].cell.y0 - self.lines[n - 1].cell.y1
        return max(-1.0, min(9.0, space / max(self.text_height, 1e-6)))

    def height(self, n: int) -> float:
        """The height of line n against the usual one; by words, since a row may slope."""
        heights = sorted(p.height for p in self.lines[n].cell.pieces)
        return min(6.0, heights[len(heights) // 2] / max(self.text_height, 1e-6))

    def pieces(self, first: int, last: int) -> tuple[Piece, ...]:
        """The words of lines first to last."""
        return tuple(p for line in self.lines[first : last + 1] for p in line.cell.pieces)


@lru_cache(maxsize=2)
def head_of(context: Context) -> Head:
    """The head of the document's first page."""
    page = context.sheet.first_page
    rows = [r for r in context.sheet.rows if r.page == page]
    cells = [Cell(r.pieces, r.page, r.index) for r in rows[:DEPTH]]
    heights = sorted(p.height for r in rows for p in r.pieces)
    return Head(
        lines=tuple(_line(c) for c in cells),
        text_height=heights[len(heights) // 2] if heights else 1.0,
        width=context.sheet.sizes[page][0] if rows else 1.0,
        rest="".join(c for r in rows[DEPTH:] for c in r.folded if c.isalnum()),
    )


def _line(cell: Cell) -> Line:
    text = unaccented(cell.text)
    return Line(cell, text, plain(text))


def joined(lines: Sequence[Line]) -> str:
    """Some lines as one text."""
    return " ".join(line.text for line in lines)
