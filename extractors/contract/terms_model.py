"""The model behind the key terms, opened once: tagger of the head, ranker of names, rankers of dates, calibration."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extractors.contract.dates import DateFound
from extractors.contract.dates_ranked import Setting, signs_of
from extractors.contract.parties_candidates import Candidate, Head, candidates_of
from extractors.contract.parties_measures import measures_of
from extractors.contract.parties_tagger import Mention, marginals_of, mentions_from
from extractors.contract.parties_tokens import signs_of as token_signs
from extractors.contract.parties_tokens import tokens_of
from extractors.model_files import Loaded, ModelRefused, load

NAME, READER = "contract_terms", "contract_terms/3"
Points = Sequence[Sequence[float]]


@dataclass(frozen=True)
class DateRanked:
    """The mention that a ranker likes best, and its probability."""

    found: DateFound
    chance: float


def current() -> Loaded | None:
    """The model in force; None where none can be used."""
    try:
        return load(NAME, READER)
    except ModelRefused:
        return None


def version() -> str:
    """The version of the model in force, as papers name it."""
    model = current()
    return "none" if model is None else model.label


@lru_cache(maxsize=4)
def _rows(names: str) -> dict[str, int]:
    return {name: n for n, name in enumerate(names.split("\n"))}


def tagger_of(model: Mapping[str, Any]) -> dict[str, Any]:
    """The tagger as extractors.contract.parties_tagger takes it."""
    weights = model["tagger"]
    return {"rows": _rows(weights["names"]), "weights": weights["weights"], "moves": weights["moves"]}


def head_of(text: str, tagger: Mapping[str, Any]) -> tuple[Head, list[Mention]]:
    """The tokens of the head with the tagger's probabilities, and the titles and names that follow from them."""
    tokens = tokens_of(text)
    chances = marginals_of(tokens, token_signs(text, tokens), tagger)
    return Head(text, tokens, chances), mentions_from(tokens, chances)


def names_in(head: Head, ranker: Any) -> list[tuple[Candidate, float]]:
    """Candidates for party names with their probabilities."""
    import numpy

    candidates = candidates_of(head)
    if not candidates:
        return []
    chances = ranker.predict_proba(numpy.array(measures_of(head, candidates)))[:, 1]
    return list(zip(candidates, (float(c) for c in chances), strict=True))


def best_dates(setting: Setting, model: Mapping[str, Any]) -> dict[str, DateRanked]:
    """For "agreement" and "effective": the date that is most probably it."""
    if not setting.found:
        return {}
    signs = signs_of(setting)
    return {which: best_date(setting, signs, model["dates"][which]) for which in ("agreement", "effective")}


def best_date(setting: Setting, signs: Sequence[Sequence[str]], ranker: Mapping[str, Any]) -> DateRanked:
    """The best mention by one ranker."""
    rows, weights = _rows(ranker["names"]), ranker["weights"]
    scores = [float(sum(weights[rows[s]] for s in own if s in rows)) for own in signs]
    place = max(range(len(scores)), key=scores.__getitem__)
    return DateRanked(setting.found[place], logistic(scores[place]))


def logistic(score: float) -> float:
    """A score in log-odds as a probability."""
    return 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))


def calibrated(points: Points, value: float) -> float:
    """The measured share of right answers at such a value: between two points it runs straight."""
    xs = [p[0] for p in points]
    n = bisect_right(xs, value)
    if n == 0:
        return float(points[0][1])
    if n == len(points):
        return float(points[-1][1])
    (x0, y0), (x1, y1) = points[n - 1], points[n]
    return float(y0 + (y1 - y0) * (value - x0) / (x1 - x0)) if x1 > x0 else float(y1)
