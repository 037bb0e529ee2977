"""A page as cells: pieces of a row with room around them, what stands right of each and what below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.joiner.labels import Label, label_of
from extractors.pages import box_around, rows_of, text_of, usual_height
from workitems.items import Box, Page, Word

GAP = 1.1  # of the usual word height: a wider gap parts two cells
GIVEN_GAP = 2.6  # the same in characters, where a page is a grid of them (text files)
MOST_CELLS = 900


@dataclass(eq=False)
class Cell:
    """A piece of a row. `right` and `below` are its neighbours; `label` what it asks for, if it does."""

    words: tuple[Word, ...]
    page: int
    row: int
    box: Box
    text: str = ""
    label: Label | None = None
    right: Cell | None = None
    below: Cell | None = None
    section: str = ""  # the nearest line above that stands alone without a value: what part of the form this is
    paragraph: bool = field(default=False)

    @property
    def rest(self) -> str:
        """What follows the label in the same cell."""
        return self.text[self.label.end :].strip(" :._\t-–…*") if self.label else ""


def cells_of(pages: Sequence[Page]) -> list[Cell]:
    """All cells, page by page, top to bottom."""
    found: list[Cell] = []
    for page in pages:
        found.extend(_on_page(page, MOST_CELLS - len(found)))
    return found


def _on_page(page: Page, most: int) -> list[Cell]:
    usual = usual_height(page) * page.height
    rows = [[_cell(page, n, words) for words in _split(row, page, usual)] for n, row in enumerate(rows_of(page))]
    cells = [cell for row in rows for cell in row][: max(most, 0)]
    for row in rows:
        for left, right in pairwise(row):
            left.right = right
    for n, row in enumerate(rows):
        for cell in row:
            cell.below = _below(cell, rows[n + 1 : n + 4], usual / page.height)
    section = ""
    for row in rows:
        alone = len(row) == 1 and row[0].label is None and len(row[0].text) < 60
        if alone and row[0].below is not None and row[0].below.label is not None:
            section = row[0].text
        for cell in row:
            cell.section = section
    return cells


def _cell(page: Page, row: int, words: tuple[Word, ...]) -> Cell:
    text = text_of(words)
    return Cell(words, page.number, row, box_around(words), text, label_of(text), paragraph=len(words) > 12)


def _split(row: Sequence[Word], page: Page, usual: float) -> list[tuple[Word, ...]]:
    """The row at its wide gaps, and after words that end a label where a new one follows."""
    parts: list[list[Word]] = []
    for word in row:
        gap = (word.box[0] - parts[-1][-1].box[2]) * page.width if parts else 0.0
        wide = GAP * usual
        if page.source == "text" and parts:
            last = parts[-1][-1]
            wide = min(wide, GIVEN_GAP * (last.box[2] - last.box[0]) * page.width / max(len(last.text), 1))
        if parts and gap <= wide:
            parts[-1].append(word)
        else:
            parts.append([word])
    return [tuple(part) for part in parts]


def _below(cell: Cell, rows: Sequence[Sequence[Cell]], usual: float) -> Cell | None:
    """The nearest cell under this one that begins about where it begins, or overlaps it most."""
    for row in rows:
        if row and row[0].box[1] - cell.box[3] > 3.0 * usual:
            return None
        near = [c for c in row if min(c.box[2], cell.box[2]) > max(c.box[0], cell.box[0]) - usual]
        if near:
            return min(near, key=lambda c: abs(c.box[0] - cell.box[0]))
    return None
