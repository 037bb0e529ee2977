"""Pictures of a document's pages for the screen. Runs in the bounded child: documents are hostile."""

from __future__ import annotations

import io

from extractors.images import frames, open_picture
from extractors.media import PDF, media_type_of
from extractors.refusal import Refused
from extractors.render import render_file

LONG_SIDE = 1600  # pixels: readable at the width of half a screen, and quick to send


def page_png(path: str, number: int) -> bytes | None:
    """Page `number` (from 1) of a PDF or picture file as PNG, or None where it cannot be drawn."""
    try:
        if media_type_of(path) == PDF:
            image = render_file(path, number, LONG_SIDE)
        else:
            image = next(iter(frames(open_picture(path), [number])))[1]
            image.thumbnail((LONG_SIDE, LONG_SIDE))
    except (Refused, StopIteration):
        return None
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()
