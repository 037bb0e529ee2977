"""Whether a contract has a clause of a category at all, and what that means for how sure its spans are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extractors.contract.clause_hints import STRONG, WEAK, hints_of, rule_categories
from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.clause_spans import alone

HIGHEST = 0.999
_EDGE = 1e-4
_OWN = (0, 5, 7, 12, 13, 18)  # signs that weigh differently for each category: best spans and sentence, hints, words
_ALL = (0, 18)  # signs of every category that the trees see for each: the best span, all words
EVEN = 0.25
"""The gain of a span that becomes a confidence of 0.5, and the probability of presence before `told_at`."""
_TOLD = ((0, 0.03, 0.12, EVEN, 0.88, 0.97, 1), (0, 0.03, 0.22, 0.5, 0.78, 0.97, 1))
"""Probabilities and the confidences that stand for them: what is sure stays so, and "no" is as sure as "yes"."""
_SHARES = (0.65, 0.35)  # of the linear model and the trees in the log-odds of presence
SCALE = 3.0  # brings log-odds to a size at which the penalty of the linear model is fair


@dataclass(frozen=True)
class Weighed:
    """All spans of a contract that were weighed, a row for each."""

    places: Any  # category, start, end
    chances: Any  # of finding a clause
    gains: Any  # of finding one that no likelier span finds
    meant: Any  # as of clause_vectors.meanings_of


def presence_signs(spans: Weighed, probabilities: Any, hits: Any, whole: Any) -> Any:
    """A row for each category: its best spans, how much they are together, its best sentences, its hints, the size.

    `probabilities`: sentences x categories; `hits`: sentences x rules (clause_hints.py); `whole`: for each category how
    likely the words of the whole contract make it (clause_whole.py).
    """
    import numpy as np

    rows = []
    hints = hints_of(hits)
    for category in range(len(CATEGORIES)):
        own = spans.places[:, 0] == category
        gains, meant = spans.gains[own], np.nan_to_num(spans.meant[own, 0], nan=0.0)
        total, none = gains.sum(), np.prod(1 - np.minimum(gains, 0.98))
        sentence = _best(probabilities[:, category], 2)
        size = np.log(max(len(probabilities), 1)) - 5
        rows.append(
            [
                *_odds(_best(gains, 3)),
                np.log(total + 1e-3),
                _odds(1 - none),
                _odds(sentence[0]),
                size,
                *_odds(_best(spans.chances[own], 2)),
                _odds(sentence[1]),
                *_odds(_best(meant, 2)),
                *_hint_signs(gains, spans.meant[own, 1], probabilities[:, category], hints[:, category]),
                _odds(whole[category]),
            ]
        )
    return np.array(rows, float)


def _hint_signs(gains: Any, of_spans: Any, probabilities: Any, hints: Any) -> list[float]:
    """The best span's hint, how many sentences have one, and the best of what is strongly or at all hinted at."""
    import numpy as np

    surest = of_spans[gains.argmax()] if len(gains) else 0
    strong, some = hints >= STRONG, hints >= WEAK
    best = (probabilities[strong], gains[of_spans >= STRONG], gains[of_spans >= WEAK])
    return [surest, np.log1p(strong.sum()), np.log1p(some.sum()), *(_odds(b.max(initial=0.0)) for b in best)]


def rule_counts(hits: Any) -> Any:
    """For each rule the logarithm of how many sentences of the contract it knows."""
    import numpy as np

    return np.log1p(hits.sum(0))


@lru_cache(maxsize=1)
def _whose() -> Any:
    """Categories x rules: 1 where the rule is the category's."""
    import numpy as np

    return (rule_categories()[:, 0] == np.arange(len(CATEGORIES))[:, None]).astype(float)


def _best(chances: Any, count: int) -> Any:
    """The highest ones, with zeros where there are fewer."""
    import numpy as np

    found = np.zeros(count)
    highest = np.sort(chances)[::-1][:count]
    found[: len(highest)] = highest
    return found


