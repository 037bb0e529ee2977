"""Lines of print: found in a detector's map of text, cut out of the page, and decoded to characters with places.

What stands here is the same for every runtime that runs PaddleOCR's models; boxes are four corners in pixels,
clockwise from the one where the line begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from workitems.items import Box, Word

INK, SURE, GROW = (
    0.2,
    0.45,
    1.4,
)  # the model's own: threshold of a pixel, of a box; how much wider print is than its core
MOST_LINES = 2000  # of one page; a page of small print has 200
HEIGHT = 48  # pixels of a line for the recogniser
SQUEEZE = 0.8  # lines may be this much narrower than they are: recognised as well, in 15% less time
STEP = 1.2  # widths grow by this factor, so that few shapes occur: each costs memory, and a new one time
LEAST_WIDTH, MOST_WIDTH = 64, 2400
TOGETHER = (4, 1)  # so many lines are recognised at once, which saves a quarter on short ones
MOST_TOGETHER = 1500  # pixels of width of such a group: each shape costs memory
MOST_WIDER = 1.5  # how much wider than its own width a line may be recognised to be in a group
EACH_SAVES = 80  # a line in a group saves the time of so many pixels of width
STANDS = 1.5  # how much higher than wide a line is that stands
GAP = 0.15  # probability from which a space stands between two characters: 95% of the words of receipts instead of 93%
IN_NUMBERS = ".,/"
LARGE = 90  # pixels of line height from which it is made smaller with care


class Letters(NamedTuple):
    """What a recogniser saw on a line: one entry per character."""

    text: str
    sure: tuple[float, ...]  # probability of each character
    places: tuple[float, ...]  # where along the line its middle lies, 0.0 to 1.0


def found_lines(map_of_text: Any, size: tuple[int, int]) -> list[Any]:
    """The corners of the lines on a page of `size` (width, height) from the map of text (0 to 255), top to bottom."""
    import cv2
    import numpy

    high, wide = map_of_text.shape
    contours, _ = cv2.findContours(
        (map_of_text > 255 * INK).astype(numpy.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE
    )
    scale = numpy.array([size[0] / wide, size[1] / high], dtype=numpy.float32)
    lines: list[Any] = []
    for contour in contours[:MOST_LINES]:
        middle, (across, along), angle = cv2.minAreaRect(contour)
        if min(across, along) < 3 or _sureness(map_of_text, contour, (middle, (across, along), angle)) < SURE:
            continue
        margin = across * along * GROW / (across + along)
        across, along = across + margin, along + margin
        if min(across, along) >= 5:
            corners = cv2.boxPoints((middle, (across, along), angle)) * scale
            lines.append(_clockwise(corners))
    return sorted(lines, key=lambda corners: (float(corners[0][1]), float(corners[0][0])))


def _sureness(map_of_text: Any, contour: Any, rectangle: Any) -> float:
    """The mean chance of text inside the contour's rectangle."""
    import cv2
    import numpy

    left, top, wide, high = cv2.boundingRect(contour)
    part = map_of_text[top : top + high, left : left + wide]
    mask = numpy.zeros(part.shape, numpy.uint8)
    cv2.fillPoly(mask, [(cv2.boxPoints(rectangle) - [left, top]).astype(numpy.int32)], 1)
    return float(cv2.mean(part, mask)[0]) / 255


def _clockwise(corners: Any) -> Any:
    """Four corners from the upper left one, clockwise."""
    import numpy

    by_x = corners[numpy.argsort(corners[:, 0], kind="stable")]
    left, right = (side[numpy.argsort(side[:, 1], kind="stable")] for side in (by_x[:2], by_x[2:]))
    return numpy.array([left[0], right[0], right[1], left[1]], dtype=numpy.float32)


def as_read(lines: Sequence[Any]) -> list[Any]:
    """The corners turned so that each line begins at the first: those that stand are read from bottom to top.

    A narrow character ("1") is higher than wide too, so only what is also much higher than the other lines stands.
    """
    import numpy

    usual = median([min(sides(corners)) for corners in lines]) if lines else 0.0

    def stands(corners: Any) -> bool:
        wide, high = sides(corners)
        return high >= STANDS * wide and high > 2 * usual

    return [numpy.roll(corners, 1, axis=0) if stands(corners) else corners for corners in lines]


def sides(corners: Any) -> tuple[float, float]:
    """Length and height of a line in pixels."""
    wide = max(_distance(corners[0], corners[1]), _distance(corners[3], corners[2]))
    return wide, max(_distance(corners[0], corners[3]), _distance(corners[1], corners[2]))


def _distance(one: Any, other: Any) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def width_of(corners: Any) -> int:
    """The width in pixels at which the line is recognised: one of few, at most a fifth narrower than it is."""
    wide, high = sides(corners)
    wanted = SQUEEZE * HEIGHT * wide / max(high, 1.0)
    width = LEAST_WIDTH
    while width < wanted and width < MOST_WIDTH:
        width = max(width + 16, int(width * STEP / 16 + 0.999) * 16)
    return width


