"""Lines laid end to end in strips of one length, which a recogniser reads one after another.

Each call costs a recogniser the time of a hundred pixels of print, and a change of shape that of hundreds. So strips
have one length, lines are as narrow as they may be instead of one of few widths, and no line waits for others of its
width: a seventh less time. The recogniser is told which line is where (`apart.py`): else neighbours would make it take
`52.00` for `52OO`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from extractors.ocr.alphabet import Steps
from extractors.ocr.lines import HEIGHT, STEP, Letters, letters_of

BETWEEN = 8  # white pixels between two lines; the margins that lines are cut out with do the rest
LENGTH = 1536  # pixels of a strip: half of it costs a fifth more, twice of it saves nothing
LONGEST = 2560  # of one for a single line that is wider
AFTER = 1  # steps beyond a line that are its own still: there its last character may be told
WHITE = 255


class Piece(NamedTuple):
    """One line on a strip."""

    line: int  # which one
    start: int  # pixels from the strip's left end
    width: int  # pixels


class Strip(NamedTuple):
    """Lines that are read at once."""

    length: int  # pixels
    pieces: tuple[Piece, ...]


def strips_of(widths: Sequence[int]) -> list[Strip]:
    """Strips for lines of these widths (multiples of STEP, at most LONGEST), each line on the first that has room.

    The widest lines come first; what is left at the ends of strips is filled by short ones.
    """
    strips: list[list[Piece]] = []
    ends: list[int] = []
    for line in sorted(range(len(widths)), key=lambda at: -widths[at]):
        width = widths[line]
        at = next((n for n, end in enumerate(ends) if end + BETWEEN + width <= LENGTH), len(strips))
        if at == len(strips):
            strips.append([Piece(line, 0, width)])
            ends.append(width)
        else:
            strips[at].append(Piece(line, ends[at] + BETWEEN, width))
            ends[at] += BETWEEN + width
    return [Strip(LENGTH if end <= LENGTH else LONGEST, tuple(row)) for end, row in zip(ends, strips, strict=True)]


def drawn(strip: Strip, cut: Sequence[Any]) -> Any:
    """The strip as an image in RGB; `cut`: its lines as images in grey or RGB, in its order."""
    import cv2
    import numpy

    image = numpy.full((HEIGHT, strip.length, *cut[0].shape[2:]), WHITE, dtype=numpy.uint8)
    for piece, line in zip(strip.pieces, cut, strict=True):
        image[:, piece.start : piece.start + piece.width] = line
    return image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)


def letters_on(strip: Strip, steps: Steps, characters: Sequence[str]) -> Iterator[tuple[int, Letters]]:
    """Each line with what stands on it; `steps` are those of the whole strip."""
    for line, start, width in strip.pieces:
        first, count = start // STEP, width // STEP
        best, sure, gaps = (along[first : first + count + AFTER] for along in steps)
        read = letters_of(best, sure, gaps, characters)
        yield line, read._replace(places=tuple(min(place * len(best) / count, 1.0) for place in read.places))
