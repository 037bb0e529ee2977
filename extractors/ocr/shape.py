"""The shape of a page decides how an engine looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

NARROW = 0.62  # width to height below which a page is no sheet of paper
GRID = 64  # pixels: a multiple of 32, which detectors ask for, and so coarse that few sizes occur


def is_strip(image: Image) -> bool:
    """Whether the page is a strip, such as a till's receipt: its print is large and stands in one column."""
    return narrow(*image.size)


def narrow(wide: int, high: int) -> bool:
    """Whether sides of this length are those of a strip."""
    return min(wide, high) < NARROW * max(wide, high)


def detection_size(wide: int, high: int, side: int) -> tuple[int, int]:
    """The size at which lines are looked for: at most `side` pixels long (strips three quarters), on the grid."""
    limit = side * 3 // 4 if narrow(wide, high) else side
    scale = min(1.0, limit / max(wide, high, 1))
    return _on_grid(wide * scale), _on_grid(high * scale)


def _on_grid(pixels: float) -> int:
    return max(round(pixels / GRID), 1) * GRID
