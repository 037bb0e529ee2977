"""Names of parties weighed as wholes: all mentions of a name together, against the other names of the contract.

A ranker of mentions (terms_model) says of each span how probable it is; here its opinions of one name are gathered,
and a second ranker judges the name beside its rivals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractors.contract.parties import has_form, no_name, tidy
from extractors.contract.parties_candidates import Candidate, Head
from extractors.contract.parties_runs import core_of, folded
from extractors.contract.parties_tokens import HEAD_PART, LATE_PART, SIGNED_PART

LEAST = 0.03  # chance of its best mention below which a name is not weighed
WHOLE = 0.75  # what the name's chance weighs against the mention's own
SHORTEST = 4  # letters and digits of a name that may be part of another
Weighed = Sequence[tuple[Candidate, float]]


@dataclass
class Name:
    """A folded name, its mentions, and of each its chance and that of the strongest other name over the same words."""

    key: str
    core: str
    formed: bool
    mentions: list[Candidate] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)
    rivals: list[float] = field(default_factory=list)

    @property
    def best(self) -> float:
        return max(self.chances)

    @property
    def place(self) -> int:
        """Which mention is the most probable one."""
        return self.chances.index(self.best)

    @property
    def start(self) -> int:
        return self.mentions[self.place].start


def names_of(head: Head, weighed: Weighed) -> list[Name]:
    """The names that are probable enough to be weighed."""
    told = [tidy(head.text[c.start : c.end]) for c, _ in weighed]
    keys = [folded(name) for name in told]
    over: dict[int, dict[str, float]] = defaultdict(dict)  # by token: the best chance of each name over it
    for (c, chance), key in zip(weighed, keys, strict=True):
        for place in range(c.first, c.stop):
            over[place][key] = max(over[place].get(key, 0.0), chance)
    found: dict[str, Name] = {}
    for (c, chance), key, name in zip(weighed, keys, told, strict=True):
        if len(key) < 2 or no_name(name):
            continue
        one = found.setdefault(key, Name(key, core_of(name), has_form(name)))
        rivals = (w for place in range(c.first, c.stop) for k, w in over[place].items() if k != key)
        one.mentions.append(c)
        one.chances.append(chance)
        one.rivals.append(max(rivals, default=0.0))
    return [name for name in found.values() if name.best > LEAST]


def measures_of_names(head: Head, names: Sequence[Name]) -> list[list[float]]:
    """The measures of every name, in a fixed order that only the ranker needs to know."""
    order = sorted(names, key=lambda n: -n.best)
    return [[float(x) for x in (*_own(head, n), *_beside(n, names), *_among(n, order))] for n in names]


def weighed_again(names: Sequence[Name], chances: Sequence[float]) -> list[tuple[Candidate, float]]:
    """The mentions with the chances of their names, each in its share of the best mention, and with their own."""
    return [
        (c, WHOLE * chance * own / name.best + (1 - WHOLE) * own)
        for name, chance in zip(names, chances, strict=True)
        for c, own in zip(name.mentions, name.chances, strict=True)
    ]


def _own(head: Head, name: Name) -> Iterator[float]:
    chances = sorted(name.chances, reverse=True)
    at = name.mentions[name.place]
    parts = dict.fromkeys((HEAD_PART, LATE_PART, SIGNED_PART), 0.0)
    for chance, c in zip(name.chances, name.mentions, strict=True):
        parts[head.tokens[c.first].part] = max(parts[head.tokens[c.first].part], chance)
    yield from (chances[0], chances[1] if len(chances) > 1 else 0.0, sum(chances), len(chances))
    yield from (sum(chances) / len(chances), chances[-1])
    yield from (name.rivals[name.place], max(name.rivals), min(name.rivals))
    yield max(own - rival for own, rival in zip(name.chances, name.rivals, strict=True))
    yield from parts.values()
    yield from (head.tokens[at.first].part, at.start / 1000, at.stop - at.first, name.formed)


def _beside(name: Name, names: Sequence[Name]) -> Iterator[float]:
    """The names that are this one in other words, in more or in fewer."""
    others = [n for n in names if n is not name]
    same = [n for n in others if n.core == name.core]
    yield from (max((n.best for n in same), default=0.0), len(same), any(n.start < name.start for n in same))
    yield max((n.best for n in others if n.key.startswith(name.key)), default=0.0)
    yield max((n.best for n in others if name.key.startswith(n.key)), default=0.0)
    yield max((n.best for n in others if n.key.endswith(name.key)), default=0.0)
    yield max((n.best for n in others if name.key.endswith(n.key)), default=0.0)
    yield max((n.best for n in others if name.key in n.key), default=0.0)
    within = sorted((n.best for n in others if len(n.key) > SHORTEST and n.key in name.key), reverse=True)
    yield from (*within, 0.0, 0.0)[:2]


def _among(name: Name, order: Sequence[Name]) -> Iterator[float]:
    """Its rank, how many parties there seem to be, and the strongest of the others."""
    total = sum(n.best for n in order)
    yield from (order.index(name), total, total - name.best, sum(n.best > 0.5 for n in order))
    yield from (*(n.best for n in order[:4] if n is not name), 0.0, 0.0, 0.0)[:3]
