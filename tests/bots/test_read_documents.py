"""The reading step: a document goes on as an invoice, waits for a person, or is done with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bots.invoices.look_up import Office
from bots.reading.read_documents import handle
from tests.bots.fakes import (
    HANSEN,
    STRANGE_IBAN,
    TODAY,
    FakeRecords,
    RecordsThatAreAway,
    answer,
    document,
    house,
    line,
    paper,
    posting,
    work,
)
from workitems.errors import NeedsReview, TryLater
from workitems.items import DocumentItem, Doubt, Invoice, Mail, Paper
from workitems.ledger import Ledger
from workitems.work import Outcome

CLOSED = Doubt(code="archive_empty", message="The zip archive holds no document.")
REMARK = Doubt(code="mail_signed", message="The mail is signed.", severity="warn")

Handle = Callable[..., Outcome]


class Reader:
    """Finds `result` in every document, or raises it; counts how often it was asked."""

    def __init__(self, result: Paper | Exception) -> None:
        self.result, self.asked = result, 0

    def __call__(self, path: str, filename: str, media_type: str | None) -> Paper:
        self.asked += 1
        assert Path(path).is_file()
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(FakeRecords(), Ledger.open(tmp_path / "home"), house(), lambda: TODAY)


def read(
    office: Office, tmp_path: Path, item: DocumentItem, found: Any, *, id: str = "1", content: bytes = b"%PDF"
) -> Outcome:
    reader = found if isinstance(found, Reader) else Reader(found)
    return handle(work(item, tmp_path, id, content), office, reader)


def codes(outcome: Outcome) -> list[str]:
    return [x.code for x in outcome.item.doubts]


def test_a_sure_invoice_is_handed_on_with_its_file(office: Office, tmp_path: Path) -> None:
    outcome = read(office, tmp_path, DocumentItem(document=document()), paper())
    assert outcome.item.route == "straight"
    made = outcome.outputs[0]
    assert isinstance(made.item, Invoice)
    assert (made.item.kind, made.item.number, made.item.document.id) == ("invoice", "RE-26-0815", "1")
    assert made.files == ("invoice.pdf",)
    assert made.item.lines[0].order_line == "101"
    assert made.item.paper == paper()


def test_every_judgement_leaves_an_audit_row(office: Office, tmp_path: Path) -> None:
    row = read(office, tmp_path, DocumentItem(document=document()), paper()).decision
    assert row is not None
    assert (row.step, row.route, row.who) == ("read_documents", "straight", "bot")
    assert {"vat_id_known", "lines_match_order", "adds_up_twice"} <= set(row.rules)
    assert row.scores["number"] == 0.995
    assert row.cost is not None
    assert row.cost > 0
    other = read(office, tmp_path, DocumentItem(document=document(sha256="cd" * 32)), paper(), id="2").decision
    assert other is not None
    assert other.input_hash != row.input_hash


def test_a_doubtful_invoice_waits_with_its_readings_and_reasons(office: Office, tmp_path: Path) -> None:
    outcome = read(office, tmp_path, DocumentItem(document=document()), paper(iban=STRANGE_IBAN))
    assert (outcome.item.route, codes(outcome), outcome.outputs) == ("review", ["bank_details_changed"], ())
    assert isinstance(outcome.item, DocumentItem)
    assert outcome.item.paper is not None
    assert outcome.item.readings["number"].value == "RE-26-0815"
    assert outcome.decision is not None
    assert "bank_details_changed" in outcome.decision.rules


def test_a_corrected_document_goes_on_without_being_read_again(office: Office, tmp_path: Path) -> None:
    reader = Reader(paper(number=None))
    waiting = read(office, tmp_path, DocumentItem(document=document()), reader)
    assert codes(waiting) == ["missing_number"]
    answered = waiting.item.model_copy(update={"answers": (answer("number", "RE-26-0815"),)})
    outcome = read(office, tmp_path, answered, reader)  # type: ignore[arg-type]
    assert (outcome.item.route, reader.asked) == ("straight", 1)
    assert outcome.outputs[0].item.readings["number"].reader == "person:anna"


def test_an_accepted_doubt_goes_on_and_stays_visible(office: Office, tmp_path: Path) -> None:
    found = paper(lines=[line(quantity="12")])
    waiting = read(office, tmp_path, DocumentItem(document=document()), found)
    answered = waiting.item.model_copy(update={"answers": (answer("confirm", "quantity_over_ordered"),)})
    outcome = read(office, tmp_path, answered, found)  # type: ignore[arg-type]
    assert outcome.item.route == "straight"
    assert [(x.code, x.severity) for x in outcome.outputs[0].item.doubts] == [("quantity_over_ordered", "warn")]


# what reading ends with -> the code that the document waits under
READINGS: dict[str, tuple[Any, str]] = {
    "stopped after its time": (NeedsReview([Doubt(code="timeout", message="It took too long.")]), "timeout"),
    "an encrypted file": (
        Paper(kind="other", kind_confidence=0, doubts=(Doubt(code="encrypted", message="Locked."),)),
        "encrypted",
    ),
    "nothing, without a reason": (Paper(kind="other", kind_confidence=0), "unreadable"),
    "a contract": (Paper(kind="contract", kind_confidence=0.9, source="text"), "no_desk"),
    "a receipt": (paper("receipt"), "no_desk"),
    "nobody knows what": (Paper(kind="letter", kind_confidence=0.4, source="text"), "unknown_kind"),
}


@pytest.mark.parametrize(("found", "code"), READINGS.values(), ids=READINGS)
def test_whatever_cannot_go_on_waits_with_a_reason(office: Office, tmp_path: Path, found: Any, code: str) -> None:
    outcome = read(office, tmp_path, DocumentItem(document=document()), found)
    assert (outcome.item.route, codes(outcome)[0]) == ("review", code)


def test_a_container_that_stayed_closed_is_not_read(office: Office, tmp_path: Path) -> None:
    reader = Reader(paper())
    outcome = read(office, tmp_path, DocumentItem(document=document("a.zip"), doubts=(CLOSED,)), reader)
    assert (outcome.item.route, codes(outcome), reader.asked) == ("review", ["archive_empty"], 0)


def test_what_unpacking_remarked_stays_with_the_document(office: Office, tmp_path: Path) -> None:
    outcome = read(office, tmp_path, DocumentItem(document=document(), doubts=(REMARK,)), paper())
    assert (outcome.item.route, codes(outcome)) == ("straight", ["mail_signed"])


def test_a_newsletter_is_done_with(office: Office, tmp_path: Path) -> None:
    about = document("Spring news.txt", media_type="text/plain").model_copy(update={"mail": Mail(subject="News")})
    letter = Paper(kind="letter", kind_confidence=0.6, source="text")
    outcome = read(office, tmp_path, DocumentItem(document=about), letter, content=b"Pumps! Unsubscribe here.")
    assert (outcome.item.route, codes(outcome)) == ("reject", ["no_request"])


def test_a_mail_that_asks_something_waits(office: Office, tmp_path: Path) -> None:
    about = document("Frage.txt", media_type="text/plain")
    letter = Paper(kind="letter", kind_confidence=0.9, source="text")
    outcome = read(office, tmp_path, DocumentItem(document=about), letter, content="Wann überweisen Sie?".encode())
    assert (outcome.item.route, codes(outcome)) == ("review", ["no_desk"])


def test_a_question_about_an_invoice_is_no_invoice(office: Office, tmp_path: Path) -> None:
    about = document("Facture F2026-0871.txt", media_type="text/plain")
    asks = paper(lines=(), total=None, net=None, tax=None)
    assert codes(read(office, tmp_path, DocumentItem(document=about), asks, content=b"?")) == ["no_desk"]


def test_the_second_copy_waits_and_names_the_first(office: Office, tmp_path: Path) -> None:
    assert read(office, tmp_path, DocumentItem(document=document("a.pdf")), paper(), id="1").item.route == "straight"
    copy = read(office, tmp_path, DocumentItem(document=document("b.pdf")), paper(), id="2")
    assert (copy.item.route, codes(copy)) == ("review", ["duplicate_file"])
    assert "a.pdf" in copy.item.doubts[0].message
    again = read(office, tmp_path, DocumentItem(document=document("a.pdf")), paper(), id="1")
    assert again.item.route == "straight"


def test_the_second_copy_may_be_rejected_by_policy(office: Office, tmp_path: Path) -> None:
    strict = Office(office.records, office.memory, house(same_file="reject"), office.today)
    read(strict, tmp_path, DocumentItem(document=document("a.pdf")), paper(), id="1")
    copy = read(strict, tmp_path, DocumentItem(document=document("b.pdf")), paper(), id="2")
    assert (copy.item.route, codes(copy)) == ("reject", ["duplicate_file"])


def test_another_scan_of_the_same_invoice_is_a_duplicate_too(office: Office, tmp_path: Path) -> None:
    read(office, tmp_path, DocumentItem(document=document("a.pdf")), paper(), id="1")
    scan = document("scan.pdf", sha256="cd" * 32)
    outcome = read(office, tmp_path, DocumentItem(document=scan), paper(number="RE 26/0815"), id="2")
    assert codes(outcome) == ["duplicate_number"]


def test_what_stands_in_the_erp_is_not_posted_again(office: Office, tmp_path: Path) -> None:
    assert isinstance(office.records, FakeRecords)
    office.records.postings[(HANSEN.id, "RE-26-0815")] = posting()
    assert codes(read(office, tmp_path, DocumentItem(document=document()), paper()))[0] == "duplicate_in_erp"


def test_while_the_records_are_away_nothing_is_decided(office: Office, tmp_path: Path) -> None:
    away = Office(RecordsThatAreAway(), office.memory, office.house, office.today)
    with pytest.raises(TryLater):
        read(away, tmp_path, DocumentItem(document=document()), paper())


def test_a_person_may_say_that_a_receipt_is_an_invoice(office: Office, tmp_path: Path) -> None:
    waiting = read(office, tmp_path, DocumentItem(document=document()), paper("receipt"))
    answered = waiting.item.model_copy(update={"answers": (answer("kind", "invoice"),)})
    outcome = read(office, tmp_path, answered, paper("receipt"))  # type: ignore[arg-type]
    assert outcome.item.route == "straight"


def test_a_person_may_enter_what_could_not_be_read(office: Office, tmp_path: Path) -> None:
    locked = Paper(kind="other", kind_confidence=0, doubts=(Doubt(code="encrypted", message="Locked."),))
    waiting = read(office, tmp_path, DocumentItem(document=document()), locked)
    answered = waiting.item.model_copy(update={"answers": (answer("kind", "invoice"), answer("total", "5.00"))})
    outcome = read(office, tmp_path, answered, locked)  # type: ignore[arg-type]
    assert "missing_number" in codes(outcome)