def for_line(signs: Any, counts: Any) -> Any:
    """What the linear model looks at: the signs, which category it is, and what weighs differently in each.

    `signs`: a row for each contract and category; `counts`: of `rule_counts`, a row for each contract.
    """
    import numpy as np

    scaled = signs / SCALE
    own = np.tile(np.eye(len(CATEGORIES)), (len(counts), 1))
    rules = (counts[:, None, :] * _whose()).reshape(len(signs), -1)
    return np.hstack([scaled, own, *(own * scaled[:, [n]] for n in _OWN), 0.5 * rules, 0.5 * (rules > 0)])


def for_trees(signs: Any, shares: Any) -> Any:
    """What the trees look at: how common the category is, its signs, and some of those of all categories.

    `shares`: of the contracts of the training set that have such a clause.
    """
    import numpy as np

    every = signs.reshape(-1, len(CATEGORIES), signs.shape[1])
    others = np.repeat(every[:, :, _ALL].reshape(len(every), -1), len(CATEGORIES), axis=0)
    return np.hstack([np.tile(shares, len(every))[:, None], signs, others])


def probability_of(signs: Any, counts: Any, model: Mapping[str, Any]) -> Any:
    """Of there being such a clause, for each row of `signs`: a linear model and trees have a share."""
    import numpy as np

    line = model["line"].predict_proba(for_line(signs, counts))[:, 1]
    trees = model["trees"].predict_proba(for_trees(signs, model["shares"]))[:, 1]
    odds = sum(share * _odds(chance) for share, chance in zip(_SHARES, (line, trees), strict=True))
    return 1 / (1 + np.exp(-odds))


def stretched(probability: Any) -> Any:
    """The same order, with EVEN at 0.5.

    From there on saying that a clause is there pays, although it is likelier not to be: a missed clause costs more than
    a look at a sentence.
    """
    import numpy as np

    return np.interp(probability, *_TOLD)


def told_at(probability: Any, middles: Any) -> Any:
    """Stretched, and bent so that each category's own middle lies at 0.5; both have a figure for each category.

    What is far from 0.5 stays as it is: there the categories are to be compared with each other.
    """
    import numpy as np

    found = stretched(probability)
    for category, middle in enumerate(stretched(middles)):
        low, high = min(0.9 * middle, 0.4), max(0.65, middle + 0.1 * (1 - middle))
        found[category] = np.interp(found[category], [0, low, middle, high, 1], [0, low, 0.5, high, 1])
    return found


def _odds(chance: Any) -> Any:
    import numpy as np

    inside = np.clip(chance, _EDGE, 1 - _EDGE)
    return np.log(inside / (1 - inside))


def confidences(places: Any, gains: Any, presence: Any) -> Any:
    """A category's best span is as sure as it is that there is such a clause; no other one is surer than that."""
    return _with_best(stretched(gains), places, gains, presence)


def probabilities_of(spans: Weighed, presence: Any) -> Any:
    """Of a category's best span that there is such a clause, of each other one that it is such a clause.

    For the others two judges speak, of finding a clause and of finding a new one: who finds a new one finds one, so
    the likelier of both holds. Both are as calibrated as they left their trees; `presence` is of `probability_of`.
    """
    import numpy as np

    told = spans.gains > 0
    found = spans.gains.copy()
    found[told] = np.maximum(found[told], alone(spans.places[told], spans.chances[told]))
    return _with_best(found, spans.places, spans.gains, presence)


def best_rows(places: Any, gains: Any) -> Any:
    """The row of the best span of each category that has one."""
    import numpy as np

    owned = (np.flatnonzero(places[:, 0] == category) for category in np.unique(places[:, 0]))
    return np.array([own[gains[own].argmax()] for own in owned], int)


def _with_best(found: Any, places: Any, gains: Any, presence: Any) -> Any:
    """Each category's best span has what is said of the category, which no other one exceeds."""
    import numpy as np

    made = np.minimum(found, presence[places[:, 0]])
    best = best_rows(places, gains)
    made[best] = presence[places[best, 0]]
    return np.minimum(made, HIGHEST)
