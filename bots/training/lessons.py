"""What a person's answers on a document say about its right values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import cast, get_args

from bots.invoices.draft import overlaid
from bots.invoices.values import parse_amount, parse_date
from extractors.invoice.memory import FIELDS
from extractors.invoice.spots import AMOUNTS, DATES
from extractors.studying import Known
from workitems.items import Answer, DocumentItem, Kind, Paper, Reading


def known(item: DocumentItem, item_id: str) -> Known | None:
    """What is known of a document that a person answered and that passed; None where nothing was corrected."""
    if item.paper is None or item.paper.source == "xml" or not corrected(item.paper, item.answers):
        return None
    at = max((a.at for a in item.answers), default=datetime.now(UTC))
    truth = typed(overlaid(item.paper.fields, item.answers))
    kind = kind_said(item.paper, item.answers)
    return Known(item=item_id, at=at, kind=kind, truth=truth, language=item.paper.language)


def corrected(paper: Paper, answers: tuple[Answer, ...]) -> tuple[str, ...]:
    """The fields that memory can learn and whose value a person changed or added."""
    said = typed(overlaid({}, answers))
    read = typed(paper.fields)
    return tuple(f for f in FIELDS if f in said and said[f] != read.get(f))


def kind_said(paper: Paper, answers: tuple[Answer, ...]) -> Kind:
    """The kind that a person named last, else the one that was read."""
    said = [a.value for a in answers if a.field == "kind" and a.value in get_args(Kind)]
    return cast(Kind, said[-1]) if said else paper.kind


def typed(readings: Mapping[str, Reading]) -> dict[str, str]:
    """Values as readers write them, whatever form a person typed them in; what cannot be understood is left out."""
    found = {}
    for field, reading in readings.items():
        try:
            found[field] = _form(field)(reading.value)
        except ValueError:
            continue
    return found


def _form(field: str) -> Callable[[str], str]:
    if field in AMOUNTS:
        return lambda value: format(parse_amount(value), "f")
    if field in DATES:
        return lambda value: parse_date(value).isoformat()
    return str.strip
