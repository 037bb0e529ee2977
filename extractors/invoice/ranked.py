"""A receipt's shop, address, total and date by the fitted rankers; None from each where no model can be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.head import Head, head_of
from extractors.invoice.layout import Piece
from extractors.invoice.ranking import chances, model_or_none
from extractors.invoice.receipt_dates import date_places
from extractors.invoice.receipt_sums import grouped, sum_places
from extractors.invoice.shops import known_address, known_name
from extractors.invoice.span_places import place_signs, printed
from extractors.invoice.spans import Span, Tags, address_signs, address_spans, name_signs, name_spans
from extractors.invoice.spelling import mend_address, mend_name
from extractors.invoice.tagger import tags_of

KEPT = 5
"""Candidates of a field that are kept."""
_TOLD_OF_SUMS = ("above cash", "left paid", "below due", "in row")
"""Signs of a total's place that say something of its probability beyond the rankers' score."""


@dataclass(frozen=True)
class Ranked:
    """All ranked candidates of a receipt, best first, and the version of the model that ranked them."""

    names: list[Candidate]
    addresses: list[Candidate]
    totals: list[Candidate]
    dates: list[Candidate]
    version: str


@lru_cache(maxsize=2)
def ranked(context: Context) -> Ranked | None:
    """The candidates of a receipt; None for other papers and where no model can be used."""
    if context.kind != "receipt" or (found := model_or_none()) is None:
        return None
    return rank(context, *found)


def rank(context: Context, model: Mapping[str, Any], version: str = "") -> Ranked:
    """The candidates by a given model."""
    head = head_of(context)
    tags = tags_of(head, model)
    page = context.sheet.first_page
    names = _names(head, tags, model, page)
    addresses = _addresses(head, tags, model, page, names[0].value if names else "")
    return Ranked(names, addresses, _totals(context, model), _dates(context, model), version)


def _names(head: Head, tags: Tags, model: Mapping[str, Any], page: int) -> list[Candidate]:
    spans = list(name_spans(head))
    scores = chances(model["name"], [name_signs(head, tags, s) for s in spans])
    words = frozenset(model.get("name_words", ()))
    best = _best(spans, scores)
    found = _spanned(head, page, best, lambda text: known_name(mend_name(text, words), model["shops"]))
    return [
        replace(candidate, pieces=printed(head, span), signs=place_signs(head, span))
        for candidate, (span, _) in zip(found, best, strict=True)
    ]


def _addresses(head: Head, tags: Tags, model: Mapping[str, Any], page: int, shop: str) -> list[Candidate]:
    spans = list(address_spans(head))
    scores = chances(model["address"], [address_signs(head, tags, s) for s in spans])
    words = frozenset(model["words"])

    def spelt(text: str) -> tuple[str, str]:
        return known_address(mend_address(text, words), shop, model["shops"])

    return list(_spanned(head, page, _best(spans, scores), spelt))


def _best(spans: list[Span], scores: list[float]) -> list[tuple[Span, float]]:
    return sorted(zip(spans, scores, strict=True), key=lambda s: -s[1])[:KEPT]


def _spanned(
    head: Head, page: int, best: list[tuple[Span, float]], mend: Callable[[str], tuple[str, str]]
) -> Iterator[Candidate]:
    """The spans, spelt right; `mend` gives the text and a note of what it knew."""
    for span, score in best:
        text, note = mend(span.text)
        notes = {note} if note else {"mended"} if text != span.text else set()
        notes.add(f"{span.last - span.first + 1} lines")
        yield _candidate(text, score, page, head.pieces(span.first, span.last), notes)


def _totals(context: Context, model: Mapping[str, Any]) -> list[Candidate]:
    places = sum_places(context)
    values = grouped(places, chances(model["place"], [p.signs for p in places]))
    scores = chances(model["value"], [signs for signs, _ in values.values()])
    found = []
    for (value, (signs, place)), score in zip(values.items(), scores, strict=True):
        notes = {n for n in ("cash less change", "with tax", "rounded") if signs[f"best {n}"]}
        notes |= {"labelled"} if signs["labelled"] else set()
        notes |= {"repeated"} if signs["best times"] > 1 else set()
        told = tuple((name, signs[f"best {name}"]) for name in _TOLD_OF_SUMS)
        found.append(replace(_candidate(format(value, "f"), score, place.page, place.pieces, notes), signs=told))
    return sorted(found, key=lambda c: -c.score)[: 2 * KEPT]


def _dates(context: Context, model: Mapping[str, Any]) -> list[Candidate]:
    places = date_places(context)
    best: dict[str, Candidate] = {}
    for place, score in zip(places, chances(model["date"], [p.signs for p in places]), strict=True):
        value = place.value.isoformat()
        notes = {n for n in ("left date", "right time", "left time") if place.signs[n]}
        notes |= ({"unclear"} if place.unclear else set()) | ({"repeated"} if place.signs["times"] > 1 else set())
        if value not in best or best[value].score < score:
            best[value] = _candidate(value, score, place.page, place.pieces, notes)
    return sorted(best.values(), key=lambda c: -c.score)[:KEPT]


def _candidate(value: str, score: float, page: int, pieces: tuple[Piece, ...], notes: set[str]) -> Candidate:
    return Candidate(value, max(0.001, min(0.999, score)), page, pieces, "ranked", frozenset(notes))
