"""Figures from kept counts and samples: right where they can be compared, and cheap however many items there are."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.workitems.conftest import Clock
from workitems import sql, statistics, statistics_sql
from workitems.journal import SLOTS, count
from workitems.reservations import Ending, Reservations
from workitems.rows import at
from workitems.statistics import fold_rates, spread
from workitems.store import Store


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On both databases; the plans are SQLite's."""
    if metafunc.function.__name__ not in ("test_no_figure_is_counted_over_all_items", "test_percentiles"):
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def work(worker: Reservations, ending: Ending) -> str:
    hold = worker.reserve("read", 600)
    assert hold is not None
    worker.release(hold, ending)
    return hold.item_id


def test_figures_of_a_queue(store: Store, worker: Reservations, clock: Clock) -> None:
    for n in range(5):
        store.put("read", n)
        clock.turn(100)
    work(worker, Ending("done"))
    asked = work(worker, Ending("review", "x", "X."))
    work(worker, Ending("review", "x", "X."))
    store.retry(asked)
    work(worker, Ending("done"))
    clock.turn(60)
    (figures,) = store.figures()
    assert figures.counts == {"done": 2, "review": 1, "ready": 2}
    assert (figures.straight, figures.outcomes, figures.later, figures.overdue) == (1 / 3, 3, 0, 0)
    assert figures.rates["minute"] == {"taken": 4, "done": 2, "review": 2, "ready": 1}
    assert figures.rates["hour"]["ready"] == 6
    assert figures.waiting == statistics.Spread(160, 260, 2)
    assert figures.asking == statistics.Spread(360, 360, 1)
    assert figures.cycle == statistics.Spread(400, 500, 2)
    assert [(a.state, a.count) for a in store.rates(60)] == [("done", 2), ("ready", 6), ("review", 2), ("taken", 4)]


def test_what_is_late_and_what_waits_is_counted(store: Store, clock: Clock) -> None:
    for seconds in (-10, 10, None):
        store.put("read", 1, deadline=None if seconds is None else at(clock.now + seconds))
    store.put("read", 1, not_before=at(clock.now + 60))
    (figures,) = store.figures()
    assert (figures.overdue, figures.later) == (1, 1)


def test_a_long_queue_is_sampled(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "AGES_READ", 50)
    begin = clock.now
    item = {"queue": "read", "payload": "1", "priority": 0, "not_before": None, "deadline": None}
    with store.database.write():
        for n in range(1000):
            store.database.change(sql.INSERT_ITEM, item | {"id": f"{n:06}", "now": begin + n})
        count(store.database, {("read", "ready"): 1000})
    clock.turn(1000)
    (figures,) = store.figures()
    assert figures.sampled
    assert figures.waiting is not None
    assert 50 <= figures.waiting.of <= 101
    assert abs(figures.waiting.p50 - 500) < 20
    assert abs(figures.waiting.p95 - 950) < 20


def test_rates_are_folded_without_changing_any_sum(store: Store, clock: Clock) -> None:
    db, minute = store.database, int(clock.now // 60)
    truth: Counter[int] = Counter()
    for back in range(0, 300, 3):
        for slot in range(SLOTS):
            values = {"minute": minute - back, "slot": slot}
            db.change("INSERT INTO rates VALUES ('read', 'done', :minute, :slot, 2)", values)
            truth[back] += 2
    before = {window: sum(a.count for a in store.rates(window)) for window in (5, 60, 120, 1440)}
    assert before[1440] == sum(truth.values())
    assert fold_rates(db, clock.now) > 0
    assert {window: sum(a.count for a in store.rates(window)) for window in before} == before
    rows = db.rows("SELECT minute, slot, count FROM rates")
    assert len(rows) < 300 / 3 + 4 * SLOTS + 5
    # Where somebody may still count nothing was touched.
    assert {r["slot"] for r in rows if r["minute"] > minute - 10} == set(range(SLOTS))
    assert fold_rates(db, clock.now) == 0


def test_who_reads_very_many_rates_folds_them(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "RATES_READ", 10)
    minute = int(clock.now // 60)
    for slot in range(12):
        values = {"slot": slot, "minute": minute - 30}
        store.database.change("INSERT INTO rates VALUES ('read', 'done', :minute, :slot, 1)", values)
    assert store.figures()[0].rates["hour"] == {"done": 12}
    assert len(store.database.rows("SELECT * FROM rates")) == 1
    assert store.figures()[0].rates["hour"] == {"done": 12}


@pytest.mark.parametrize("name", [n for n in vars(statistics_sql) if n.isupper() and n.startswith(("SELECT", "COUNT"))])
def test_no_figure_is_counted_over_all_items(store: Store, name: str) -> None:
    """Every step into `items` and `events` is one into an index that names what is sought."""
    values = dict.fromkeys(
        ("queue", "state", "now", "limit", "low", "span", "places", "now_minute", "since", "quiet", "old"), 1
    )
    plan = store.database.rows(f"EXPLAIN QUERY PLAN {getattr(statistics_sql, name)}", values)
    steps = [row["detail"] for row in plan]
    assert steps
    assert not [s for s in steps if s.startswith(("SCAN items", "SCAN i", "SCAN e", "SCAN rates"))], steps


def test_percentiles() -> None:
    assert spread([]) is None
    assert spread([7.0]) == statistics.Spread(7, 7, 1)
    assert spread([float(n) for n in range(100, -1, -1)]) == statistics.Spread(50, 95, 101)
