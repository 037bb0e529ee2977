"""The zone as a whole: which format its lines have, and what they say once the check digits have had their word.

A character is only exchanged for one that the recogniser itself thought possible there, or that looks the same (O and
0), and only where the check digit then is right. Names have no check digit: they stay as they were seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from extractors.joiner.countries import CODES
from extractors.joiner.mrz import ALLOWED, CHARACTERS, FILLER, FORMATS, FRANCE, Check, Format, failing, holds
from extractors.joiner.zone_path import LineRead, read_by_mask

if TYPE_CHECKING:
    from extractors.joiner.zone_letters import Chances

CONFUSED = {
    "0O": 0.15, "0D": 0.01, "0Q": 0.01, "OQ": 0.01, "OD": 0.01, "1I": 0.05, "1L": 0.005, "8B": 0.02, "5S": 0.02,
    "2Z": 0.02, "6G": 0.01, "<K": 0.004, "<C": 0.004, "<L": 0.002, "<E": 0.002, "VY": 0.003, "MN": 0.002, "UV": 0.003,
    "4A": 0.004, "7T": 0.003, "3B": 0.002, "FP": 0.002, "EF": 0.002,
}  # fmt: skip
"""How often the one is taken for the other; the recogniser, which knows words and not zones, never doubts some."""
HIGHEST = 0.99
CLOSE = 0.1  # formats whose masks fit worse than the best one by more are not thought of
WORST = -0.3  # mean log-chance of a step below which lines are no zone
FAR = 9.0  # log-odds against a character from which it is not thought of
MOST = 3  # characters that one check digit may put right
SOFT = 1.5  # by how much the recogniser's sureness is taken back: it is too sure of blurred print
GERMAN = frozenset("CFGHJKLMNPRTVWXYZ0123456789<")


class Zone(NamedTuple):
    """The lines of a zone, how sure each of their characters is, and where along the line each stands (0.0 to 1.0)."""

    shape: Format
    lines: tuple[str, ...]
    sure: tuple[tuple[float, ...], ...]
    places: tuple[tuple[float, ...], ...]
    score: float
    """Higher is better; compares readings of the same image."""

    @property
    def wrong(self) -> list[Check]:
        """The check digits that are wrong."""
        return failing(self.shape, self.lines)


def smoothed(chances: Chances) -> Chances:
    """The chances, with a share of each character's for those that look like it."""
    found: Chances = chances.copy()
    found[:, 1:] = chances[:, 1:] @ _lookalikes()
    return found


def _lookalikes() -> Any:
    import numpy

    matrix = numpy.eye(len(CHARACTERS), dtype=numpy.float32)
    for pair, share in CONFUSED.items():
        a, b = CHARACTERS.index(pair[0]), CHARACTERS.index(pair[1])
        matrix[a, b], matrix[b, a] = share, share
    return matrix


def chances_of_text(text: str, sure: float) -> Chances:
    """What chances a line would have had that somebody else recognised; characters that no zone has are left out."""
    import numpy

    kept = [c for c in text.upper().replace("«", "<<").replace("‹", "<") if c in CHARACTERS]
    found = numpy.full((3 * len(kept), len(CHARACTERS) + 1), (1 - sure) / 60, dtype=numpy.float32)
    for n, c in enumerate(kept):
        found[3 * n : 3 * n + 2, CHARACTERS.index(c) + 1] = min(max(sure, 0.5), 0.999)
        found[3 * n + 2, 0] = 0.98
    return found


def zone_of(lines: Sequence[Chances]) -> Zone | None:
    """The best reading of two or three lines; None where they are no zone."""
    ready = [smoothed(line) for line in lines]
    found: list[tuple[float, Format, list[LineRead]]] = []
    for shape in FORMATS:
        reads = _reads(ready, shape)
        if reads:
            found.append((sum(read.score for read in reads) / len(reads), shape, reads))
    best = max((score for score, _, _ in found), default=0.0)
    zones = [settled(shape, reads) for score, shape, reads in found if score > best - CLOSE]
    return max(zones, key=lambda zone: zone.score, default=None)


def _reads(lines: Sequence[Chances], shape: Format) -> list[LineRead]:
    """The lines by the shape's masks; [] as soon as one does not fit."""
    reads: list[LineRead] = []
    if len(lines) != len(shape.masks):
        return reads
    for line, mask in zip(lines, shape.masks, strict=True):
        read = read_by_mask(line, mask)
        if read is None or read.score <= WORST:
            return []
        reads.append(read)
    return reads


