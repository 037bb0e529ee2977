"""The reversing step: once, noted where it belongs, and posted again only where a person says so."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from bots.invoices import reverse_invoices as reversing
from bots.invoices.look_up import Office
from bots.invoices.post_invoices import Desk, handle
from bots.reading.read_documents import handle as read_document
from tests.bots.fakes import TODAY, FakeErp, FakeRecords, answer, d, document, house, paper, posting, work
from workitems.errors import NeedsReview, TryLater
from workitems.items import DocumentItem, Invoice, PostedEntry, Posting, Reversal
from workitems.ledger import Ledger
from workitems.loop import Outcome

_ids = itertools.count(100)


class ErpThatTakesBack(FakeErp):
    """Cancels what was posted; keeps count."""

    def __init__(self, records: FakeRecords) -> None:
        super().__init__(records)
        self.cancelled: list[str] = []
        self.again: list[bool] = []

    def post_invoice(self, invoice: Invoice, scan: Path, again: bool = False) -> Posting:
        self.again.append(again)
        return super().post_invoice(invoice, scan)

    def reverse(self, entry: PostedEntry) -> Posting:
        """A second call finds it cancelled."""
        if entry.reference not in self.cancelled:
            self.cancelled.append(entry.reference)
            self.records.postings.clear()
            self.records.orders = FakeRecords().orders  # nothing of them counts as invoiced any more
        return posting(entry.number or "", reference=entry.reference, state="cancelled", total=entry.total)


class ErpThatDiesAfterReversing(ErpThatTakesBack):
    """It is cancelled, and then the bot is killed: nobody hears of it."""

    died = False

    def reverse(self, entry: PostedEntry) -> Posting:
        done = super().reverse(entry)
        if not self.died:
            self.died = True
            raise KeyboardInterrupt
        return done


class ErpThatHasItPaid(ErpThatTakesBack):
    """It cannot be taken back."""

    def reverse(self, entry: PostedEntry) -> Posting:
        from connectors.tryton.refusals import review

        raise review("reversal_paid", "2026/1 is paid.")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "home")


@pytest.fixture
def desk(ledger: Ledger) -> Desk:
    records = FakeRecords()
    return Desk(Office(records, ledger, house(), lambda: TODAY), ErpThatTakesBack(records), ledger)


def screens(desk: Desk) -> ErpThatTakesBack:
    assert isinstance(desk.erp, ErpThatTakesBack)
    return desk.erp


def post(desk: Desk, tmp_path: Path, item: Invoice) -> Outcome:
    return handle(work(item, tmp_path, "11"), desk)


def invoice(desk: Desk, tmp_path: Path) -> Invoice:
    item = DocumentItem(document=document("1.pdf", sha256="1" * 64))
    made = read_document(work(item, tmp_path, "1"), desk.office, lambda *_: paper()).outputs[0].item
    assert isinstance(made, Invoice)
    return made


def reverse(desk: Desk, ledger: Ledger, tmp_path: Path, reference: str = "2026/1", **fields: object) -> Outcome:
    entry = PostedEntry.model_validate({"system": "fake", "reference": reference, **fields})
    item = Reversal(posting=entry, reason="Posted to the wrong order.", asked_by="anna")
    return reversing.handle(work(item, tmp_path, str(next(_ids))), reversing.Desk(desk.erp, ledger, lambda: TODAY))


def notes(ledger: Ledger, item_id: str) -> list[str]:
    rows = ledger.database.rows("SELECT body FROM decisions WHERE item_id = :id", {"id": item_id})
    return [row["body"] for row in rows]


def test_a_posting_is_reversed_and_that_stands_on_the_item_that_was_posted(
    desk: Desk, ledger: Ledger, tmp_path: Path
) -> None:
    post(desk, tmp_path, invoice(desk, tmp_path))
    outcome = reverse(desk, ledger, tmp_path, total=d("51.05"))
    assert isinstance(outcome.item, Reversal)
    assert outcome.item.reversed_as is not None
    assert (outcome.item.route, outcome.item.reversed_as.state) == ("straight", "cancelled")
    (note,) = notes(ledger, "11")
    assert '"step":"reverse_invoices"' in note
    assert "reversed:2026/1" in note
    assert '"who":"anna"' in note


def test_the_same_reversal_twice_is_one(desk: Desk, ledger: Ledger, tmp_path: Path) -> None:
    post(desk, tmp_path, invoice(desk, tmp_path))
    first, second = reverse(desk, ledger, tmp_path), reverse(desk, ledger, tmp_path)
    assert screens(desk).cancelled == ["2026/1"]
    assert first.item == second.item
    assert len(notes(ledger, "11")) == 1


def test_a_bot_that_is_killed_is_followed_by_one_that_reverses_nothing_twice(
    desk: Desk, ledger: Ledger, tmp_path: Path
) -> None:
    deadly = replace(desk, erp=ErpThatDiesAfterReversing(screens(desk).records))
    post(deadly, tmp_path, invoice(deadly, tmp_path))
    with pytest.raises(KeyboardInterrupt):
        reverse(deadly, ledger, tmp_path)
    assert reverse(deadly, ledger, tmp_path).item.route == "straight"
    assert screens(deadly).cancelled == ["2026/1"]
    assert len(notes(ledger, "11")) == 1


WRONG = [
    ("another reference", {"reference": "2026/9"}, "reversal_unknown"),
    ("a part of the reference", {"reference": "2026"}, "reversal_unknown"),
    ("a pattern", {"reference": "2026_1"}, "reversal_unknown"),
    ("another system", {"system": "sap"}, "reversal_unknown"),
    ("another amount", {"total": d("51.06")}, "reversal_differs"),
    ("another number", {"number": "RE-1"}, "reversal_differs"),
]


@pytest.mark.parametrize(("named", "code"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_is_not_the_entry_that_a_bot_posted_goes_to_a_person(
    desk: Desk, ledger: Ledger, tmp_path: Path, named: dict[str, object], code: str
) -> None:
    post(desk, tmp_path, invoice(desk, tmp_path))
    with pytest.raises(NeedsReview) as failure:
        reverse(desk, ledger, tmp_path, **{"reference": "2026/1", **named})  # type: ignore[arg-type]
    assert failure.value.code == code
    assert screens(desk).cancelled == []


def test_what_cannot_be_taken_back_goes_to_a_person_and_can_be_tried_again(
    desk: Desk, ledger: Ledger, tmp_path: Path
) -> None:
    post(desk, tmp_path, invoice(desk, tmp_path))
    paid = replace(desk, erp=ErpThatHasItPaid(screens(desk).records))
    with pytest.raises(NeedsReview, match="reversal_paid"):
        reverse(paid, ledger, tmp_path)
    assert notes(ledger, "11") == []
    assert reverse(desk, ledger, tmp_path).item.route == "straight"


def test_a_reversed_invoice_is_posted_again_only_where_a_person_says_so_each_time(
    desk: Desk, ledger: Ledger, tmp_path: Path
) -> None:
    item = invoice(desk, tmp_path)
    post(desk, tmp_path, item)
    for turn, reference in enumerate(("2026/1", "2026/2"), 1):
        reverse(desk, ledger, tmp_path, reference)
        asked = post(desk, tmp_path, item)
        assert (asked.item.route, [x.code for x in asked.item.doubts][:1]) == ("review", ["posting_reversed"])
        assert f"posted as {reference}, and that was reversed by anna" in asked.item.doubts[0].message
        assert len(screens(desk).posted) == turn
        assert isinstance(asked.item, Invoice)
        item = asked.item.model_copy(update={"answers": (*asked.item.answers, answer("confirm", "posting_reversed"))})
        done = post(desk, tmp_path, item)
        assert done.item.route == "straight"
        assert isinstance(done.item, Invoice)
        item = done.item
        assert post(desk, tmp_path, item).item.route == "straight"  # the same item once more posts nothing
        assert len(screens(desk).posted) == turn + 1
    assert screens(desk).again == [False, True, True]


def test_another_bot_that_is_busy_with_the_erp_is_waited_for(desk: Desk, ledger: Ledger, tmp_path: Path) -> None:
    post(desk, tmp_path, invoice(desk, tmp_path))
    with ledger.lock("erp:fake", 60), pytest.raises(TryLater) as later:
        reverse(desk, ledger, tmp_path)
    assert later.value.postpone is not None
