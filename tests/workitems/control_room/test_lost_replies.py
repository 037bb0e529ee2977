"""Control Room's answers get lost, late or refused: every document is handed on once and worked on once."""

from __future__ import annotations

from typing import Any

import pytest
from robocorp.workitems import State

from tests.emulators.control_room import ControlRoom, Fault
from tests.workitems.control_room.conftest import Steps
from workitems.control_room_run import ControlRoomDelivery, HostAway
from workitems.errors import NeedsReview
from workitems.items import Document, DocumentItem, Doubt
from workitems.ledger import Ledger
from workitems.loop import Make, Outcome, Output, Work, work_through
from workitems.store import Store, StoreError


def item(name: str, kind: str = "paper") -> DocumentItem:
    return DocumentItem(kind=kind, document=Document(sha256="0" * 64, filename=name, media_type="text/plain"))


class Desk:
    """Hands on papers, and notes what it worked on."""

    def __init__(self, *names: str, files: bool = True) -> None:
        self.names, self.files, self.worked = names, files, []  # type: ignore[var-annotated]

    def make(self, ledger: Ledger) -> Make:
        left = list(self.names)

        def make(parent_id: str, work: Work) -> list[Output]:
            new = [n for n in left if ledger.claim_mail(n, "box", parent_id, {}) == "new"]
            left.clear()
            attach = {n: ({n: n.encode()} if self.files else {}) for n in new}
            return [Output(item=item(n), attach=attach[n], key=f"box:{n}") for n in new]

        return make

    def hand_on(self, work: Work) -> Outcome:
        """A step between: an output without a key of its own."""
        paper = DocumentItem.model_validate(work.payload)
        output = Output(item=item(paper.document.filename, "next"), files=tuple(work.names()))
        return Outcome(item=paper.model_copy(update={"route": "straight"}), outputs=(output,))

    def work(self, work: Work) -> Outcome:
        paper = DocumentItem.model_validate(work.payload)
        if self.files:
            assert [work.path(n).read_text() for n in work.names()] == [paper.document.filename]
        self.worked.append(paper.document.filename)
        return Outcome(item=paper.model_copy(update={"route": "straight"}))


@pytest.mark.parametrize("files", [True, False])
def test_a_lost_reply_to_an_output_makes_no_second_document(room: ControlRoom, steps: Steps, files: bool) -> None:
    desk = Desk("a", "b", files=files)
    room.fail("output", "lost reply")
    assert steps.produce(desk.make) == 2
    assert len(room.of(1)) == 3
    assert steps.work(1, desk.work) == 3
    assert desk.worked == ["a", "b"]
    assert [i.state for i in room.of(1)] == ["done"] * 3
    (left,) = [i for i in room.of(1) if i.payload["route"] == "reject"]
    code = "unfinished_output" if files else "duplicate_output"
    assert left.payload["doubts"][0]["code"] == code
    store = Store.open()
    assert [d.body["rules"] for d in store.decisions(left.id)] == [[code]]


def test_a_step_between_hands_on_once_too(room: ControlRoom, steps: Steps) -> None:
    desk = Desk("a")
    steps.produce(desk.make)
    room.fail("output", "lost reply", "cut", "lost reply")
    assert steps.work(1, desk.hand_on) == 1
    assert steps.work(2, desk.work) == len(room.of(2)) == 3
    assert desk.worked == ["a"]


@pytest.mark.parametrize("operation", ["output", "put_data", "add_file", "upload", "release", "get_data", "list_files"])
@pytest.mark.parametrize("faults", [("lost reply",), ("cut", "503"), ("slow",), ("429",)])
def test_whatever_is_lost_the_papers_are_handed_on_once(
    room: ControlRoom, steps: Steps, operation: str, faults: tuple[Fault, ...]
) -> None:
    desk = Desk("a", "b")
    room.fail(operation, *faults)
    steps.produce(desk.make)
    room.fail(operation, *faults)
    steps.work(1, desk.hand_on)
    room.fail(operation, *faults)
    steps.work(2, desk.work)
    assert desk.worked == ["a", "b"]
    assert {i.state for i in room.items.values()} == {"done"}
    # The mailbox is asked again: the mails are known.
    assert steps.produce(desk.make) == 0


def test_a_lost_reply_to_a_reservation_leaves_the_item_to_the_end_of_the_run(room: ControlRoom, steps: Steps) -> None:
    desk = Desk("a", "b", "c")
    steps.produce(desk.make)
    room.fail("reserve", "lost reply")
    steps.work(1, desk.work)
    assert desk.worked == ["a", "c"]
    (lost,) = room.of(1, "failed")
    assert lost.exception is not None
    assert lost.exception["type"] == "ORCHESTRATOR"
    room.batch("retry", [lost.id])
    steps.work(1, desk.work)
    assert desk.worked == ["a", "c", "b"]


@pytest.mark.parametrize("tries", [5, 10])
def test_an_attempt_that_broke_off_after_its_outputs_is_not_doubled_by_the_next(
    room: ControlRoom, steps: Steps, tries: int
) -> None:
    desk = Desk("a", "b", "c")
    steps.produce(desk.make)
    # The outputs are made, and then Control Room is away for a while, or for longer than the run waits.
    room.fail("release", *["503"] * tries)  # type: ignore[list-item]
    if tries == 10:
        with pytest.raises(HostAway, match=r"^Control Room answers 503"):
            steps.work(1, desk.hand_on)
    else:
        assert steps.work(1, desk.hand_on) == 3
    (failed,) = room.of(1, "failed")
    room.batch("retry", [failed.id])
    steps.work(1, desk.hand_on)
    assert len(room.of(2)) == 4
    steps.work(2, desk.work)
    assert sorted(desk.worked) == ["a", "b", "c"]


