"""The rows of a page in the order in which a person reads them: two columns one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.pages import rows_of
from workitems.items import Page, Word

FEWEST_ROWS = 12  # a page of columns has more rows; shorter ones are tables and signature blocks
GRID = 200  # steps across the page
MIDDLE = range(70, 131)  # where the gap between two columns may lie
NARROWEST = 2  # steps that a gap is wide at least
CROSSED = 0.12  # of the rows may cross the gap: titles, footnotes
BOTH = 0.55  # of the rows have words on either side
BESIDE, ONE_SIDE = 0.35, 0.7  # or so many do, if with the rows on one side alone most are told


def in_reading_order(page: Page) -> list[list[Word]]:
    """Rows from top to bottom; on a page with two columns those of the left one, then those of the right one.

    Rows that cross the gap between the columns (titles) end one block of columns and begin the next.
    """
    rows = [list(row) for row in rows_of(page)]
    gap = column_gap(rows)
    if gap is None:
        return rows
    ordered: list[list[Word]] = []
    left: list[list[Word]] = []
    right: list[list[Word]] = []
    for row in rows:
        if any(w.box[0] < gap < w.box[2] for w in row):
            ordered += [*left, *right, row]
            left, right = [], []
            continue
        sides = [w for w in row if w.box[2] <= gap], [w for w in row if w.box[0] >= gap]
        left += [sides[0]] if sides[0] else []
        right += [sides[1]] if sides[1] else []
    return [*ordered, *left, *right]


def column_gap(rows: Sequence[Sequence[Word]]) -> float | None:
    """Where the gap between two columns lies (a fraction of the page's width); None on a page with one column."""
    if len(rows) < FEWEST_ROWS:
        return None
    crossed = [0] * (GRID + 1)
    for row in rows:
        covered: set[int] = set()
        for word in row:
            covered.update(range(max(int(word.box[0] * GRID), 0), min(int(word.box[2] * GRID) + 1, GRID) + 1))
        for step in covered:
            crossed[step] += 1
    allowed = CROSSED * len(rows)
    free = [step for step in MIDDLE if crossed[step] <= allowed]
    widest = max(_runs(free), key=len, default=[])
    if len(widest) < NARROWEST:
        return None
    gap = (widest[0] + widest[-1] + 1) / 2 / GRID
    return gap if _holds_columns(rows, gap) else None


def _runs(steps: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for step in steps:
        if runs and runs[-1][-1] == step - 1:
            runs[-1].append(step)
        else:
            runs.append([step])
    return runs


def _holds_columns(rows: Sequence[Sequence[Word]], gap: float) -> bool:
    """Most rows have running text on either side, not the few words of a table's cell."""
    both = alone = 0
    for row in rows:
        left, right = (sum(w.box[2] <= gap for w in row), sum(w.box[0] >= gap for w in row))
        both += left >= 3 and right >= 3
        alone += left + right == len(row) and min(left, right) == 0
    return both >= BOTH * len(rows) or (both >= BESIDE * len(rows) and both + alone >= ONE_SIDE * len(rows))
