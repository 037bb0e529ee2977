"""What a possible clause adds to the likelier ones of its category: a clause of its own, or the same one once more.

Many spans of a contract are about the same clause: a sentence, that sentence with its neighbour, the same words on the
first page and above the signatures. Each may be right, but only one of them tells a reader something. So the spans of
a category are gone through from the likeliest on, and a second judge says how likely each is a clause that none before
it was. That judge learns from spans that find a new answer and from those that find none; those that find an answer
again count neither way, as in CUAD's own scoring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.clause_spans import coded
from extractors.contract.document import ContractText

MOST = 40  # spans of one category that are weighed, the likeliest first
FAR = 99_999.0  # characters to the nearest likelier span where there is none
HIGH = 0.5  # chance from which on a span before counts as a clause

SIGNS = (
    "category",
    "chance",
    "rank",
    "best",
    "together",
    "before",
    "none_before",
    "below_previous",
    "overlapped",
    "rival",
    "shared",
    "shared_of_rival",
    "length",
    "distance",
    "same_words",
    "sentences",
    "place",
    "high_before",
    "meant",
    "meant_best",
    "meant_together",
    "meant_rank",
    "hint",
    "hints",
)
"""Names of the columns."""


@dataclass
class _Before:
    """The likelier spans of a category that were gone through already."""

    spans: list[tuple[int, int, float]] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    expected: float = 0.0  # clauses among those that overlap none before them
    none: float = 1.0  # chance that there is no clause among those

    def add(self, start: int, end: int, text: str, chance: float, apart: bool) -> None:
        """One more."""
        self.spans.append((start, end, chance))
        self.texts.add(text)
        if apart:
            self.expected += chance
            self.none *= 1 - min(chance, 0.98)


def in_order(places: Any, chances: Any) -> list[Any]:
    """For each category that has spans, the rows of its likeliest ones, from the likeliest on."""
    found = []
    for category in range(len(CATEGORIES)):
        rows = (places[:, 0] == category).nonzero()[0]
        if len(rows):
            found.append(rows[(-chances[rows]).argsort(kind="stable")][:MOST])
    return found


def gain_signs(doc: ContractText, places: Any, chances: Any, groups: Sequence[Any], meant: Any) -> Any:
    """A row of SIGNS for each span of the groups, which are those of `in_order`.

    `meant`: for each span how likely its words mean such a clause (NaN where they were not read), its hint, and how
    many there are (clause_vectors.py: meanings_of).
    """
    import numpy as np

    found: list[list[float]] = []
    for rows in groups:
        own, before = chances[rows].tolist(), _Before()
        together = sum(own)
        meanings = _meanings(meant[rows, 0])
        for rank, (category, start, end) in enumerate(places[rows].tolist()):
            text = doc.text[start:end].lower()
            alone = _beside(before, start, end)
            found.append(
                [
                    category,
                    own[rank],
                    rank,
                    own[0],
                    together,
                    before.expected,
                    before.none,
                    own[rank - 1] - own[rank] if rank else 1 - own[0],
                    *alone[:4],
                    float(np.log(end - start + 1)),
                    float(np.log1p(alone[4])),
                    text in before.texts,
                    len(doc.sentences),
                    start / max(len(doc.text), 1),
                    sum(chance > HIGH for *_, chance in before.spans),
                    *meanings[rank],
                    *meant[rows[rank], 1:],
                ]
            )
            before.add(start, end, text, own[rank], apart=not alone[0])
    return np.array(found, np.float32).reshape(-1, len(SIGNS))


def _meanings(meant: Any) -> list[list[float]]:
    """For each span of a category: its meaning, the best one's, their sum, how many mean it more."""
    import numpy as np

    known = np.nan_to_num(meant, nan=0.0)
    every = np.full(len(meant), known.max(initial=0.0)), np.full(len(meant), known.sum())
    more = (-known).argsort(kind="stable").argsort(kind="stable")
    found: list[list[float]] = np.column_stack([meant, *every, more]).tolist()
    return found


def _beside(before: _Before, start: int, end: int) -> tuple[float, float, float, float, float]:
    """(likelier spans that it overlaps; the likeliest one's chance; shares of it and of that one; distance)."""
    count, rival, shared, of_rival, distance = 0, 0.0, 0.0, 0.0, FAR
    for a, b, chance in before.spans:
        if start < b and a < end:
            count += 1
            if chance > rival:
                common = min(end, b) - max(start, a)
                rival, shared, of_rival = chance, common / (end - start), common / (b - a)
        else:
            distance = min(distance, max(start - b, a - end))
    return count, rival, shared, of_rival, 0.0 if count else distance


def gains_of(doc: ContractText, places: Any, chances: Any, meant: Any, judge: tuple[Any, Any]) -> Any:
    """For each span how likely it is a clause that no likelier one is; 0 for those beyond MOST of a category.

    `judge`: what says it, and the order of the categories that it learnt with.
    """
    import numpy as np

    gains = np.zeros(len(chances))
    groups = in_order(places, chances)
    if groups:
        signs = coded(gain_signs(doc, places, chances, groups, meant), judge[1])
        gains[np.concatenate(groups)] = judge[0].predict_proba(signs)[:, 1]
    return gains
