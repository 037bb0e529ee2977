"""From scores and evidence to probabilities: the model `confidence`, fitted on papers of suppliers that it then judges.

For each field weights of signs give log-odds; a curve for each kind of paper, fitted out of fold, makes them a
probability; and no probability is higher than the number of papers can prove. Fields and kinds of paper of which
there were few are drawn towards what holds for all. benchmarks/train_invoice_fields.py fits and measures it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.confidence_signs import SOURCES, Features, features_of, shop_signs, sigmoid, weighed
from extractors.model_files import ModelRefused, load

NAME, READER = "confidence", "confidence/1"
HIGHEST = 0.998
"""No reading of a paper is surer than this."""
LOWEST = 0.02
_BEND = 20.0
"""How late the highest probability makes itself felt."""
_UNFITTED, _UNFITTED_MOST = 0.85, 0.985
Model = Mapping[str, Any]
"""`weights` by field and sign; `curves` by field and source: slope, offset and most; `second` by
second_look.moves_of and outcome; `shops` as in confidence_signs.shop_signs."""


def confidence_of(context: Context, field: str, found: Sequence[Candidate]) -> float:
    """The probability that the first candidate is the field's value."""
    return probability(field, signs_of_reading(context, field, found), found[0].score)


def signs_of_reading(context: Context, field: str, found: Sequence[Candidate]) -> Features:
    """What speaks for and against the first candidate, what is known of a receipt's shop included."""
    features, model = features_of(context, field, found), fitted()
    if model and field == "supplier_name" and context.kind == "receipt":
        features |= shop_signs(model.get("shops", {}), found[0].value)
    return features


def probability(field: str, features: Mapping[str, float], score: float) -> float:
    """The probability by the model in force."""
    return probability_by(fitted(), field, features, score)


def probability_by(model: Model | None, field: str, features: Mapping[str, float], score: float) -> float:
    """The probability by a model; without one a cautious share of the score."""
    found = judged(model, field, features) if model else None
    return round(min(_UNFITTED_MOST, max(LOWEST, _UNFITTED * score)) if found is None else found, 4)


def is_measured(model: Model | None, field: str) -> bool:
    """Whether the probability of a field's readings was fitted; without a model all are guesses alike."""
    return model is None or field in model["weights"]


def judged(model: Model, field: str, features: Mapping[str, float]) -> float | None:
    """What a given model says; None where it does not know the field."""
    weights = model["weights"].get(field)
    if weights is None:
        return None
    curve = model["curves"][field][next((s for s in SOURCES if features.get(s)), "all")]
    return curved(curve, weighed(weights, features))


def curved(curve: Mapping[str, float], odds: float) -> float:
    """The probability to log-odds: it stays below the highest that is proven, and what is surer stays surer."""
    plain, most = sigmoid(curve["slope"] * odds + curve["offset"]), min(HIGHEST, curve["most"])
    bend = min(_BEND, 1 / (1 - most))  # beyond that the order would turn
    return float(max(LOWEST, plain - (1 - most) * plain**bend))


def contributions(field: str, features: Mapping[str, float]) -> dict[str, float]:
    """What each sign adds to the log-odds; without a model nothing."""
    model = fitted()
    weights: Mapping[str, float] = model["weights"].get(field, {}) if model else {}
    return {name: weight * features[name] for name, weight in weights.items() if features.get(name)}


def fitted() -> Model | None:
    """The model in force; None where none can be used."""
    try:
        model: Model = load(NAME, READER).model
    except ModelRefused:
        return None
    return model


def label() -> str | None:
    """How papers name the model in force."""
    try:
        return load(NAME, READER).label
    except ModelRefused:
        return None
