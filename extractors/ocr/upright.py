"""Page images put right before they are recognised: sideways, upside down, skewed, empty.

The direction of the rows is measured on the image (cheap); which of the two ends is up shows in what is recognised.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from extractors.ocr.shape import shrinkage
from extractors.text_quality import plausible_share
from workitems.items import Page, Word

if TYPE_CHECKING:
    import numpy
    from PIL.Image import Image

    from extractors import OcrEngine

SMALL_SIDE = 700  # the look at the rows is taken on an image of this long side
SMALL_WIDTH = 250  # of long strips, where 700 pixels of length would not show any print
MAX_POINTS = 40_000
MAX_SKEW = 10.0  # degrees that a page is looked for to be skewed
LEAST_SKEW = 0.3  # less is left as it is: turning an image blurs it
SIDEWAYS = 1.6  # how much clearer columns of ink must be than rows before a page counts as lying on its side
GOOD = 0.62  # quality of a recognised page with which no other direction is tried
FAIR = 0.35  # quality with which only the opposite direction is tried
LONG = 4  # characters from which a word that lies is wider than high
ENOUGH = 40  # characters without which a page says nothing about its direction


class Lie(NamedTuple):
    """How a page lies in its image."""

    ink: float  # share of dark pixels; 0.0: nothing on it
    sideways: bool
    skew: float  # degrees by which the upright page must be turned clockwise to make its rows level


def read_upright(engine: OcrEngine, image: Image, number: int, drawn: bool = False) -> tuple[Page, float]:
    """The words of the page as it should be held, and by how many degrees clockwise it was levelled for that.

    `drawn`: a program drew the page, so it lies as it should, and other directions are not tried.

    The page's `rotation` says by how many degrees (0, 90, 180, 270 clockwise) it was turned before it was levelled;
    boxes refer to the turned and levelled image.
    """
    lie = lie_of(image)
    order = (0,) if drawn else (90, 270, 0, 180) if lie.sideways else (0, 180, 90, 270)
    best = Page(number=number, width=image.width, height=image.height, source="ocr", engine=engine.name)
    if lie.ink == 0.0:
        return best, 0.0
    for count, degrees in enumerate(order):
        if count == 2 and quality(best) >= FAIR:
            break  # the rows were measured rightly; the page is just hard to read
        page = engine.read(_held(image, degrees, lie), number).model_copy(update={"rotation": degrees})
        if count == 0 or quality(page) > quality(best):
            best = page
        hardly = 0 < _length(best) < ENOUGH if count == 0 else not _length(best)  # a zone upside down gives no word
        if quality(best) >= GOOD or (count < 2 and not lie.sideways and hardly):
            break
    return best, lie.skew if _levels(lie, best.rotation) else 0.0


def quality(page: Page) -> float:
    """How much a recognised page looks like level text, 0.0 to 1.0: confidence, plausible words, rows that lie.

    An engine may turn single lines by itself, so the words of a page on its side can be right and yet stand.
    """
    length = _length(page)
    if not length:
        return 0.0
    sure = sum(len(w.text) * w.confidence for w in page.words) / length
    share = plausible_share([w.text for w in page.words])
    standing = sum(len(w.text) for w in page.words if len(w.text) >= LONG and _stands(w, page)) / length
    return sure * (share if share is not None else 0.5) * (1 - standing)


def _stands(word: Word, page: Page) -> bool:
    x0, y0, x1, y1 = word.box
    return (y1 - y0) * page.height > (x1 - x0) * page.width


def _length(page: Page) -> int:
    return sum(len(w.text) for w in page.words)


def held_as_read(image: Image, page: Page, levelled: float) -> Image:
    """The image turned and levelled as it was when `page` was read from it: what the page's boxes refer to."""
    return _held(image, page.rotation, Lie(1.0, page.rotation % 180 == 90, levelled))


def _held(image: Image, degrees: int, lie: Lie) -> Image:
    """The image turned clockwise by `degrees` and levelled."""
    from PIL.Image import Transpose

    turns = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
    if degrees:
        image = image.transpose(turns[degrees])
    return _levelled(image, lie.skew) if _levels(lie, degrees) else image


def _levelled(image: Image, degrees: float) -> Image:
    """The image turned clockwise by a few degrees about its middle; OpenCV does it in a tenth of Pillow's time."""
    import cv2
    import numpy
    from PIL import Image as Images

    matrix = cv2.getRotationMatrix2D(((image.width - 1) / 2, (image.height - 1) / 2), -degrees, 1.0)
    white = (255, 255, 255)
    pixels = cv2.warpAffine(numpy.asarray(image), matrix, image.size, flags=cv2.INTER_LINEAR, borderValue=white)
    return Images.fromarray(pixels)


def _levels(lie: Lie, degrees: int) -> bool:
    """Whether the page is levelled too when it is held so: the skew was measured on its rows as they were found."""
    return (degrees % 180 == 90) == lie.sideways and abs(lie.skew) >= LEAST_SKEW


def lie_of(image: Image) -> Lie:
    """Measures ink, direction of the rows and skew on a small copy of the image."""
    import numpy

    dark = _ink(image)
    rows, columns = numpy.nonzero(dark)
    if len(rows) < 20:
        return Lie(0.0, False, 0.0)
    if len(rows) > MAX_POINTS:
        step = len(rows) // MAX_POINTS + 1
        rows, columns = rows[::step], columns[::step]
    level, skew = _clearest(columns, rows)
    upright, skew_sideways = _clearest(rows, columns)
    sideways = upright > SIDEWAYS * level
    return Lie(float(dark.mean()), sideways, skew_sideways if sideways else -skew)


def _ink(image: Image) -> numpy.ndarray:
    """Where the image is clearly darker than its surroundings, whatever the light."""
    import numpy
    from PIL import ImageFilter

    small = image.convert("L")
    scale = shrinkage(image.size, SMALL_SIDE, SMALL_WIDTH, SMALL_SIDE * SMALL_SIDE)
    small = small.resize((max(round(image.width * scale), 8), max(round(image.height * scale), 8)), reducing_gap=2.0)
    around = small.filter(ImageFilter.BoxBlur(12))
    grey, ground = numpy.asarray(small, dtype=numpy.int16), numpy.asarray(around, dtype=numpy.int16)
    dark = (ground - grey) > 18
    dark[:2], dark[-2:], dark[:, :2], dark[:, -2:] = False, False, False, False
    return dark


def _clearest(along: numpy.ndarray, across: numpy.ndarray) -> tuple[float, float]:
    """How clearly the points form lines along one axis, and the angle in degrees at which they do best."""
    import numpy

    def clearness(degrees: float) -> float:
        level = across - along * math.tan(math.radians(degrees))
        counts = numpy.bincount((level - level.min()).astype(numpy.int64))
        return float(numpy.square(numpy.diff(counts)).sum()) * len(counts) / len(along) ** 2

    coarse = max((step / 2 for step in range(int(-2 * MAX_SKEW), int(2 * MAX_SKEW) + 1)), key=clearness)
    fine = max((coarse + step / 10 for step in range(-4, 5)), key=clearness)
    return clearness(fine), fine
