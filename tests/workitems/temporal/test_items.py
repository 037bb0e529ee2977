"""An item on Temporal, from its beginning to its end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from robocorp.workitems import EmptyQueue, State

from tests.workitems.temporal.conftest import MakeAdapter, eventually
from workitems import workers
from workitems.mending import Mending
from workitems.store import NotAllowed, NotHeld, Store
from workitems.temporal.texts import INLINE

BUSINESS = {"type": "BUSINESS", "code": "odd", "message": "Somebody has to look."}
APPLICATION = {"type": "APPLICATION", "code": "away", "message": "The ERP is away."}


def state_of(store: Store, item_id: str) -> tuple[str, str | None]:
    item = store.get(item_id)
    assert item is not None
    return item.state, item.code


def test_outputs_with_files_are_handed_on_when_their_parent_is_done(desk: Store, adapters: MakeAdapter) -> None:
    item_id = desk.put("in", {"n": 1, "umlaut": "ä\ud800"}, {"scan.pdf": b"scan"}, priority=2)
    step, after = adapters(), adapters("out", "end")
    assert step.reserve_input() == item_id
    assert step.load_payload(item_id) == {"n": 1, "umlaut": "ä\ud800"}
    output_id = step.create_output(item_id, {"n": 2})
    step.add_file(output_id, "copy.pdf", step.get_file(item_id, "scan.pdf"))
    assert step.list_files(output_id) == ["copy.pdf"]
    with pytest.raises(EmptyQueue):
        after.reserve_input()
    step.save_payload(item_id, {"n": 1, "seen": True})
    step.release_input(item_id, State.DONE)
    done, output = desk.get(item_id), desk.get(output_id)
    assert done is not None
    assert (done.state, done.payload) == ("done", {"n": 1, "seen": True})
    assert output is not None
    assert (output.state, output.parent_id, output.root_id, output.priority) == ("ready", item_id, item_id, 2)
    assert after.reserve_input() == output_id
    assert after.get_file(output_id, "copy.pdf") == b"scan"
    after.release_input(output_id, State.DONE)
    assert [(c.queue, c.state, c.count) for c in desk.depth()] == [("in", "done", 1), ("out", "done", 1)]
    assert [e.to_state for e in desk.events(output_id)] == ["ready", "taken", "done"]


def test_an_attempt_that_fails_leaves_no_outputs_and_comes_again(desk: Store, adapters: MakeAdapter) -> None:
    item_id, step = desk.put("in", {}), adapters()
    for _ in range(2):
        eventually(lambda: desk.has_work("in"))
        assert step.reserve_input() == item_id
        step.create_output(item_id, {})
        step.release_input(item_id, State.FAILED, APPLICATION)
    eventually(lambda: desk.has_work("in"))
    step.reserve_input()
    step.release_input(item_id, State.FAILED, APPLICATION)
    assert state_of(desk, item_id) == ("dead", "away")
    assert desk.find("out") == []
    desk.retry(item_id, "anna")
    assert step.reserve_input() == item_id
    step.release_input(item_id, State.DONE)
    assert state_of(desk, item_id) == ("done", None)
    assert ("ready", "anna") in [(e.to_state, e.who) for e in desk.events(item_id)]


def test_what_would_be_tried_again_after_its_deadline_is_dead_at_once(desk: Store, adapters: MakeAdapter) -> None:
    item_id = desk.put("in", {}, deadline=datetime.now(UTC) - timedelta(seconds=1))
    step = adapters()
    step.release_input(step.reserve_input(), State.FAILED, APPLICATION)
    assert state_of(desk, item_id) == ("dead", "deadline_passed")


def test_an_answer_goes_on_with_the_new_payload_and_only_once(desk: Store, adapters: MakeAdapter) -> None:
    item_id, step = desk.put("in", {"total": None}), adapters()
    step.release_input(step.reserve_input(), State.FAILED, BUSINESS)
    waiting = desk.get(item_id)
    assert waiting is not None
    assert (waiting.state, waiting.code, waiting.host) == ("review", "odd", "temporal")
    desk.answer(item_id, {"total": "7.00"}, "anna", "it is seven", waiting.version)
    with pytest.raises(NotAllowed):
        desk.answer(item_id, {"total": "8.00"}, "bert", "it is eight", waiting.version)
    assert step.reserve_input() == item_id
    assert step.load_payload(item_id) == {"total": "7.00"}
    with pytest.raises(NotAllowed, match="being worked on"):
        desk.cancel(item_id)
    step.release_input(item_id, State.DONE)
    with pytest.raises(ValueError, match="not reserved"):
        step.release_input(item_id, State.DONE)


def test_a_cancelled_item_is_taken_by_nobody_until_a_person_wants_it(desk: Store, adapters: MakeAdapter) -> None:
    item_id, step = desk.put("in", {"n": 1}, {"a.txt": b"a"}), adapters()
    desk.cancel(item_id, "anna", "a mistake")
    assert state_of(desk, item_id) == ("cancelled", "cancelled")
    with pytest.raises(EmptyQueue):
        step.reserve_input()
    desk.retry(item_id, "anna")
    assert step.reserve_input() == item_id
    assert step.get_file(item_id, "a.txt") == b"a"
    step.release_input(item_id, State.DONE)


def test_an_item_waits_for_its_time_unless_a_person_does_not(desk: Store, adapters: MakeAdapter) -> None:
    item_id, step = desk.put("in", {}, not_before=datetime.now(UTC) + timedelta(hours=1)), adapters()
    with pytest.raises(EmptyQueue):
        step.reserve_input()
    desk.retry(item_id, "anna")
    assert step.reserve_input() == item_id
    step.release_input(item_id, State.DONE)


def test_large_payloads_travel_as_kept_files_that_no_sweep_takes(desk: Store, adapters: MakeAdapter) -> None:
    large = {"text": "x" * (3 * INLINE)}
    item_id, step = desk.put("in", large), adapters()
    step.reserve_input()
    for n in range(150):
        step.create_output(item_id, large | {"n": n})
    step.release_input(item_id, State.FAILED, BUSINESS)
    desk.sweep_blobs(older_than_seconds=0)
    desk.retry(item_id)
    step.reserve_input()
    assert step.load_payload(item_id) == large
    for n in range(150):
        step.create_output(item_id, large | {"n": n})
    step.release_input(item_id, State.DONE)
    eventually(lambda: len(desk.find("out", ["ready"])) == 150)
    after = adapters("out")
    seen = []
    for _ in range(3):
        output_id = after.reserve_input()
        seen.append(after.load_payload(output_id)["n"])
        after.release_input(output_id, State.DONE)
    assert len(set(seen)) == 3
    assert len(json.dumps(after.load_payload(output_id))) > 3 * INLINE


def test_writing_what_is_not_held_is_refused(desk: Store, adapters: MakeAdapter) -> None:
    item_id, step, other = desk.put("in", {}), adapters(), adapters()
    step.reserve_input()
    with pytest.raises(NotHeld):
        other.save_payload(item_id, {"n": 1})
    with pytest.raises(ValueError, match="path"):
        step.add_file(item_id, "../a.txt", b"")
    with pytest.raises(FileNotFoundError):
        step.get_file(item_id, "none.txt")
    step.release_input(item_id, State.DONE)


def test_a_postponed_attempt_costs_the_item_nothing(desk: Store, adapters: MakeAdapter) -> None:
    item_id, step = desk.put("in", {}), adapters()
    for _ in range(4):  # one more than there are attempts
        assert step.reserve_input() == item_id
        step.postpone(item_id, 0.2)
        step.release_input(item_id, State.FAILED, APPLICATION)
        assert state_of(desk, item_id) == ("ready", "away")
        eventually(lambda: desk.has_work("in"))
    item = desk.get(item_id)
    assert item is not None
    assert item.attempts == 0


def test_a_worker_says_what_it_works_on(desk: Store, adapters: MakeAdapter) -> None:
    item_id, step = desk.put("in", {}), adapters()
    presence = workers.Presence(desk.database.another, "in", every_seconds=0.02)
    presence.start()
    try:
        step.reserve_input()
        eventually(lambda: [w.item_id for w in workers.alive(desk.database)] == [item_id])
        step.release_input(item_id, State.DONE)
        eventually(lambda: [w.item_id for w in workers.alive(desk.database)] == [None])
    finally:
        presence.stop()


def test_a_person_postpones_an_item_and_ends_an_output_that_has_just_come(desk: Store, adapters: MakeAdapter) -> None:
    item_id, step = desk.put("in", {}), adapters()
    Mending(desk, "anna").postpone(item_id, datetime.now(UTC) + timedelta(hours=1), "not before noon")
    assert state_of(desk, item_id) == ("ready", "postponed")
    with pytest.raises(EmptyQueue):
        step.reserve_input()
    desk.retry(item_id, "anna")
    step.reserve_input()
    output_id = step.create_output(item_id, {})
    step.release_input(item_id, State.DONE)
    desk.cancel(output_id, "anna", "not wanted")
    assert state_of(desk, output_id) == ("cancelled", "cancelled")
    assert (desk.events(output_id)[-1].who, desk.events(output_id)[-1].why) == ("anna", "not wanted")
