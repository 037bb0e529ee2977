"""A second look at one place of a page, with other eyes: another engine, another size of print."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from extractors.ocr.engines import engine_loaded, engine_named
from extractors.ocr.tesseract import TesseractEngine, TesseractMissing
from extractors.settings import ReadingSettings
from workitems.items import Box

if TYPE_CHECKING:
    from PIL.Image import Image

Hint = Literal["text", "amount", "date", "number", "iban"]
# What may stand in a value of each kind; anything else there is the neighbour's or noise:
LETTERS: dict[Hint, str] = {
    "amount": "0123456789.,'-+()",
    "date": "0123456789./-: ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzäéûÄÉ",
    "iban": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ",
}
SECOND = TesseractEngine.name
ASIDE, ABOVE = 0.4, 0.2  # how much more than the box is looked at, in its heights: letters must not be cut
LEAST_CONTRAST = 25  # grey levels; an engine sees letters in the grain of empty paper
BESIDE = 0.25  # the same where the page's own engine reads a line again, as it cuts lines out
HEIGHT = 40  # pixels to which small print is made larger


class Look(NamedTuple):
    """What a second look saw: "" with confidence 0.0 where it saw nothing."""

    text: str
    confidence: float  # of the least sure word
    engine: str


def look_again(image: Image, box: Box, hint: Hint = "text", language: str | None = None) -> Look:
    """Reads one place again: by Tesseract, where it is not there by the usual models at another size.

    `image` is the page as it was read (upright.held_as_read), `box` one line or a part of it. Takes about 30 ms.
    Raises Refused (timeout).
    """
    part = crop(image, box)
    tesseract = _tesseract()
    darkest, lightest = part.convert("L").getextrema()
    if lightest - darkest < LEAST_CONTRAST:  # type: ignore[operator]  # of one band it is two numbers
        return Look("", 0.0, tesseract.name if tesseract else "")
    if tesseract is None:
        return _by_models(part, hint)
    words = tesseract.read_line(part, language)
    text = _kept(" ".join(word.text for word in words), hint)
    return Look(text, min((word.confidence for word in words), default=0.0) if text else 0.0, tesseract.name)


def same_again(image: Image, boxes: Sequence[Box], engine: str) -> list[str] | None:
    """What the page's own engine reads on lines that are cut out anew; None where it is not loaded or reads pages only.

    Letters that it was hardly sure of often come out otherwise. Takes about 25 ms a line.
    """
    from extractors.ocr.vino import VinoEngine

    loaded = engine_loaded(engine)
    if not isinstance(loaded, VinoEngine):
        return None
    return [loaded.read_line(_line(image, box)).text for box in boxes]


def _line(image: Image, box: Box) -> Image:
    """A line with a margin beside it and hardly any above."""
    x0, y0, x1, y1 = box[0] * image.width, box[1] * image.height, box[2] * image.width, box[3] * image.height
    high = max(y1 - y0, 1.0)
    left, top = max(0, int(x0 - BESIDE * high)), max(0, int(y0))
    right, bottom = min(image.width, int(x1 + BESIDE * high) + 1), min(image.height, int(y1) + 1)
    return image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def has_second_eyes() -> bool:
    """Whether another engine than the usual one is there."""
    return _tesseract() is not None


def crop(image: Image, box: Box) -> Image:
    """The place on the page with a margin; small print larger, which the engine's own enlarging is spared."""
    from PIL.Image import Resampling

    x0, y0, x1, y1 = box[0] * image.width, box[1] * image.height, box[2] * image.width, box[3] * image.height
    high = max(y1 - y0, 1.0)
    sides = (x0 - ASIDE * high, y0 - ABOVE * high, x1 + ASIDE * high, y1 + ABOVE * high)
    left, top = max(int(sides[0]), 0), max(int(sides[1]), 0)
    right, bottom = min(int(sides[2]) + 1, image.width), min(int(sides[3]) + 1, image.height)
    part = image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    scale = HEIGHT / high
    if not 1.0 < scale <= 8.0:
        return part
    return part.resize((round(part.width * scale), round(part.height * scale)), Resampling.BICUBIC)


def _by_models(part: Image, hint: Hint) -> Look:
    page = engine_named(ReadingSettings()).read(part, 1)
    text = _kept(" ".join(word.text for word in page.words), hint)
    sure = min((word.confidence for word in page.words), default=0.0) if text else 0.0
    return Look(text, sure, page.engine or "")


def _kept(text: str, hint: Hint) -> str:
    letters = LETTERS.get(hint)
    if letters is None:
        return text.strip()
    kept = "".join(c for c in text if c in letters).strip()
    return kept.strip(".,' ") if hint == "amount" else kept


@cache
def _tesseract() -> TesseractEngine | None:
    try:
        return TesseractEngine()
    except TesseractMissing:
        return None
