"""What a wording changes against an approved one: numbers, negations, modal verbs, parties, exceptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

from bots.contracts.deviation import lexicon as lex
from bots.contracts.deviation.align import Place, Wording, places
from bots.contracts.deviation.cleaning import cleaned
from bots.contracts.deviation.noise import is_noise, turned
from bots.contracts.deviation.renaming import Cast, Renamed, name_of
from bots.contracts.deviation.tokens import tokens
from bots.contracts.deviation.words import Token, skeleton
from workitems.items import Noun

ChangeCode = Literal[
    "deviation_number",
    "deviation_negation",
    "deviation_modal",
    "deviation_party",
    "deviation_carve_out",
    "deviation_place",
    "deviation_wording",
]
MATERIAL: frozenset[ChangeCode] = frozenset(
    (
        "deviation_number",
        "deviation_negation",
        "deviation_modal",
        "deviation_party",
        "deviation_carve_out",
        "deviation_place",
    )
)
"""Changes that change what is agreed; other changes of wording are told, and keep nothing up."""
_WHOLE_CONDITION = 4  # words from which on a "without ..." that came or went is a condition, not a negation


class Change(Noun):
    """One change: what was approved, and what stands there instead ("" where nothing does)."""

    code: ChangeCode
    approved: str
    found: str


def wording(text: str, parties: Sequence[str] = ()) -> Wording:
    """A text made ready to be compared; `parties` are the names of its contract's parties."""
    return _wording(text, tuple(parties))


@lru_cache(maxsize=2048)  # each clause of a contract meets the same approved wordings
def _wording(text: str, parties: tuple[str, ...]) -> Wording:
    plain = cleaned(text)
    return Wording(plain, tuple(tokens(plain, parties)))


def compare(approved: str, found: str, theirs: Sequence[str] = (), ours: Sequence[str] = ()) -> tuple[Change, ...]:
    """What a text changes against an approved one; `theirs` and `ours` are the parties of the two contracts."""
    everybody = (*theirs, *ours)
    return changes(wording(approved, everybody), wording(found, everybody), Cast(tuple(theirs), tuple(ours)))


def changes(approved: Wording, found: Wording, cast: Cast | None = None) -> tuple[Change, ...]:
    """What `found` changes against `approved`, in the order of the text; () for a faithful copy.

    Not a change: case, spacing, numbering, hyphens, quotes, single letters that a scanner misreads, and the names of
    this contract's parties in the place of the others' (`cast` says who stands for whom).
    """
    cast = cast or Cast()
    spots = places(approved, found)
    renamed = cast.play(approved, found, spots)
    made: list[Change] = []
    for spot in spots:
        for code in _codes(approved, found, spot, renamed):
            made.append(
                Change(
                    code=code,
                    approved=_shown(approved, spot.a_first, spot.a_last),
                    found=_shown(found, spot.b_first, spot.b_last),
                )
            )
    made += [Change(code="deviation_party", approved=x, found=y) for x, y in renamed.wrong]
    return tuple(dict.fromkeys(made))


def _codes(approved: Wording, found: Wording, spot: Place, renamed: Renamed) -> Sequence[ChangeCode]:
    a = approved.tokens[spot.a_first : spot.a_last]
    b = found.tokens[spot.b_first : spot.b_last]
    if spot.at_end:
        return ["deviation_carve_out"] if _excepts(a, b) else []
    if spot in renamed.spots or is_noise(a, b):
        return []
    if _kinds(a, "carve") != _kinds(b, "carve") or _condition(a, b) or _condition(b, a):
        return ["deviation_carve_out"]
    codes: list[ChangeCode] = []
    if _amounts(a) != _amounts(b):
        codes.append("deviation_number")
    if _negations(a, b) != _negations(b, a) or turned(a, b):
        codes.append("deviation_negation")
    if _kinds(a, "modal") != _kinds(b, "modal"):
        codes.append("deviation_modal")
    if renamed.actors(a) != [t.key for t in b if t.kind in ("party", "role", "who")]:
        codes.append("deviation_party")
    if not codes and _kinds(a, "place") != _kinds(b, "place"):
        codes.append("deviation_place")
    if not codes and name_of(approved, spot.a_first, spot.a_last) and name_of(found, spot.b_first, spot.b_last):
        codes.append("deviation_party")
    if codes:
        return codes
    inside = _inside_exception(approved, spot.a_first) and _inside_exception(found, spot.b_first)
    return ["deviation_carve_out" if inside else "deviation_wording"]


def _shown(own: Wording, first: int, last: int) -> str:
    """What stands there; a number with what it counts."""
    while first < last < len(own.tokens) and own.tokens[last].kind == "unit" and own.tokens[last - 1].kind != "word":
        last += 1
    return own.shown(first, last)


def _excepts(a: Sequence[Token], b: Sequence[Token]) -> bool:
    """Whether a sentence that came is an exception, or one that went began with one."""
    return any(t.kind == "carve" for t in b) or any(t.kind == "carve" for t in a[:3])


def _condition(own: Sequence[Token], other: Sequence[Token]) -> bool:
    """ "without the other party's consent" as a whole is a condition that came or went, and turns nothing round."""
    without = any(t.key == "without" for t in own) and all(t.key != "without" for t in other)
    return without and len(own) >= _WHOLE_CONDITION and len(other) <= 1


def _kinds(words: Sequence[Token], kind: str) -> Counter[str]:
    return Counter(t.key for t in words if t.kind == kind)


def _negations(own: Sequence[Token], other: Sequence[Token]) -> Counter[str]:
    """The negations; the "non" of a word that the other side does not have ("non-renewal") is a part of that word."""
    keys = {t.key for t in other}
    pairs = zip_longest(own, own[1:])
    return Counter(
        t.key
        for t, after in pairs
        if t.kind == "negation" and (t.text.casefold() != "non" or after is None or after.key in keys)
    )


def _amounts(words: Sequence[Token]) -> Counter[str]:
    """Numbers with what they count, and on which side of them one has to be."""
    return Counter(t.key for t in words if t.kind in ("number", "unit") or t.key in _BOUNDS)


def _inside_exception(own: Wording, place: int) -> bool:
    """Whether an exception has begun in the sentence that the place is in."""
    for back in range(min(place, len(own.tokens)) - 1, -1, -1):
        if own.tokens[back].kind == "carve":
            return True
        if own.begins_sentence(back):
            return False
    return False


_BOUNDS = {skeleton(word) for word in lex.BOUNDS}
