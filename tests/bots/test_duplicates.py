"""The document that came first goes on; its twin waits and names it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bots.invoices.duplicates import Earlier, came_before, check_duplicates, fingerprints, normal_number, search_keys
from bots.invoices.look_up import Office, earlier_documents
from tests.bots.fakes import HANSEN, TODAY, FakeRecords, document, draft, house, posting
from workitems.ledger import Ledger
from workitems.rows import Twin

START = datetime(2026, 4, 18, 9, tzinfo=UTC)

SAME_NUMBERS = {
    "punctuation": ("RE-2026/0017", "RE 2026 0017", True),
    "leading zeros": ("RE-2026-0017", "RE-2026-17", True),
    "capitals": ("re-17", "RE-17", True),
    "other digits": ("RE-17", "RE-71", False),
    "digits grouped otherwise": ("117-2", "11-72", False),
}


@pytest.mark.parametrize(("one", "other", "same"), SAME_NUMBERS.values(), ids=SAME_NUMBERS)
def test_numbers_are_compared_without_punctuation(one: str, other: str, same: bool) -> None:
    assert (normal_number(one) == normal_number(other)) is same


def twin(key: str, name: str, minutes: int) -> Twin:
    return Twin(name, name, name, key, f"{name}.pdf", START + timedelta(minutes=minutes))


def test_only_what_came_before_counts() -> None:
    rows = [twin("number:7:RE-1", "a", 0), twin("number:7:RE-1", "me", 5), twin("number:7:RE-1", "b", 9)]
    assert came_before(rows, "me").same_number == ("a.pdf of 2026-04-18",)
    assert came_before(rows, "a") == Earlier()


def test_the_amount_is_searched_for_around_its_date_but_remembered_once() -> None:
    kept, wanted = fingerprints(document(), draft(), HANSEN), search_keys(document(), draft(), HANSEN, 20)
    assert set(kept) == {"sha256", "number", "amount 2026-04-14"}
    assert {"amount 2026-03-25", "amount 2026-05-04"} <= set(wanted)
    assert len(wanted) == 2 + 41


def test_a_document_that_nobody_understands_is_remembered_by_its_file() -> None:
    assert fingerprints(document()) == {"sha256": "ab" * 32}


# what is known of earlier documents -> code, part of the sentence
KNOWN: dict[str, tuple[dict[str, Any], str | None, str]] = {
    "nothing": ({}, None, ""),
    "the same file": ({"same_file": ("a.pdf of 2026-04-18",)}, "duplicate_file", "came before: a.pdf of 2026-04-18"),
    "the same number": ({"same_number": ("a.pdf of 2026-04-18",)}, "duplicate_number", "RE-26-0815 of Hansen"),
    "in the ERP": ({"posted": posting(total=draft().total)}, "duplicate_in_erp", "2026/17 (posted, 51.05 EUR)"),
    "in the ERP outweighs the same file": (
        {"posted": posting(), "same_file": ("a.pdf of 2026-04-18",), "same_number": ("a.pdf of 2026-04-18",)},
        "duplicate_in_erp",
        "It came with a.pdf",
    ),
    "the same amount": (
        {"same_amount": ("a.pdf of 2026-04-18",)},
        "duplicate_amount",
        "over 51.05 EUR has a twin: a.pdf",
    ),
    "the same amount in the ERP": ({"similar": (posting("RE-9"),)}, "duplicate_amount", "RE-9 in the ERP, 2026/17"),
}


@pytest.mark.parametrize(("known", "code", "words"), KNOWN.values(), ids=KNOWN)
def test_the_strongest_sign_is_shown_with_its_twin(known: dict[str, Any], code: str | None, words: str) -> None:
    found = check_duplicates(draft(), HANSEN, Earlier(**known), matched=False)
    assert [x.code for x in found.blocking] == ([code] if code else [])
    assert words in "".join(x.message for x in found.doubts)


def test_two_deliveries_of_one_amount_are_only_remarked_where_the_orders_have_room() -> None:
    found = check_duplicates(draft(), HANSEN, Earlier(same_amount=("a.pdf",)), matched=True)
    assert [(x.code, x.severity) for x in found.doubts] == [("duplicate_amount", "warn")]


@pytest.fixture
def office(tmp_path: Any) -> Office:
    return Office(FakeRecords(), Ledger.open(tmp_path), house(), lambda: TODAY)


def test_with_the_real_ledger_the_first_document_stays_the_first(office: Office) -> None:
    first, second = document("a.pdf"), document("b.pdf")
    assert earlier_documents("1", first, draft(), HANSEN, office) == Earlier()
    later = earlier_documents("2", second, draft(), HANSEN, office)
    assert [name.partition(" ")[0] for name in later.same_file] == ["a.pdf"]
    assert later.same_number
    assert later.same_amount
    assert earlier_documents("1", first, draft(), HANSEN, office) == Earlier()


def test_with_the_real_ledger_an_amount_counts_only_within_the_window(office: Office) -> None:
    def look(item: str, issued_on: str) -> Earlier:
        about = document(f"{item}.pdf", sha256=item * 64)
        return earlier_documents(item, about, draft(number=f"R-{item}", issued_on=issued_on), HANSEN, office)

    look("1", "2026-03-01")
    assert look("2", "2026-03-21").same_amount
    assert not look("3", "2026-04-11").same_amount


def test_another_step_of_the_same_document_is_no_twin(office: Office) -> None:
    earlier_documents("1", document(), draft(), HANSEN, office)
    assert earlier_documents("99", document(id="1"), draft(), HANSEN, office) == Earlier()
