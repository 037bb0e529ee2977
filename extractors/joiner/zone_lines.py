"""Which lines of print on an image may be lines of a zone, by their shape and place alone.

A line is its four corners in pixels, clockwise from its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

SLENDER = 9.0  # how much longer than high a line of the zone is
ALIKE, ASIDE = 0.85, 0.12  # lines of a zone have about one length and begin below each other
ALIKE_HIGH = 1.6  # how many times higher than another a line of the same zone may seem
MORE = 0.03  # of the longest line: how much is added at both ends of lines that are drawn out
FAR_APART = 3.4  # distance of two lines in their heights


def is_slender(corners: Any) -> bool:
    """Whether a line is as much longer than high as a line of the zone is."""
    from extractors.ocr.lines import sides

    wide, high = sides(corners)
    return wide > SLENDER * high


def runs_back(corners: Any) -> bool:
    """Whether a line runs from right to left: its paper lies upside down."""
    return float(corners[0][0]) > float(corners[1][0])


def drawn_out(lines: Sequence[Any]) -> list[Any]:
    """Lines of about the height of the longest one, made as long as that one and a little longer.

    Where print fades in light or shadow, only the rest of a line is found; empty paper at its ends does no harm.
    """
    import numpy

    from extractors.ocr.lines import sides

    longest = max(lines, key=lambda corners: sides(corners)[0], default=None)
    if longest is None:
        return []
    wide, high = sides(longest)
    found = []
    for corners in lines:
        own, tall = sides(corners)
        if not 1 / ALIKE_HIGH < tall / max(high, 1.0) < ALIKE_HIGH:
            continue
        along = (corners[1] - corners[0] + corners[2] - corners[3]) / (2 * max(own, 1.0))
        before = max(float((corners[0] - longest[0]) @ along), 0.0) + MORE * wide
        after = max(float((longest[1] - corners[1]) @ along), 0.0) + MORE * wide
        shift = numpy.array([-before * along, after * along, after * along, -before * along], dtype=numpy.float32)
        found.append((corners + shift).astype(numpy.float32))
    return found


def groups_of(lines: Sequence[Any]) -> Iterator[tuple[int, ...]]:
    """Three or two lines below each other that may be a zone; the lowest first."""
    for n in range(len(lines) - 1, 0, -1):
        above = [m for m in range(n - 1, -1, -1) if _belong(lines[m], lines[n])]
        for m in above:
            yield from ((k, m, n) for k in range(m - 1, -1, -1) if _belong(lines[k], lines[m]))
            yield m, n


def _belong(upper: Any, lower: Any) -> bool:
    """Whether two lines are neighbours in a zone, by length, direction and distance."""
    import numpy

    from extractors.ocr.lines import sides

    (wide, high), (other, other_high) = sides(upper), sides(lower)
    if min(wide, other) < ALIKE * max(wide, other):
        return False
    along = (lower[1] - lower[0]) / max(other, 1.0)
    across = numpy.array([-along[1], along[0]])
    step = (lower[0] + lower[3] - upper[0] - upper[3]) / 2
    down, aside = float(step @ across), abs(float(step @ along))
    tall = max(high, other_high)
    return 0.5 * tall < down < FAR_APART * tall and aside < ASIDE * max(wide, other)
