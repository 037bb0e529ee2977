"""Which words of two wordings belong together, and the places where they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from bots.contracts.deviation.words import Token

_HEADING = 8  # words of a heading
_NEAR, _NEAR_EXCEPTION = 1, 3
"""Places that differ and are so few equal words apart are one place; more where an exception begins."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A cleaned text with its tokens."""

    text: str
    tokens: tuple[Token, ...]

    def begins_sentence(self, place: int) -> bool:
        """Whether a sentence (or a part after a semicolon) ends before the token."""
        if place <= 0 or place >= len(self.tokens):
            return True
        return bool(re.search(r"[.;:]", self.text[self.tokens[place - 1].end : self.tokens[place].start]))

    def shown(self, first: int, last: int) -> str:
        """What stands there, as it is written."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end] if last > first else ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place where two wordings differ: tokens a[a_first:a_last] became b[b_first:b_last]."""

    a_first: int
    a_last: int
    b_first: int
    b_last: int
    at_end: bool = False  # of one of the wordings

    def merged(self, other: Place) -> Place:
        """Both places and what lies between them."""
        return Place(self.a_first, other.a_last, self.b_first, other.b_last, self.at_end or other.at_end)


def places(a: Wording, b: Wording) -> list[Place]:
    """Where the two differ. Whole sentences that only one of them has at its start or end are places `at_end`."""
    found: list[Place] = []
    keys_a, keys_b = [_key(t) for t in a.tokens], [_key(t) for t in b.tokens]
    for step in Levenshtein.opcodes(keys_a, keys_b):
        if step.tag == "equal":
            continue
        place = Place(step.src_start, step.src_end, step.dest_start, step.dest_end)
        found.append(_at_end(place, a, b))
    return _merged(found, a, b)


def pairs(a: Wording, b: Wording) -> list[tuple[Token, Token]]:
    """Parties that stand in each other's place."""
    made: list[tuple[Token, Token]] = []
    for step in Levenshtein.opcodes([_key(t) for t in a.tokens], [_key(t) for t in b.tokens]):
        if step.tag == "equal":
            both = zip(a.tokens[step.src_start : step.src_end], b.tokens[step.dest_start : step.dest_end], strict=True)
            made.extend((x, y) for x, y in both if x.kind == "party")
    return made


def _key(token: Token) -> str:
    return "@" if token.kind == "party" else f"{token.kind}:{token.key}"


def _at_end(place: Place, a: Wording, b: Wording) -> Place:
    """Marks words that only one wording has, where they are whole sentences at its start or end."""
    if _is_heading(place, b):
        return Place(place.a_first, place.a_last, place.b_first, place.b_last, at_end=True)
    one_sided = place.a_first == place.a_last or place.b_first == place.b_last
    if not one_sided:
        return place
    own, first, last = (
        (b, place.b_first, place.b_last)
        if place.a_first == place.a_last
        else (
            a,
            place.a_first,
            place.a_last,
        )
    )
    leading = first == 0 and own.begins_sentence(last)
    trailing = last == len(own.tokens) and own.begins_sentence(first)
    if not (leading or trailing):
        return place
    return Place(place.a_first, place.a_last, place.b_first, place.b_last, at_end=True)


def _is_heading(place: Place, b: Wording) -> bool:
    """Whether the words stand over the clause: in capitals, before its first word, and none of them decides."""
    words = b.tokens[place.b_first : place.b_last]
    if place.a_last > 0 or place.b_first > 0 or not words or len(words) > _HEADING or place.b_last == len(b.tokens):
        return False
    titled = all(t.capital or len(t.text) <= 3 for t in words) and b.tokens[place.b_last].text[:1].isupper()
    return titled and not any(t.kind in ("negation", "modal", "carve", "number") for t in words)


def _merged(found: list[Place], a: Wording, b: Wording) -> list[Place]:
    made: list[Place] = []
    for place in found:
        before = made[-1] if made else None
        if before and not before.at_end and not place.at_end and _close(before, place, a, b):
            made[-1] = before.merged(place)
        else:
            made.append(place)
    return made


def _close(before: Place, place: Place, a: Wording, b: Wording) -> bool:
    gap = place.a_first - before.a_last
    between = a.tokens[before.a_last : place.a_first]
    if any(t.kind in ("party", "role") for t in between):
        return False
    own = (*a.tokens[before.a_first : before.a_last], *b.tokens[before.b_first : before.b_last])
    exception = any(t.kind == "carve" for t in own)
    long = max(before.a_last - before.a_first, before.b_last - before.b_first) >= 4
    return gap <= (_NEAR_EXCEPTION if exception or long else _NEAR)
