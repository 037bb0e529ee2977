"""Text with positions, whatever it came from: rows of words, plain text, turning pages.

Boxes are fractions of the page with the origin at the top left (see workitems.items.Box).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

from workitems.items import Box, Page, Word

Row = tuple[Word, ...]


def rows_of(page: Page) -> list[Row]:
    """The words of a page as visual rows: top to bottom, each from left to right.

    Words belong to one row when their vertical middles lie within half a word height of each other, so that the
    cells of a table row come together even where the text layer stores columns apart.
    """
    words = sorted((w for w in page.words if w.text.strip()), key=_middle)
    rows: list[list[Word]] = []
    level = height = 0.0
    for word in words:
        tall = word.box[3] - word.box[1]
        if rows and abs(_middle(word) - level) <= 0.5 * min(height, max(tall, 0.5 * height)):
            rows[-1].append(word)
            level += (_middle(word) - level) / len(rows[-1])
            height = max(height, tall)
        else:
            rows.append([word])
            level, height = _middle(word), tall
    return [tuple(sorted(row, key=lambda w: w.box[0])) for row in rows]


def _middle(word: Word) -> float:
    return (word.box[1] + word.box[3]) / 2


def text_of(words: Iterable[Word]) -> str:
    """The words in the order given, separated by single spaces."""
    return " ".join(w.text for w in words)


def page_text(page: Page) -> str:
    """The page as lines of text, one per visual row."""
    return "\n".join(text_of(row) for row in rows_of(page))


def document_text(pages: Sequence[Page]) -> str:
    """All pages as lines of text; a form feed stands between two pages."""
    return "\f".join(page_text(page) for page in pages)


def box_around(words: Sequence[Word]) -> Box:
    """The smallest box that holds all of the words (at least one)."""
    return (
        min(w.box[0] for w in words),
        min(w.box[1] for w in words),
        max(w.box[2] for w in words),
        max(w.box[3] for w in words),
    )


def split_line(text: str, box: Box, confidence: float) -> list[Word]:
    """A recognised line as words whose boxes are proportional to their number of characters."""
    x0, y0, x1, y1 = box
    step = (x1 - x0) / max(len(text), 1)
    words: list[Word] = []
    start = 0
    for part in text.split(" "):
        if part.strip():
            left, right = x0 + start * step, x0 + (start + len(part)) * step
            words.append(Word(text=part.strip(), box=(left, y0, right, y1), confidence=confidence))
        start += len(part) + 1
    return words


def turned_box(box: Box, degrees: int) -> Box:
    """Where a box lies after its page was turned clockwise by 0, 90, 180 or 270 degrees."""
    x0, y0, x1, y1 = box
    match degrees % 360:
        case 90:
            return (1 - y1, x0, 1 - y0, x1)
        case 180:
            return (1 - x1, 1 - y1, 1 - x0, 1 - y0)
        case 270:
            return (y0, 1 - x1, y1, 1 - x0)
        case _:
            return box


def skewed_box(box: Box, degrees: float, aspect: float) -> Box:
    """Where a box lies after its page was turned clockwise by a few degrees about its middle, size unchanged.

    `aspect` is the page's width divided by its height.
    """
    x, y = ((box[0] + box[2]) / 2 - 0.5) * aspect, (box[1] + box[3]) / 2 - 0.5
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    dx, dy = (x * cosine - y * sine - x) / aspect, x * sine + y * cosine - y
    x0, y0, x1, y1 = (min(max(side, 0.0), 1.0) for side in (box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy))
    return x0, y0, x1, y1


def turned(page: Page, degrees: int) -> Page:
    """The page turned clockwise by a multiple of 90 degrees; `rotation` remembers the sum of all turns."""
    degrees %= 360
    if not degrees:
        return page
    words = tuple(w.model_copy(update={"box": turned_box(w.box, degrees)}) for w in page.words)
    sides = (page.height, page.width) if degrees % 180 else (page.width, page.height)
    rotation = (page.rotation + degrees) % 360
    return page.model_copy(update={"words": words, "width": sides[0], "height": sides[1], "rotation": rotation})


def usual_height(page: Page) -> float:
    """The median height of the page's words as a fraction of the page; 0.0 without words."""
    return median(w.box[3] - w.box[1] for w in page.words) if page.words else 0.0
