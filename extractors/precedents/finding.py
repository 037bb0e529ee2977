"""From all clauses to those that may answer a query: by words, by concepts and by meaning, a list of each.

Every clause is looked at (a few bytes of each): no list of approximate neighbours has to be kept up to date, a filter
costs nothing, and a clause that was saved just now is found like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extractors.precedents.clause_view import CONCEPTS
from extractors.precedents.query import Wanted
from extractors.precedents.segments import IMPACT, LABELS, Columns, label_code

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

COMMON = 0.5
"""Words that more than this share of the clauses have are left out, if the query has others."""
EXACT_MAX = 20_000
"""Of so many clauses vectors are compared in full; of more, first the signs of their numbers."""


@dataclass(frozen=True)
class Question:
    """A query, with its words' weights over the whole index, its vector and the filters."""

    wanted: Wanted
    terms: dict[int, float]
    vector: Floats
    filters: dict[str, Any]


@dataclass(frozen=True)
class Found:
    """Rows of a segment that may answer, with their scores by words."""

    part: int
    rows: NDArray[np.int64]
    by_words: Floats


def weigh(terms: dict[int, int], parts: Sequence[Columns]) -> dict[int, float]:
    """How much each word of a query tells (BM25's idf)."""
    import numpy as np

    total = max(sum(len(part) for part in parts), 1)
    counts = {term: sum(_slice(part, term)[1] for part in parts) for term in terms}
    idf = {t: float(np.log(1 + (total - n + 0.5) / (n + 0.5))) for t, n in counts.items() if n}
    rare = {t: w for t, w in idf.items() if counts[t] <= COMMON * total}
    return rare or idf


def find(question: Question, parts: Sequence[Columns], dead: Sequence[NDArray[np.bool_]], wanted: int) -> list[Found]:
    """The best `wanted` of each of the three lists, over all segments; all clauses where there are not more."""
    import numpy as np

    scored = [_score(question, part, mask) for part, mask in zip(parts, dead, strict=True)]
    chosen = [np.zeros(len(part), np.bool_) for part in parts]
    for scores in zip(*(s[:3] for s in scored), strict=True):
        _choose(scores, chosen, wanted)
    found = []
    for number, (take, (words, _, _, allowed)) in enumerate(zip(chosen, scored, strict=True)):
        rows = np.flatnonzero(take & allowed)
        found.append(Found(number, rows, words[rows]))
    return found


def _choose(scores: Sequence[Floats], chosen: Sequence[NDArray[np.bool_]], wanted: int) -> None:
    """Marks the best of all segments, `wanted` of them. What the segments before have beaten is not sorted again."""
    import numpy as np

    values = np.zeros(0, np.float32)
    places = np.zeros((0, 2), np.int64)
    least = 0.0
    for number, score in enumerate(scores):
        rows = np.flatnonzero(score > least)
        rows = rows[_best(score[rows], wanted)]
        values = np.concatenate([values, score[rows]])
        places = np.concatenate([places, np.column_stack([np.full(len(rows), number), rows])])
        last = _best(values, wanted)
        values, places = values[last], places[last]
        least = float(values.min()) if len(values) == wanted else 0.0
    for number, mark in enumerate(chosen):
        mark[places[places[:, 0] == number, 1]] = True


def _best(score: Floats, wanted: int) -> NDArray[np.int64]:
    """The rows with the highest scores, in any order."""
    import numpy as np

    if len(score) <= wanted:
        return np.arange(len(score))
    return np.argpartition(score, -wanted)[-wanted:]


def _score(
    question: Question, part: Columns, dead: NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Scores by words, by concepts, by meaning (0 and below: no), and which rows may be shown at all."""

    allowed = ~dead
    for name, value in question.filters.items():
        allowed &= part.labels[:, LABELS.index(name)] == label_code(name, value)
    shut = ~allowed
    words, concepts, meaning = (
        score_words(question.terms, part),
        _concepts(question.wanted, part),
        _meaning(question, part),
    )
    concepts += words / max(float(words.max(initial=0.0)), 1e-6)  # of clauses that say the same the one with more words
    if shut.any():
        for score in (words, concepts, meaning):
            score[shut] = -1e9
    return words, concepts, meaning, allowed


def score_words(terms: dict[int, float], part: Columns) -> Floats:
    """BM25 of every row of a segment, for words with their weights."""
    import numpy as np

    score = np.zeros(len(part), np.float32)
    for term, weight in terms.items():
        start, count = _slice(part, term)
        if count:
            score[part.rows[start : start + count]] += part.impacts[start : start + count] * np.float32(weight / IMPACT)
    return score


def _slice(part: Columns, term: int) -> tuple[int, int]:
    import numpy as np

    place = int(np.searchsorted(part.terms, np.uint64(term)))
    if place == len(part.terms) or int(part.terms[place]) != term:
        return 0, 0
    return int(part.starts[place]), int(part.starts[place + 1] - part.starts[place])


def _concepts(wanted: Wanted, part: Columns) -> Floats:
    """How many of the concepts are said; a carve-out counts when it is one."""
    import numpy as np

    score = np.zeros(len(part), np.uint8)
    for concept in {*wanted.about, *wanted.covered}:
        score += np.minimum(part.planes[concept], 2)
    for concept in wanted.carved:
        score += np.minimum(part.planes[concept], 1)
        score += np.minimum(part.planes[CONCEPTS + concept], 1)
    for concept in wanted.lacking:
        score -= np.minimum(np.minimum(part.planes[concept], 1), score)
    return score.astype(np.float32)


def _meaning(question: Question, part: Columns) -> Floats:
    """Nearness in meaning: the cosine, or (of many) how many of the vectors' signs agree."""
    import numpy as np

    if len(part) <= EXACT_MAX:
        return part.vectors.astype(np.float32) @ question.vector + np.float32(127)
    mine = np.packbits(question.vector > 0).view(np.uint64)
    apart = np.zeros(len(part), np.uint16)
    for place, bits in enumerate(mine):
        apart += np.bitwise_count(part.bits[place] ^ bits)
    return (np.float32(384) - apart).astype(np.float32)
