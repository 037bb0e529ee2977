"""Recognition: the engines and how a page image is put right for them."""

from __future__ import annotations

from extractors.ocr.engines import engine_named
from extractors.ocr.upright import read_upright

__all__ = ["engine_named", "read_upright"]
