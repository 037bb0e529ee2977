"""Which kind of document some pages are, with a probability that can be trusted.

Two opinions are weighed: signs (expressions with hand-made weights, in many languages) and a model of the text's
pieces, fitted to real and made-up papers. Together with measures of the pages they go into a second, small model that
was fitted to what both say of papers whose senders they had not seen; its temperature depends on whether they agree.
Where no model can be used the signs decide alone. benchmarks/train_kinds.py makes the model, its card tells of it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from extractors.kind_features import READER, buckets_of, measures_of
from extractors.kind_views import Views, scores_of_views, views_of
from extractors.pages import Row, rows_of, usual_height
from extractors.preparing import preparing
from workitems.items import Kind, Page

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Numbers = NDArray[numpy.float32]

NAME = "kind"
SIGNS_ALONE = "signs@2"
TEMPERATURE = 1.4  # of the signs
PAGES_LOOKED_AT = 5
KINDS: tuple[Kind, ...] = (
    "invoice", "receipt", "credit_note", "order", "delivery_note", "contract", "application", "identity", "letter",
    "other",
)  # fmt: skip
HIGHEST = 0.999
log = logging.getLogger(__name__)


def looked_at(pages: Sequence[Page]) -> list[Page]:
    """The pages that tell a document's kind: the first ones and the last."""
    return [*pages[: PAGES_LOOKED_AT - 1], *pages[PAGES_LOOKED_AT - 1 :][-1:]]


@dataclass(frozen=True)
class Look:
    """The pages and what was found on them, worked out once."""

    pages: Sequence[Page]

    @cached_property
    def rows(self) -> list[list[Row]]:
        """The rows of each page that is looked at."""
        return [rows_of(page) for page in looked_at(self.pages)]

    @cached_property
    def usual(self) -> float:
        return usual_height(self.pages[0]) if self.pages else 0.0

    @cached_property
    def views(self) -> Views:
        return views_of(self.rows, self.usual)

    def signs(self) -> list[float]:
        """What the signs say of each of KINDS, in log-odds."""
        scores = scores_of_views(self.views, self.pages)
        return [scores[kind] for kind in KINDS]

    def buckets(self) -> list[int]:
        return buckets_of(self.rows[0], self.rows[-1], self.usual) if self.pages else []

    def measures(self) -> list[float]:
        return measures_of(self.pages, self.rows[0] if self.pages else [], self.usual)


def kind_of(pages: Sequence[Page]) -> tuple[Kind, float]:
    """The most probable kind and its probability."""
    chances = chances_of(pages)
    best = max(chances, key=lambda kind: chances[kind])
    return best, chances[best]


def chances_of(pages: Sequence[Page]) -> dict[Kind, float]:
    """The probability of every kind; they sum to 1."""
    look, model = Look(pages), _model()
    if model is None or not any(page.words for page in pages):
        return dict(zip(KINDS, softmax(look.signs(), TEMPERATURE), strict=True))
    return dict(zip(KINDS, chances_by(model, look), strict=True))


def version() -> str:
    """Which model and signs tell the kinds."""
    found = _loaded()
    return f"kind@{found.label}" if found else SIGNS_ALONE


def softmax(scores: Sequence[float], temperature: float) -> list[float]:
    """Scores in log-odds as probabilities."""
    highest = max(scores)
    weights = [math.exp((score - highest) / temperature) for score in scores]
    total = sum(weights)
    return [weight / total for weight in weights]


def text_scores(weights: Numbers, bias: Numbers, buckets: Sequence[int]) -> Numbers:
    """What the text's pieces say of each kind: their weights, as if the text had length 1."""
    if not buckets:
        return bias
    found: Numbers = weights[list(buckets)].sum(axis=0, dtype="float32") / math.sqrt(len(buckets)) + bias
    return found


def stacked(signs: Sequence[float], text: Sequence[float], measures: Sequence[float]) -> list[float]:
    """The second model's features: both opinions as log-probabilities, and the measures of the pages."""
    from_signs = [math.log(max(p, 1e-4)) for p in softmax(signs, TEMPERATURE)]
    from_text = [math.log(max(p, 1e-4)) for p in softmax(text, 1.0)]
    return [*from_signs, *from_text, *measures]


def agree(signs: Sequence[float], text: Sequence[float]) -> bool:
    """Whether both opinions have the same favourite."""
    return max(range(len(KINDS)), key=signs.__getitem__) == max(range(len(KINDS)), key=text.__getitem__)


def opinions(model: dict[str, Any], look: Look) -> tuple[list[float], bool]:
    """The second model's features, and whether signs and text agree."""
    signs = look.signs()
    text = [float(x) for x in text_scores(model["text"], model["text_bias"], look.buckets())]
    return stacked(signs, text, look.measures()), agree(signs, text)


def chances_by(model: dict[str, Any], look: Look) -> list[float]:
    """What a model says of each of KINDS."""
    features, same = opinions(model, look)
    scores = model["weights"] @ features + model["bias"]
    chances = softmax([float(x) for x in scores], float(model["temperatures"][0 if same else 1]))
    if max(chances) <= HIGHEST:
        return chances
    rest = (1 - HIGHEST) / (1 - max(chances)) if max(chances) < 1 else 0.0
    return [HIGHEST if chance == max(chances) else chance * rest for chance in chances]


_told: set[str] = set()


def _loaded() -> Any:
    from extractors.model_files import ModelRefused, load

    try:
        if "loaded" in _told:
            return load(NAME, READER)
        with preparing():  # importing scikit-learn takes a second or two, once
            _told.add("loaded")
            return load(NAME, READER)
    except ModelRefused as refused:
        if refused.code not in _told:
            _told.add(refused.code)
            log.warning("%s The kinds of documents are told by signs alone.", refused)
        return None


def _model() -> dict[str, Any] | None:
    """The model in force; None where it cannot be used, or was made for other kinds than KINDS."""
    found = _loaded()
    if found is None or len(found.model["bias"]) == len(KINDS):
        return found.model if found else None
    if "kinds" not in _told:
        _told.add("kinds")
        log.warning("%s knows other kinds: make it anew. Kinds are told by signs alone.", found.label)
    return None
