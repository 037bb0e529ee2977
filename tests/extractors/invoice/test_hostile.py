"""Whatever stands on a page, reading ends in time and raises nothing."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.invoice import layout, read_invoice
from workitems.items import Page, Word

BUDGET = 4.0  # CPU seconds for the worst page here; ordinary pages take hundredths


def page(texts: list[str], columns: int = 10, number: int = 1) -> Page:
    words = tuple(
        Word(
            text=text,
            box=(x := (n % columns) / columns, y := min(0.99, n // columns * 0.002), x + 0.9 / columns, y + 0.0018),
        )
        for n, text in enumerate(texts)
    )
    return Page(number=number, width=600, height=800, words=words)


def test_no_pages_and_empty_pages_give_an_empty_paper() -> None:
    assert read_invoice([], "invoice", None).fields == {}
    assert read_invoice([Page(number=1, width=0, height=0)], "receipt", "de").fields == {}


def test_words_without_extent_are_left_out() -> None:
    flat = Word(text="Total 12.00", box=(0.5, 0.5, 0.5, 0.5))
    assert read_invoice([Page(number=1, width=100, height=100, words=(flat,))], "invoice", None).fields == {}


ATTACKS = {
    "endless digits": ["1" * 5000],
    "endless thousands": ["1," + "111," * 3000],
    "endless spaces between digits": ["1 " * 3000],
    "endless label": ["rechnungs" * 800],
    "labels without values": ["Total"] * 1200,
    "values without labels": ["12.50"] * 1200,
    "totals and values": ["Total", "12.50"] * 600,
    "headers all the way down": ["Description", "Quantity", "Price", "Amount"] * 300,
    "ibans": ["DE89", "3704", "0044", "0532", "0130", "00"] * 200,
    "dates": ["01/02/2020-03/04/2020"] * 600,
    "sellers": ["Seller:", "Buyer:", "Bill", "To"] * 300,
    "percentages": ["19%", "12.00", "2.28", "VAT"] * 300,
}


@pytest.mark.parametrize("texts", ATTACKS.values(), ids=ATTACKS.keys())
@pytest.mark.parametrize("kind", ["invoice", "receipt", "order"])
def test_an_attack_on_the_reader_ends_in_time(texts: list[str], kind: str) -> None:
    started = time.process_time()
    read_invoice([page(texts)], kind, None)  # type: ignore[arg-type]
    assert time.process_time() - started < BUDGET


def test_a_document_without_end_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MAX_WORDS", 900)
    pages = [page(["word"] * 400, number=n) for n in range(1, 4)]
    paper = read_invoice(pages, "invoice", None)
    assert "too_many_words" in {d.code for d in paper.doubts}


def test_an_unclear_total_is_a_doubt() -> None:
    paper = read_invoice([page(["Total", "1.234"])], "invoice", None)
    assert paper.fields["total"].value == "1234"
    assert [(d.code, d.field) for d in paper.doubts] == [("amount_unclear", "total")]


def test_a_date_that_can_be_read_two_ways_is_a_doubt() -> None:
    paper = read_invoice([page(["Date:", "03/04/2025"], columns=4)], "invoice", None)
    assert [(d.code, d.field) for d in paper.doubts] == [("date_unclear", "issued_on")]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="Total:19%,.-/ €RechnungInvoice0123456789DE", max_size=30), max_size=60))
def test_no_words_make_the_reader_fail(texts: list[str]) -> None:
    paper = read_invoice([page(texts)], "invoice", None)
    for name in ("net", "tax", "total"):
        if name in paper.fields:
            Decimal(paper.fields[name].value)