def settled(shape: Format, reads: Sequence[LineRead]) -> Zone:
    """The zone after its check digits put right what they can."""
    lines = [list(read.text) for read in reads]
    sure = [[_chance(row, c) for c, row in zip(read.text, read.scores, strict=True)] for read in reads]
    _known_country(shape, lines, reads)
    for check in shape.checks:
        places = [(line, n) for line, start, end in check.over for n in range(start, end)] + [check.at]
        if check.of == "whole":
            if any(other.of != "whole" and not holds(shape, other, _texts(lines)) for other in shape.checks):
                continue  # that explains it; nothing else is to be bent until it fits
            fixed = {
                p
                for other in shape.checks
                if other.of != "whole" and holds(shape, other, _texts(lines))
                for p in _places(other)
            }
            places = [p for p in places if p not in fixed]
        chance = _mended(shape, check, lines, reads, places)
        if check.of == "whole":
            continue
        for line, n in _places(check):
            sure[line][n] = chance ** (1 / len(_places(check)))
    texts = _texts(lines)
    wrong = len(failing(shape, texts))
    changed = sum(a != b for read, text in zip(reads, texts, strict=True) for a, b in zip(read.text, text, strict=True))
    score = sum(read.score for read in reads) / len(reads) - 0.1 * wrong / len(shape.checks) - 0.01 * changed
    capped = tuple(tuple(min(s, HIGHEST) for s in row) for row in sure)
    return Zone(shape, tuple(texts), capped, tuple(read.places for read in reads), score)


def _chance(row: Any, character: str) -> float:
    return math.exp(float(row[CHARACTERS.index(character)]) / SOFT)


def _texts(lines: Sequence[Sequence[str]]) -> list[str]:
    return ["".join(line) for line in lines]


def _places(check: Check) -> list[tuple[int, int]]:
    return [(line, n) for line, start, end in check.over for n in range(start, end)] + [check.at]


def _known_country(shape: Format, lines: list[list[str]], reads: Sequence[LineRead]) -> None:
    """Codes of states that there are none of become the likeliest one that there is, if it is likely at all."""
    for name in ("issuer", "nationality"):
        if name not in shape.fields:
            continue
        line, start, end = shape.fields[name]
        if "".join(lines[line][start:end]).strip(FILLER) in CODES:
            continue

        def cost(code: str, line: int = line, start: int = start) -> float:
            rows = reads[line].scores[start : start + 3]
            return -sum(float(row[CHARACTERS.index(c)]) for c, row in zip(code.ljust(3, FILLER), rows, strict=True))

        best = min(CODES, key=cost)
        if cost(best) - cost("".join(lines[line][start:end])) < FAR:
            lines[line][start:end] = list(best.ljust(3, FILLER))


def _mended(
    shape: Format, check: Check, lines: list[list[str]], reads: Sequence[LineRead], places: list[tuple[int, int]]
) -> float:
    """Puts the likeliest characters with which the check digit is right; the chance that they are the right ones."""
    right: list[tuple[float, tuple[tuple[int, int, str], ...]]] = []
    for cost, changes in _changes(shape, lines, reads, places):
        trial = [list(line) for line in lines]
        for line, n, c in changes:
            trial[line][n] = c
        if holds(shape, check, _texts(trial)):
            right.append((cost, changes))
    if not right:
        return 0.3
    lowest, changes = min(right, key=lambda r: (r[0], len(r[1])))
    for line, n, c in changes:
        lines[line][n] = c
    weights = [math.exp((lowest - cost) / SOFT) for cost, _ in right]
    unlikely = math.exp(-max(lowest - 3.0, 0.0) / 6.0)  # what was seen clearly and is exchanged all the same
    return min(1 / sum(weights), HIGHEST) * (1.0 if not changes else 0.97 * unlikely)


def _changes(
    shape: Format, lines: Sequence[Sequence[str]], reads: Sequence[LineRead], places: list[tuple[int, int]]
) -> Iterator[tuple[float, tuple[tuple[int, int, str], ...]]]:
    """Ways to read the characters at some places, with their log-odds against the likeliest one."""
    others: list[tuple[float, tuple[int, int, str]]] = []
    german = _is_german(shape, lines)
    for line, n in places:
        row, now = reads[line].scores[n], lines[line][n]
        own = float(row[CHARACTERS.index(now)])
        for c in ALLOWED[shape.masks[line][n]]:
            cost = own - float(row[CHARACTERS.index(c)])
            if c != now and cost < FAR and not (german and (line, n) in german and c not in GERMAN):
                others.append((max(cost, 0.0), (line, n, c)))
    others.sort()
    others = others[:24]
    yield 0.0, ()
    for size in range(1, MOST + 1):
        for some in combinations(others, size):
            cost = sum(cost for cost, _ in some)
            if cost < 1.5 * FAR and len({change[:2] for _, change in some}) == size:
                yield cost, tuple(change for _, change in some)


def _is_german(shape: Format, lines: Sequence[Sequence[str]]) -> frozenset[tuple[int, int]]:
    """The places of a German document number, whose letters are few; nothing for other papers."""
    line, start, end = shape.fields["issuer"]
    if "".join(lines[line][start:end]) != "D<<" or shape is FRANCE:
        return frozenset()
    line, start, end = shape.fields["number"]
    return frozenset((line, n) for n in range(start, end))
