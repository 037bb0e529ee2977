"""One attempt at one item, whatever the bot does, on every host."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from robocorp import workitems

from tests.workitems.conformance.hosts import Host, SqliteHost
from workitems.errors import NeedsReview, TryLater
from workitems.items import Decision, Document, DocumentItem, Doubt, Invoice
from workitems.ledger import Ledger
from workitems.loop import Outcome, Output, Work, produce, work_through
from workitems.store import Store

PERSONAL = "anna@example.com"


def payload(name: str = "a.pdf", **more: Any) -> dict[str, Any]:
    document = Document(sha256="0" * 64, filename=name, media_type="application/pdf")
    return DocumentItem(document=document).model_dump(mode="json") | more


def straight(work: Work) -> Outcome:
    item = DocumentItem.model_validate(work.payload)
    return Outcome(item=item.model_copy(update={"route": "straight"}))


@pytest.fixture
def ledger(home: Path, request: pytest.FixtureRequest) -> Ledger:
    if "host" in request.fixturenames:
        request.getfixturevalue("host")  # it may name the database
    return Ledger.open(home)


def test_a_straight_item_is_done_and_its_outputs_carry_their_files(host: Host, ledger: Ledger) -> None:
    host.put(payload(), {"a.pdf": b"%PDF", "note.txt": b"note"})

    def handle(work: Work) -> Outcome:
        assert work.names() == ["a.pdf", "note.txt"]
        assert work.path("a.pdf").name == "a.pdf"
        assert work.path("a.pdf").read_bytes() == b"%PDF"
        made = DocumentItem.model_validate(payload("a.pdf", kind="invoice"))
        outputs = (Output(item=made, files=("a.pdf",), attach={"scan.png": b"png"}), Output(item=made))
        return straight(work).model_copy(update={"outputs": outputs})

    assert work_through(handle, ledger, "step") == 1
    assert host.ends() == [("DONE", None, None)]
    assert host.payloads("in")[0]["route"] == "straight"
    assert [p["kind"] for p in host.payloads("out")] == ["invoice", "invoice"]
    assert host.output_files() == [{"a.pdf": b"%PDF", "scan.png": b"png"}, {}]


def test_every_item_of_the_queue_is_handled_whatever_happens_to_those_before(host: Host, ledger: Ledger) -> None:
    doubts = [
        Doubt(code="minor", message="A trifle.", severity="warn"),
        Doubt(code="total_mismatch", message="The total is not the sum.", field="total"),
    ]

    def review(work: Work) -> Outcome:
        update = {"route": "review", "doubts": tuple(doubts)}
        made = Output(item=DocumentItem.model_validate(payload()))
        return Outcome(item=straight(work).item.model_copy(update=update), outputs=(made,))

    def raise_review(work: Work) -> Outcome:
        raise NeedsReview(doubts)

    def later(work: Work) -> Outcome:
        raise TryLater("erp_away", "The ERP does not answer.")

    def bug(work: Work) -> Outcome:
        raise KeyError(PERSONAL)

    def bad_file(work: Work) -> Outcome:
        made = DocumentItem.model_validate(payload())
        return straight(work).model_copy(update={"outputs": (Output(item=made, files=("nothing.pdf",)),)})

    def escaping(work: Work) -> Outcome:
        made = DocumentItem.model_validate(payload())
        return straight(work).model_copy(update={"outputs": (Output(item=made, attach={"../x": b""}),)})

    def reject(work: Work) -> Outcome:
        return Outcome(item=straight(work).item.model_copy(update={"route": "reject"}))

    todo: list[Callable[[Work], Outcome]] = [review, raise_review, later, bug, bad_file, escaping, reject, straight]
    for n, _ in enumerate(todo):
        host.put(payload(f"{n}.pdf"), {})

    def handle(work: Work) -> Outcome:
        return todo.pop(0)(work)

    assert work_through(handle, ledger, "step") == 8
    reason = ("BUSINESS", "total_mismatch", "The total is not the sum.")
    assert host.ends() == [
        reason,
        reason,
        ("APPLICATION", "erp_away", "The ERP does not answer."),
        ("APPLICATION", "bug", "A fault in the program: KeyError."),
        ("APPLICATION", "bug", "A fault in the program: FileNotFoundError."),
        ("APPLICATION", "bug", "A fault in the program: ValueError."),
        ("DONE", None, None),
        ("DONE", None, None),
    ]
    for saved in host.payloads("in")[:2]:
        assert (saved["route"], [d["code"] for d in saved["doubts"]]) == ("review", ["minor", "total_mismatch"])
    assert host.payloads("in")[6]["route"] == "reject"
    assert host.payloads("out") == []


def test_an_empty_queue_is_done(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    SqliteHost(request, tmp_path, monkeypatch)
    assert work_through(straight, ledger, "step") == 0


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (None, "The payload is no object."),
        ([1], "The payload is no object."),
        ({}, "kind (missing), document (missing)"),
        (payload(document={"filename": PERSONAL}), "document.sha256 (missing)"),
        (payload(route=PERSONAL), "route (literal_error)"),
        (payload(surprise=PERSONAL), "surprise (extra_forbidden)"),  # only the bot's own type knows
    ],
)
def test_a_payload_that_is_no_item_goes_to_a_person_without_being_quoted(
    host: Host, ledger: Ledger, bad: Any, message: str
) -> None:
    host.put(bad, {})
    assert work_through(straight, ledger, "step") == 1
    ((kind, code, sentence),) = host.ends()
    assert (kind, code) == ("BUSINESS", "bad_payload")
    assert message in str(sentence)
    assert PERSONAL not in str(sentence)
    assert host.payloads("in") == [bad]


def test_a_bad_item_that_the_bot_made_is_a_bug_of_the_bot(host: Host, ledger: Ledger) -> None:
    def handle(work: Work) -> Outcome:
        return Outcome(item=Invoice.model_validate(payload(kind="invoice", supplier_id="1", total=PERSONAL)))

    host.put(payload(), {})
    work_through(handle, ledger, "step")
    assert host.ends() == [("APPLICATION", "bug", "A fault in the program: ValidationError.")]


def test_a_bugs_traceback_is_in_the_log(host: Host, ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    host.put(payload(), {})
    with caplog.at_level(logging.ERROR):
        work_through(lambda work: 1 / 0, ledger, "step")  # type: ignore[arg-type, return-value]
    assert any(record.exc_info for record in caplog.records)


def test_the_decision_is_kept_with_the_item(host: Host, ledger: Ledger) -> None:
    host.put(payload(), {})
    seen: list[str] = []

    def handle(work: Work) -> Outcome:
        seen.append(work.id)
        decision = Decision(step="read", input_hash="ab", route="straight")
        return straight(work).model_copy(update={"decision": decision})

    work_through(handle, ledger, "step")
    assert [d.body["step"] for d in Store.open().decisions(seen[0])] == ["read"]


def test_an_interrupted_worker_releases_its_item(host: Host, ledger: Ledger) -> None:
    def handle(work: Work) -> Outcome:
        raise KeyboardInterrupt

    host.put(payload(), {})
    with pytest.raises(KeyboardInterrupt):
        work_through(handle, ledger, "step")
    assert [kind for kind, _, _ in host.ends()] == ["APPLICATION"]


def test_local_files_are_gone_when_the_item_is(host: Host, ledger: Ledger) -> None:
    host.put(payload(), {"a.pdf": b"%PDF"})
    seen: list[Path] = []

    def handle(work: Work) -> Outcome:
        seen.append(work.path("a.pdf"))
        assert work.path("a.pdf") == seen[0]
        with pytest.raises(FileNotFoundError):
            work.path("b.pdf")
        return straight(work)

    work_through(handle, ledger, "step")
    assert host.ends() == [("DONE", None, None)]
    assert not seen[0].exists()


def test_a_producer_hands_on_all_its_batches(host: Host, ledger: Ledger) -> None:
    if not isinstance(host, SqliteHost):
        host.put(None, {})
    left = list(range(5))
    parents = []

    def make(parent_id: str, work: Work) -> list[Output]:
        parents.append(parent_id)
        batch, left[:] = left[:2], left[2:]
        return [
            Output(item=DocumentItem.model_validate(payload(f"{n}.txt")), attach={f"{n}.txt": b"%d" % n})
            for n in batch
            if ledger.claim_mail(f"m{n}", "box", parent_id, {}) == "new"
        ]

    assert produce(make, ledger, "collect") == 5
    assert [p["document"]["filename"] for p in host.payloads("out")] == [f"{n}.txt" for n in range(5)]
    assert host.output_files()[4] == {"4.txt": b"4"}
    assert [ledger.mail_state(f"m{n}") for n in range(6)] == ["known"] * 5 + [None]
    ours = isinstance(host, SqliteHost)
    assert len(set(parents)) == (4 if ours else 1)


def test_a_producer_that_cannot_work_now_fails_its_trigger_and_not_the_run(host: Host, ledger: Ledger) -> None:
    if not isinstance(host, SqliteHost):
        host.put(None, {})

    def make(parent_id: str, work: Work) -> list[Output]:
        assert ledger.claim_mail("m", "box", parent_id, {}) == "new"
        raise TryLater("mailbox_away", "The mailbox does not answer.")

    assert produce(make, ledger, "collect") == 0
    assert host.ends() == [("APPLICATION", "mailbox_away", "The mailbox does not answer.")]
    assert ledger.mail_state("m") is None


def test_a_worker_that_lost_its_lease_goes_on_with_the_next_item(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ledger: Ledger,
    caplog: pytest.LogCaptureFixture,
) -> None:
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]
    host = SqliteHost(request, tmp_path, monkeypatch)
    for n in range(2):
        host.put(payload(f"{n}.pdf"), {})
    taken: list[str] = []

    def handle(work: Work) -> Outcome:
        if not taken:
            # The lease runs out, and somebody else takes the item over.
            host.store.database.change("UPDATE items SET lease_until = 1 WHERE state = 'taken'", {})
            hold = host.store.reservations("other").reserve("in", 60)
            assert hold is not None
            assert hold.item_id == work.id
        taken.append(work.id)
        made = Output(item=DocumentItem.model_validate(payload()))
        return straight(work).model_copy(update={"outputs": (made,)})

    assert work_through(handle, ledger, "step") == 2
    assert [i.state for i in host.store.find("in")] == ["taken", "done"]
    assert len(host.payloads("out")) == 1
    assert "lost the lease" in caplog.text
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]
