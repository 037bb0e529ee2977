"""Figures from the event rows."""

from __future__ import annotations

from tests.workitems.conftest import Clock
from workitems.metrics import passages, stage_seconds, throughput
from workitems.reservations import Ending, Reservations
from workitems.store import Store


def test_an_items_way_is_told_by_its_events(store: Store, worker: Reservations, clock: Clock) -> None:
    item_id = store.put("read", 1)
    clock.turn(10)
    hold = worker.reserve("read", 600)
    assert hold is not None
    clock.turn(3)
    worker.release(hold, Ending("review", "x", "X."))
    clock.turn(100)
    item = store.get(item_id)
    assert item is not None
    store.answer(item_id, 2, "person:anna", "", item.version)
    clock.turn(5)
    hold = worker.reserve("read", 600)
    assert hold is not None
    worker.create_output(hold, "posting", "post", 1)
    clock.turn(2)
    worker.release(hold, Ending("done"))

    other = store.put("read", 2)
    passage, unread, posting = sorted(passages(store), key=lambda p: [item_id, other, "posting"].index(p.item_id))
    assert (passage.waited, passage.worked, passage.reviewed, passage.cycle) == (15, 5, 100, 120)
    assert (posting.cycle, posting.root_id, unread.cycle) == (None, item_id, None)
    assert stage_seconds(store) == {"read": 5, "post": 0}
    assert stage_seconds(store, [other]) == {"read": 0}
    assert throughput(store, [item_id]) == {"read": 1 / 120}
