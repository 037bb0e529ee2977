"""Fits what weighs possible clauses: judges of spans, of what a span adds to likelier ones, and of presence.

Every function gives a model fitted on all contracts, and what models say that have not seen the contract's fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks.clauses_data import Contract
from extractors.contract.clause_candidates import SIGNS
from extractors.contract.clause_gains import gain_signs, in_order
from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.clause_spans import WAYS, Table, coded, without_overlaps
from extractors.contract.presence import for_line, for_trees, probability_of

FOLDS = 5
JUDGES: dict[str, dict[str, Any]] = {
    "sentences": {"max_iter": 140, "learning_rate": 0.08, "max_leaf_nodes": 24, "min_samples_leaf": 40},
    "names": {"max_iter": 60, "learning_rate": 0.06, "max_leaf_nodes": 10, "min_samples_leaf": 20},
    "dates": {"max_iter": 60, "learning_rate": 0.06, "max_leaf_nodes": 10, "min_samples_leaf": 20},
    "presence": {
        "max_iter": 150,
        "learning_rate": 0.05,
        "max_leaf_nodes": 8,
        "min_samples_leaf": 40,
        "max_features": 0.3,
    },
    "gains": {"max_iter": 80, "learning_rate": 0.08, "max_leaf_nodes": 16, "min_samples_leaf": 40},
}
PROBABILITY = SIGNS.index("probability")
HARDLY, KEPT = 0.004, 0.25  # probability of a sentence below which only this share of the candidates is learnt from
Found = tuple[Any, Any]
"""Places (rows of category, start, end) and a figure for each."""


def order_of(categories: Any, right: Any) -> Any:
    """The place of each category among all by the share of its candidates that are right."""
    shares = [right[categories == c].mean() if (categories == c).any() else 0.0 for c in range(len(CATEGORIES))]
    return numpy.argsort(numpy.argsort(shares, kind="stable")).astype(float)


def judged(way: str, signs: Any, right: Any, weights: Any, fold: Any) -> tuple[Any, Any]:
    """(the judge fitted on all, chances out of fold); rows of weight 0 are judged and not learnt from."""

    def fitted(rows: Any) -> Any:
        model = HistGradientBoostingClassifier(
            l2_regularization=5, categorical_features=None, early_stopping=False, random_state=0, **JUDGES[way]
        )
        return model.fit(signs[rows], right[rows], sample_weight=weights[rows])

    chances = numpy.zeros(len(right))
    for n in range(FOLDS):
        chances[fold == n] = fitted((fold != n) & (weights > 0)).predict_proba(signs[fold == n])[:, 1]
    return fitted(weights > 0), chances


def thinned(probability: Any, right: Any) -> Any:
    """Weights that stand for all candidates, though of those that hardly can be right only some are learnt from."""
    plain = ~right & (probability < HARDLY)
    kept = numpy.random.default_rng(0).random(len(right)) < KEPT
    return numpy.where(plain, kept / KEPT, 1.0)


def spans(
    papers: Sequence[Contract], folds: Any, tables: Sequence[dict[str, Table]]
) -> tuple[dict[str, Any], Any, list[Found]]:
    """(judges, order of the categories, for each contract its places and chances out of fold)."""
    judges: dict[str, Any] = {}
    order = numpy.arange(len(CATEGORIES), dtype=float)
    places = [numpy.vstack([t[way].places for way in WAYS]) for t in tables]
    chances: list[list[Any]] = [[] for _ in papers]
    for way in WAYS:
        sizes = [len(t[way].places) for t in tables]
        rows = [tuple(map(int, row)) for t in tables for row in t[way].places]
        owners = numpy.repeat(numpy.arange(len(papers)), sizes)
        right = numpy.array([bool(papers[o].hits(*row)) for o, row in zip(owners, rows, strict=True)])
        signs, weights = numpy.vstack([t[way].signs for t in tables]), numpy.ones(len(right))
        if way == "sentences":
            order = order_of(signs[:, 0], right)
            signs, weights = coded(signs, order), thinned(signs[:, PROBABILITY], right)
        judges[way], found = judged(way, signs, right, weights, folds[owners])
        for own, part in zip(chances, numpy.split(found, numpy.cumsum(sizes)[:-1]), strict=True):
            own.append(part)
    weighed = [without_overlaps(p, numpy.concatenate(c)) for p, c in zip(places, chances, strict=True)]
    return judges, order, list(zip(places, weighed, strict=True))


def gained(
    papers: Sequence[Contract], folds: Any, found: Sequence[Found], meant: Sequence[Any], order: Any
) -> tuple[Any, list[Found]]:
    """(the judge of what a span adds, for each contract its places and gains out of fold)."""
    groups = [in_order(places, chances) for places, chances in found]
    every = zip(papers, found, groups, meant, strict=True)
    signs = numpy.vstack([gain_signs(p.doc, *found_there, own, means) for p, found_there, own, means in every])
    signs = coded(signs, order)
    news = [row for p, (places, _), own in zip(papers, found, groups, strict=True) for row in _news(p, places, own)]
    new, none = (numpy.array(column) for column in zip(*news, strict=True))
    rows = [numpy.concatenate(own) if own else numpy.zeros(0, int) for own in groups]
    owners = numpy.repeat(numpy.arange(len(papers)), [len(r) for r in rows])
    # a span that finds five parties counts five times; one that finds a clause again counts neither way
    judge, chances = judged("gains", signs, new > 0, numpy.where(new > 0, new, none).astype(float), folds[owners])
    gains = []
    for n, (places, before) in enumerate(found):
        own = numpy.zeros(len(before))
        own[rows[n]] = chances[owners == n]
        gains.append((places, own))
    return judge, gains


def _news(paper: Contract, places: Any, groups: Sequence[Any]) -> list[tuple[int, bool]]:
    """For each span of the groups: how many answers it finds that no span before it found; whether it finds none."""
    told = []
    for rows in groups:
        known: set[int] = set()
        for category, start, end in places[rows].tolist():
            hits = set(paper.hits(category, start, end))
            told.append((len(hits - known), not hits))
            known |= hits
    return told


def presences(papers: Sequence[Contract], folds: Any, signs: Sequence[Any], counts: Any) -> tuple[dict[str, Any], Any]:
    """(the models fitted on all, probabilities out of fold: contracts x categories).

    `signs` and `counts`: of each contract (presence.py).
    """
    there = numpy.array([[c in p.answers for c in range(len(CATEGORIES))] for p in papers])
    rows = numpy.array(signs)

    def fitted(kept: Any) -> dict[str, Any]:
        own, right = numpy.vstack(rows[kept]), there[kept].ravel()
        shares = there[kept].mean(axis=0)
        line = LogisticRegression(C=0.5, max_iter=500).fit(for_line(own, counts[kept]), right)
        trees = HistGradientBoostingClassifier(
            l2_regularization=10, early_stopping=False, random_state=0, **JUDGES["presence"]
        )
        return {"shares": shares, "line": line, "trees": trees.fit(for_trees(own, shares), right)}

    found = numpy.zeros(there.shape)
    for n in range(FOLDS):
        said = probability_of(numpy.vstack(rows[folds == n]), counts[folds == n], fitted(folds != n))
        found[folds == n] = said.reshape(-1, len(CATEGORIES))
    return fitted(folds >= 0), found
