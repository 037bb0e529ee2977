"""The calibrated confidence of invoice fields, fitted to a company's own papers on top of the shipped one.

For each field that enough answers are about, two numbers move the shipped probability (its slope and its offset on
the logit scale), drawn towards no change: what a company's paper does to readings is mostly to make them all a little
surer or less sure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from extractors.invoice.confidence import HIGHEST
from extractors.invoice.memory import same_value
from extractors.learning import Row, Said
from extractors.model_cards import Card
from extractors.model_files import Loaded, ModelRefused, load

NAME = "confidence_company"
READER = "confidence_company/1"
ENOUGH = 30
"""Answers about a field before its probabilities are moved."""
PULL = 4.0
"""How strongly slope and offset are held at 1 and 0."""
WITH_FIELDS = frozenset({"invoice", "receipt", "credit_note", "order"})
Moves = dict[str, dict[str, float]]


def moved(model: Moves, field: str, probability: float) -> float:
    """The probability as this company's paper has it."""
    move = model.get(field)
    if move is None:
        return probability
    return min(HIGHEST, round(_sigmoid(move["slope"] * _logit(probability) + move["offset"]), 4))


def kept_moves() -> Moves:
    """The learnt moves in force; none where none were learnt or they are refused."""
    try:
        found: Moves = load(NAME, READER).model
    except ModelRefused:
        return {}
    return found


class CompanyConfidence:
    """Implements extractors.learning.Trainable."""

    name = NAME
    reader = READER
    learns_from: Literal["pages"] = "pages"
    about = "How sure a reading of an invoice's field is, on this company's own paper."

    def __init__(self) -> None:
        self._read: dict[str, dict[str, tuple[str, float]]] = {}  # each document is read once

    def fit(self, rows: Sequence[Row], base: Any) -> Moves:
        """Slopes and offsets, by Newton's method from no change."""
        by_field: dict[str, list[tuple[float, bool, float]]] = {}
        for row in rows:
            for field, sure, right in self._judged(row):
                by_field.setdefault(field, []).append((_logit(sure), right, row.weight))
        return {field: _fitted(found) for field, found in sorted(by_field.items()) if len(found) >= ENOUGH}

    def say(self, model: Any, row: Row) -> dict[str, Said]:
        """The finders' values with the confidence after the model's moves."""
        return {f: Said(value=v, confidence=moved(model, f, sure)) for f, (v, sure) in self._readings(row).items()}

    def same(self, field: str, value: str, label: str) -> bool:
        """Amounts and dates by value, texts by letters and digits."""
        return same_value(field, value, label)

    def base(self) -> Loaded:
        """The moves in force; before anything was learnt they change nothing."""
        try:
            return load(NAME, READER)
        except ModelRefused as refused:
            began = datetime(2026, 1, 1, tzinfo=UTC)
            card = Card(name=NAME, version="0", reader=READER, made_at=began, made_by="", about=self.about)
            return Loaded({}, card, "0", "shipped", None if refused.code == "missing" else str(refused))

    def _judged(self, row: Row) -> Iterator[tuple[str, float, bool]]:
        """Field, the shipped probability, and whether the value is right."""
        read = self._readings(row)
        for field, label in sorted(row.truth.items()):
            if field in read:
                value, sure = read[field]
                yield field, sure, bool(label) and same_value(field, value, label)

    def _readings(self, row: Row) -> dict[str, tuple[str, float]]:
        if row.item not in self._read or not row.item:
            self._read[row.item] = _readings(row)
        return self._read[row.item]


def _readings(row: Row) -> dict[str, tuple[str, float]]:
    """What the finders and the shipped table say, without memory and moves."""
    from extractors.invoice import candidates_of
    from extractors.invoice.confidence import confidence_of
    from extractors.invoice.confidence_signs import told_by_items
    from extractors.invoice.lines import find_lines

    if not row.pages or row.kind not in WITH_FIELDS:
        return {}
    context, candidates = candidates_of(list(row.pages), row.kind, row.language)
    if row.kind == "receipt" and candidates["total"]:
        lines, _ = find_lines(context, None, Decimal(candidates["total"][0].value))
        candidates["total"] = told_by_items(candidates["total"], lines)
    return {f: (c[0].value, confidence_of(context, f, c)) for f, c in candidates.items() if c}


def _fitted(found: Sequence[tuple[float, bool, float]]) -> dict[str, float]:
    """Slope and offset of a logistic curve through pairs of logit and outcome, held at 1 and 0."""
    slope, offset = 1.0, 0.0
    for _ in range(40):
        to_slope, to_offset = -PULL * (slope - 1), -PULL / 8 * offset
        ss, so, oo = PULL, 0.0, PULL / 8
        for at, right, weight in found:
            p = _sigmoid(slope * at + offset)
            wrong, bend = weight * (right - p), weight * max(1e-6, p * (1 - p))
            to_slope, to_offset = to_slope + wrong * at, to_offset + wrong
            ss, so, oo = ss + bend * at * at, so + bend * at, oo + bend
        whole = ss * oo - so * so
        step = ((oo * to_slope - so * to_offset) / whole, (ss * to_offset - so * to_slope) / whole)
        slope, offset = slope + max(-0.5, min(0.5, step[0])), offset + max(-0.5, min(0.5, step[1]))
        if max(abs(step[0]), abs(step[1])) < 1e-7:
            break
    return {"slope": round(max(0.1, slope), 6), "offset": round(offset, 6)}


def _logit(p: float) -> float:
    p = min(0.995, max(0.005, p))
    return math.log(p / (1 - p))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


TRAINABLE = CompanyConfidence()
