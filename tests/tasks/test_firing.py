"""Schedules fire once, over all machines, whatever was missed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.firing import fire
from tasks.schedules import ScheduleSettings
from workitems import moments
from workitems.store import Store

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
EVENING = datetime(2026, 11, 23, 18, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86400.0


def daily(**more: Any) -> list[ScheduleSettings]:
    values = {"name": "evening", "step": "report_day", "cron": "0 18 * * *"} | more
    return [ScheduleSettings.model_validate(values)]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.delenv("DESKHAND_DATABASE", raising=False)
    if request.param == "postgresql":
        monkeypatch.setenv("DESKHAND_DATABASE", request.getfixturevalue("postgres_url"))
    store = Store.open(tmp_path)
    yield store
    store.close()


def triggers(store: Store) -> int:
    return len(store.find("report_day"))


def done(store: Store) -> None:
    """The step has taken what waits."""
    for item in store.find("report_day", ["ready"]):
        store.cancel(item.id)


def test_a_schedule_begins_when_it_is_first_seen_and_fires_at_its_moment(store: Store) -> None:
    assert fire(store, daily(), MONDAY) == []
    assert fire(store, daily(), EVENING - 1) == []
    assert fire(store, daily(), EVENING + 1) == ["evening"]
    assert fire(store, daily(), EVENING + 2) == []
    (item,) = store.find("report_day")
    assert item.payload == {"trigger": "report_day"}
    assert "due at 2026-11-23 18:00" in store.events(item.id)[0].why


def test_what_was_missed_for_days_is_started_once(store: Store) -> None:
    fire(store, daily(), MONDAY)
    assert fire(store, daily(), EVENING + 3 * DAY + HOUR) == ["evening"]
    assert triggers(store) == 1
    assert fire(store, daily(), EVENING + 3 * DAY + 2 * HOUR) == []


def test_what_was_missed_is_left_where_that_is_wanted(store: Store) -> None:
    left = daily(catch_up="none")
    fire(store, left, MONDAY)
    assert fire(store, left, EVENING + HOUR) == []
    assert triggers(store) == 0
    assert fire(store, left, EVENING + DAY + 1) == ["evening"]


def test_a_clock_that_is_set_back_fires_nothing_again(store: Store) -> None:
    fire(store, daily(), MONDAY)
    fire(store, daily(), EVENING + 1)
    done(store)
    assert fire(store, daily(), MONDAY) == []
    assert fire(store, daily(), EVENING + 1) == []


def test_of_many_machines_one_fires(store: Store, tmp_path: Path) -> None:
    fire(store, daily(), MONDAY)

    def machine(_: int) -> list[str]:
        own = Store.open(tmp_path)
        try:
            return fire(own, daily(), EVENING + 1)
        finally:
            own.close()

    with ThreadPoolExecutor(6) as pool:
        fired = [name for names in pool.map(machine, range(6)) for name in names]
    assert fired == ["evening"]
    assert triggers(store) == 1


def test_a_trigger_that_cannot_be_put_leaves_the_moment_unclaimed(store: Store) -> None:
    fire(store, daily(), MONDAY)

    def fails() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        moments.claim(store.database, "evening", MONDAY, EVENING, fails)
    assert fire(store, daily(), EVENING + 1) == ["evening"]


def test_a_trigger_that_still_waits_is_enough(store: Store) -> None:
    fire(store, daily(), MONDAY)
    fire(store, daily(), EVENING + 1)
    assert fire(store, daily(), EVENING + DAY + 1) == ["evening"]
    assert triggers(store) == 1
    assert {c.state: c.count for c in store.depth()} == {"ready": 1}


def test_old_rates_go(store: Store) -> None:
    store.put("document", {})
    now = store.database.clock()
    assert moments.prune_rates(store.database, now) == 0
    assert moments.prune_rates(store.database, now + 9 * DAY) == 1
