"""What a person decides about an item of Control Room goes there, once, whatever gets lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.conftest import WriteVault
from tests.emulators.control_room import ControlRoom, Fault, WorkItem
from tests.workitems.control_room.conftest import Steps
from workitems.control_room import ControlRoomApi, connect
from workitems.errors import NeedsReview, TryLater
from workitems.interventions import NotAllowed
from workitems.items import Document, DocumentItem, Doubt
from workitems.loop import Outcome, Work
from workitems.rows import ItemRow
from workitems.store import Store, StoreError

PAPER = DocumentItem(document=Document(sha256="0" * 64, filename="a.pdf", media_type="application/pdf"))


def handle(work: Work) -> Outcome:
    """Item a.pdf has a person look first."""
    item = DocumentItem.model_validate(work.payload)
    if not item.answers:
        raise NeedsReview([Doubt(code="total_mismatch", message="The total is not the sum.", field="total")])
    return Outcome(item=item.model_copy(update={"route": "straight", "doubts": ()}))


@pytest.fixture(autouse=True)
def vault(room: ControlRoom, write_vault: WriteVault) -> None:
    """The key of the public API, as it lies in robocorp's vault."""
    write_vault({"control_room": {"workspace_id": "ws-1", "api_key": "key-of-a-person", "endpoint": room.api_url}})


@pytest.fixture
def waiting(room: ControlRoom, steps: Steps) -> WorkItem:
    """An item that a step has released for a person."""
    sealed = PAPER.model_dump(mode="json") | {"deskhand": {"key": "box:a"}}
    item_id = room.put(sealed, {"a.pdf": b"%PDF paper", "scan.png": b"png"})
    assert steps.work(0, handle) == 1
    return room.item(item_id)


def row(store: Store, item: WorkItem) -> ItemRow:
    found = store.get(item.id)
    assert found is not None
    return found


def answered(shown: ItemRow, value: str = "119.00") -> dict[str, Any]:
    answer = {"field": "total", "value": value, "who": "anna", "at": "2026-01-01T00:00:00Z"}
    return dict(shown.payload) | {"answers": [answer]}


def test_the_desk_shows_what_waits_with_its_files(shared: Store, waiting: WorkItem) -> None:
    (shown,) = shared.find(states=["review"])
    assert (shown.id, shown.queue, shown.host) == (waiting.id, "step0", "control_room")
    assert (shown.code, shown.message) == ("total_mismatch", "The total is not the sum.")
    assert shown.payload["doubts"][0]["code"] == "total_mismatch"
    assert "deskhand" not in shown.payload
    assert shared.file_names(shown.id) == ["a.pdf", "scan.png"]
    assert shared.read_file(shown.id, "a.pdf") == b"%PDF paper"
    assert [(c.queue, c.state, c.count) for c in shared.depth()] == [("step0", "review", 1)]
    assert waiting.state == "failed"


def test_an_answer_goes_back_and_the_item_goes_on(
    room: ControlRoom, steps: Steps, shared: Store, waiting: WorkItem
) -> None:
    shown = row(shared, waiting)
    shared.answer(shown.id, answered(shown), "anna", "total", shown.version)
    assert waiting.state == "pending"
    assert waiting.payload["answers"][0]["value"] == "119.00"
    assert waiting.payload["deskhand"] == {"key": "box:a"}
    assert row(shared, waiting).state == "ready"
    steps.work(0, handle)
    assert (waiting.state, waiting.payload["route"]) == ("done", "straight")
    assert row(shared, waiting).state == "done"
    told = [(e.to_state, e.who) for e in shared.events(waiting.id)]
    assert told == [("review", "step0"), ("ready", "anna"), ("done", "step0")]


@pytest.mark.parametrize("operation", ["api_get", "api_payload", "api_batch"])
@pytest.mark.parametrize("faults", [("lost reply",), ("cut", "503"), ("429",), ("slow",), ("lost reply", "lost reply")])
def test_a_lost_reply_applies_nothing_twice(
    room: ControlRoom, shared: Store, waiting: WorkItem, operation: str, faults: tuple[Fault, ...]
) -> None:
    shown = row(shared, waiting)
    room.fail(operation, *faults)
    shared.answer(shown.id, answered(shown), "anna", "total", shown.version)
    assert (waiting.state, waiting.changes) == ("pending", 3)  # reserved, failed, retried
    assert row(shared, waiting).state == "ready"


def test_an_answer_that_was_heard_but_not_acknowledged_is_not_given_again(
    room: ControlRoom, steps: Steps, shared: Store, waiting: WorkItem
) -> None:
    """The retry's reply is lost, then Control Room is away: the desk says so, and the person answers again later."""
    shown = row(shared, waiting)
    room.fail("api_batch", "lost reply", *["503"] * 9)  # type: ignore[list-item]
    room.fail("api_get", None, *["503"] * 20)  # type: ignore[arg-type, list-item]
    with pytest.raises(StoreError, match="Control Room does not answer"):
        shared.answer(shown.id, answered(shown), "anna", "total", shown.version)
    assert row(shared, waiting).state == "review"
    room.answered()
    steps.work(0, lambda work: (_ for _ in ()).throw(TryLater("away", "The ERP is away.")))
    assert waiting.state == "failed"
    again = row(shared, waiting)
    assert (again.state, again.code) == ("dead", "away")
    with pytest.raises(NotAllowed):  # the desk still showed the old page
        shared.answer(shown.id, answered(shown), "anna", "total", shown.version)
    shared.retry(again.id, "anna")
    assert waiting.state == "pending"
    assert waiting.payload["answers"][0]["value"] == "119.00"


