"""Pages of a PDF as images, for recognition and for people to look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

from extractors.pdf_text import Pdf
from extractors.refusal import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 200
LONG_SIDE = 2400  # pixels: A4 at 200 dpi
LEAST_SIDE = 1000  # tiny pages are drawn larger, so that their print can be recognised


def render(pdf: Pdf, number: int, long_side: int = LONG_SIDE) -> Image:
    """Page `number` (from 1) in RGB with form fields and notes, at most `long_side` pixels. Raises Refused."""
    page = pdf.open_page(number)
    if page is None:
        raise Refused("unreadable", f"Page {number} of the PDF is damaged.")
    try:
        longest = max(page.get_width(), page.get_height())
        if not 0 < longest < 1e6:
            raise Refused("unreadable", f"Page {number} of the PDF has an impossible size.")
        scale = min(max(DPI / 72, LEAST_SIDE / longest), long_side / longest)
        bitmap = page.render(scale=scale, draw_annots=True, may_draw_forms=True, rev_byteorder=True, prefer_bgrx=True)
        try:
            image: Image = bitmap.to_pil().convert("RGB")
            return image
        finally:
            bitmap.close()
    except (pypdfium2.PdfiumError, ValueError, OverflowError) as error:
        raise Refused("unreadable", f"Page {number} of the PDF cannot be drawn.") from error
    finally:
        page.close()


def render_file(path: Path | str, number: int, long_side: int = LONG_SIDE) -> Image:
    """One page of a PDF file as an image. Raises Refused."""
    with Pdf(path) as pdf:
        return render(pdf, number, long_side)
