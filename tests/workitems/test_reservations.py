"""Leases, fencing, retries, poison, and outputs that live and die with their parent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.workitems.conftest import Clock
from workitems.reservations import Ending, Hold, NotHeld, Reservations
from workitems.states import LOST_LEASES_MAX, RetryPolicy
from workitems.store import Store

LEASE = 60.0


def reserve(worker: Reservations, queue: str = "q") -> Hold:
    hold = worker.reserve(queue, LEASE)
    assert hold is not None
    return hold


def state(store: Store, item_id: str) -> tuple[str, str | None]:
    item = store.get(item_id)
    assert item is not None
    return item.state, item.code


def test_items_are_taken_in_the_order_in_which_they_came(store: Store, worker: Reservations) -> None:
    ids = [store.put("q", n) for n in range(20)]
    assert [reserve(worker).item_id for _ in ids] == ids
    assert worker.reserve("q", LEASE) is None
    assert worker.reserve("other", LEASE) is None


def test_a_lost_lease_makes_the_item_takeable_at_once_and_keeps_its_place(
    store: Store, worker: Reservations, clock: Clock
) -> None:
    first, second = store.put("q", 1), store.put("q", 2)
    lost = reserve(worker)
    assert lost.item_id == first
    clock.turn(LEASE)
    found = reserve(worker)
    assert (found.item_id, found.fence) == (first, lost.fence + 1)
    assert reserve(worker).item_id == second
    whys = [e.why for e in store.events(first)]
    assert "ran out" in whys[-2]


def test_who_lost_his_lease_finishes_nothing(store: Store, worker: Reservations, clock: Clock) -> None:
    item_id = store.put("q", 1)
    lost = reserve(worker)
    worker.create_output(lost, "never", "out", 1)
    clock.turn(LEASE)
    found = reserve(worker)
    for ending in (Ending("done"), Ending("review"), Ending("failed")):
        with pytest.raises(NotHeld):
            worker.release(lost, ending)
    with pytest.raises(NotHeld):
        worker.create_output(lost, "late", "out", 1)
    with pytest.raises(NotHeld):
        worker.save_payload(item_id, lost, "late")
    with pytest.raises(NotHeld):
        worker.add_file(item_id, lost, "late.txt", b"")
    assert not worker.renew(lost, LEASE)
    assert worker.renew(found, LEASE)
    worker.release(found, Ending("done"))
    assert store.find("out") == []
    assert state(store, item_id) == ("done", None)


def test_a_heartbeat_keeps_the_lease(store: Store, worker: Reservations, clock: Clock) -> None:
    store.put("q", 1)
    hold = reserve(worker)
    for _ in range(10):
        clock.turn(LEASE - 1)
        assert worker.renew(hold, LEASE)
        assert worker.reserve("q", LEASE) is None
    worker.release(hold, Ending("done"))


def test_five_lost_leases_are_poison_and_a_person_can_give_it_another_chance(
    store: Store, worker: Reservations, clock: Clock
) -> None:
    item_id = store.put("q", 1)
    for lost in range(LOST_LEASES_MAX):
        assert state(store, item_id)[0] != "dead", lost
        reserve(worker)
        clock.turn(LEASE)
    assert worker.reserve("q", LEASE) is None
    assert state(store, item_id) == ("dead", "poison")
    store.retry(item_id, "person:anna")
    assert reserve(worker).item_id == item_id


def test_a_failed_attempt_is_repeated_later_and_later_and_then_the_item_is_dead(
    store: Store, worker: Reservations, clock: Clock
) -> None:
    item_id = store.put("q", 1)
    waits = []
    while state(store, item_id)[0] != "dead":
        worker.release(reserve(worker), Ending("failed", "down", "The ERP is down."))
        due = store.due_in("q")
        if due is not None:
            waits.append(due)
            clock.turn(due - 0.001)
            assert worker.reserve("q", LEASE) is None
            clock.turn(0.002)
    assert len(waits) == RetryPolicy().attempts - 1
    assert waits[:6] == sorted(waits[:6])  # from then on the spread of an hour is larger than the growth
    assert sum(waits) > 18 * 3600  # an ERP that is away over night kills no item
    assert state(store, item_id) == ("dead", "down")


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [
        (1, 0.5, 2.0),  # the first retry comes soon
        (2, 0.5, 8.0),
        (3, 0.5, 32.0),
        (1, 0.0, 1.5),  # spread by a quarter to both sides
        (1, 1.0, 2.5),
        (7, 0.5, 3600.0),  # capped
        (30, 0.5, None),  # no further attempt
        (10_000, 0.5, None),
    ],
)
def test_the_delay_before_a_retry(attempts: int, chance: float, seconds: float | None) -> None:
    assert RetryPolicy().delay(attempts, chance) == seconds


def test_the_delay_stays_finite_however_many_attempts_are_allowed() -> None:
    assert RetryPolicy(attempts=10**9).delay(10**6, 0.5) == 3600.0


def test_outputs_are_seen_with_the_parents_release_and_not_before(store: Store, worker: Reservations) -> None:
    parent = store.put("q", 1)
    hold = reserve(worker)
    for n in range(3):
        worker.create_output(hold, f"output{n}", "out", n)
        worker.add_file(f"output{n}", hold, "a.txt", b"a")
    assert worker.reserve("out", LEASE) is None
    assert {i.state for i in store.find("out")} == {"held"}
    worker.release(hold, Ending("done"))
    assert [reserve(worker, "out").item_id for _ in range(3)] == ["output0", "output1", "output2"]
    assert state(store, parent) == ("done", None)
    assert store.events("output0")[0].why == f"output of {parent}"


@pytest.mark.parametrize("ending", [Ending("review", "x", "X."), Ending("failed", "y", "Y.")])
def test_outputs_of_a_failed_attempt_never_existed(store: Store, worker: Reservations, ending: Ending) -> None:
    store.put("q", 1)
    hold = reserve(worker)
    worker.create_output(hold, "output", "out", 1)
    worker.add_file("output", hold, "a.txt", b"a")
    worker.release(hold, ending)
    assert store.get("output") is None
    assert store.file_names("output") == []
    assert not [c for c in store.depth() if c.queue == "out"]


def test_outputs_of_a_lost_attempt_never_existed(store: Store, worker: Reservations, clock: Clock) -> None:
    store.put("q", 1)
    worker.create_output(reserve(worker), "output", "out", 1)
    clock.turn(LEASE)
    reserve(worker)
    assert store.get("output") is None


def test_a_cancelled_items_worker_finishes_nothing(store: Store, worker: Reservations, clock: Clock) -> None:
    item_id = store.put("q", 1)
    hold = reserve(worker)
    worker.create_output(hold, "output", "out", 1)
    clock.turn(LEASE + 1)  # it hangs
    store.cancel(item_id, "person:anna", "not ours")
    with pytest.raises(NotHeld):
        worker.release(hold, Ending("done"))
    assert state(store, item_id) == ("cancelled", "cancelled")
    assert store.get("output") is None


def test_what_a_failed_attempt_saved_on_its_own_item_stays(store: Store, worker: Reservations) -> None:
    item_id = store.put("q", {"n": 1})
    hold = reserve(worker)
    worker.save_payload(item_id, hold, {"n": 2})
    worker.add_file(item_id, hold, "log.txt", b"x")
    worker.release(hold, Ending("review", "x", "X."))
    item = store.get(item_id)
    assert item is not None
    assert item.payload == {"n": 2}
    assert store.file_names(item_id) == ["log.txt"]


def test_an_output_carries_on_its_parents_urgency(store: Store, worker: Reservations) -> None:
    store.put("q", 1, priority=7)
    hold = reserve(worker)
    worker.create_output(hold, "output", "out", 1)
    item = store.get("output")
    assert item is not None
    assert item.priority == 7


def test_endless_messages_are_cut(store: Store, worker: Reservations) -> None:
    item_id = store.put("q", 1)
    worker.release(reserve(worker), Ending("review", "x", "y" * 1_000_000))
    item = store.get(item_id)
    assert item is not None
    assert len(item.message or "") == 2000


def test_a_postponed_item_waits_without_being_blamed(store: Store, worker: Reservations, clock: Clock) -> None:
    item_id = store.put("q", 1)
    hold = reserve(worker)
    worker.create_output(hold, "output", "out", 1)
    assert worker.release(hold, Ending("postponed", "circuit_open", "The ERP rests.", seconds=90)) == "ready"
    item = store.get(item_id)
    assert item is not None
    assert (item.code, item.attempts, item.lost_leases) == ("circuit_open", 0, 0)
    assert store.due_in("q") == 90
    assert store.get("output") is None
    clock.turn(90)
    assert reserve(worker).item_id == item_id


@pytest.mark.parametrize(
    "ending", [Ending("failed", "down", "No answer."), Ending("postponed", "down", "No answer.", 2.0)]
)
def test_who_could_only_be_late_is_shown_to_a_person(
    store: Store, worker: Reservations, clock: Clock, ending: Ending
) -> None:
    item_id = store.put("q", 1, deadline=datetime.fromtimestamp(clock.now + 10, UTC))
    assert worker.release(reserve(worker), ending) == "ready"
    clock.turn(9)
    assert worker.release(reserve(worker), ending) == "dead"
    assert state(store, item_id) == ("dead", "deadline_passed")
    item = store.get(item_id)
    assert item is not None
    assert item.message == "Its next attempt would come after its deadline. down No answer."


def test_the_retry_policy_comes_from_outside(store: Store) -> None:
    worker = store.reservations("tester", RetryPolicy(attempts=2, first_seconds=100, factor=1, most_seconds=100))
    store.put("q", 1)
    worker.release(reserve(worker), Ending("failed"))
    assert 75 <= (store.due_in("q") or 0) <= 125


def test_messages_that_no_database_takes_are_mended(store: Store, worker: Reservations) -> None:
    item_id = store.put("q", 1)
    worker.release(reserve(worker), Ending("review", "a\0b", "x\0y\ud800z"))
    item = store.get(item_id)
    assert item is not None
    assert (item.code, item.message) == ("a\ufffdb", "x\ufffdy?z")
