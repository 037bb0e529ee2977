"""From paper to readings. The ports of the readers' exchangeable parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from workitems.items import Page

if TYPE_CHECKING:
    from PIL.Image import Image


class OcrEngine(Protocol):
    """Recognises the words of one page image."""

    name: str

    def read(self, image: Image, number: int, language: str | None = None) -> Page:
        """The page's words with boxes (fractions of the image) and confidences; `number` counts from 1."""
        ...
