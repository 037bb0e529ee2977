"""Whatever workers and people do in whatever order, the rows agree with each other and no forbidden step is taken."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from benchmarks.servers import Postgres
from tests.postgres import fresh_database
from tests.workitems.conftest import Clock
from workitems import database_postgresql
from workitems.database import Collided
from workitems.reservations import Ending, Hold, NotHeld
from workitems.states import TRANSITIONS
from workitems.store import NotAllowed, Store, new_id


class Office(RuleBasedStateMachine):
    """Workers who may hang, people who may click anything, one queue that feeds itself."""

    holds = Bundle("holds")
    items = Bundle("items")
    numbers = itertools.count()

    def __init__(self, url: str | None = None) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="office-"))
        self.clock = Clock()
        self.store = Store.open(self.home, url, clock=self.clock)
        self.worker = self.store.reservations("worker")
        self.released: Counter[str] = Counter()

    @rule(target=items, priority=st.integers(0, 1))
    def put(self, priority: int) -> str:
        return self.store.put("q", 1, {"a": b"a"}, priority=priority)

    @rule(target=holds)
    def reserve(self) -> Hold | None:
        return self.worker.reserve("q", 60)

    @rule(hold=holds)
    def make_output(self, hold: Hold | None) -> None:
        if hold:
            try:
                self.worker.create_output(hold, f"output{next(self.numbers)}", "q", 1)
            except NotHeld:
                assert not self.holds_still(hold)

    @rule(target=items, hold=consumes(holds), result=st.sampled_from(["done", "review", "failed"]))
    def release(self, hold: Hold | None, result: str) -> str:
        if hold is None:
            return "nobody"
        held = self.holds_still(hold)
        try:
            self.worker.release(hold, Ending(result))  # type: ignore[arg-type]
            assert held
            self.released[hold.item_id] += result == "done"
        except NotHeld:
            assert not held
        return hold.item_id

    @rule(item_id=items, do=st.sampled_from(["retry", "cancel", "answer"]))
    def person(self, item_id: str, do: str) -> None:
        item = self.store.get(item_id)
        if item is None:
            return
        try:
            if do == "answer":
                self.store.answer(item_id, 2, "person", "", item.version)
            else:
                getattr(self.store, do)(item_id)
        except NotAllowed:
            return

    @rule(seconds=st.sampled_from([1, 61, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.clock.turn(seconds)

    def holds_still(self, hold: Hold) -> bool:
        rows = self.store.database.rows(
            "SELECT 1 FROM items WHERE id = :id AND state = 'taken' AND fence = :fence",
            {"id": hold.item_id, "fence": hold.fence},
        )
        return bool(rows)

    @invariant()
    def counters_tell_the_truth(self) -> None:
        counted = Counter((i.queue, i.state) for i in self.store.find(limit=10_000))
        assert {(c.queue, c.state): c.count for c in self.store.depth()} == dict(counted)

    @invariant()
    def outputs_are_held_while_their_parent_is_taken_and_never_else(self) -> None:
        for item in self.store.find(states=["held"]):
            parent = self.store.get(item.parent_id or "")
            assert parent is not None
            assert parent.state == "taken"

    @invariant()
    def every_item_is_where_its_events_led_it_by_allowed_steps(self) -> None:
        for item in self.store.find(limit=10_000):
            steps = [(e.from_state, e.to_state) for e in self.store.events(item.id)]
            if item.state == "held":
                assert steps == []
                continue
            assert all(to in TRANSITIONS[origin] for origin, to in steps)
            assert all(before[1] == after[0] for before, after in itertools.pairwise(steps))
            assert steps[-1][1] == item.state

    @invariant()
    def nothing_is_done_twice(self) -> None:
        assert all(count <= 1 for count in self.released.values())

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.home)


Office.TestCase.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
TestOffice = Office.TestCase


def test_the_same_holds_on_postgresql(postgres_server: Postgres) -> None:
    few = settings(max_examples=6, stateful_step_count=30, deadline=None, database=None)
    run_state_machine_as_test(lambda: Office(fresh_database(postgres_server.url)), settings=few)


def test_workers_side_by_side_are_in_nobodys_way(
    postgres_server: Postgres, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four workers, two queues that feed each other, one slot of the counters: any order of locks but one deadlocks."""
    url = fresh_database(postgres_server.url)
    collided: list[str] = []

    class Noticed(Collided):
        def __init__(self, message: str) -> None:
            super().__init__(message)
            collided.append(message)

    monkeypatch.setattr(database_postgresql, "Collided", Noticed)
    stores = [Store.open(home, url) for _ in range(4)]
    for n in range(40):
        stores[0].put("ab"[n % 2], n)
    failed: list[Exception] = []

    def work(store: Store, mine: str, other: str) -> None:
        worker = store.reservations("tester")
        try:
            for _ in range(25):
                hold = worker.reserve(mine, 60) or worker.reserve(other, 60)
                if hold is not None:
                    worker.create_output(hold, new_id(), other, 1)
                    worker.create_output(hold, new_id(), mine, 1)
                    worker.release(hold, Ending("done"))
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [
        threading.Thread(target=work, args=(store, *("ab" if n % 2 else "ba"))) for n, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert failed == []
    counted = Counter((i.queue, i.state) for i in stores[0].find(limit=10_000))
    assert {(c.queue, c.state): c.count for c in stores[0].depth()} == dict(counted)
    assert counted["a", "done"] + counted["b", "done"] == 100
    assert sum(counted.values()) == 40 + 200
    assert collided == []
    for store in stores:
        store.close()
