"""What people see of the store, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.workitems.conftest import Clock
from workitems.reservations import Ending, Reservations
from workitems.rows import ItemRow
from workitems.store import NotAllowed, Store, UnknownItem


def test_an_item_keeps_its_payload_files_and_place(store: Store, tmp_path: Path) -> None:
    paper = tmp_path / "scan.pdf"
    paper.write_bytes(b"%PDF")
    first = store.put("document", {"n": 1, "text": "ü\0\ud800"}, {"b.txt": b"b", "a.pdf": paper})
    second = store.put("document", [1, 2.5, None])

    item = store.get(first)
    assert item is not None
    assert (item.queue, item.state, item.payload) == ("document", "ready", {"n": 1, "text": "ü\0\ud800"})
    assert item.root_id == first
    assert store.file_names(first) == ["b.txt", "a.pdf"]
    assert store.read_file(first, "a.pdf") == b"%PDF"
    assert [i.id for i in store.find("document")] == [first, second]


@pytest.mark.parametrize("payload", [None, True, 0, -1.5, "", "text", [], {}, {"a": {"b": [None, 10**30]}}])
def test_any_json_is_a_payload(store: Store, payload: object) -> None:
    item = store.get(store.put("q", payload))
    assert item is not None
    assert item.payload == payload


def test_what_is_no_json_is_refused_and_nothing_is_stored(store: Store) -> None:
    endless: list[object] = []
    for _ in range(100_000):
        endless = [endless]
    for payload in (float("nan"), endless):
        with pytest.raises(ValueError, match="payload"):
            store.put("q", payload)
    with pytest.raises(TypeError):
        store.put("q", object())
    assert store.find() == []


def test_an_empty_queue_name_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="queue"):
        store.put("", None)


def test_pages_of_items_follow_each_other(store: Store) -> None:
    ids = [store.put("q" if n % 2 else "p", n) for n in range(10)]
    page = store.find(limit=4)
    assert [i.id for i in page] == ids[:4]
    assert [i.id for i in store.find(limit=100, after=page[-1].id)] == ids[4:]
    assert [i.payload for i in store.find("q", ["ready"], limit=2)] == [1, 3]
    assert store.find("q", ["done", "review"]) == []
    with pytest.raises(UnknownItem):
        store.find(after="nobody")


def test_depth_tells_count_and_oldest_age_per_queue_and_state(store: Store, worker: Reservations, clock: Clock) -> None:
    store.put("a", 1)
    clock.turn(10)
    store.put("a", 2)
    store.put("b", 3)
    hold = worker.reserve("a", 60)
    assert hold is not None
    clock.turn(5)
    assert [(c.queue, c.state, c.count, c.oldest_seconds) for c in store.depth()] == [
        ("a", "ready", 1, 5.0),
        ("a", "taken", 1, 15.0),
        ("b", "ready", 1, 5.0),
    ]


def test_a_person_answers_and_the_item_goes_back_to_its_queue(store: Store, worker: Reservations) -> None:
    item_id = store.put("q", {"total": "10"})
    hold = worker.reserve("q", 60)
    assert hold is not None
    worker.release(hold, Ending("review", "total_mismatch", "The total is not the sum."))
    seen = store.get(item_id)
    assert seen is not None
    assert (seen.state, seen.code, seen.message) == ("review", "total_mismatch", "The total is not the sum.")

    store.answer(item_id, {"total": "11"}, "person:anna", "corrected the total", seen.version)
    answered = store.get(item_id)
    assert answered is not None
    assert (answered.state, answered.payload, answered.code) == ("ready", {"total": "11"}, None)
    last = store.events(item_id)[-1]
    assert (last.from_state, last.to_state, last.who, last.why) == (
        "review",
        "ready",
        "person:anna",
        "corrected the total",
    )


@pytest.mark.parametrize(
    "decide",
    [
        lambda store, seen: store.answer(seen.id, {"by": "ben"}, "person:ben", "", seen.version),
        lambda store, seen: store.cancel(seen.id, "person:ben", "not ours", seen.version),
    ],
    ids=["answers", "rejects"],
)
def test_of_two_people_who_decide_the_second_is_told(
    decide: Callable[[Store, ItemRow], None], store: Store, worker: Reservations
) -> None:
    item_id = store.put("q", {})
    hold = worker.reserve("q", 60)
    assert hold is not None
    worker.release(hold, Ending("review"))
    seen = store.get(item_id)
    assert seen is not None
    store.answer(item_id, {"by": "anna"}, "person:anna", "", seen.version)
    with pytest.raises(NotAllowed, match="Somebody else"):
        decide(store, seen)
    now = store.get(item_id)
    assert now is not None
    assert (now.state, now.payload) == ("ready", {"by": "anna"})


def test_cancelled_and_dead_items_can_be_retried_and_start_afresh(store: Store, worker: Reservations) -> None:
    item_id = store.put("q", 1)
    store.cancel(item_id, "person:anna", "a joke")
    cancelled = store.get(item_id)
    assert cancelled is not None
    assert (cancelled.state, cancelled.code, cancelled.message) == ("cancelled", "cancelled", "a joke")
    assert worker.reserve("q", 60) is None
    store.retry(item_id, "person:anna")
    again = store.get(item_id)
    assert again is not None
    assert (again.state, again.code, again.attempts, again.lost_leases) == ("ready", None, 0, 0)
    assert [e.to_state for e in store.events(item_id)] == ["ready", "cancelled", "ready"]


def test_what_is_being_worked_on_or_done_cannot_be_cancelled_or_retried(store: Store, worker: Reservations) -> None:
    item_id = store.put("q", 1)
    hold = worker.reserve("q", 60)
    assert hold is not None
    with pytest.raises(NotAllowed, match="being worked on"):
        store.cancel(item_id)
    with pytest.raises(NotAllowed, match="taken"):
        store.retry(item_id)
    worker.release(hold, Ending("done"))
    with pytest.raises(NotAllowed, match="done"):
        store.cancel(item_id)
    with pytest.raises(NotAllowed, match="done"):
        store.retry(item_id)
    with pytest.raises(UnknownItem, match="There is no item"):
        store.retry("nobody")


def test_retry_ends_the_backoff(store: Store, worker: Reservations) -> None:
    item_id = store.put("q", 1)
    hold = worker.reserve("q", 60)
    assert hold is not None
    worker.release(hold, Ending("failed", "down", "The ERP is down."))
    assert worker.reserve("q", 60) is None
    store.retry(item_id)
    assert worker.reserve("q", 60) is not None


def test_a_trigger_waits_once_and_is_pulled_out_of_its_backoff(store: Store, worker: Reservations) -> None:
    first = store.trigger("collect")
    assert store.trigger("collect") == first
    hold = worker.reserve("collect", 60)
    assert hold is not None
    worker.release(hold, Ending("failed"))
    assert store.due_in("collect") != 0
    assert store.trigger("collect") == first
    assert store.due_in("collect") == 0
    hold = worker.reserve("collect", 60)
    assert hold is not None
    assert store.trigger("collect") != first


def test_items_wait_for_their_time_and_urgent_ones_come_first(store: Store, worker: Reservations, clock: Clock) -> None:
    late = store.put("q", "late", not_before=datetime.fromtimestamp(clock.now + 30, UTC))
    plain = store.put("q", "plain")
    urgent = store.put("q", "urgent", priority=5)
    taken = [hold.item_id for _ in range(2) if (hold := worker.reserve("q", 60))]
    assert taken == [urgent, plain]
    assert worker.reserve("q", 60) is None
    assert store.due_in("q") == 30
    clock.turn(30)
    hold = worker.reserve("q", 60)
    assert hold is not None
    assert hold.item_id == late


def test_lineage_is_everything_with_the_same_root(store: Store, worker: Reservations) -> None:
    root = store.put("a", 1)
    other = store.put("a", 2)
    hold = worker.reserve("a", 60)
    assert hold is not None
    worker.create_output(hold, "child", "b", 1)
    worker.release(hold, Ending("done"))
    hold = worker.reserve("b", 60)
    assert hold is not None
    worker.create_output(hold, "grandchild", "c", 1)
    assert [i.id for i in store.lineage("child")] == [root, "child", "grandchild"]
    assert [i.id for i in store.lineage(other)] == [other]
    assert store.lineage("nobody") == []


def test_outputs_of_a_trigger_are_roots_of_their_own(store: Store, worker: Reservations) -> None:
    trigger = store.trigger("collect")
    hold = worker.reserve("collect", 60)
    assert hold is not None
    store.mark_batch(trigger)
    worker.create_output(hold, "x", "document", 1)
    worker.create_output(hold, "y", "document", 2)
    worker.release(hold, Ending("done"))
    assert [(i.id, i.root_id, i.parent_id) for i in store.find("document")] == [
        ("x", "x", trigger),
        ("y", "y", trigger),
    ]
