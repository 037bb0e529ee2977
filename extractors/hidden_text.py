"""Values in a PDF's text layer that cannot be seen on its page: white on white, invisible, covered, too small.

A person sees another document than the reader does, by accident or on purpose, so a person has to look.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from extractors.pdf_text import Pdf
from extractors.refusal import Refused
from extractors.render import render
from workitems.items import Box, Doubt, Paper, Reading

if TYPE_CHECKING:
    from PIL.Image import Image

MATTERS = ("total", "iban", "number", "supplier_name")
LONG_SIDE = 900  # pixels of the drawn page: a line of text is 8 high
LEAST_CONTRAST = 16  # of 255 between the darkest and the lightest pixel: light grey print has 40


def with_hidden_told(paper: Paper, pdf: Pdf, drawn: Container[int]) -> Paper:
    """The paper, and each of its parts, with a doubt for each value that matters and is not seen where its text stands.

    `drawn`: the pages whose text is their own. Each that holds such a value is drawn (some 10 ms); one that cannot be
    drawn gives no doubt.
    """
    doubts = (*paper.doubts, *_hidden(paper, pdf, drawn))
    parts = tuple(
        p if p.paper is None else p.model_copy(update={"paper": with_hidden_told(p.paper, pdf, drawn)})
        for p in paper.parts
    )
    return paper.model_copy(update={"doubts": doubts, "parts": parts})


def _hidden(paper: Paper, pdf: Pdf, drawn: Container[int]) -> Iterator[Doubt]:
    images: dict[int, Image | None] = {}
    for name in MATTERS:
        reading = paper.fields.get(name)
        if reading is None or reading.page is None or reading.page not in drawn or reading.box is None:
            continue
        if reading.page not in images:
            images[reading.page] = _drawn(pdf, reading.page)
        image = images[reading.page]
        if image is not None and not _is_seen(image, reading.box):
            yield _doubt(name, reading)


def _drawn(pdf: Pdf, number: int) -> Image | None:
    try:
        return render(pdf, number, LONG_SIDE).convert("L")
    except Refused:
        return None


def _is_seen(image: Image, box: Box) -> bool:
    sides = (int(box[0] * image.width), int(box[1] * image.height)), (box[2] * image.width, box[3] * image.height)
    (left, top), (right, bottom) = sides
    low, high = image.crop((left, top, max(int(right), left) + 1, max(int(bottom), top) + 1)).getextrema()
    return float(high) - float(low) >= LEAST_CONTRAST  # type: ignore[arg-type]  # one band: two numbers


def _doubt(name: str, reading: Reading) -> Doubt:
    what = name.replace("_", " ").replace("iban", "IBAN")
    message = (
        f"The {what} “{reading.value[:60]}” stands in the file, but cannot be seen on page {reading.page}. "
        "Compare with what the page shows."
    )
    return Doubt(code="hidden_text", message=message, field=name)
