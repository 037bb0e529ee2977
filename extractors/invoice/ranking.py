"""Scores from fitted trees: how likely each of several candidates is the one that is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from extractors.fitted import Fitted
from extractors.invoice.trees import probabilities

NAME = "invoice_fields"
READER = "invoice_fields/1"
"""The model's name and the version of the signs that it is fitted to."""

Signs = Mapping[str, float]


def matrix(signs: Sequence[Signs], names: Sequence[str]) -> Any:
    """One row a candidate, in the order of names in which the trees were fitted."""
    import numpy

    return numpy.array([[s.get(n, 0.0) for n in names] for s in signs], dtype=numpy.float32)


def chances(part: Mapping[str, Any], signs: Sequence[Signs]) -> list[float]:
    """The mean opinion of all forests of a part, for each candidate; what answers taught has its share."""
    if not signs:
        return []
    rows = matrix(signs, part["signs"])
    votes = [probabilities(forest, rows) for forest in part["forests"]]
    opinion = sum(votes) / len(votes)
    if "learnt" in part:
        opinion = (1 - part["share"]) * opinion + part["share"] * probabilities(part["learnt"], rows)
    return [float(c) for c in opinion]


_FITTED = Fitted(NAME, READER)
using, model_or_none = _FITTED.using, _FITTED.model_or_none
