"""Figures of found clauses as the CUAD paper computes them, of whether a clause is there, and of probabilities."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy

from benchmarks.clauses_data import Contract
from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.clauses import LEAST
from extractors.contract.presence import Weighed, best_rows, probabilities_of

Evidence = tuple[list[float], list[float]]
"""Best confidence for each answer (-1: not found), confidence of each false alarm."""
RECALL = 0.8
PRECISION = 0.98
THERE = 0.5  # confidence from which a clause counts as there
THRESHOLDS = [n / 100 for n in range(99, 0, -1)] + [0.001, 0.0]
LOWEST, HIGHEST = 0.12, 0.5  # middles of a category


def evidence_of(paper: Contract, category: int, places: Any, sure: Any) -> Evidence:
    """What the spans of one category of one contract found."""
    best = [-1.0] * len(paper.answers.get(category, ()))
    alarms: dict[str, float] = {}
    for at in numpy.flatnonzero(places[:, 0] == category):
        _, start, end = (int(x) for x in places[at])
        hits = paper.hits(category, start, end)
        for answer in hits:
            best[answer] = max(best[answer], float(sure[at]))
        if not hits:
            text = paper.doc.text[start:end]
            alarms[text] = max(alarms.get(text, 0.0), float(sure[at]))
    return best, list(alarms.values())


def curve(evidence: Iterable[Evidence]) -> tuple[float, float]:
    """(precision at 80% recall, area under the curve), with the envelope of precision."""
    pairs = list(evidence)
    found = numpy.array([c for answers, _ in pairs for c in answers])
    false = numpy.array([c for _, alarms in pairs for c in alarms])
    points = [(0.0, 1.0)]
    for threshold in THRESHOLDS:
        hits, misses = int((found > threshold).sum()), int((false > threshold).sum())
        if hits + misses and len(found):
            points.append((hits / len(found), hits / (hits + misses)))
    for i in range(len(points) - 2, -1, -1):
        points[i] = (points[i][0], max(points[i][1], points[i + 1][1]))
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(points))
    return next((p for r, p in points if r >= RECALL), 0.0), area


def f1(sure: Any, there: Any) -> float:
    """Of "the clause is there" at 0.5."""
    said = sure >= 0.5
    both = int(said.sum()) + int(there.sum())
    return 2 * int((said & there).sum()) / both if both else 0.0


def decided(sure: Any, there: Any) -> float:
    """The largest share of the answers that is right at the wanted precision when the surest are taken first."""
    certain = numpy.maximum(sure, 1 - sure).ravel()
    order = numpy.argsort(-certain, kind="stable")
    right = ((sure >= 0.5) == there).ravel()[order].cumsum()
    good = numpy.flatnonzero(right >= PRECISION * numpy.arange(1, len(order) + 1))
    return float((good[-1] + 1) / len(order)) if len(good) else 0.0


def truth(papers: Sequence[Contract]) -> Any:
    """Contracts x categories: is there such a clause."""
    return numpy.array([[c in p.answers for c in range(len(CATEGORIES))] for p in papers])


def best_middles(probability: Any) -> Any:
    """For each category the probability from which on saying "it is there" gives the best F1 that is to be expected.

    That is half of that F1. Taken from the probabilities alone (contracts x categories), for the labels of a rare
    category are too few to choose by.
    """
    ordered = -numpy.sort(-probability, axis=0)
    said = numpy.arange(1, len(ordered) + 1)[:, None]
    expected = 2 * ordered.cumsum(axis=0) / (said + ordered.sum(axis=0))
    return numpy.clip(expected.max(axis=0) / 2, LOWEST, HIGHEST)


def figures(papers: Sequence[Contract], places: Sequence[Any], sure: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """A row for each category, and one for all."""
    there = truth(papers)
    top = numpy.zeros(there.shape)
    rows: dict[str, dict[str, Any]] = {}
    every: list[Evidence] = []
    for category, name in enumerate(CATEGORIES):
        own = [evidence_of(p, category, at, c) for p, at, c in zip(papers, places, sure, strict=True)]
        for n, (at, c) in enumerate(zip(places, sure, strict=True)):
            top[n, category] = c[at[:, 0] == category].max(initial=0.0)
        every += own
        p80r, aupr = curve(own)
        answers = sum(len(e[0]) for e in own)
        presence = f1(top[:, category], there[:, category])
        rows[name] = {"n": float(answers), "p80r": p80r, "aupr": aupr, "presence_f1": presence}
    p80r, aupr = curve(every)
    mean = {key: float(numpy.mean([r[key] for r in rows.values()])) for key in ("aupr", "presence_f1")}
    rows["all"] = {
        "n": float(sum(len(e[0]) for e in every)),
        "p80r": p80r,
        "aupr": aupr,
        "presence_f1": f1(top, there),
        "presence_f1_macro": mean["presence_f1"],
        "aupr_macro": mean["aupr"],
        "answers_at_98": decided(top, there),
    }
    return rows


def trust(papers: Sequence[Contract], spans: Sequence[Weighed], sure: Sequence[Any], presence: Any) -> dict[str, Any]:
    """How far probabilities can be trusted: {of which spans: {"error", "count", "told_found": [told, found, spans]}}.

    `best`: that there is such a clause, by each category's best span. `others`: that a span is one, of all others that
    are told. `others_there`: of those among them that count as there. `sure`: confidences; `presence`: contracts x
    categories.
    """
    pairs: dict[str, list[tuple[float, bool]]] = {"best": [], "others": [], "others_there": []}
    for paper, own, confidence, there in zip(papers, spans, sure, presence, strict=True):
        chance = probabilities_of(own, there)
        best = set(best_rows(own.places, own.gains).tolist())
        for row in numpy.flatnonzero(confidence >= LEAST).tolist():
            category, start, end = own.places[row].tolist()
            if row in best:
                pairs["best"].append((float(chance[row]), category in paper.answers))
                continue
            found = (float(chance[row]), bool(paper.hits(category, start, end)))
            pairs["others"].append(found)
            if confidence[row] >= THERE:
                pairs["others_there"].append(found)
    return {
        of: {"error": calibration_error(told), "count": len(told), "told_found": told_found(told)}
        for of, told in pairs.items()
    }


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins of equal width, less what chance alone gives true probabilities."""
    gap, chance = 0.0, 0.0
    for told in _binned(pairs, 10):
        gap += abs(sum(p for p, _ in told) - sum(yes for _, yes in told))
        chance += math.sqrt(2 / math.pi * sum(p * (1 - p) for p, _ in told))
    return max(0.0, gap - chance) / len(pairs) if pairs else 1.0


def told_found(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """(what is told on average, how often it is so, how many), in fifths: around .1, .3, .5, .7 and .9."""
    return [
        (round(sum(p for p, _ in told) / len(told), 3), round(sum(yes for _, yes in told) / len(told), 3), len(told))
        for told in _binned(pairs, 5)
        if told
    ]


def _binned(pairs: Sequence[tuple[float, bool]], count: int) -> list[list[tuple[float, bool]]]:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(count)]
    for pair in pairs:
        bins[min(int(pair[0] * count), count - 1)].append(pair)
    return bins
