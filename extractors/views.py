"""The images of recognised pages, kept for a second look as long as their document is read.

Grey, as they were before they were turned and levelled: that is done again only for a page that is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workitems.items import Page

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 12_000_000
"""Larger images are not kept."""
MOST_PAGES = 3
"""Pages that are kept: the first ones and the last one, where the fields of a header and of sums stand."""


@dataclass
class View:
    """A page, the image that it was read from, and by how many degrees that was levelled."""

    page: Page
    image: Image
    levelled: float
    _held: Image | None = None

    def held(self) -> Image:
        """The image that the page's boxes refer to."""
        if self._held is None:
            from extractors.ocr import held_as_read

            self._held = held_as_read(self.image, self.page, self.levelled)
        return self._held


@dataclass
class Views:
    """Pages of one document that can be looked at again, with at most `looks` looks a page; 0: nothing is kept."""

    looks: int = 0
    kept: dict[int, View] = field(default_factory=dict)

    def keep(self, page: Page, image: Image, levelled: float) -> None:
        """Keeps a page; beyond the first ones it takes the place of the last one."""
        if not self.looks or image.width * image.height > MOST_PIXELS:
            return
        if len(self.kept) >= MOST_PAGES:
            del self.kept[max(self.kept)]
        self.kept[page.number] = View(page, image.convert("L"), levelled)
