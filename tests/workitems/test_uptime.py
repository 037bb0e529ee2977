"""Leases and locks are measured by a clock that nobody sets."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from workitems import uptime
from workitems.database import connect
from workitems.errors import TryLater
from workitems.ledger import Ledger
from workitems.store import Store

pytestmark = pytest.mark.skipif(not uptime.boot(), reason="this system does not tell when it was started")


def turn(patch: pytest.MonkeyPatch, seconds: float) -> None:
    """From now on the wall clock shows another time."""
    wall = time.time
    patch.setattr(time, "time", lambda: wall() + seconds)


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_wall_clock_that_jumps_takes_no_lease_and_no_lock_away(
    home: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    store, ledger = Store.open(home), Ledger.open(home)
    store.put("in", 1)
    turn(monkeypatch, -seconds)  # this one is wrong when it takes the item ...
    hold = store.reservations("first").reserve("in", 60)
    assert hold is not None
    with ledger.lock("erp", 60):
        turn(monkeypatch, 2 * seconds)  # ... and another one is wrong the other way round
        other = Store.open(home)
        assert not other.has_work("in")
        assert other.reservations("second").reserve("in", 60) is None
        with pytest.raises(TryLater), Ledger.open(home).lock("erp", 60):
            pass
    assert store.reservations("first").renew(hold, 60)


def test_all_connections_have_one_clock_whatever_their_walls_show(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = connect(home)
    turn(monkeypatch, 7200)
    second = connect(home)
    assert abs(first.clock() - second.clock()) < 5
    assert second.wall() - second.clock() > 7000


def test_after_another_start_of_the_machine_it_begins_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(home).close()
    monkeypatch.setattr(uptime, "boot", lambda: "another")
    monkeypatch.setattr(uptime, "seconds", lambda: 5.0)
    database = connect(home)
    assert abs(database.clock() - time.time()) < 30
    assert len(database.rows("SELECT name FROM locks")) == 1


def test_where_the_system_does_not_tell_the_wall_clock_has_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uptime, "boot", lambda: "")
    assert abs(connect(home).clock() - time.time()) < 5


def test_a_clock_that_is_bent_for_this_process_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    true = uptime.seconds()
    monkeypatch.setattr(time, "clock_gettime", lambda which: 1_800_000_000.0)
    assert abs(uptime.seconds() - true) < 5