def groups_of(widths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Widths, wide ones first, each with the places of lines that are recognised at once and that wide.

    Narrower lines join a group where that saves more than their being wider costs.
    """
    order = sorted(range(len(widths)), key=lambda at: -widths[at])
    start = 0
    while start < len(order):
        width = widths[order[start]]
        count = next(n for n in TOGETHER if n == 1 or _pays([widths[at] for at in order[start : start + n]], n))
        yield width, order[start : start + count]
        start += count


def _pays(widths: Sequence[int], count: int) -> bool:
    """Whether these lines, the widest first, are so many and so alike that they are recognised together."""
    widest = widths[0]
    if len(widths) < count or count * widest > MOST_TOGETHER or widths[-1] * MOST_WIDER < widest:
        return False
    return sum(widest - width for width in widths) <= EACH_SAVES * (count - 1)


def cut_out(pixels: Any, corners: Any, width: int) -> Any:
    """The line as an image of `width` x HEIGHT pixels, level."""
    import cv2
    import numpy

    wide, high = sides(corners)
    large = high > LARGE
    target = (max(int(wide), 1), int(high)) if large else (width, HEIGHT)
    ends = numpy.array([[0, 0], [target[0], 0], [target[0], target[1]]], dtype=numpy.float32)
    matrix = cv2.getAffineTransform(numpy.ascontiguousarray(corners[:3], dtype=numpy.float32), ends)
    line = cv2.warpAffine(pixels, matrix, target, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(line, (width, HEIGHT), interpolation=cv2.INTER_AREA) if large else line


def letters_of(best: Any, sure: Any, gaps: Any, characters: Sequence[str]) -> Letters:
    """The characters that the recogniser's best guess per step means: 0 is none, and repeated ones are one.

    `gaps` holds the probability of a space per step. The recogniser learned on languages without spaces and swallows
    many; where it thought of one at all between two characters, there is one.
    """
    import numpy

    runs = numpy.flatnonzero(numpy.diff(best, prepend=-1, append=-1))  # where another guess begins, and the end
    text: list[str] = []
    chances: list[float] = []
    places: list[float] = []
    last = 0  # the last step of the character before
    for start, end in pairwise(runs.tolist()):
        letter = characters[best[start]]
        if not letter:
            continue
        chance = float(gaps[last : start + 1].max()) if text and letter != " " != text[-1] else 0.0
        if chance > GAP and not _in_number(text, letter):
            text.append(" ")
            chances.append(chance)
            places.append((last + 1 + start) / 2 / len(best))
        text.append(letter)
        chances.append(float(sure[start:end].max()))
        places.append((start + end) / 2 / len(best))
        last = end - 1
    return Letters("".join(text), tuple(chances), tuple(places))


def _in_number(before: Sequence[str], letter: str) -> bool:
    """Whether the letter goes on with a number that stands before it: there a wide comma is no space."""
    last, second = before[-1], before[-2] if len(before) > 1 else ""
    if last.isdigit():
        return letter.isdigit() or letter in IN_NUMBERS
    return letter.isdigit() and last in IN_NUMBERS and second.isdigit()


def words_of(letters: Letters, corners: Any, size: tuple[int, int]) -> list[Word]:
    """The words of a line with their places on a page of `size` and the chance of their least sure character."""
    words: list[Word] = []
    half = _letter_width(letters.places) / 2
    start = 0
    for part in letters.text.split(" "):
        end = start + len(part)
        if part.strip():
            before = letters.places[start - 1] if start else -half
            after = letters.places[end] if end < len(letters.places) else 1 + half
            left = max(letters.places[start] - 1.2 * half, before, 0.0)
            right = min(letters.places[end - 1] + 1.2 * half, after, 1.0)
            sure = round(min(letters.sure[start:end]), 4)
            words.append(Word(text=part.strip(), box=_part(corners, left, max(right, left), size), confidence=sure))
        start = end + 1
    return words


def _letter_width(places: Sequence[float]) -> float:
    """The usual distance of neighbouring characters; of one that stands alone the whole line."""
    return median([b - a for a, b in pairwise(places)]) if len(places) > 1 else 1.0


def _part(corners: Any, left: float, right: float, size: tuple[int, int]) -> Box:
    """The box around the part of a line from `left` to `right` (fractions of its length)."""
    points = [
        (float(a[axis]) + share * float(b[axis] - a[axis])) / size[axis]
        for a, b in ((corners[0], corners[1]), (corners[3], corners[2]))
        for share in (left, right)
        for axis in (0, 1)
    ]
    xs, ys = ([min(max(p, 0.0), 1.0) for p in points[axis::2]] for axis in (0, 1))
    return min(xs), min(ys), max(xs), max(ys)
