"""Pictures of a document's pages for the screen. Runs in the bounded child: documents are hostile."""

from __future__ import annotations

import io

from extractors.docx import text_of
from extractors.images import frame_count, frames, open_picture
from extractors.media import PDF, media_type_of
from extractors.pdf_text import Pdf
from extractors.refusal import Refused
from extractors.render import render_file

LONG_SIDE = 1600  # pixels: readable at the width of half a screen, and quick to send


LONGEST_TEXT = 400_000  # characters of a Word file
TEXT = -1


def look(path: str, number: int) -> bytes | int | str | None:
    """Page `number` (from 1) of a PDF or picture file as PNG; the number 0 asks how many pages there are.

    The number TEXT asks for the text of a Word file. None where nothing can be drawn.
    """
    try:
        if number == TEXT:
            return text_of(path)[:LONGEST_TEXT]
        return page_png(path, number) if number else page_count(path)
    except (Refused, StopIteration):
        return None


def page_count(path: str) -> int:
    """How many pages a file has. Raises Refused."""
    if media_type_of(path) != PDF:
        return frame_count(open_picture(path))
    with Pdf(path) as pdf:
        return pdf.page_count


def page_png(path: str, number: int) -> bytes:
    """A page as PNG. Raises Refused, or StopIteration for a picture without such a page."""
    if media_type_of(path) == PDF:
        image = render_file(path, number, LONG_SIDE)
    else:
        image = next(iter(frames(open_picture(path), [number])))[1]
        image.thumbnail((LONG_SIDE, LONG_SIDE))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()
