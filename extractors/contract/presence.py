"""Whether a contract has a clause of a category at all, and what that means for the confidence of its spans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extractors.contract.clause_scores import CATEGORIES

HIGHEST = 0.999
_EDGE = 1e-4
_OWN = (0, 5, 7)  # signs that weigh differently for each category: its best spans, its best sentence
EVEN = 0.25
"""The gain of a span that becomes a confidence of 0.5, and the probability of presence before `told_at`."""
_SHARES = (0.3, 0.3, 0.4)  # of the linear model, the trees and the best span itself in the log-odds of presence
SCALE = 3.0  # brings log-odds to a size at which the penalty of the linear model is fair


def presence_signs(places: Any, chances: Any, gains: Any, meant: Any, probabilities: Any) -> Any:
    """A row for each category: its best spans, how much they are together, its best sentences, the contract's size.

    `meant` as for `clause_gains.gain_signs`.
    """
    import numpy as np

    rows = []
    for category in range(len(CATEGORIES)):
        own = places[:, 0] == category
        adding = _best(gains[own], 3)
        total, none = gains[own].sum(), np.prod(1 - np.minimum(gains[own], 0.98))
        sentence = _best(probabilities[:, category], 2)
        size = np.log(max(len(probabilities), 1)) - 5
        rows.append(
            [
                *_odds(adding),
                np.log(total + 1e-3),
                _odds(1 - none),
                _odds(sentence[0]),
                size,
                *_odds(_best(chances[own], 2)),
                _odds(sentence[1]),
                *_odds(_best(np.nan_to_num(meant[own], nan=0.0), 2)),
            ]
        )
    return np.array(rows, float)


def _best(chances: Any, count: int) -> Any:
    """The highest ones, with zeros where there are fewer."""
    import numpy as np

    found = np.zeros(count)
    highest = np.sort(chances)[::-1][:count]
    found[: len(highest)] = highest
    return found


def for_line(signs: Any) -> Any:
    """What the linear model looks at: the signs, which category it is, and what weighs differently in each."""
    import numpy as np

    scaled = signs / SCALE
    own = np.tile(np.eye(len(CATEGORIES)), (len(signs) // len(CATEGORIES), 1))
    return np.hstack([scaled, own, *(own * scaled[:, [n]] for n in _OWN)])


def for_trees(signs: Any, shares: Any) -> Any:
    """What the trees look at: how common the category is, its signs, and the best spans of all other categories.

    `shares`: of the contracts of the training set that have such a clause.
    """
    import numpy as np

    every = signs.reshape(-1, len(CATEGORIES), signs.shape[1])
    others = np.repeat(every[:, :, 0], len(CATEGORIES), axis=0)
    common = np.tile(shares, len(every))[:, None]
    return np.hstack([common, signs, others, signs[:, [6]]])


def probability_of(signs: Any, model: Mapping[str, Any]) -> Any:
    """Of there being such a clause, for each row: a linear model, trees and the best span have a share."""
    import numpy as np

    line = model["line"].predict_proba(for_line(signs))[:, 1]
    trees = model["trees"].predict_proba(for_trees(signs, model["shares"]))[:, 1]
    every = (_odds(line), _odds(trees), signs[:, 0])
    return 1 / (1 + np.exp(-sum(share * odds for share, odds in zip(_SHARES, every, strict=True))))


def stretched(probability: Any) -> Any:
    """The same order, with EVEN at 0.5.

    From there on saying that a clause is there pays, although it is likelier not to be: a missed clause costs more than
    a look at a sentence.
    """
    import numpy as np

    low, high = 0.5 * probability / EVEN, 0.5 + 0.5 * (probability - EVEN) / (1 - EVEN)
    return np.where(probability < EVEN, low, high)


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
    import numpy as np

    found = np.minimum(stretched(gains), presence[places[:, 0]])
    for category in np.unique(places[:, 0]):
        own = np.flatnonzero(places[:, 0] == category)
        found[own[gains[own].argmax()]] = presence[category]
    return np.minimum(found, HIGHEST)
