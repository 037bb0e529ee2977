"""The port of what can be trained from people's answers, and the list of those that are there."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from pydantic import Field

from extractors.model_files import Loaded
from workitems.items import Kind, Noun, Page, Paper


class Row(Noun):
    """A document whose right values are known.

    `truth` has what is right, in the form in which readers write it; a field that is absent is unknown, an empty one
    is not on the paper. `weight`: 1 where a person answered, less where it only passed unchallenged. `group` names the
    supplier (or what is known of it): rows of one group are never split between fitting and judging.
    """

    item: str
    at: datetime
    group: str
    kind: Kind
    truth: dict[str, str]
    weight: float = 1.0
    weights: dict[str, float] = Field(default_factory=dict)  # of single fields, where they weigh differently
    paper: Paper | None = None  # the reading by the shipped models, for who learns from readings
    pages: tuple[Page, ...] = ()
    language: str | None = None
    sha256: str = ""  # of the document

    def weight_of(self, field: str) -> float:
        """How much the right value of a field counts."""
        return self.weights.get(field, self.weight)


class Said(Noun):
    """What a model says of a field."""

    value: str
    confidence: float


class Scored(Noun):
    """One saying about one labelled field of a row: how sure the model is, and whether it is right."""

    item: str
    field: str
    right: bool
    confidence: float
    weight: float = 1.0


class Trainable(Protocol):
    """A kind of model that answers can make better. What it says of a document hangs on its pages alone."""

    name: str
    reader: str  # the version of its features, as in Card.reader
    about: str
    learns_from: Literal["pages", "paper"]  # what of a row it looks at: pages of words, or a reading of a contract

    def base(self) -> Loaded:
        """The model in force, with its card. Raises ModelRefused."""
        ...

    def fit(self, rows: Sequence[Row], base: Any) -> Any:
        """A new model from the rows on top of `base` (the model in force). Deterministic; never changes `base`."""
        ...

    def say(self, model: Any, row: Row) -> dict[str, Said]:
        """What the model says of a document, by field (`kind` for its kind), whatever `row.truth` has."""
        ...

    def same(self, field: str, value: str, label: str) -> bool:
        """Whether two values of a field say the same."""
        ...


def score(trainable: Trainable, model: Any, rows: Sequence[Row]) -> list[Scored]:
    """What the model says of the labelled fields. Where it says nothing it is not judged."""
    scored = []
    for row in rows:
        said = trainable.say(model, row)
        for field, label in sorted(row.truth.items()):
            mine = said.get(field)
            if mine is None:
                continue
            right = bool(label) and trainable.same(field, mine.value, label)
            scored.append(
                Scored(item=row.item, field=field, right=right, confidence=mine.confidence, weight=row.weight_of(field))
            )
    return scored


PLACES = (
    "extractors.kinds_learning",
    "extractors.invoice.fields_learning",
    "extractors.invoice.confidence_learning",
    "extractors.contract.learning_clauses",
    "extractors.contract.learning_terms",
)
"""Modules with a TRAINABLE; one that is not there yet is left out."""


def trainables() -> dict[str, Trainable]:
    """All that this program can train."""
    found: dict[str, Trainable] = {}
    for place in PLACES:
        if importlib.util.find_spec(place) is not None:
            trainable: Trainable = importlib.import_module(place).TRAINABLE
            found[trainable.name] = trainable
    return found
