"""Scores from fitted trees: how likely each of several candidates is the one that is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

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


_instead: ContextVar[tuple[dict[str, Any], str] | None] = ContextVar("rankers", default=None)


@contextmanager
def using(model: dict[str, Any], label: str) -> Iterator[None]:
    """Another model for a while: one that has not seen the papers that are read, to measure or to calibrate with."""
    token = _instead.set((model, label))
    try:
        yield
    finally:
        _instead.reset(token)


def model_or_none() -> tuple[dict[str, Any], str] | None:
    """The fitted rankers and their version; None where none can be used, so that the rules find alone."""
    if (instead := _instead.get()) is not None:
        return instead
    from extractors import model_files

    try:
        loaded = model_files.load(NAME, READER)
    except model_files.ModelRefused:
        return None
    return loaded.model, loaded.label
