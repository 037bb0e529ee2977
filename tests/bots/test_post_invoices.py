"""The posting step: checked once more, posted once, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bots.invoices.look_up import Office
from bots.invoices.post_invoices import Desk, effect_key, handle
from bots.reading.read_documents import handle as read_document
from tests.bots.fakes import (
    HANSEN,
    TODAY,
    ErpThatDiesAfterPosting,
    ErpThatDiesOverADraft,
    ErpThatIsAway,
    ErpThatRefuses,
    ErpThatRoundsOtherwise,
    FakeErp,
    FakeRecords,
    answer,
    d,
    document,
    house,
    line,
    order,
    order_line,
    paper,
    posting,
    work,
)
from workitems.errors import TryLater
from workitems.items import DocumentItem, Invoice, Paper
from workitems.ledger import Ledger
from workitems.work import Outcome

KEY = effect_key("fake", HANSEN.id, "RE-26-0815")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    records, ledger = FakeRecords(), Ledger.open(tmp_path / "home")
    return Desk(Office(records, ledger, house(), lambda: TODAY), FakeErp(records), ledger)


def records(desk: Desk) -> FakeRecords:
    assert isinstance(desk.office.records, FakeRecords)
    return desk.office.records


def posted(desk: Desk) -> list[Invoice]:
    assert isinstance(desk.erp, FakeErp)
    return desk.erp.posted


def invoice(desk: Desk, tmp_path: Path, found: Paper | None = None, id: str = "1") -> Invoice:
    """What the reading step hands on."""
    item = DocumentItem(document=document(f"{id}.pdf", sha256=id * 64))
    outcome = read_document(work(item, tmp_path, id), desk.office, lambda *_: found or paper())
    assert outcome.outputs, outcome.item.doubts
    made = outcome.outputs[0].item
    assert isinstance(made, Invoice)
    return made


def post(desk: Desk, tmp_path: Path, item: Invoice, id: str = "11") -> Outcome:
    return handle(work(item, tmp_path, id), desk)


def codes(outcome: Outcome) -> list[str]:
    return [x.code for x in outcome.item.doubts]


def test_an_invoice_is_posted_with_its_document_and_the_posting_stands_on_the_item(desk: Desk, tmp_path: Path) -> None:
    outcome = post(desk, tmp_path, invoice(desk, tmp_path))
    assert isinstance(outcome.item, Invoice)
    assert outcome.item.posting
    assert (outcome.item.route, outcome.item.posting.reference) == ("straight", "2026/1")
    assert posted(desk)[0].lines[0].order_line == "101"
    assert isinstance(desk.erp, FakeErp)
    assert desk.erp.scans == ["1.pdf"]
    assert outcome.decision is not None
    assert outcome.decision.step == "post_invoices"


def test_the_same_item_twice_posts_once(desk: Desk, tmp_path: Path) -> None:
    item = invoice(desk, tmp_path)
    first, second = post(desk, tmp_path, item), post(desk, tmp_path, item)
    assert len(posted(desk)) == 1
    assert isinstance(first.item, Invoice)
    assert isinstance(second.item, Invoice)
    assert second.item.posting == first.item.posting
    assert second.item.route == "straight"


@pytest.mark.parametrize("erp", [ErpThatDiesAfterPosting, ErpThatDiesOverADraft])
def test_a_bot_that_is_killed_is_followed_by_one_that_posts_nothing_twice(
    desk: Desk, tmp_path: Path, erp: type[FakeErp]
) -> None:
    deadly = replace(desk, erp=erp(records(desk)))
    item = invoice(deadly, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        post(deadly, tmp_path, item)
    outcome = post(deadly, tmp_path, item)
    assert outcome.item.route == "straight"
    assert len(posted(deadly)) == 1
    assert [p.state for p in records(desk).postings.values()] == ["posted"]


def test_a_draft_that_was_left_behind_goes_before_changed_values_are_posted(desk: Desk, tmp_path: Path) -> None:
    deadly = replace(desk, erp=ErpThatDiesOverADraft(records(desk)))
    item = invoice(deadly, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        post(deadly, tmp_path, item)
    changed = item.model_copy(update={"answers": (answer("issued_on", "2026-04-15"),)})
    assert codes(post(deadly, tmp_path, changed)) == ["draft_left"]
    assert posted(deadly) == []


def test_what_was_spent_meanwhile_is_seen(desk: Desk, tmp_path: Path) -> None:
    first, second = invoice(desk, tmp_path), invoice(desk, tmp_path, paper(number="RE-26-0900"), "2")
    assert post(desk, tmp_path, first).item.route == "straight"
    outcome = post(desk, tmp_path, second, "12")
    assert (outcome.item.route, codes(outcome)) == ("review", ["duplicate_amount", "quantity_over_ordered"])
    assert len(posted(desk)) == 1


def test_two_part_deliveries_are_both_posted(desk: Desk, tmp_path: Path) -> None:
    halves = [paper(number=f"RE-26-09{n}", lines=[line(quantity="5")]) for n in (1, 2)]
    for id, half in enumerate(halves, 1):
        assert post(desk, tmp_path, invoice(desk, tmp_path, half, str(id)), f"1{id}").item.route == "straight"
    assert records(desk).orders["PO-2026-0101"].lines[0].invoiced == 10


def test_an_invoice_that_somebody_keyed_meanwhile_is_not_posted(desk: Desk, tmp_path: Path) -> None:
    item = invoice(desk, tmp_path)
    records(desk).postings[(HANSEN.id, "RE-26-0815")] = posting()
    records(desk).issued[(HANSEN.id, "RE-26-0815")] = TODAY
    assert codes(post(desk, tmp_path, item)) == ["duplicate_in_erp"]
    assert posted(desk) == []


def test_another_document_of_the_same_number_is_not_posted(desk: Desk, tmp_path: Path) -> None:
    small = paper(lines=[line(quantity="2")])
    item = invoice(desk, tmp_path, small)
    twin = item.model_copy(update={"document": document("twin.pdf", sha256="f" * 64, id="7")})
    assert post(desk, tmp_path, item).item.route == "straight"
    assert codes(post(desk, tmp_path, twin, "12"))[0] == "duplicate_in_erp"
    assert len(posted(desk)) == 1


def test_what_a_person_accepted_before_is_still_accepted(desk: Desk, tmp_path: Path) -> None:
    over = paper(lines=[line(quantity="12")])
    doc = DocumentItem(document=document("1.pdf"))
    waiting = read_document(work(doc, tmp_path), desk.office, lambda *_: over).item
    yes = waiting.model_copy(update={"answers": (answer("confirm", "quantity_over_ordered"),)})
    made = read_document(work(yes, tmp_path), desk.office, lambda *_: over).outputs[0].item
    assert isinstance(made, Invoice)
    assert post(desk, tmp_path, made).item.route == "straight"


def test_a_refusal_of_the_erp_waits_for_a_person_and_goes_on_afterwards(desk: Desk, tmp_path: Path) -> None:
    refusing = replace(desk, erp=ErpThatRefuses(records(desk)))
    outcome = post(refusing, tmp_path, invoice(desk, tmp_path))
    assert (outcome.item.route, codes(outcome)) == ("review", ["erp_refused"])
    assert isinstance(outcome.item, Invoice)
    assert post(desk, tmp_path, outcome.item).item.route == "straight"
    assert len(posted(desk)) == 1


def test_an_erp_that_is_away_is_tried_later_and_nothing_is_lost(desk: Desk, tmp_path: Path) -> None:
    item = invoice(desk, tmp_path)
    with pytest.raises(TryLater):
        post(replace(desk, erp=ErpThatIsAway(records(desk))), tmp_path, item)
    assert post(desk, tmp_path, item).item.route == "straight"


def test_another_bot_that_is_busy_with_the_erp_is_waited_for(desk: Desk, tmp_path: Path) -> None:
    item = invoice(desk, tmp_path)
    with desk.effects.lock("erp:fake", 60), pytest.raises(TryLater):
        post(desk, tmp_path, item)
    assert post(desk, tmp_path, item).item.route == "straight"


def test_an_erp_that_posts_another_amount_is_shown_to_a_person(desk: Desk, tmp_path: Path) -> None:
    rounding = replace(desk, erp=ErpThatRoundsOtherwise(records(desk)))
    outcome = post(rounding, tmp_path, invoice(desk, tmp_path))
    assert (outcome.item.route, codes(outcome)) == ("review", ["posting_differs"])
    assert outcome.item.doubts[0].message == "The ERP posted 2026/1 with 51.06 EUR; the invoice says 51.05 EUR."
    assert isinstance(outcome.item, Invoice)
    assert outcome.item.posting
    assert post(rounding, tmp_path, outcome.item).item.route == "straight"  # the ERP shows the right amount by now
    assert len(posted(rounding)) == 1


def test_a_credit_note_is_posted_below_zero(desk: Desk, tmp_path: Path) -> None:
    records(desk).orders["PO-2026-0101"] = order(lines=[order_line(invoiced="10")])
    outcome = post(desk, tmp_path, invoice(desk, tmp_path, paper("credit_note", number="GS-26-0007")))
    assert outcome.item.route == "straight"
    assert (posted(desk)[0].total, posted(desk)[0].is_credit_note) == (d("-51.05"), True)
    assert records(desk).orders["PO-2026-0101"].lines[0].invoiced == 0


def test_a_correction_at_the_posting_step_is_posted(desk: Desk, tmp_path: Path) -> None:
    item = invoice(desk, tmp_path)
    corrected = item.model_copy(update={"answers": (answer("number", "RE-26-0816"),)})
    assert post(desk, tmp_path, corrected).item.route == "straight"
    assert posted(desk)[0].number == "RE-26-0816"


def test_an_invoice_that_a_script_put_without_paper_is_checked_and_posted(desk: Desk, tmp_path: Path) -> None:
    bare = invoice(desk, tmp_path).model_copy(update={"paper": None, "readings": {}})
    assert post(desk, tmp_path, bare).item.route == "straight"
    over = bare.model_copy(update={"number": "RE-26-0999", "document": document("z.pdf", sha256="9" * 64, id="9")})
    assert "quantity_over_ordered" in codes(post(desk, tmp_path, over, "12"))


def test_the_effect_is_written_down_before_and_after(desk: Desk, tmp_path: Path) -> None:
    item = invoice(desk, tmp_path)
    with pytest.raises(TryLater):
        post(replace(desk, erp=ErpThatIsAway(records(desk))), tmp_path, item)
    begun = desk.effects.effect(KEY)
    assert begun is not None
    assert (begun.state, begun.intent["invoice"]["number"]) == ("intent", "RE-26-0815")
    assert "paper" not in begun.intent["invoice"]
    post(desk, tmp_path, item)
    done = desk.effects.effect(KEY)
    assert done is not None
    assert done.result is not None
    assert (done.state, done.result["posting"]["reference"]) == ("done", "2026/1")
