"""New weights from what people picked: near the ones in force, and only if they order unseen picks better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from extractors.precedents.model import Weights
from extractors.precedents.picks import kept
from extractors.precedents.ranking import SIGNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

QUERIES_MIN = 20
"""Different queries with picks; fewer say more about chance than about people."""
FOLDS = 5
PULL = 0.05
"""How strongly the weights in force hold the new ones."""
STEPS = 12
SURENESS = 1.0
"""By so many standard errors over queries the new weights must be better."""


@dataclass(frozen=True)
class Learnt:
    """What came of it. `before`, `after`: share of pairs (picked, passed over) in order, of unseen queries."""

    picks: int
    queries: int
    before: float
    after: float
    better: bool
    weights: Weights


def learn(home: Path) -> Learnt:
    """Fits weights to the picks of a home, on top of those in force. Deterministic. Raises ModelRefused."""
    import numpy as np

    base = Weights.of(home)
    rows = [r for r in kept(home) if len(r["chosen"]) == len(SIGNS) and r["others"]]
    queries = [" ".join(str(r["query"]).lower().split()) for r in rows]
    pairs = [np.asarray([r["chosen"]]) - np.asarray(r["others"]) for r in rows]
    different = sorted(set(queries))
    if len(different) < QUERIES_MIN:
        return Learnt(len(rows), len(different), 0.0, 0.0, False, base)
    fold = [crc32(q.encode("utf-8", "replace")) % FOLDS for q in queries]
    gains, shares = _judged(base, pairs, queries, fold)
    gain = np.asarray(gains)
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    new = replace(base, signs=_fit(base.signs, pairs))
    better = bool(gain.mean() > SURENESS * error)
    return Learnt(len(rows), len(different), shares[0], shares[1], better, new)


def _judged(
    base: Weights, pairs: Sequence[Floats], queries: Sequence[str], fold: Sequence[int]
) -> tuple[list[float], tuple[float, float]]:
    """By query how much more is right with weights that have not seen it; and the shares that are right."""
    import numpy as np

    by_query: dict[str, list[tuple[float, float]]] = {}
    for number in sorted(set(fold)):
        fitted = _fit(base.signs, [p for p, f in zip(pairs, fold, strict=True) if f != number])
        for pair, query, mine in zip(pairs, queries, fold, strict=True):
            if mine == number:
                right = (float((pair @ base.signs > 0).mean()), float((pair @ fitted > 0).mean()))
                by_query.setdefault(query, []).append(right)
    means = np.asarray([np.mean(rights, axis=0) for rights in by_query.values()])
    return list(means[:, 1] - means[:, 0]), (float(means[:, 0].mean()), float(means[:, 1].mean()))


def _fit(base: Floats, pairs: Sequence[Floats]) -> Floats:
    """Logistic regression on pairs, held near `base`; every pick weighs the same."""
    import numpy as np

    x = np.vstack(pairs).astype(np.float64)
    weight = np.concatenate([np.full(len(p), 1 / len(p)) for p in pairs]) / len(pairs)
    scale = x.std(axis=0) + 1e-3
    x, start = x / scale, np.asarray(base, np.float64) * scale
    u = start.copy()
    for _ in range(STEPS):  # Newton's method: the loss is convex and has thirty unknowns
        p = 1 / (1 + np.exp(np.clip(x @ u, -30, 30)))
        slope = -(x * (weight * p)[:, None]).sum(axis=0) + PULL * (u - start)
        bend = (x * (weight * p * (1 - p))[:, None]).T @ x + PULL * np.eye(len(u))
        u -= np.linalg.solve(bend, slope)
    found: Floats = (u / scale).astype(np.float32)
    return found
