"""Fits what a second look is worth: how agreement and difference move a probability (see second_look)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from benchmarks.confidence_fit import FOLDS, SURE, Sample, fold_of, highest, newton
from extractors.invoice.confidence_signs import logit
from extractors.invoice.second_look import Outcome, after_look

OUTCOMES: tuple[Outcome, ...] = ("agrees", "near", "differs", "unsteady")
SLOPE_PULL, OFFSET_PULL = 10.0, 2.0
ENOUGH = 40
"""Looks at a field without which it is not looked at."""
Moves = dict[str, float]


class Pair(NamedTuple):
    """A reading that was looked at again: its probability before by a model that had not seen its supplier."""

    sample: Sample
    before: float
    outcome: Outcome


def fit_moves(pairs: Sequence[Pair]) -> Moves:
    """Slope and the offsets of both outcomes; the highest probability is what the agreeing ones prove."""
    rows = [
        Sample(
            p.sample.origin,
            p.sample.group,
            {"slope": logit(p.before), p.outcome: 1.0},
            p.sample.right,
            p.sample.weight,
        )
        for p in pairs
        if p.outcome != "silent"
    ]
    pulls: dict[str, float] = {"slope": SLOPE_PULL}
    pulls |= dict.fromkeys(OUTCOMES, OFFSET_PULL)
    found = newton(rows, list(pulls), {n: float(n == "slope") for n in pulls}, pulls)
    moves = {name: round(w, 4) for name, w in found.items()} | {"most": 1.0}
    agreed = [p for p in pairs if p.outcome == "agrees"]
    sure = [p.sample for p in agreed if after_look(p.before, moves, p.outcome) >= SURE]
    return moves | {"most": highest([p.sample for p in agreed], sure)}


def fit_second(looked: Mapping[str, Sequence[Pair]]) -> dict[str, Moves]:
    """The moves of every field that was looked at often enough."""
    return {f: fit_moves(pairs) for f, pairs in sorted(looked.items()) if len(pairs) >= ENOUGH}


def unseen_after(looked: Mapping[str, Sequence[Pair]]) -> dict[str, list[tuple[Sample, float]]]:
    """Probabilities after a look, by moves that were fitted without the reading's supplier."""
    found: dict[str, list[tuple[Sample, float]]] = defaultdict(list)
    for field, pairs in looked.items():
        for n in range(FOLDS if len(pairs) >= ENOUGH else 0):
            moves = fit_moves([p for p in pairs if fold_of(p.sample, FOLDS, "look") != n])
            own = [p for p in pairs if fold_of(p.sample, FOLDS, "look") == n]
            found[field] += [(p.sample, after_look(p.before, moves, p.outcome)) for p in own]
    return found
