"""Figures that stay cheap however many items there are: kept counts, and samples whose size has a bound.

`metrics.py` computes the way of single lineages from their events; over all items that costs as much as there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workitems import statistics_sql as sql
from workitems.database import Database
from workitems.rows import QueueCount
from workitems.states import State

COUNTED = 5_000
"""What has no counter (overdue, in backoff) is counted up to here."""
AGES_READ = 200
"""Ages of up to so many items are read; of a longer queue those at `PLACES` evenly spaced places."""
PLACES = 100
OUTCOMES = 200
"""How many of the newest outcomes the straight-through share and the cycle times are computed from."""

QUIET_MINUTES = 10
"""Minutes in which nobody counts any more, however late his transaction ended."""
FINE_MINUTES = 120
"""So far back every minute is kept; before that, hours."""
RATES_READ = 10_000
"""More rows than these are folded by whoever reads them; without a fold a day may have 20 times as many."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many items of a queue came into a state."""

    queue: str
    state: State
    count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds, of `of` items: the middle one and the one that 95 of 100 stay below."""

    p50: float
    p95: float
    of: int


@dataclass(frozen=True)
class QueueFigures:
    """One queue. Counts by state; arrivals by state in the last whole minute, hour and day (of 23 to 24 hours).

    `later` (of the ready ones, those in backoff or postponed) and `overdue` (past their deadline, not ended) are
    counted up to 5,000. `straight` is the share of the newest `outcomes` outcomes that needed no person: done, and
    never in review nor dead; None without any. `waiting` is the age of what is ready, `asking` of what waits for a
    person, `cycle` the seconds from coming into being to done.
    """

    queue: str
    counts: Mapping[State, int]
    oldest: Mapping[State, float]
    later: int
    overdue: int
    rates: Mapping[str, Mapping[State, int]]
    straight: float | None
    outcomes: int
    waiting: Spread | None
    asking: Spread | None
    cycle: Spread | None
    sampled: bool = field(default=False)
    """Whether `waiting` or `asking` come from a sample."""


def arrivals(db: Database, now: float, minutes: int) -> list[Arrivals]:
    """How many items came into which state of which queue in the last `minutes`, the running one included."""
    rows = db.rows(sql.SELECT_RATES_SINCE, {"since": int(now // 60) - minutes})
    return [Arrivals(r["queue"], r["state"], int(r["count"])) for r in rows]


def figures(db: Database, now: float, depth: Sequence[QueueCount]) -> list[QueueFigures]:
    """Every queue's figures; `depth` is the store's own count."""
    rates: dict[str, dict[str, dict[State, int]]] = defaultdict(lambda: {"minute": {}, "hour": {}, "day": {}})
    rows = db.rows(sql.SELECT_RATES, {"now_minute": int(now // 60)})
    if sum(row["parts"] for row in rows) > RATES_READ:
        fold_rates(db, now)
    for row in rows:
        for window in ("minute", "hour", "day"):
            rates[row["queue"]][window][row["state"]] = int(row[window])
    queues = sorted({count.queue for count in depth} | set(rates))
    return [_queue(db, now, queue, [c for c in depth if c.queue == queue], rates[queue]) for queue in queues]


def _queue(
    db: Database, now: float, queue: str, depth: Sequence[QueueCount], rates: Mapping[str, Mapping[State, int]]
) -> QueueFigures:
    counts: dict[State, int] = {count.state: count.count for count in depth}
    later = db.rows(sql.COUNT_WAITING, {"queue": queue, "limit": COUNTED})[0]["count"] if counts.get("ready") else 0
    overdue = 0
    for state in ("ready", "taken", "review", "dead"):
        if counts.get(state):
            values = {"state": state, "queue": queue, "now": now, "limit": COUNTED - overdue}
            overdue += db.rows(sql.COUNT_OVERDUE, values)[0]["count"]
    outcomes = db.rows(sql.SELECT_OUTCOMES, {"queue": queue, "limit": OUTCOMES})
    straight = sum(1 for o in outcomes if o["state"] == "done" and not o["seen"])
    return QueueFigures(
        queue,
        counts,
        {count.state: count.oldest_seconds for count in depth},
        int(later),
        int(overdue),
        rates,
        straight / len(outcomes) if outcomes else None,
        len(outcomes),
        _ages(db, now, queue, "ready", counts),
        _ages(db, now, queue, "review", counts),
        spread([o["updated_at"] - o["created_at"] for o in outcomes if o["state"] == "done"]),
        any(counts.get(state, 0) > AGES_READ for state in ("ready", "review")),
    )


def _ages(db: Database, now: float, queue: str, state: State, counts: Mapping[State, int]) -> Spread | None:
    here: dict[str, Any] = {"queue": queue, "state": state}
    count = counts.get(state, 0)
    if not count:
        return None
    if count <= AGES_READ:
        rows = db.rows(sql.SELECT_AGES, here | {"limit": AGES_READ})
    else:
        span = db.rows(sql.SELECT_SPAN, here)[0]
        if span["low"] is None:
            return None
        values = {"low": span["low"], "span": span["high"] - span["low"], "places": PLACES}
        rows = db.rows(sql.SELECT_AGES_AT, here | values)
    return spread([max(0.0, now - row["created_at"]) for row in rows])


def spread(seconds: Sequence[float]) -> Spread | None:
    """The middle and the 95th percentile (nearest rank); None of nothing."""
    if not seconds:
        return None
    inorder = sorted(seconds)
    last = len(inorder) - 1
    return Spread(inorder[round(last * 0.5)], inorder[round(last * 0.95)], len(inorder))


def fold_rates(db: Database, now: float) -> int:
    """Keeps the table of rates small: one row a minute where several writers counted, one an hour after two hours.

    No minute of the last ten is touched, so no writer is disturbed. Returns how many rows were folded.
    """
    minute = int(now // 60)
    quiet, old = minute - QUIET_MINUTES, (minute - FINE_MINUTES) // 60 * 60
    folded: Counter[tuple[str, str, int]] = Counter()
    with db.write():
        rows = db.rows(sql.FOLD_RATES, {"quiet": quiet, "old": old})
        for row in rows:
            into = row["minute"] - row["minute"] % 60 if row["minute"] < old else row["minute"]
            folded[row["queue"], row["state"], into] += row["count"]
        sums = [{"queue": q, "state": s, "minute": m, "count": n} for (q, s, m), n in sorted(folded.items())]
        db.change_many(sql.INSERT_FOLDED, sums)
    return len(rows)
