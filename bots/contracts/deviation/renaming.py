"""Who stands for whom: another contract's parties are this contract's parties under other names, one for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bots.contracts.deviation.align import Place, Wording, pairs
from bots.contracts.deviation.lexicon import BUYERS, SELLERS
from bots.contracts.deviation.parties import key_of
from bots.contracts.deviation.words import Token

_SHOUTING = 0.6  # share of capital letters from which a capital says nothing


@dataclass(frozen=True)
class Cast:
    """The parties of the approved wording's contract and of this one, and who is known to stand for whom (keys)."""

    theirs: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def same_parties(self) -> bool:
        """Whether both wordings are of contracts of the same parties, so that nobody has another name."""
        return {key_of(p) for p in self.ours} == {key_of(p) for p in self.theirs}

    def play(self, approved: Wording, found: Wording, spots: Sequence[Place]) -> Renamed:
        """Takes each exchange of one party for another as a renaming, as long as it is one for one."""
        swaps = list(_swaps(approved, found, spots))
        aligned = [_Swap(None, x, y, x.key, y.key) for x, y in pairs(approved, found)]
        mapping = self._mapping([s for s in (*aligned, *swaps) if self._may(s, approved, found)])
        good, wrong = set(), []
        for swap in (*aligned, *swaps):
            right = swap.a_key == swap.b_key if swap.a_key not in mapping else mapping[swap.a_key] == swap.b_key
            if right and swap.spot is not None:
                good.add(swap.spot)
            elif not right and swap.spot is None:
                wrong.append((swap.a.text, swap.b.text))
        return Renamed(mapping, frozenset(good), tuple(wrong))

    def _mapping(self, swaps: list[_Swap]) -> dict[str, str]:
        """One for one, the most frequent first; what is known of the whole contract comes before that."""
        mapping = dict(self.known)
        votes = Counter((s.a_key, s.b_key) for s in swaps)
        for (a, b), _ in votes.most_common():
            if a not in mapping and b not in mapping.values():
                mapping[a] = b
        return mapping

    def _may(self, swap: _Swap, approved: Wording, found: Wording) -> bool:
        """Whether the one may stand for the other at all."""
        a, b = swap.a_key, swap.b_key
        if a == b:
            return True
        ours = {key_of(p) for p in self.ours}
        if a in ours or (self.theirs and b in {key_of(p) for p in self.theirs} - ours):
            return False
        keys_a, keys_b = {t.key for t in approved.tokens}, {t.key for t in found.tokens}
        if swap.a.kind == "role" and self.same_parties:
            return False
        if swap.a.kind == "role":
            return a not in keys_b and b not in keys_a and (swap.b.kind != "role" or _same_role(a, b))
        if swap.a.kind == "party":
            return True
        return b in ours  # a name that nobody told us, where one of our parties stands now


@dataclass(frozen=True)
class Renamed:
    """Who stands for whom, the places that are nothing but that, and exchanges of parties beside it."""

    mapping: Mapping[str, str]
    spots: frozenset[Place]
    wrong: tuple[tuple[str, str], ...]

    def actors(self, words: Sequence[Token]) -> list[str]:
        """The parties and roles among the approved words, under this contract's names."""
        return [self.mapping.get(t.key, t.key) for t in words if t.kind in ("party", "role", "who")]


@dataclass(frozen=True)
class _Swap:
    spot: Place | None
    a: Token
    b: Token
    a_key: str
    b_key: str


def _swaps(approved: Wording, found: Wording, spots: Sequence[Place]) -> Iterator[_Swap]:
    for spot in spots:
        a_key = name_of(approved, spot.a_first, spot.a_last)
        b_key = name_of(found, spot.b_first, spot.b_last)
        if a_key and b_key:
            yield _Swap(spot, approved.tokens[spot.a_first], found.tokens[spot.b_first], a_key, b_key)


def name_of(own: Wording, first: int, last: int) -> str | None:
    """What names the party that the words are; None where they are no party's name."""
    words = own.tokens[first:last]
    if len(words) == 1 and words[0].kind in ("party", "role"):
        return words[0].key
    if not words or shouts(own.text) or not all(t.capital and t.kind in ("word", "role", "place") for t in words):
        return None
    if all(t.kind == "place" for t in words):
        return None
    if (
        own.begins_sentence(first)
        and len(words) == 1
        and not (last < len(own.tokens) and own.tokens[last].kind == "modal")
    ):
        return None  # any word has a capital there
    return key_of(" ".join(t.text for t in words))


def shouts(text: str) -> bool:
    """Whether the text is in capitals."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) / len(letters) > _SHOUTING


def _same_role(a: str, b: str) -> bool:
    """Whether both deliver, or both receive: a landlord insures where a supplier did."""
    return any(a in roles and b in roles for roles in (BUYERS, SELLERS))
