"""Fits the model `confidence` (extractors/invoice/confidence.py) to readings that are known to be right or wrong.

Signs are weighed by a logistic model that is drawn towards one for all fields; the curve from log-odds to a
probability is fitted to log-odds of models that had not seen the supplier, and drawn from one kind of paper towards
all kinds; the highest probability is what the number of readings can prove (rule of succession).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.invoice.confidence import curved, judged
from extractors.invoice.confidence_signs import SOURCES, WHOLE, weighed
from extractors.invoice.identifiers import FAILED

FOLDS = 5
SET_WEIGHT = 250.0
"""No set counts for more than this many readings of a field."""
COMMON = ("one", "score", "margin", "alone", "times", "blur", "haze", *SOURCES)
"""Signs that every field has."""
PULL, PULL_COMMON = 2.0, 8.0
"""How strongly a field's weights are held at none, and at those of all fields."""
HELD = {f"note {FAILED}": -3.0, WHOLE: -1.5}
"""Weights that are held elsewhere: what few papers show, but everybody knows."""
SLOPE_PULL, OFFSET_PULL = 2.0, 0.5
"""How strongly a curve is held at the one above it."""
SURE, ENOUGH = 0.95, 50.0
"""From which probability on readings are the surest ones, and how many of them say something of the highest."""
Curve = dict[str, float]
Fitted = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """One reading: which set, supplier and document it is from, what spoke for it, and whether it was right."""

    origin: str
    group: str
    features: Mapping[str, float]
    right: bool
    weight: float = 1.0
    document: str = ""
    variant: str = ""

    @property
    def source(self) -> str:
        return next((s for s in SOURCES if self.features.get(s)), "all")


Samples = Mapping[str, Sequence[Sample]]


def fit(samples: Samples) -> Fitted:
    """The whole model."""
    shared = _shared(samples)
    weights = {f: _weights(own, shared) for f, own in sorted(samples.items()) if own}
    return {"weights": weights, "curves": {f: _curves(_unseen_odds(samples[f], shared)) for f in weights}}


def unseen(samples: Samples, folds: int = FOLDS) -> dict[str, list[tuple[Sample, float]]]:
    """For each field its readings with the probability by a model that had not seen their supplier."""
    found: dict[str, list[tuple[Sample, float]]] = defaultdict(list)
    for n in range(folds):
        model = fit({f: [s for s in own if fold_of(s, folds) != n] for f, own in samples.items()})
        for field, own in samples.items():
            for s in own:
                if fold_of(s, folds) == n:
                    p = judged(model, field, s.features)
                    found[field].append((s, 0.5 if p is None else p))
    return found


def fold_of(sample: Sample, folds: int, salt: str = "") -> int:
    """Which fold a reading's supplier belongs to."""
    return int(hashlib.sha256((salt + sample.group).encode()).hexdigest(), 16) % folds


def _shared(samples: Samples) -> dict[str, float]:
    every = [s for own in samples.values() for s in own]
    return newton(every, COMMON, dict.fromkeys(COMMON, 0.0), dict.fromkeys(COMMON, PULL))


def _weights(own: Sequence[Sample], shared: Mapping[str, float]) -> dict[str, float]:
    names = sorted({n for s in own for n in s.features})
    pulls = {n: PULL_COMMON if n in shared else PULL for n in names}
    found = newton(own, names, {n: shared.get(n, HELD.get(n, 0.0)) for n in names}, pulls)
    return {n: round(w, 4) for n, w in found.items() if abs(w) >= 0.005}


def newton(
    own: Sequence[Sample], names: Sequence[str], start: Mapping[str, float], pulls: Mapping[str, float]
) -> dict[str, float]:
    """Weights of a logistic model, each held at its start."""
    import numpy

    sizes = Counter(s.origin for s in own)
    x = numpy.array([[s.features.get(n, 0.0) for n in names] for s in own])
    y = numpy.array([float(s.right) for s in own])
    weight = numpy.array([s.weight * min(1.0, SET_WEIGHT / sizes[s.origin]) for s in own])
    at_rest = numpy.array([start[n] for n in names])
    pull = numpy.array([pulls[n] for n in names])
    found = at_rest.copy()
    for _ in range(60):
        p = 1 / (1 + numpy.exp(-numpy.clip(x @ found, -30, 30)))
        slope = x.T @ (weight * (y - p)) - pull * (found - at_rest)
        bend = (x.T * (weight * p * (1 - p))) @ x + numpy.diag(pull)
        step = numpy.clip(numpy.linalg.solve(bend, slope), -1.0, 1.0)
        found += step
        if numpy.abs(step).max() < 1e-6:
            break
    return dict(zip(names, (float(w) for w in found), strict=True))


def _unseen_odds(own: Sequence[Sample], shared: Mapping[str, float]) -> list[tuple[Sample, float]]:
    """Log-odds of each reading by weights that were fitted without its supplier."""
    found = []
    for n in range(FOLDS):
        inside = [s for s in own if fold_of(s, FOLDS, "inner") != n]
        weights = _weights(inside, shared) if inside else shared
        found += [(s, weighed(weights, s.features)) for s in own if fold_of(s, FOLDS, "inner") == n]
    return found


def _curves(odds: Sequence[tuple[Sample, float]]) -> dict[str, Curve]:
    """The curve of all kinds of paper together, and of each kind, drawn towards it."""
    every = _curve(odds, {"slope": 1.0, "offset": 0.0})
    curves = {"all": every}
    for source in SOURCES:
        own = [pair for pair in odds if pair[0].source == source]
        curves[source] = _curve(own, every) if own else every
    return curves


def _curve(odds: Sequence[tuple[Sample, float]], above: Mapping[str, float]) -> Curve:
    plain = [Sample(s.origin, s.group, {"slope": z, "offset": 1.0}, s.right, s.weight * 1.0) for s, z in odds]
    pulls = {"slope": SLOPE_PULL, "offset": OFFSET_PULL}
    found = newton(plain, ("slope", "offset"), {"slope": above["slope"], "offset": above["offset"]}, pulls)
    curve = {"slope": round(max(0.2, found["slope"]), 4), "offset": round(found["offset"], 4), "most": 1.0}
    return curve | {"most": highest([s for s, _ in odds], [s for s, z in odds if curved(curve, z) >= SURE])}


def highest(every: Sequence[Sample], sure: Sequence[Sample]) -> float:
    """The highest probability that readings prove: one more of them may be wrong; and what held of the surest ones."""
    n, top, right = (sum(s.weight for s in part) for part in (every, sure, [s for s in sure if s.right]))
    proven = (n + 1) / (n + 2)
    return round(min(proven, (right + 1) / (top + 1.5)) if top >= ENOUGH else proven, 4)
