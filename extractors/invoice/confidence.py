"""From scores and evidence to probabilities: a logistic model for each field, fitted on named data.

The weights stand in calibration.json beside this file; benchmarks/train_invoice_fields.py writes it and says how well
its probabilities hold on papers of suppliers that it has not seen. A field without a model keeps a cautious share of
its score.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from extractors.invoice.candidates import Candidate, Context

HIGHEST = 0.985
"""No reading of a paper is surer than this."""
_LOWEST = 0.02
_UNFITTED = 0.85
_WEIGHTS = Path(__file__).with_name("calibration.json")


def confidence_of(context: Context, field: str, found: Sequence[Candidate]) -> float:
    """The probability that the first candidate is the field's value."""
    return probability(field, features_of(context, found), found[0].score)


def probability(field: str, features: Mapping[str, float], score: float) -> float:
    """The model's probability; without a model a share of the score."""
    model = _models().get(field)
    if model is None:
        return round(min(HIGHEST, max(_LOWEST, _UNFITTED * score)), 4)
    total = sum(weight * features.get(name, 0.0) for name, weight in model.items())
    return round(min(HIGHEST, max(_LOWEST, 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))), 4)


def contributions(field: str, features: Mapping[str, float]) -> dict[str, float]:
    """What each feature adds to the log-odds of the probability; without a model nothing."""
    model = _models().get(field, {})
    return {name: weight * features[name] for name, weight in model.items() if features.get(name)}


def features_of(context: Context, found: Sequence[Candidate]) -> dict[str, float]:
    """What speaks for and against the first candidate: its score, its rivals, its evidence, how well it was read."""
    best = found[0]
    score = min(0.995, max(0.005, best.score))
    rival = found[1].score / best.score if len(found) > 1 and best.score > 0 else 0.0
    features = {
        "one": 1.0,
        "score": math.log(score / (1 - score)),
        "rival": min(1.0, rival),
        "ocr": float(context.sheet.is_ocr),
        "blur": 1.0 - min(p.confidence for p in best.pieces),
        "receipt": float(context.kind == "receipt"),
        "advertising": float(context.is_advertising),
        f"pattern {best.pattern}": 1.0,
    }
    if best.pattern == "ranked":  # a probability already, though not of the letters being right
        features["ranked score"] = features["score"]
    return features | {f"note {note}": 1.0 for note in best.notes}


@cache
def _models() -> dict[str, dict[str, float]]:
    if not _WEIGHTS.is_file():
        return {}
    fitted: dict[str, dict[str, float]] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))["fields"]
    return fitted
