"""Whether a contract has a clause of a category at all, and what that means for the confidence of its spans."""

from __future__ import annotations

from typing import Any

from extractors.contract.clause_scores import CATEGORIES

HIGHEST = 0.999
_EDGE = 1e-4
_OWN = (0, 5)  # signs that weigh differently for each category: its best span, its best sentence


def presence_signs(places: Any, chances: Any, probabilities: Any) -> Any:
    """A row for each category: its best spans, how much they are together, its best sentence, the contract's size."""
    import numpy as np

    rows = []
    for category in range(len(CATEGORIES)):
        best = np.sort(chances[places[:, 0] == category])[::-1]
        top = np.zeros(3)
        top[: min(3, len(best))] = best[:3]
        any_of_them = 1 - np.prod(1 - np.minimum(best, 0.98))
        sentence = probabilities[:, category].max(initial=0.0)
        size = np.log(max(len(probabilities), 1)) - 5
        rows.append([*_odds(top), np.log(best.sum() + 1e-3), _odds(any_of_them), _odds(sentence), size])
    signs = np.array(rows, float) / 3
    own = np.eye(len(CATEGORIES))
    return np.hstack([signs, own, *(own * signs[:, [n]] for n in _OWN)])


def presence_of(places: Any, chances: Any, probabilities: Any, model: Any, middle: float) -> Any:
    """The confidence for each category that the contract has such a clause.

    `middle` is the probability that becomes 0.5: where saying that the clause is there pays, although it is a little
    likelier not to be (a missed clause costs more than a look at a sentence).
    """
    if not len(places):
        import numpy as np

        return np.zeros(len(CATEGORIES))
    return stretched(model.predict_proba(presence_signs(places, chances, probabilities))[:, 1], middle)


def stretched(probability: Any, middle: float) -> Any:
    """The same order, with `middle` at 0.5."""
    import numpy as np

    low, high = 0.5 * probability / middle, 0.5 + 0.5 * (probability - middle) / (1 - middle)
    return np.where(probability < middle, low, high)


def _odds(chance: Any) -> Any:
    import numpy as np

    inside = np.clip(chance, _EDGE, 1 - _EDGE)
    return np.log(inside / (1 - inside))


def confidences(places: Any, chances: Any, presence: Any) -> Any:
    """A category's best span is as sure as it is that there is such a clause; no other one is surer than that."""
    import numpy as np

    found = np.minimum(chances, presence[places[:, 0]])
    for category in np.unique(places[:, 0]):
        own = np.flatnonzero(places[:, 0] == category)
        found[own[chances[own].argmax()]] = presence[category]
    return np.minimum(found, HIGHEST)
