"""The figures of a day, from the outcomes of its documents. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, tzinfo
from decimal import Decimal
from statistics import median

from bots.outcomes import DocumentOutcome
from workitems.items import Noun


class Amount(Noun):
    """Posted by one supplier in one currency; credit notes count negative."""

    supplier: str
    currency: str
    count: int
    total: Decimal


class DayFigures(Noun):
    """What a day came to. Shares are fractions, times seconds; None where there is nothing to divide by."""

    posted: tuple[DocumentOutcome, ...]
    review: tuple[DocumentOutcome, ...]
    rejected: tuple[DocumentOutcome, ...]
    reasons: tuple[tuple[str, int], ...]  # code of the first blocking doubt -> documents that wait for it
    amounts: tuple[Amount, ...]
    cycle_seconds: float | None  # median from arrival to posting
    straight_through: float | None  # posted or filed untouched, of all documents that ask for something
    filed: tuple[DocumentOutcome, ...] = ()  # done by another desk than that of invoices


def of_day(outcomes: Iterable[DocumentOutcome], day: date, zone: tzinfo) -> list[DocumentOutcome]:
    """Documents that were decided on that day, and all that still wait."""
    return [
        o
        for o in outcomes
        if o.state in ("review", "waiting") or (o.decided_at and o.decided_at.astimezone(zone).date() == day)
    ]


def figures(outcomes: Iterable[DocumentOutcome]) -> DayFigures:
    rows = list(outcomes)
    posted = tuple(o for o in rows if o.state == "posted")
    review = tuple(o for o in rows if o.state in ("review", "waiting"))
    rejected = tuple(o for o in rows if o.state == "rejected")
    times = [(o.decided_at - o.received_at).total_seconds() for o in posted if o.decided_at and o.received_at]
    filed = tuple(o for o in rows if o.state == "filed")
    asked = len(posted) + len(filed) + len(review)
    return DayFigures(
        posted=posted,
        review=review,
        rejected=rejected,
        reasons=tuple(Counter(reason(o) for o in review).most_common()),
        amounts=_amounts(posted),
        cycle_seconds=median(times) if times else None,
        straight_through=sum(not o.touched for o in posted + filed) / asked if asked else None,
        filed=filed,
    )


def reason(outcome: DocumentOutcome) -> str:
    """The code that a document waits for: its first blocking doubt."""
    codes = [d.code for d in outcome.doubts if d.severity == "block"] or [d.code for d in outcome.doubts]
    return codes[0] if codes else outcome.state


def _amounts(posted: Iterable[DocumentOutcome]) -> tuple[Amount, ...]:
    totals: dict[tuple[str, str], list[Decimal]] = {}
    for o in posted:
        totals.setdefault((o.supplier or "", o.currency or ""), []).append(o.total or Decimal(0))
    return tuple(
        Amount(supplier=supplier, currency=currency, count=len(values), total=sum(values, Decimal(0)))
        for (supplier, currency), values in sorted(totals.items())
    )
