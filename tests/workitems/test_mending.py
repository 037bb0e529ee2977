"""What operations does with items, on both databases: postpone, redrive, assign, move, look, take out and bring in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.workitems.conftest import Clock
from workitems import overview
from workitems.choices import Choice, choose, choose_ids
from workitems.export import export_items
from workitems.importing import import_items
from workitems.mending import Mending
from workitems.reservations import Ending, Reservations, UnknownItem
from workitems.rows import ItemRow, at
from workitems.states import RetryPolicy
from workitems.store import NotAllowed, Store


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def anna(store: Store) -> Mending:
    return Mending(store, "person:anna")


def get(store: Store, item_id: str) -> ItemRow:
    item = store.get(item_id)
    assert item is not None
    return item


def die(store: Store, worker: Reservations) -> str:
    store.put("read", 1)
    worker.retry = RetryPolicy(attempts=1)
    hold = worker.reserve("read", 60)
    assert hold is not None
    worker.release(hold, Ending("failed", "erp_away", "It is away."))
    return hold.item_id


def truth(store: Store) -> dict[tuple[str, str], int]:
    """How many there really are."""
    rows = store.database.rows("SELECT queue, state, COUNT(*) AS n FROM items GROUP BY queue, state")
    return {(r["queue"], r["state"]): r["n"] for r in rows}


def counted(store: Store) -> dict[tuple[str, str], int]:
    return {(c.queue, c.state): c.count for c in store.depth()}


def test_items_are_postponed_redriven_assigned_and_moved(
    store: Store, worker: Reservations, anna: Mending, clock: Clock
) -> None:
    dead, ready = die(store, worker), store.put("read", 2)
    until = at(clock.now) + timedelta(hours=1)
    anna.postpone(ready, until, "month end")
    anna.redrive(dead, None)
    anna.assign(ready, "bert")
    anna.move(ready, "other", "wrong queue")
    item = get(store, ready)
    assert (item.queue, item.not_before, item.assigned_to) == ("other", until, "bert")
    assert (get(store, dead).state, get(store, dead).attempts) == ("ready", 0)
    assert counted(store) == truth(store) == {("read", "ready"): 1, ("other", "ready"): 1}
    hold = worker.reserve("read", 60)
    assert hold is not None
    assert worker.reserve("other", 60) is None
    clock.turn(3601)
    assert worker.reserve("other", 60) is not None
    assert {e.who for e in store.events(ready)[1:4]} == {"person:anna"}


def test_what_does_not_fit_is_refused(store: Store, worker: Reservations, anna: Mending, clock: Clock) -> None:
    item_id = store.put("read", 1)
    with pytest.raises(NotAllowed, match="only a dead letter"):
        anna.redrive(item_id, None)
    assert worker.reserve("read", 60) is not None
    for refused in (
        lambda: anna.postpone(item_id, at(clock.now), "x"),
        lambda: anna.move(item_id, "other", "x"),
    ):
        with pytest.raises(NotAllowed, match="is taken"):
            refused()
    with pytest.raises(UnknownItem):
        anna.assign("nobody", "bert")
    assert counted(store) == truth(store)


def test_items_are_chosen_by_what_they_have_in_common(store: Store, worker: Reservations, anna: Mending) -> None:
    dead = [die(store, worker) for _ in range(3)]
    store.put("other", 1)
    anna.assign(dead[1], "bert")
    assert choose_ids(store.database, Choice("read", ("dead",), "erp_away")) == dead
    assert choose_ids(store.database, Choice(states=("dead",), assigned="nobody", newest=True)) == [dead[2], dead[0]]
    assert [i.id for i in choose(store.database, Choice(assigned="bert"))] == [dead[1]]
    assert choose_ids(store.database, Choice(limit=2)) == dead[:2]
    assert choose_ids(store.database, Choice("read", ("ready",))) == []


def test_an_overview_tells_failures_workers_and_the_log(store: Store, worker: Reservations, clock: Clock) -> None:
    dead = die(store, worker)
    taken = store.put("read", 2)
    assert worker.reserve("read", 60) is not None
    (failure,) = overview.last_failures(store.database, 10)
    assert (failure.item_id, failure.state, failure.code, failure.attempts) == (dead, "dead", "erp_away", 1)
    (busy,) = overview.workers(store.database, clock.now)
    assert (busy.step, busy.item_id, busy.since) == ("read", taken, at(clock.now))
    assert overview.targets(store.database, clock.now) == []
    events = overview.last_events(store.database, 2)
    assert [(e.item_id, e.to_state) for e in events] == [(taken, "ready"), (taken, "taken")]
    assert overview.events_after(store.database, events[0].seq, 10) == events[1:]
    assert len(overview.last_events(store.database, 10, "other")) == 0


def test_items_are_taken_out_and_brought_in(store: Store, worker: Reservations, tmp_path: Path) -> None:
    ids = [store.put("read", {"n": n, "odd": "\ud800\0"}, {f"{n}.pdf": b"%PDF"}) for n in range(45)]
    assert worker.reserve("read", 600) is not None
    file = tmp_path / "items.zip"
    manifest = export_items(store, ids, file)
    assert (manifest.items, manifest.files) == (45, 1)
    for table in ("items", "item_files", "events", "counters", "rates"):
        store.database.change(f"DELETE FROM {table}", {})  # noqa: S608 - names of tables
    assert import_items(store, file, "person:anna").items == 45
    assert import_items(store, file, "person:anna").known == 45
    assert counted(store) == truth(store) == {("read", "ready"): 44, ("read", "review"): 1}
    assert store.read_file(ids[7], "7.pdf") == b"%PDF"
    assert get(store, ids[44]).payload == {"n": 44, "odd": "\ud800\0"}
    assert worker.reserve("read", 60) is not None