def test_a_collector_that_broke_off_collects_again_and_nothing_is_worked_on_twice(
    room: ControlRoom, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk("a", "b", "c")
    room.fail("upload", *[None, *["503"] * 5])  # type: ignore[list-item]
    assert steps.produce(desk.make) == 0
    assert [i.state for i in room.of(0)] == ["failed"]
    assert steps.produce(desk.make) == 3  # another trigger
    assert len(room.of(1)) == 5
    steps.work(1, desk.work)
    assert desk.worked == ["a", "b", "c"]


def test_a_stub_that_was_taken_too_early_is_made_again(room: ControlRoom, steps: Steps) -> None:
    """Control Room hands out an output as soon as it is made: here before its files are there."""
    desk, early = Desk("a"), Desk("a")
    upload = room.add_file

    def taken_at_once(item_id: str, name: str) -> Any:
        room.add_file = upload  # type: ignore[method-assign]
        room.item(item_id).move("in_progress", "other")
        ledger = Ledger.open()
        assert ledger.begin_effect(f"output:{item_id}", item_id, {"word": "dropped"}).fresh
        room.item(item_id).move("done", "other")
        return upload(item_id, name)

    room.add_file = taken_at_once  # type: ignore[method-assign]
    assert steps.produce(desk.make) == 1
    assert [i.state for i in room.of(1)] == ["done", "pending"]
    steps.work(1, early.work)
    assert early.worked == ["a"]


def test_a_stub_that_is_finished_while_it_is_looked_at_is_worked_on(room: ControlRoom, steps: Steps) -> None:
    desk = Desk("a")
    steps.produce(desk.make)
    (paper,) = room.of(1)
    whole, paper.payload = paper.payload, {"deskhand": {"key": "box:a", "unfinished": True}}
    read = room.item

    def finished_now(item_id: str) -> Any:
        found = read(item_id)
        if room.calls["get_data"] > 1:  # the trigger's payload was the first
            found.payload = whole
        return found

    room.item = finished_now  # type: ignore[method-assign]
    steps.work(1, desk.work)
    assert desk.worked == ["a"]


def test_a_refused_token_ends_the_run_with_a_sentence(room: ControlRoom, steps: Steps) -> None:
    room.put(item("a").model_dump(mode="json"))
    room.fail("get_data", "401")
    with pytest.raises(StoreError, match=r"^Control Room answers 401"):
        steps.work(0, Desk("a").work)
    room.tokens["workitem"] = "Bearer another"
    room.put(item("b").model_dump(mode="json"))
    with pytest.raises(StoreError, match=r"^Control Room answers 401") as told:
        steps.run(0, lambda ledger: _with_old_token(room, ledger))
    assert "http" not in str(told.value)


def _with_old_token(room: ControlRoom, ledger: Ledger) -> int:
    room.tokens["workitem"] = "Bearer a third"
    return work_through(Desk("b").work, ledger, "step")


def test_an_item_that_control_room_refuses_does_not_hold_up_the_others(room: ControlRoom, steps: Steps) -> None:
    desk = Desk("a", "b")
    steps.produce(desk.make)
    refused = room.output

    def once(parent_id: str, payload: Any) -> str:
        room.output = refused  # type: ignore[method-assign]
        from tests.emulators.control_room import Refused

        raise Refused(400, "PAYLOAD_TOO_LARGE")

    room.output = once  # type: ignore[method-assign]
    assert steps.work(1, desk.hand_on) == 2
    assert [i.state for i in room.of(1)] == ["failed", "done"]


def test_without_a_database_that_outlives_the_machine_nothing_is_begun(
    shared: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = Ledger.open()
    monkeypatch.delenv("DESKHAND_DATABASE")
    ControlRoomDelivery(ledger, "step")  # a home was named: a worker of one's own, whose disk lasts
    assert "set DESKHAND_DATABASE" in caplog.text
    monkeypatch.delenv("DESKHAND_HOME")
    with pytest.raises(StoreError, match="set DESKHAND_DATABASE"):
        ControlRoomDelivery(ledger, "step")


def test_items_that_people_put_there_need_no_key(room: ControlRoom, steps: Steps) -> None:
    desk = Desk(files=False)
    for _ in range(2):
        room.put(item("a").model_dump(mode="json"))
    assert steps.work(0, desk.work) == 2
    assert desk.worked == ["a", "a"]


def test_a_key_comes_back_with_the_item_and_bots_never_see_it(room: ControlRoom, steps: Steps) -> None:
    desk = Desk("a")
    steps.produce(desk.make)
    seen: list[dict[str, Any]] = []

    def doubtful(work: Work) -> Outcome:
        seen.append(work.payload)
        raise NeedsReview([Doubt(code="odd", message="It is odd.")])

    steps.work(1, doubtful)
    assert "deskhand" not in seen[0]
    (paper,) = room.of(1)
    assert paper.payload["deskhand"] == {"key": "box:a"}
    assert paper.payload["doubts"][0]["code"] == "odd"
    assert (paper.state, paper.releases[-1][0]) == ("failed", State.FAILED.value)
