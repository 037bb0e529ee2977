"""Fits what a second look is worth: how agreement and difference move a probability (see second_look).

A field that second looks do not make truer, out of fold, gets none: they cost time, and agreement that says nothing
would make wrong values surer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
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
    """The moves of every field whose looks are worth their time."""
    worthy = unseen_after(looked)
    return {f: fit_moves(pairs) for f, pairs in sorted(looked.items()) if f in worthy}


def unseen_after(looked: Mapping[str, Sequence[Pair]]) -> dict[str, list[tuple[Sample, float]]]:
    """Probabilities after a look, by moves that were fitted without the reading's supplier.

    Only of fields that were looked at often enough, and whose probabilities were truer afterwards.
    """
    found: dict[str, list[tuple[Sample, float]]] = {}
    for field, pairs in looked.items():
        after: list[tuple[Sample, float]] = []
        for n in range(FOLDS if len(pairs) >= ENOUGH else 0):
            moves = fit_moves([p for p in pairs if fold_of(p.sample, FOLDS, "look") != n])
            own = [p for p in pairs if fold_of(p.sample, FOLDS, "look") == n]
            after += [(p.sample, after_look(p.before, moves, p.outcome)) for p in own]
        if after and surprise(after) < surprise([(p.sample, p.before) for p in pairs]):
            found[field] = after
    return found


def surprise(pairs: Sequence[tuple[Sample, float]]) -> float:
    """How far probabilities are from what came out: the sum of their logarithmic losses (nats)."""
    return -sum(s.weight * log(p if s.right else 1 - p) for s, p in pairs)
