"""Which candidate of a field is the one: fitted trees over its signs (benchmarks/train_joiner_fields.py makes them)."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.fitted import Fitted
from extractors.joiner.candidates import CUT, Candidate

NAME = "joiner_fields"
READER = "joiner_fields/1"
HIGHEST = 0.99
HALF = 0.7  # what a value can have that may be a part of the whole: a person looks
LEAST = 0.25  # chance below which a field is rather left out

_FITTED = Fitted(NAME, READER)
using, model_or_none = _FITTED.using, _FITTED.model_or_none


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
        candidate.score = min(float(chance), HALF) if candidate.signs.get(CUT) else float(chance)
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
