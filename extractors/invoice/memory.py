"""Supplier memory: what a person corrected on a supplier's paper helps with that supplier's next one.

A lesson keeps the surroundings of the values that a person gave (words left and above, place, shape) and by what
signs the supplier is known. On a later paper with the same signs the lessons vote for what stands in the same
surroundings. A vote only chooses among values that stand on the paper as they stand there; no digit is ever
changed. For suppliers without lessons, where signs are few, where lessons disagree or two values fit, it is silent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Protocol

from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.layout import Cell
from extractors.invoice.signs import signs_of, strength
from extractors.invoice.spots import AMOUNTS, CODES, DATES, TEXTS, Spot, spots
from extractors.values import plain
from workitems.items import Noun

FIELDS = (*sorted(DATES), *sorted(AMOUNTS), *sorted(CODES), *sorted(TEXTS))
MEMORY = "memory"
"""The pattern of a candidate that only memory put first; its score is its confidence."""
NEWEST = 9
"""Lessons of a supplier and field that vote."""
ENOUGH = 0.6
LEAD = 0.08
"""By how much the best spot must fit better than one with another value."""


class Anchor(Noun):
    """The surroundings of a value that a person confirmed."""

    left: str = ""
    above: str = ""
    x: float
    y: float
    shape: str
    words: int = 1


class Lesson(Noun):
    """What one document taught about its supplier."""

    item: str
    at: datetime
    signs: tuple[str, ...]
    anchors: dict[str, tuple[Anchor, ...]] = {}  # noqa: RUF012 - pydantic copies it
    texts: dict[str, str] = {}  # noqa: RUF012
    corrected: tuple[str, ...] = ()  # the fields that the finders had wrong


class Memory(Protocol):
    """Where lessons are kept."""

    def lessons(self, signs: Sequence[str]) -> list[Lesson]:
        """All lessons that share a sign, newest first."""
        ...


@dataclass(frozen=True)
class Vote:
    """What the lessons say: a value on the paper, how many are for it and how many against or silent."""

    spot: Spot
    votes: int
    of: int
    corrected: bool  # the finders were wrong on one of these papers, too


def kept_lessons() -> Memory:
    """The lessons of this home."""
    from extractors.lessons import LessonFiles

    return LessonFiles()


def learn(
    context: Context, candidates: Mapping[str, list[Candidate]], truth: Mapping[str, str], item: str, at: datetime
) -> Lesson | None:
    """The lesson of a paper whose right values are known; None where none of them stands on it.

    `candidates` are the finders' own, without memory. What they had right teaches, too: it can outvote.
    """
    signs = signs_of(context, candidates)
    anchors = {f: found for f, value in truth.items() if (found := _anchors(context, f, value))}
    texts = {f: value for f, value in truth.items() if f in TEXTS and _standing(context, value) is not None}
    if not signs or not (anchors or texts):
        return None
    right = {f for f in truth if candidates.get(f) and _key(f, candidates[f][0].value) == _key(f, truth[f])}
    corrected = tuple(sorted({*anchors, *texts} - right))
    return Lesson(item=item, at=at, signs=signs, anchors=anchors, texts=texts, corrected=corrected)


def remembered(
    context: Context, candidates: Mapping[str, list[Candidate]], memory: Memory | None
) -> dict[str, list[Candidate]]:
    """The same candidates; where the supplier's lessons are sure of another one, that one first."""
    result = dict(candidates)
    if memory is None:
        return result
    signs = signs_of(context, candidates)
    lessons = [x for x in memory.lessons(signs) if strength(set(signs) & set(x.signs)) >= 1.0]
    for field in FIELDS if lessons else ():
        vote = vote_of(context, field, lessons)
        if vote is not None and vote.corrected:
            result[field] = _first(vote, field, result.get(field, []))
    return result


def vote_of(context: Context, field: str, lessons: Sequence[Lesson]) -> Vote | None:
    """What more than half of the supplier's newest lessons say of a field; None where they say nothing sure."""
    about = sorted((x for x in lessons if field in x.anchors or field in x.texts), key=lambda x: x.at)[-NEWEST:]
    said = [(x, s) for x in about if (s := _said(context, field, x)) is not None]
    counts = Counter(_key(field, s.value) for _, s in said)
    if not counts:
        return None
    winner, votes = counts.most_common(1)[0]
    if 2 * votes <= len(about):
        return None
    by = [(x, s) for x, s in said if _key(field, s.value) == winner]
    return Vote(by[-1][1], votes, len(about), any(field in x.corrected for x, _ in by))


def confidence(vote: Vote, against: bool) -> float:
    """How often such votes were right on papers of known suppliers (benchmarks/supplier_memory.py), rounded down.

    `against`: the finders would have taken another value.
    """
    sure = 3 if against else 9
    return round((vote.votes + sure) / (vote.of + sure + 1), 4)


