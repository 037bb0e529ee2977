"""From the chances along a line to its characters, where their number and what may stand where are known.

The best of all ways to read exactly so many characters (Viterbi over the recogniser's steps, by the rules of CTC: a
character goes on over several steps, and between two equal ones there is a step without any).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from extractors.joiner.mrz import ALLOWED, CHARACTERS

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from extractors.joiner.zone_letters import Chances

    Table = NDArray[numpy.float32]

LEAST = 1e-4  # what a model is never surer than: it has been wrong with more nines than that
NEVER = -1e9


class LineRead(NamedTuple):
    """A line read by a mask: per position the log-chances of CHARACTERS (those that may not stand there: NEVER)."""

    text: str
    scores: Table  # positions x 37, each row's chances sum to 1
    score: float  # mean log-chance of a step: how well the mask fits
    places: tuple[float, ...]  # where along the line the characters lie, 0.0 to 1.0


def allowed_by(mask: str) -> Any:
    """Which of CHARACTERS may stand at each position of a mask."""
    import numpy

    return numpy.array([[c in ALLOWED[kind] for c in CHARACTERS] for kind in mask])


def read_by_mask(chances: Chances, mask: str) -> LineRead | None:
    """The line as so many characters of these kinds; None where it is too short for them."""
    import numpy

    may = allowed_by(mask)
    logs = numpy.log(numpy.maximum(chances, LEAST))
    steps = _best_path(logs, may)
    if steps is None:
        return None
    letters, spans, score = steps
    scores = _scores(chances, may, spans)
    middles = tuple((a + b) / 2 / len(chances) for a, b in spans)
    return LineRead("".join(CHARACTERS[c] for c in letters), scores, score / len(chances), middles)


def _best_path(logs: Table, may: Any) -> tuple[list[int], list[tuple[int, int]], float] | None:
    """The characters, the steps (first, end) of each, and the log-chance of the whole."""
    import numpy

    count, kinds = may.shape
    length = len(logs)
    if length < count:
        return None
    inside = numpy.full((count, kinds), NEVER)
    after = numpy.full(count, NEVER)  # the step without a character that follows each
    start = 0.0
    came = numpy.zeros(
        (length, count, kinds), dtype=numpy.int16
    )  # -1: the same; kinds: from the gap; else from that one
    gap_came = numpy.zeros((length, count), dtype=numpy.int16)  # -1: the gap; else the character
    rows = numpy.arange(count)
    for t in range(length):
        first = inside.argmax(1)
        top = inside[rows, first]
        others = inside.copy()
        others[rows, first] = NEVER
        second = others.argmax(1)
        before = numpy.full((count, kinds), NEVER)
        who = numpy.zeros((count, kinds), dtype=numpy.int16)
        before[1:], who[1:] = top[:-1, None], first[:-1, None]
        before[rows[1:], first[:-1]], who[rows[1:], first[:-1]] = others[rows[:-1], second[:-1]], second[:-1]
        gap = numpy.concatenate([[start], after[:-1]])[:, None]
        better = gap > before
        before, who = numpy.where(better, gap, before), numpy.where(better, kinds, who)
        stays = inside >= before
        came[t] = numpy.where(stays, -1, who)
        gap_came[t] = numpy.where(after >= top, -1, first)
        after = numpy.maximum(after, top) + logs[t, 0]
        inside = numpy.where(may, numpy.where(stays, inside, before) + logs[t, 1:], NEVER)
        start += float(logs[t, 0])
    return _traced(inside, after, came, gap_came)


def _traced(inside: Any, after: Any, came: Any, gap_came: Any) -> tuple[list[int], list[tuple[int, int]], float] | None:
    length, count, kinds = came.shape
    score = float(max(inside[-1].max(), after[-1]))
    if score <= NEVER / 2:
        return None
    at, letter = count - 1, int(inside[-1].argmax()) if inside[-1].max() >= after[-1] else -1
    letters, spans, end = [0] * count, [(0, 0)] * count, length
    for t in range(length - 1, -1, -1):
        if letter < 0:
            letter = int(gap_came[t, at])
            end = t
            continue
        previous = int(came[t, at, letter])
        if previous == -1:
            continue
        letters[at], spans[at] = letter, (t, end)
        at, end = at - 1, t
        if at < 0:
            return letters, spans, score
        letter = -1 if previous == kinds else previous
    return None


def _scores(chances: Chances, may: Any, spans: list[tuple[int, int]]) -> Table:
    """What else each character might be, by the recogniser's own doubts around it."""
    import numpy

    scores = numpy.full(may.shape, NEVER, dtype=numpy.float32)
    for n, (first, end) in enumerate(spans):
        last = max(end, first + 1)
        found = chances[first:last, 1:].max(0) + LEAST
        found = numpy.where(may[n], found, 0.0)
        scores[n] = numpy.where(may[n], numpy.log(numpy.maximum(found / found.sum(), 1e-12)), NEVER)
    return scores
