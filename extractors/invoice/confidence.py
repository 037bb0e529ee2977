"""From scores and evidence to probabilities."""

from __future__ import annotations

from extractors.invoice.candidates import Candidate, Context


def confidence_of(context: Context, field: str, found: list[Candidate]) -> float:
    """The probability that the first candidate is right."""
    return round(found[0].score, 4)