def test_the_same_answer_again_after_a_crash_completes_it(
    room: ControlRoom, shared: Store, waiting: WorkItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workitems.control_room import ControlRoomRemote

    shown = row(shared, waiting)
    with monkeypatch.context() as patch:
        patch.setattr(ControlRoomRemote, "_show", crash)
        with pytest.raises(KeyboardInterrupt):
            shared.answer(shown.id, answered(shown), "anna", "total", shown.version)
    assert (waiting.state, row(shared, waiting).state) == ("pending", "review")
    changes = waiting.changes
    shared.answer(shown.id, answered(shown), "anna", "total", shown.version)
    assert (waiting.changes, row(shared, waiting).state) == (changes, "ready")


def crash(*_: object) -> None:
    """The process is killed here."""
    raise KeyboardInterrupt


def test_an_answer_after_a_crash_before_the_retry_is_given_whole(
    room: ControlRoom, shared: Store, waiting: WorkItem
) -> None:
    shown = row(shared, waiting)
    room.fail("api_batch", *["503"] * 4)  # type: ignore[list-item]
    with pytest.raises(StoreError):
        shared.answer(shown.id, answered(shown), "anna", "total", shown.version)
    shared.answer(shown.id, answered(shown, "120.00"), "anna", "total", shown.version)
    assert (waiting.state, waiting.payload["answers"][0]["value"]) == ("pending", "120.00")


@pytest.mark.parametrize("how", ["answer", "retry", "cancel"])
def test_who_comes_too_late_is_told_and_the_desk_sees_where_it_is(
    room: ControlRoom, shared: Store, waiting: WorkItem, how: str
) -> None:
    shown = row(shared, waiting)
    room.batch("retry", [waiting.id])  # somebody retries it on Control Room's own screen
    calls: dict[str, Callable[[], None]] = {
        "answer": lambda: shared.answer(shown.id, answered(shown), "anna", "total", shown.version),
        "retry": lambda: shared.retry(shown.id, "anna"),
        "cancel": lambda: shared.cancel(shown.id, "anna"),
    }
    with pytest.raises(NotAllowed, match="somebody was faster"):
        calls[how]()
    assert waiting.state == "pending"
    assert "answers" not in waiting.payload or not waiting.payload["answers"]
    assert row(shared, waiting).state == "ready"


def test_a_rejected_item_is_marked_as_done_there(room: ControlRoom, shared: Store, waiting: WorkItem) -> None:
    room.fail("api_batch", "lost reply")
    shared.cancel(waiting.id, "anna", "not ours")
    assert waiting.state == "done"
    assert row(shared, waiting).state == "cancelled"


def test_a_second_doubt_is_shown_again(room: ControlRoom, steps: Steps, shared: Store, waiting: WorkItem) -> None:
    shown = row(shared, waiting)
    shared.retry(shown.id, "anna")
    steps.work(0, handle)
    again = row(shared, waiting)
    assert (again.state, again.code) == ("review", "total_mismatch")
    assert again.version > shown.version
    shared.answer(again.id, answered(again), "anna", "total", again.version)
    assert waiting.state == "pending"


def test_an_item_that_the_robot_finished_meanwhile_stays_done_on_the_desk(
    room: ControlRoom, steps: Steps, shared: Store, waiting: WorkItem
) -> None:
    """Control Room starts the step at once: its robot may be done before the desk has written down the answer."""
    from workitems.control_room import ControlRoomRemote

    shown = row(shared, waiting)
    remote = ControlRoomRemote(shared.home, shared.database)
    show = remote._show

    def slowly(*arguments: Any) -> None:
        steps.work(0, handle)
        show(*arguments)

    remote._show = slowly  # type: ignore[method-assign]
    remote.answer(shown, answered(shown), "anna", "total")
    assert row(shared, waiting).state == "done"


def test_a_key_that_is_refused_or_missing_is_a_sentence(
    room: ControlRoom, shared: Store, waiting: WorkItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = row(shared, waiting)
    room.fail("api_get", "401")
    with pytest.raises(StoreError, match=r"refuses the API key of the secret 'control_room' \(401\)"):
        shared.retry(shown.id, "anna")
    monkeypatch.setenv("DESKHAND_CONTROL_ROOM_SECRET", "another")
    with pytest.raises(StoreError, match=r"the vault needs a secret 'another' with workspace_id and api_key"):
        Store.open().retry(shown.id, "anna")
    assert waiting.state == "failed"


@pytest.mark.parametrize("endpoint", ["http://robocorp.example/api/v1", "http://127.0.0.1.example.org/", "ftp://x"])
def test_the_key_never_goes_over_a_network_in_the_clear(write_vault: WriteVault, endpoint: str) -> None:
    write_vault({"control_room": {"workspace_id": "ws-1", "api_key": "key-of-a-person", "endpoint": endpoint}})
    with pytest.raises(StoreError, match="https"):
        connect()


def test_a_proxys_page_in_the_place_of_control_room_counts_as_no_answer() -> None:
    page = httpx.MockTransport(lambda request: httpx.Response(200, text="<html>Log in to the network</html>"))
    api = ControlRoomApi(httpx.Client(base_url="https://cloud.example", transport=page), wait=lambda seconds: None)
    with pytest.raises(StoreError, match="does not answer"):
        api.see("1")
