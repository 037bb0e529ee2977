"""What clauses are expected to cost by the shipped playbook, against what those cost that are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from bots.contracts.playbook_files import load_playbook
from bots.contracts.playbook_nouns import Side
from bots.contracts.policy import ContractPolicy
from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.presence import Weighed

KIND: str = "Service"
SIDE: Side = "buyer"
"""Whose positions all contracts are held against."""


def surest(spans: Sequence[Weighed], sure: Sequence[Any]) -> Any:
    """Contracts x categories: the confidence of the surest span."""
    top = numpy.zeros((len(spans), len(CATEGORIES)))
    for row, own, confidence in zip(top, spans, sure, strict=True):
        numpy.maximum.at(row, own.places[:, 0], confidence)
    return top


def losses(sure: Any, presence: Any, there: Any) -> dict[str, dict[str, Any]]:
    """For each stance the risks that are told, what they are expected to cost, and what those cost that are right.

    The arguments are contracts x categories: `surest`, how probable the clause is, whether it is there. `kept`: risks
    beyond what the policy accepts of a single one, and the share of them that are right.
    """
    policy, made = ContractPolicy(), dict[str, list[Any]]()
    least = {"forbidden": policy.perhaps, "watched": policy.present}
    for name, position in load_playbook().positions(KIND, SIDE).items():
        if name not in CATEGORIES or position.stance not in (*least, "required"):
            continue
        at, cost = CATEGORIES.index(name), position.probability * float(position.impact)
        columns = numpy.column_stack([sure[:, at], presence[:, at], there[:, at].astype(float)])
        if position.stance == "required":
            told, columns = columns[:, 0] < policy.present, 1 - columns
        else:
            told = columns[:, 0] >= least[position.stance]
        made.setdefault(position.stance, []).append(cost * columns[told])
    return {stance: _summed(numpy.vstack(rows), float(policy.risk_accepted)) for stance, rows in made.items()}


def _summed(costs: Any, accepted: float) -> dict[str, Any]:
    """Rows of what one risk costs by confidence, by probability, and as it was."""
    kept = [costs[:, column] > accepted for column in (0, 1)]
    found = dict(zip(("by_confidence", "by_probability", "as_it_was"), costs.sum(axis=0).round().tolist(), strict=True))
    right = [round(float((costs[k, 2] > 0).mean()), 3) if k.any() else None for k in kept]
    return {"told": len(costs), **found, "kept": [int(k.sum()) for k in kept], "kept_right": right}
