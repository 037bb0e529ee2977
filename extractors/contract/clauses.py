"""The clauses of a contract: spans with CUAD's categories and how sure it is that they are there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from extractors.contract.clause_gains import gains_of
from extractors.contract.clause_hints import hints_of, hits_of
from extractors.contract.clause_scores import CATEGORIES, Scorer
from extractors.contract.clause_spans import chances_of, tables_of
from extractors.contract.clause_vectors import meanings_of
from extractors.contract.clause_whole import single_words, whole_of
from extractors.contract.clause_words import Vocabulary, said_by
from extractors.contract.document import ContractText
from extractors.contract.presence import (
    Weighed,
    confidences,
    presence_signs,
    probabilities_of,
    probability_of,
    rule_counts,
    told_at,
)
from extractors.model_files import Loaded, load
from workitems.items import Clause

NAME, READER = "clauses", "clauses/4"
LEAST = 0.001  # confidence of a span that is told at all
MOST = 25  # spans of one category that are told


@dataclass(frozen=True)
class ClauseModel:
    """What a model file holds, ready to be asked."""

    scorer: Scorer
    judges: dict[str, Any]  # by way of finding (clause_spans.WAYS)
    network: dict[str, Any]  # of what sentences mean (clause_vectors.py)
    gains: Any  # the judge of what a span adds to likelier ones
    order: Any  # of the categories, from those whose candidates are seldom right on
    presence: dict[str, Any]
    whole: dict[str, Any]  # of the contract's words (clause_whole.py)
    words: Vocabulary  # that those are

    @classmethod
    def unpacked(cls, model: dict[str, Any]) -> ClauseModel:
        """From a model file."""
        rest = {name: model[name] for name in ("judges", "network", "gains", "order", "presence", "whole")}
        scorer = Scorer.unpacked(model["scorer"])
        return cls(scorer, **rest, words=single_words(scorer.vocabulary))


_kept: dict[str, tuple[Loaded, ClauseModel]] = {}


def _model() -> tuple[Loaded, ClauseModel]:
    loaded = load(NAME, READER)
    known = _kept.get(NAME)
    if known is None or known[0] is not loaded:
        known = _kept[NAME] = (loaded, ClauseModel.unpacked(loaded.model))
    return known


def clauses_of(doc: ContractText) -> Callable[[], tuple[tuple[Clause, ...], str]]:
    """(clauses in the order of the text, the model's label), begun: what comes back waits for the sentences' vectors.

    Meanwhile the caller may read something else. Raises ModelRefused at once where no model can be used. Confidences
    below 0.5 are told, too: there the clause is rather not there, and a person may look.
    """
    loaded, model = _model()
    spans = spans_of(doc, model)
    return lambda: (_told(doc, *spans()), loaded.label)


def _told(doc: ContractText, places: Any, sure: Any, likely: Any) -> tuple[Clause, ...]:
    told: dict[int, int] = {}
    clauses = []
    for at in (-sure).argsort(kind="stable"):
        category, start, end = (int(x) for x in places[at])
        if sure[at] < LEAST:
            break
        told[category] = told.get(category, 0) + 1
        if told[category] <= MOST:
            clauses.append(_clause(doc, CATEGORIES[category], (start, end), (float(sure[at]), float(likely[at]))))
    return tuple(sorted(clauses, key=lambda c: (c.start, c.end, c.category)))


def spans_of(doc: ContractText, model: ClauseModel) -> Callable[[], tuple[Any, Any, Any]]:
    """(rows of category, start, end; confidences; probabilities) of all spans that were weighed, begun."""
    said = said_by(doc)
    scores, probabilities = model.scorer.scores(said)
    hits = hits_of(said)
    places, chances = chances_of(tables_of(doc, scores, probabilities), model.judges, model.order)
    meanings = meanings_of(doc, (places, chances), (scores, hints_of(hits)), model.network)
    whole = whole_of(model.words, said, model.whole)

    def weighed() -> tuple[Any, Any, Any]:
        meant = meanings()
        gains = gains_of(doc, places, chances, meant, (model.gains, model.order))
        spans = Weighed(places, chances, gains, meant)
        signs = presence_signs(spans, probabilities, hits, whole)
        there = probability_of(signs, rule_counts(hits)[None], model.presence)
        sure = confidences(places, gains, told_at(there, model.presence["middles"]))
        return places, sure, probabilities_of(spans, there)

    return weighed


def _clause(doc: ContractText, category: str, span: tuple[int, int], sure: tuple[float, float]) -> Clause:
    """`sure`: confidence and probability."""
    start, end = span
    confidence, probability = (round(s, 4) for s in sure)
    return Clause(
        category=category,
        start=start,
        end=end,
        page=doc.page_of(start),
        text=doc.text[start:end],
        confidence=confidence,
        probability=probability,
    )
