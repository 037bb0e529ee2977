"""From daily counts to what has changed: rows for the report, and alerts as sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Literal, NamedTuple

from bots.drift.chance import cusum, cusum_threshold, heaps, psi, psi_by_chance, together
from bots.drift.counts import BINS, Day
from bots.drift.policy import DriftPolicy
from workitems.items import Noun

What = Literal["corrections", "supplier", "input", "confidence"]
NAMES: dict[What, str] = {
    "corrections": "corrections of a field",
    "supplier": "documents of a supplier that were corrected",
    "input": "what comes in",
    "confidence": "how sure a field is",
}


class Watched(Noun):
    """One thing that is watched. Rates are fractions; `score` above `threshold` is an alert.

    For corrections and suppliers the score is a cumulative sum of log-likelihoods and the figures are rates; for inputs
    and confidences it is the population stability index, and the figures are mean confidences or absent.
    """

    what: What
    name: str
    before: float | None = None
    now: float | None = None
    documents: int  # newer ones, that are compared
    known: int  # older ones, that they are compared with
    score: float
    threshold: float
    since: date | None = None

    @property
    def is_alert(self) -> bool:
        """Whether somebody should look."""
        return self.score > self.threshold

    @property
    def sentence(self) -> str:
        """What a person should know."""
        name = self.name.replace("_", " ") if self.what != "supplier" else self.name
        if self.what in ("corrections", "supplier"):
            about = f"{name} is corrected" if self.what == "corrections" else f"Documents of {name} are corrected"
            since = f" since {self.since}" if self.since else ""
            rates = f"{_percent(self.now)}, before {_percent(self.before)}"
            return f"{about[0].upper()}{about[1:]} more often{since}: {rates}."
        if self.what == "confidence":
            return f"How sure {name} is has changed: {_percent(self.now)} on average, before {_percent(self.before)}."
        return f"What comes in has changed: {name} (stability index {self.score:.2f})."


class Drift(Noun):
    """Everything that is watched, alerts first; `documents` were read in all."""

    rows: tuple[Watched, ...] = ()
    documents: int = 0

    @property
    def alerts(self) -> tuple[Watched, ...]:
        """What somebody should look at."""
        return tuple(row for row in self.rows if row.is_alert)


def judge(days: Mapping[date, Day], today: date, policy: DriftPolicy | None = None) -> Drift:
    """What has changed until today. Where there are too few documents to compare, nothing is watched."""
    policy = policy or DriftPolicy()
    rows = (*_corrections(days, today, policy), *_distributions(days, today, policy))
    ordered = sorted(rows, key=lambda r: (not r.is_alert, -r.score / r.threshold if r.threshold else 0.0, r.name))
    return Drift(rows=tuple(ordered), documents=sum(day.read for day in days.values()))


def _corrections(days: Mapping[date, Day], today: date, policy: DriftPolicy) -> list[Watched]:
    old, new = _windows(days, today, policy.recent_days, policy.before_days)
    fields = sorted({f for _, day in (*old, *new) for f in day.corrected})
    names = Counter[str]()
    for _, day in old:
        names.update({name: ended for name, (ended, _) in day.suppliers.items()})
    suppliers = sorted(name for name, ended in names.items() if ended >= policy.supplier_documents)
    weekly = sum(day.ended for _, day in new) * 7 / policy.recent_days
    tests = len(fields) + len(suppliers)
    found: list[Watched | None] = []
    for field in fields:
        series = _Series("corrections", field, partial(_of_field, field), weekly)
        found.append(_watched(series, old, new, policy, tests))
    for name in suppliers:
        own = sum(day.suppliers.get(name, [0, 0])[0] for _, day in new) * 7 / policy.recent_days
        series = _Series("supplier", name, partial(_of_supplier, name), own)
        found.append(_watched(series, old, new, policy, tests))
    return [row for row in found if row is not None]


class _Series(NamedTuple):
    """What is counted a day: documents, and corrected ones."""

    what: What
    name: str
    of: Callable[[Day], tuple[int, int]]
    weekly: float


def _watched(
    series: _Series, old: Sequence[tuple[date, Day]], new: Sequence[tuple[date, Day]], policy: DriftPolicy, tests: int
) -> Watched | None:
    before, now = [series.of(day) for _, day in old], [series.of(day) for _, day in new]
    known, wrong = sum(c for c, _ in before), sum(w for _, w in before)
    least = policy.known_documents if series.what == "corrections" else policy.supplier_documents
    if known < least or not any(c for c, _ in now):
        return None
    rate = (wrong + 1) / (known + 2)
    careful = min(0.95 - policy.shift, rate + math.sqrt(rate * (1 - rate) / known) / 2)  # the rate itself is a guess
    scatter = heaps([(c - w, w) for c, w in before])
    score, since = cusum(now, careful, policy.shift, scatter)
    late = now[since:]
    return Watched(
        what=series.what,
        name=series.name,
        before=round(wrong / known, 4),
        now=round(sum(w for _, w in late) / max(1, sum(c for c, _ in late)), 4),
        documents=sum(c for c, _ in late),
        known=known,
        score=round(score, 3),
        threshold=round(cusum_threshold(tests, series.weekly, policy.false_alarms), 3),
        since=new[since][0] if score else None,
    )


def _distributions(days: Mapping[date, Day], today: date, policy: DriftPolicy) -> list[Watched]:
    old, new = _windows(days, today, policy.input_days, policy.before_days)
    known, count = sum(d.read for _, d in old), sum(d.read for _, d in new)
    if known < policy.known_documents or count < policy.new_documents:
        return []
    features = sorted({f for _, day in old for f in day.inputs})
    fields = sorted({f for _, day in old for f in day.sure})
    tests = len(features) + len(fields)
    found = []
    for name in features:
        both = _each(old, new, partial(_input, name))
        found.append(_compared("input", name, both, tests, policy))
    for name in fields:
        both = _each(old, new, partial(_sure, name))
        found.append(_compared("confidence", name, both, tests, policy))
    return [row for row in found if row is not None]


_Both = tuple[list[dict[str, int]], list[dict[str, int]]]


def _each(old: Sequence[tuple[date, Day]], new: Sequence[tuple[date, Day]], of: Callable[..., dict[str, int]]) -> _Both:
    return [of(day) for _, day in old], [of(day) for _, day in new]


def _compared(what: What, name: str, both: _Both, tests: int, policy: DriftPolicy) -> Watched | None:
    daily, newer = both
    before, now = _sum(daily), _sum(newer)
    a, b = together(before, now)
    if sum(a) < policy.known_documents / 2 or sum(b) < policy.new_documents / 2:
        return None
    places = sorted(before)
    scatter = heaps([[float(day.get(p, 0)) for p in places] for day in daily])
    chance = psi_by_chance(sum(1 for x in a if x), sum(a), sum(b), tests, policy.false_alarms) * scatter
    return Watched(
        what=what,
        name=name,
        before=_mean(before) if what == "confidence" else None,
        now=_mean(now) if what == "confidence" else None,
        documents=int(sum(b)),
        known=int(sum(a)),
        score=round(psi(a, b), 4),
        threshold=round(max(policy.psi, min(chance, 99.0)), 4),
    )


def _windows(
    days: Mapping[date, Day], today: date, recent: int, before: int
) -> tuple[list[tuple[date, Day]], list[tuple[date, Day]]]:
    """The older and the newer days, in order."""
    begin = today - timedelta(days=recent - 1)
    first = begin - timedelta(days=before)
    ordered = sorted(days.items())
    return [d for d in ordered if first <= d[0] < begin], [d for d in ordered if begin <= d[0] <= today]


def _input(name: str, day: Day) -> dict[str, int]:
    return day.inputs.get(name, {})


def _sure(field: str, day: Day) -> dict[str, int]:
    """Documents by tenth of confidence; those in which the field was not found count, too."""
    counts = day.sure.get(field, [0] * BINS)
    return {str(n): c for n, c in enumerate(counts)} | {"none": max(0, day.read - sum(counts))}


def _sum(days: Sequence[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for day in days:
        total.update(day)
    return dict(total)


def _mean(counts: Mapping[str, int]) -> float | None:
    """The mean confidence of those that were found, from tenths."""
    found = {n: c for n, c in counts.items() if n != "none"}
    total = sum(found.values())
    return round(sum((int(n) + 0.5) / BINS * c for n, c in found.items()) / total, 4) if total else None


def _of_field(field: str, day: Day) -> tuple[int, int]:
    return day.ended, day.corrected.get(field, 0)


def _of_supplier(name: str, day: Day) -> tuple[int, int]:
    ended, wrong = day.suppliers.get(name, (0, 0))
    return ended, wrong


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.0f} %"
