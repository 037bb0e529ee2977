"""Effects, mails, fingerprints, decisions and locks."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.workitems.conftest import Clock
from workitems.errors import TryLater
from workitems.items import Decision
from workitems.ledger import FOREIGN_CLAIM_SECONDS, Ledger
from workitems.reservations import Ending, Hold, Reservations
from workitems.store import Store


def trigger(store: Store, worker: Reservations) -> Hold:
    store.trigger("collect")
    hold = worker.reserve("collect", 60)
    assert hold is not None
    return hold


# ---- effects


def test_an_effect_is_begun_once_and_remembers_its_first_intent(ledger: Ledger) -> None:
    first = ledger.begin_effect("post:acme:17", "item1", {"total": "10"})
    assert (first.state, first.fresh, first.result) == ("intent", True, None)
    again = ledger.begin_effect("post:acme:17", "item2", {"total": "11"})
    assert (again.state, again.fresh, again.item_id, again.intent) == ("intent", False, "item1", {"total": "10"})
    ledger.finish_effect("post:acme:17", {"reference": "4711"})
    done = ledger.begin_effect("post:acme:17", "item1", {})
    assert (done.state, done.fresh, done.result) == ("done", False, {"reference": "4711"})
    assert ledger.effect("post:acme:17") == done
    assert ledger.effect("other") is None


def test_what_was_not_begun_cannot_be_finished(ledger: Ledger) -> None:
    with pytest.raises(KeyError):
        ledger.finish_effect("never", {})


# ---- mails, where our store keeps the items


def test_a_mail_is_known_once_its_parent_is_released(store: Store, ledger: Ledger, worker: Reservations) -> None:
    hold = trigger(store, worker)
    assert ledger.mail_state("m1") is None
    assert ledger.claim_mail("m1", "inbox", hold.item_id, {"parts": 2}) == "new"
    assert ledger.claim_mail("m1", "inbox", hold.item_id, {}) == "claimed"
    assert ledger.mail_state("m1") == "claimed"
    worker.release(hold, Ending("done"))
    assert ledger.claim_mail("m1", "inbox", hold.item_id, {}) == "known"
    assert ledger.mail_state("m1") == "known"


@pytest.mark.parametrize("ending", [Ending("failed"), Ending("review")])
def test_a_claim_dies_with_its_attempt(store: Store, ledger: Ledger, worker: Reservations, ending: Ending) -> None:
    hold = trigger(store, worker)
    assert ledger.claim_mail("m1", "inbox", hold.item_id, {}) == "new"
    worker.release(hold, ending)
    other = trigger(store, worker)
    assert ledger.claim_mail("m1", "inbox", other.item_id, {}) == "new"


def test_a_claim_dies_with_its_lease(store: Store, ledger: Ledger, worker: Reservations, clock: Clock) -> None:
    lost = trigger(store, worker)
    assert ledger.claim_mail("m1", "inbox", lost.item_id, {}) == "new"
    clock.turn(60)
    assert ledger.mail_state("m1") == "claimed"  # nobody has taken the item over: it may still be finished
    again = worker.reserve("collect", 60)
    assert again is not None
    assert again.item_id == lost.item_id
    assert ledger.claim_mail("m1", "inbox", again.item_id, {}) == "new"


def test_of_two_collectors_one_gets_the_mail(store: Store, ledger: Ledger, worker: Reservations) -> None:
    one, other = trigger(store, worker), trigger(store, worker)
    assert ledger.claim_mail("m1", "inbox", one.item_id, {}) == "new"
    assert ledger.claim_mail("m1", "inbox", other.item_id, {}) == "claimed"
    worker.release(other, Ending("done"))
    assert ledger.mail_state("m1") == "claimed"
    worker.release(one, Ending("done"))
    assert ledger.mail_state("m1") == "known"


def test_the_claim_of_a_process_that_died_is_free_at_once(store: Store, ledger: Ledger) -> None:
    store.trigger("collect")
    program = (
        "from workitems.store import Store; from workitems.ledger import Ledger;"
        "h = Store.open().reservations('x').reserve('collect', 3600);"
        "print(Ledger.open().claim_mail('m1', 'inbox', h.item_id, {}))"
    )
    out = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert out.strip() == "new"
    assert ledger.mail_state("m1") is None


# ---- mails, where another host keeps the items


def test_another_hosts_claims_are_settled_by_the_loop(ledger: Ledger, clock: Clock) -> None:
    assert ledger.claim_mail("m1", "inbox", "0", {}) == "new"
    assert ledger.claim_mail("m1", "inbox", "0", {}) == "claimed"
    ledger.drop_mails("0")
    assert ledger.claim_mail("m1", "inbox", "0", {}) == "new"
    ledger.confirm_mails("0")
    assert ledger.claim_mail("m1", "inbox", "0", {}) == "known"
    assert ledger.claim_mail("m2", "inbox", "1", {}) == "new"
    ledger.confirm_mails("0")
    assert ledger.mail_state("m2") == "claimed"
    clock.turn(FOREIGN_CLAIM_SECONDS + 1)
    assert ledger.mail_state("m2") is None


# ---- fingerprints


def test_twins_are_documents_of_other_lineages(store: Store, ledger: Ledger, clock: Clock) -> None:
    payload = {"document": {"filename": "a.pdf"}}
    first, second = store.put("document", payload), store.put("document", payload)
    keys = {"sha256": "ab", "number": "acme:17"}
    ledger.remember(first, "doc1", keys)
    ledger.remember(first, "doc1", keys)  # an attempt that is repeated
    assert ledger.twins(keys, first) == []
    clock.turn(5)
    ledger.remember(second, "doc2", {"number": "acme:17"}, filename="b.pdf")
    found = ledger.twins(keys, second)
    assert [(t.item_id, t.root_id, t.document_id, t.key, t.filename) for t in found] == [
        (first, first, "doc1", "sha256:ab", "a.pdf"),
        (first, first, "doc1", "number:acme:17", "a.pdf"),
    ]
    assert [(t.document_id, t.filename) for t in ledger.twins({"number": "acme:17"}, first)] == [("doc2", "b.pdf")]
    assert [t.document_id for t in ledger.twins({"number": "acme:17"})] == ["doc1", "doc2"]
    assert ledger.twins({"number": "acme:18", "nr": "acme:17"}, first) == []


def test_a_later_step_is_no_twin_of_its_own_document(store: Store, ledger: Ledger, worker: Reservations) -> None:
    root = store.put("document", {})
    ledger.remember(root, "doc1", {"sha256": "ab"})
    hold = worker.reserve("document", 60)
    assert hold is not None
    worker.create_output(hold, "invoice1", "invoice", {})
    worker.release(hold, Ending("done"))
    assert ledger.twins({"sha256": "ab"}, "invoice1") == []


def test_with_another_host_the_document_stands_for_its_lineage(ledger: Ledger) -> None:
    ledger.remember("0", "doc1", {"sha256": "ab"}, "a.pdf")
    assert ledger.twins({"sha256": "ab"}, "0", "doc1") == []
    assert [t.filename for t in ledger.twins({"sha256": "ab"}, "0", "doc2")] == ["a.pdf"]


# ---- decisions and locks


def test_decisions_are_kept_with_their_item(store: Store, ledger: Ledger) -> None:
    item_id = store.put("document", {})
    decision = Decision(step="read", input_hash="ab", rules=("total_mismatch",), route="review", scores={"total": 0.4})
    ledger.decide(item_id, decision)
    (row,) = store.decisions(item_id)
    assert Decision.model_validate(row.body) == decision


def test_a_lock_is_held_by_one(ledger: Ledger, clock: Clock) -> None:
    with ledger.lock("mailbox", 60):
        with pytest.raises(TryLater, match="busy"), ledger.lock("mailbox", 60):
            pass
        with ledger.lock("other", 60):
            pass
        clock.turn(60)  # its owner hangs
        with ledger.lock("mailbox", 60), pytest.raises(TryLater), ledger.lock("mailbox", 60):
            pass
    with ledger.lock("mailbox", 60):
        pass


def test_the_lock_of_a_slow_owner_is_not_freed_twice(ledger: Ledger, clock: Clock) -> None:
    slow = ledger.lock("mailbox", 60)
    slow.__enter__()
    clock.turn(61)
    with ledger.lock("mailbox", 60):
        slow.__exit__(None, None, None)  # its own lock ran out long ago: this one is not its
        with pytest.raises(TryLater), ledger.lock("mailbox", 60):
            pass


def test_the_lock_of_a_process_that_died_is_free(ledger: Ledger) -> None:
    program = "from workitems.ledger import Ledger; import os; Ledger.open().lock('erp', 3600).__enter__(); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    with ledger.lock("erp", 60):
        pass
