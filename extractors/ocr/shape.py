"""The shape of a page decides how an engine looks at it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    from workitems.items import Page

NARROW = 0.62  # width to height below which a page is no sheet of paper
SHEET = 0.72  # width to height of a sheet of paper
STRIP_WIDTH = 384  # pixels: 40 characters of 10
GRID = 64  # pixels: a multiple of 32, which detectors ask for, and so coarse that few sizes occur
MOST_CELLS = 64  # of the grid along a side: of a thread of 30,000 pixels no more is of use


def is_strip(image: Image) -> bool:
    """Whether the page is a strip, such as a till's receipt: its print is large and stands in one column."""
    return narrow(*image.size)


def narrow(wide: int, high: int) -> bool:
    """Whether sides of this length are those of a strip."""
    return min(wide, high) < NARROW * max(wide, high)


def is_till_strip(page: Page) -> bool:
    """Whether a page, held as it is read, is a till's receipt: they name cards ("VISA"), but are none."""
    return page.width < NARROW * page.height


def detection_size(wide: int, high: int, side: int) -> tuple[int, int]:
    """The size at which lines are looked for: at most `side` pixels long (strips three quarters), on the grid.

    A long strip would lose its print that way: it keeps at least STRIP_WIDTH, as far as the size of a sheet allows.
    """
    limit = side * 3 // 4 if narrow(wide, high) else side
    scale = shrinkage((wide, high), limit, STRIP_WIDTH, int(side * side * SHEET))
    return _on_grid(wide * scale), _on_grid(high * scale)


def shrinkage(size: tuple[int, int], long: int, short: int, area: int) -> float:
    """By what an image is made smaller to be at most `long` pixels long or else `short` wide, and at most `area`."""
    longest, shortest = max(*size, 1), max(min(size), 1)
    return min(1.0, max(long / longest, short / shortest), math.sqrt(area / (longest * shortest)))


def _on_grid(pixels: float) -> int:
    return min(max(round(pixels / GRID), 1), MOST_CELLS) * GRID
