"""What the shipped models were fitted to, and the out-of-fold figures that their training wrote down."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parents[1] / "extractors" / "models"


def trained_sets() -> set[str]:
    """Names of data sets on the cards of the shipped models."""
    names = {str(d.get("name", "")) for card in _cards().values() for d in card.get("data") or ()}
    return {word for name in names for word in re.findall(r"\w+", name)}


def folds() -> list[dict[str, Any]]:
    """One row per model and field, as its card has them: of documents whose seller the fold had not seen."""
    rows = []
    for model, card in _cards().items():
        for field, figures in (card.get("metrics") or {}).items():
            rows.append({"what": "out of fold", "model": model, "field": field} | _numbers(figures))
    return rows


def _numbers(figures: dict[str, Any]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if isinstance(value, int | float)}


def _cards() -> dict[str, dict[str, Any]]:
    files = sorted(MODELS.glob("*/card.json"))
    return {file.parent.name: json.loads(file.read_text(encoding="utf-8")) for file in files}
