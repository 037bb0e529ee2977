"""Recognition: the engines and how a page image is put right for them."""

from __future__ import annotations

from extractors.ocr.engines import engine_in_use, engine_named
from extractors.ocr.flatten import Corners, box_in_photograph, flattened
from extractors.ocr.second import Look, look_again
from extractors.ocr.upright import held_as_read, read_upright

__all__ = [
    "Corners",
    "Look",
    "box_in_photograph",
    "engine_in_use",
    "engine_named",
    "flattened",
    "held_as_read",
    "look_again",
    "read_upright",
]
