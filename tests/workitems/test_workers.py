"""Workers say that they are alive, and are forgotten when they are not."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workitems import owners, workers
from workitems.database import connect
from workitems.limits import RETRY, retry_from_environment
from workitems.runner_sql import SAY_ALIVE
from workitems.states import RetryPolicy
from workitems.store import Store, StoreError


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def say(store: Store, owner: str, seen_at: float, item: str | None = None) -> None:
    row = {"id": owner, "step": "read_documents", "started_at": 1.0, "now": seen_at, "item_id": item}
    with store.database.write():
        store.database.change(SAY_ALIVE, row)


def test_a_worker_says_what_it_works_on_and_takes_its_leave(store: Store, home: Path) -> None:
    presence = workers.Presence(lambda: connect(home), "read_documents", every_seconds=0.02)
    presence.start()
    until(lambda: len(workers.alive(store.database)) == 1)
    store.put("in", {})
    hold = Store.open(home).reservations("w").reserve("in", 60)
    assert hold is not None
    until(lambda: workers.alive(store.database)[0].item_id == hold.item_id)
    (row,) = workers.alive(store.database)
    assert (row.step, row.id, row.machine) == ("read_documents", owners.me(), owners.me().split("|")[0])
    presence.stop()
    assert workers.alive(store.database) == []


def test_a_host_that_keeps_the_leases_tells_what_is_in_hand(store: Store, home: Path) -> None:
    presence = workers.Presence(lambda: connect(home), "read_documents", every_seconds=0.02)
    presence.start()
    workers.works_on("an-item-elsewhere")
    until(lambda: [r.item_id for r in workers.alive(store.database)] == ["an-item-elsewhere"])
    workers.works_on(None)
    presence.stop()


def test_a_database_that_is_away_does_not_end_the_worker(store: Store, home: Path) -> None:
    tries: list[int] = []

    def connects() -> object:
        tries.append(1)
        if len(tries) < 3:
            raise StoreError("away")
        return connect(home)

    presence = workers.Presence(connects, "read_documents", every_seconds=0.01)  # type: ignore[arg-type]
    presence.start()
    until(lambda: len(workers.alive(store.database)) == 1)
    presence.stop()


def test_who_is_silent_is_not_counted_and_who_is_dead_is_forgotten(store: Store) -> None:
    dead = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    gone = owners.of(dead.pid)
    dead.kill()
    dead.wait()
    for owner, seen in ((owners.me(), 1000.0), (gone, 1000.0), ("elsewhere|x|1|1", 960.0), ("long-ago|x|1|1", 100.0)):
        say(store, owner, seen)
    assert {row.id for row in workers.alive(store.database, 1001.0)} == {owners.me(), gone}
    assert workers.forget_dead(store.database, 1001.0) == 2
    assert {row.id for row in workers.alive(store.database, 961.0)} == {owners.me(), "elsewhere|x|1|1"}


def test_retries_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert retry_from_environment() == RetryPolicy()
    monkeypatch.setenv(RETRY, "3 5 2 60")
    assert retry_from_environment() == RetryPolicy(3, 5.0, 2.0, 60.0)
    for wrong in ("3", "0 1 1 1", "3 0 1 1", "3 1 0.5 1", "a b c d", "3 nan 1 1", "3 1 inf 1", "3 1 2 nan"):
        monkeypatch.setenv(RETRY, wrong)
        with pytest.raises(StoreError, match="four figures"):
            retry_from_environment()
