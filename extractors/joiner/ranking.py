"""Which candidate of a field is the one: fitted trees over its signs (benchmarks/train_joiner_fields.py makes them)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from extractors.joiner.candidates import Candidate

NAME = "joiner_fields"
READER = "joiner_fields/1"
HIGHEST = 0.99
LEAST = 0.25  # chance below which a field is rather left out

_instead: ContextVar[tuple[dict[str, Any], str] | None] = ContextVar("joiner rankers", default=None)


@contextmanager
def using(model: dict[str, Any], label: str) -> Iterator[None]:
    """Another model for a while: one that has not seen the papers that are read."""
    token = _instead.set((model, label))
    try:
        yield
    finally:
        _instead.reset(token)


def model_or_none() -> tuple[dict[str, Any], str] | None:
    """The fitted ranker and its version; None where it cannot be used, so that plain rules decide."""
    if (instead := _instead.get()) is not None:
        return instead
    from extractors import model_files

    try:
        loaded = model_files.load(NAME, READER)
    except model_files.ModelRefused:
        return None
    return loaded.model, loaded.label


def scored(candidates: Sequence[Candidate]) -> str | None:
    """Puts a chance on every candidate; the version of the model that did, None where rules did."""
    found = model_or_none()
    if not candidates:
        return found[1] if found else None
    if found is None:
        for candidate in candidates:
            candidate.score = _by_rule(candidate)
        return None
    import numpy

    from extractors.invoice.trees import probabilities

    names = found[0]["signs"]
    rows = numpy.array([[c.signs.get(n, 0.0) for n in names] for c in candidates], dtype=numpy.float32)
    for candidate, chance in zip(candidates, probabilities(found[0]["forest"], rows), strict=True):
        candidate.score = float(chance)
    return found[1]


def _by_rule(candidate: Candidate) -> float:
    """What speaks for a candidate where no model can be used: never enough to go unseen."""
    signs = candidate.signs
    score = {"inline": 0.7, "right": 0.75, "below": 0.45, "said": 0.6}[candidate.how]
    score *= 1 - 0.8 * signs.get("is label", 0.0)
    if candidate.how == "below" and (signs.get("right free") or signs.get("rest")):
        score *= 0.3
    return score * (0.5 + 0.5 * signs.get("share", 1.0)) * (0.3 if signs.get("bad section") else 1.0)


def best_of(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """The candidates of each field whose best one is likely enough, best first; equal values once."""
    fields: dict[str, dict[str, Candidate]] = {}
    for c in sorted(candidates, key=lambda c: -c.score):
        fields.setdefault(c.field, {}).setdefault(c.value.casefold(), c)
    found = {field: list(values.values()) for field, values in fields.items()}
    return {field: values for field, values in found.items() if values[0].score >= LEAST}
