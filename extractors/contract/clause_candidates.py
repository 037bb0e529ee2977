"""Spans of a contract that may be clauses, and what speaks for each: sentences and short runs of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractors.contract.document import ContractText

TOP = 14  # sentences of a contract that are looked at for one category, and those with some probability
MOST = 40
PROBABLE = 0.025
LONGEST_RUN = 3
FAR = -9.0  # score beside the first and behind the last sentence

SIGNS = (
    "category",
    "best",
    "mean",
    "least",
    "before",
    "before2",
    "after",
    "after2",
    "sentences",
    "length",
    "place",
    "size",
    "rank",
    "below_best",
    "second",
    "likely",
    "label",
    "small",
    "ending",
    "section",
    "first",
    "behind",
    "probability",
    "probability_best",
    "rival",
)
"""Names of the columns before the scores of all categories."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Sentences `first` to `last` of the contract as a clause of category `category` (an index)."""

    category: int
    first: int
    last: int


def candidates_of(scores: Any, probabilities: Any, categories: Sequence[int]) -> list[Candidate]:
    """For each category its best sentences, and runs of neighbours among them. `scores`: sentences x categories."""
    found: list[Candidate] = []
    for category in categories:
        order = (-scores[:, category]).argsort(kind="stable")[:MOST]
        best = {int(i) for n, i in enumerate(order) if n < TOP or probabilities[i, category] >= PROBABLE}
        for first in sorted(best):
            last = first
            while last in best and last - first < LONGEST_RUN:
                found.append(Candidate(category, first, last))
                last += 1
    return found


@dataclass(frozen=True)
class Shape:
    """What does not hang on the category: a row for each sentence."""

    starts: Any
    ends: Any
    label: Any
    small: Any
    ending: Any
    section: Any
    behind: Any

    @classmethod
    def of(cls, doc: ContractText) -> Shape:
        """Places, labels and endings of the sentences."""
        import numpy as np

        text, sentences = doc.text, doc.sentences
        body_end = min([doc.signature[0] if doc.signature else len(text), *(e.start for e in doc.exhibits)])
        return cls(
            starts=np.array([s.start for s in sentences]),
            ends=np.array([s.end for s in sentences]),
            label=np.array([_label(s.label) for s in sentences], float),
            small=np.array([text[s.start].islower() for s in sentences], float),
            ending=np.array([".;:,".find(text[s.end - 1]) for s in sentences], float),
            section=np.array([-1 if s.heading is None else s.heading for s in sentences]),
            behind=np.array([s.start > body_end for s in sentences], float),
        )


def _label(label: str) -> int:
    if not label:
        return 0
    return 2 if label.startswith("(") else 3 if label[-1].isdigit() or label[0].isdigit() else 1


def signs_of(candidates: Sequence[Candidate], scores: Any, probabilities: Any, shape: Shape) -> Any:
    """A row of figures for each candidate: SIGNS, then the scores of all categories of its best sentence."""
    import numpy as np

    c, first, last = np.array([(x.category, x.first, x.last) for x in candidates], int).reshape(-1, 3).T
    runs = np.minimum(first[:, None] + np.arange(LONGEST_RUN), last[:, None])
    inside = scores[runs, c[:, None]]
    rows = np.arange(len(c))
    best_at = runs[rows, inside.argmax(1)]
    others = scores[best_at].copy()
    others[rows, c] = FAR
    own = [c, inside.max(1), inside.mean(1), inside.min(1), *_neighbours(scores, first, last, c)]
    whole = _in_the_contract(scores, best_at, inside.max(1), c)
    columns = [
        *own,
        last - first + 1,
        np.log1p(shape.ends[last] - shape.starts[first]),
        first / len(scores),
        np.full(len(c), np.log(len(scores))),
        *whole,
        shape.label[first],
        shape.small[first],
        shape.ending[last],
        _section_best(scores, shape, first, c),
        (shape.section[first] != shape.section[np.maximum(first - 1, 0)]) | (first == 0),
        shape.behind[first],
        probabilities[best_at, c],
        probabilities.max(0)[c],
        others.max(1),
    ]
    return np.hstack([np.stack(columns, 1), scores[best_at]]).astype(np.float32)


def _neighbours(scores: Any, first: Any, last: Any, category: Any) -> list[Any]:
    """Scores of the two sentences before and the two after."""
    import numpy as np

    edge = np.full((2, scores.shape[1]), FAR)
    padded = np.vstack([edge, scores, edge])
    return [padded[at, category] for at in (first + 1, first, last + 3, last + 4)]


def _in_the_contract(scores: Any, best_at: Any, best: Any, category: Any) -> list[Any]:
    """A sentence among those of its contract: rank, distance to the best, the second, how many are likely."""
    import numpy as np

    ranks = (-scores).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    ordered = np.sort(scores, axis=0)
    second = ordered[-2] if len(scores) > 1 else np.full(scores.shape[1], FAR)
    likely = (scores > -1).sum(0)
    return [ranks[best_at, category], ordered[-1][category] - best, second[category], likely[category]]


def _section_best(scores: Any, shape: Shape, first: Any, category: Any) -> Any:
    """The best score of the category under the same heading."""
    import numpy as np

    sections, inverse = np.unique(shape.section, return_inverse=True)
    best = np.full((len(sections), scores.shape[1]), FAR)
    np.maximum.at(best, inverse, scores)
    return best[inverse[first], category]
