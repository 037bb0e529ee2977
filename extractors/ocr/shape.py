"""The shape of a page decides how an engine looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

NARROW = 0.62  # width to height below which a page is no sheet of paper


def is_strip(image: Image) -> bool:
    """Whether the page is a strip, such as a till's receipt: its print is large and stands in one column."""
    return min(image.size) < NARROW * max(image.size)