def _first(vote: Vote, field: str, found: list[Candidate]) -> list[Candidate]:
    """The voted value in front: an own candidate if there is one, else a new one from the paper."""
    own = next((c for c in found if _key(field, c.value) == _key(field, vote.spot.value)), None)
    notes = frozenset({MEMORY, f"memory {min(vote.votes, 3)}"})
    if own is not None and own is found[0]:
        return [replace(own, notes=own.notes | {"memory agrees"}), *found[1:]]
    score = confidence(vote, against=bool(found))
    if own is not None:
        return [
            replace(own, score=score, pattern=MEMORY, notes=own.notes | notes),
            *[c for c in found if c is not own],
        ]
    spot = vote.spot
    return [Candidate(spot.value, score, spot.page, spot.pieces, MEMORY, notes), *found]


def _said(context: Context, field: str, lesson: Lesson) -> Spot | None:
    if field in TEXTS:
        return _standing(context, lesson.texts[field]) if field in lesson.texts else None
    fits: dict[str, tuple[float, Spot]] = {}
    for anchor in lesson.anchors.get(field, ()):
        for spot in spots(context, field, anchor.words):
            fit, key = _fit(anchor, spot), _key(field, spot.value)
            if fit > fits.get(key, (0.0, spot))[0]:
                fits[key] = (fit, spot)
    best = sorted(fits.values(), key=lambda f: -f[0])[:2]
    if not best or best[0][0] < ENOUGH or (len(best) > 1 and best[0][0] - best[1][0] < LEAD):
        return None
    return best[0][1]


def _fit(anchor: Anchor, spot: Spot) -> float:
    """0 to 1: the same words beside it, the same heading above it, the same place, the same shape."""
    if anchor.shape != spot.shape and not _same_form(anchor.shape, spot.shape):
        return 0.0
    left, above = _alike(anchor.left, spot.left), _alike(anchor.above, spot.above)
    x, y = abs(anchor.x - spot.x), abs(anchor.y - spot.y)
    place = max(0.0, 1 - 6 * x) * 0.5 + max(0.0, 1 - 6 * y) * 0.5
    words = max(left, 0.8 * above if x < 0.08 else 0.0)
    if not anchor.left and not anchor.above and x < 0.03 and y < 0.03:
        words = 0.8  # nothing stands around it, but it stands in the very same place
    return 0.65 * words + 0.1 * above + 0.15 * place + 0.1 * (anchor.shape == spot.shape) if words >= 0.6 else 0.0


def _same_form(one: str, other: str) -> bool:
    """`9.9` and `9,9.9`: amounts and dates vary in length, and so does what groups their digits."""
    ends = [re.search(r"[.,]9$", shape) is None for shape in (one, other)]
    return ends[0] == ends[1] and re.sub(r"[9.,]", "", one) == re.sub(r"[9.,]", "", other)


def _alike(one: str, other: str) -> float:
    """0 to 1; words that OCR read a little differently are alike."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    from rapidfuzz.fuzz import ratio

    found = ratio(one, other) / 100
    return found if found >= 0.8 else 0.0


def _anchors(context: Context, field: str, value: str) -> tuple[Anchor, ...]:
    """The surroundings of each place where the value stands."""
    if field in TEXTS:
        return ()
    words = len(value.split()) if field in CODES else 1
    return tuple(
        Anchor(left=s.left, above=s.above, x=round(s.x, 4), y=round(s.y, 4), shape=s.shape, words=words)
        for s in spots(context, field, words)
        if _key(field, s.value) == _key(field, value)
    )[:6]


def _standing(context: Context, value: str) -> Spot | None:
    """Where a text stands: one or several lines that read like it."""
    from rapidfuzz.fuzz import ratio

    wanted = _squeezed(value)
    best: tuple[float, list[Cell]] = (0.0, [])
    cells = context.sheet.cells[:120]
    for n in range(len(cells)):
        text = ""
        for m in range(n, min(n + 8, len(cells))):
            if cells[m].page != cells[n].page or len(text) > 1.2 * len(wanted):
                break
            text += _squeezed(cells[m].text)
            fit = ratio(text, wanted) / 100 if 0.7 * len(wanted) <= len(text) <= 1.4 * len(wanted) else 0.0
            if fit > best[0]:
                best = (fit, cells[n : m + 1])
    if best[0] < 0.88 or len(wanted) < 4:
        return None
    pieces = tuple(p for c in best[1] for p in c.pieces)
    text = " ".join(c.text for c in best[1])
    return Spot(text, best[1][0].page, pieces, "", "", pieces[0].x0, pieces[0].y0, "")


def _squeezed(text: str) -> str:
    return "".join(c for c in plain(text) if c.isalnum())


def _key(field: str, value: str) -> str:
    """What makes two values the same."""
    if field in AMOUNTS:
        try:
            return str(abs(Decimal(value)).normalize())
        except InvalidOperation:
            return value
    return value if field in DATES else _squeezed(value)


def same_value(field: str, one: str, other: str) -> bool:
    """Whether two values of a field say the same; of amounts the sign does not count (credit notes)."""
    return _key(field, one) == _key(field, other)
