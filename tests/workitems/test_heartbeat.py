"""The lease's heart: it beats while an item is in hand, not for ever, and not for an adapter that is gone."""

from __future__ import annotations

import gc
import threading
import time
from datetime import datetime

import pytest
from robocorp.workitems import EmptyQueue, State

from tests.workitems.conftest import MakeAdapter
from workitems.heartbeat import Heartbeat
from workitems.reservations import Hold


def test_a_long_step_keeps_its_item(make_adapter: MakeAdapter) -> None:
    adapter, other = make_adapter(DESKHAND_LEASE_SECONDS="600"), make_adapter()
    adapter._heartbeat._beats._every = 0.02
    adapter.store.put("in", 1)
    item_id = adapter.reserve_input()
    ends: set[datetime] = set()
    until = time.monotonic() + 60
    while len(ends) < 3 and time.monotonic() < until:
        item = other.store.get(item_id)
        assert item is not None
        assert item.lease_until is not None
        ends.add(item.lease_until)
        time.sleep(0.01)
    assert len(ends) == 3
    with pytest.raises(EmptyQueue):
        other.reserve_input()
    adapter.release_input(item_id, State.DONE)


def test_a_step_that_takes_too_long_loses_its_item(caplog: pytest.LogCaptureFixture) -> None:
    beats: list[Hold] = []

    def renew(hold: Hold) -> bool:
        beats.append(hold)
        return True

    heartbeat = Heartbeat(lambda: renew, lease_seconds=0.03, most_seconds=0.5)
    heartbeat.add(Hold("hangs", 1))
    until = time.monotonic() + 10
    while "not renewed any more" not in caplog.text and time.monotonic() < until:
        time.sleep(0.02)
    seen = len(beats)
    assert seen >= 1
    time.sleep(0.2)
    assert len(beats) == seen
    heartbeat.stop()


def test_a_heartbeat_that_fails_once_beats_again() -> None:
    beats: list[Hold] = []

    def renew(hold: Hold) -> bool:
        beats.append(hold)
        if len(beats) == 1:
            raise OSError("disk full")
        return True

    heartbeat = Heartbeat(lambda: renew, lease_seconds=0.03, most_seconds=10)
    heartbeat.add(Hold("item", 1))
    until = time.monotonic() + 3
    while len(beats) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    heartbeat.stop()
    assert len(beats) >= 3


def test_the_thread_ends_with_its_adapter() -> None:
    heartbeat = Heartbeat(lambda: lambda hold: True, lease_seconds=60, most_seconds=900)
    heartbeat.add(Hold("item", 1))
    mine = [t for t in threading.enumerate() if t.name == "lease-heartbeat"]
    assert mine
    del heartbeat
    gc.collect()
    mine[-1].join(timeout=3)
    assert not mine[-1].is_alive()
