"""When a worker at an empty queue waits, and when it ends."""

from __future__ import annotations

import pytest

from tests.workitems.conftest import Clock
from workitems.reservations import Ending, Reservations
from workitems.store import Store
from workitems.waiting import WAIT_FOR, Asked, Patience, worth_waiting


def fail(worker: Reservations, queue: str) -> None:
    hold = worker.reserve(queue, 600)
    assert hold is not None
    worker.release(hold, Ending("failed"))


def test_soon_is_a_minute(store: Store, worker: Reservations, clock: Clock) -> None:
    assert not worth_waiting(store, "read", ["collect"])
    store.put("read", 1)
    assert worth_waiting(store, "read", [])
    for soon in (True, True, True, False):  # about 2, 8, 32 and 128 seconds
        fail(worker, "read")
        assert worth_waiting(store, "read", []) is soon
        clock.turn(store.due_in("read") or 0)


def test_a_queue_above_counts_while_it_is_worked_on(store: Store, worker: Reservations) -> None:
    store.put("collect", 1)
    assert worth_waiting(store, "read", ["collect"])
    assert not worth_waiting(store, "read", ["other"])
    hold = worker.reserve("collect", 600)
    assert hold is not None
    assert worth_waiting(store, "read", ["collect"])
    worker.release(hold, Ending("review"))
    assert not worth_waiting(store, "read", ["collect"])


def test_nobody_waits_unasked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WAIT_FOR, raising=False)
    store.put("collect", 1)
    assert not Patience(store, "read", None, 60).more_comes(Asked())


def test_a_worker_for_ever_wakes_its_producer_and_ends_when_asked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WAIT_FOR, "*")
    asked = Asked()
    assert Patience(store, "collect", lambda: (store.trigger("collect"), None)[1], 0).more_comes(asked)
    assert not Patience(store, "other", asked.ask, 0).more_comes(asked)
