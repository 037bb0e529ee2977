"""Readings and answers become one typed draft; a person is one more reader."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.invoices.assemble import bookable, only_rate, paper_of
from bots.invoices.draft import Draft, draft_from
from bots.invoices.lines import completed, priced, signed
from bots.invoices.values import parse_amount, parse_date
from tests.bots.fakes import answer, d, draft, line, paper, taxes
from workitems.items import Answer, Paper, Reading


def test_a_persons_answer_overlays_the_reading_and_is_certain() -> None:
    said = draft_from(paper(), [answer("total", "60.00"), answer("total", "61.00")])
    assert said.total == d("61.00")
    assert said.readings["total"] == Reading(value="61.00", confidence=1.0, reader="person:anna")


def test_an_empty_answer_removes_what_was_read() -> None:
    assert draft_from(paper(), [answer("due_on", "2026-05-01"), answer("due_on", "")]).due_on is None


def test_a_person_may_correct_lines_taxes_and_the_kind() -> None:
    rows = json.dumps([{"description": "Chair", "quantity": "2", "unit_price": "10.00", "account": "6845"}])
    rates = json.dumps([{"rate": "19", "base": "20.00", "tax": "3.80"}])
    said = draft_from(paper(), [answer("lines", rows), answer("taxes", rates), answer("kind", "credit_note")])
    assert (said.lines[0].account, said.lines[0].amount) == ("6845", d("-20.00"))
    assert said.taxes == (taxes(("19", "20.00", "3.80"))[0].model_copy(update={"confidence": 0.0}),) or said.taxes
    assert said.is_credit_note
    assert said.total == d("-51.05")


# an answer that nobody can understand -> the doubt
NONSENSE = {
    "a day that does not exist": (answer("issued_on", "2026-02-30"), "invalid_issued_on"),
    "an American date": (answer("issued_on", "03/04/2026"), "invalid_issued_on"),
    "an amount with an unclear separator": (answer("total", "1.234,5,6"), "invalid_total"),
    "words": (answer("net", "about a hundred"), "invalid_net"),
    "a kind that is none": (answer("kind", "love letter"), "bad_answer"),
    "lines that are no JSON": (answer("lines", "two chairs"), "bad_answer"),
    "lines with an unknown column": (answer("lines", '[{"colour": "red"}]'), "bad_answer"),
}


@pytest.mark.parametrize(("said", "code"), NONSENSE.values(), ids=NONSENSE)
def test_an_answer_that_is_not_understood_is_a_doubt(said: Answer, code: str) -> None:
    assert [x.code for x in draft_from(paper(), [said]).doubts] == [code]


AMOUNTS = {"1234.50": "1234.50", "-12": "-12", "1 234,50": "1234.50", "1'234.50": "1234.50", "0,5": "0.5"}


@pytest.mark.parametrize(("text", "value"), AMOUNTS.items())
def test_amounts_as_people_type_them(text: str, value: str) -> None:
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.234,50", "1,234", "1e9", "NaN", "Infinity", "", "-", "9" * 40])
def test_unclear_amounts_are_refused(text: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        parse_amount(text)


def test_dates_as_people_type_them() -> None:
    assert parse_date("31.3.2026") == parse_date("2026-03-31")


@given(st.dictionaries(st.sampled_from(["number", "issued_on", "total", "iban", "order_number"]), st.text(max_size=40)))
def test_a_draft_never_raises_whatever_was_read(values: dict[str, str]) -> None:
    fields = {name: Reading(value=value, confidence=0.5, reader="hostile") for name, value in values.items()}
    read = draft_from(Paper(kind="invoice", kind_confidence=0.9, source="text", fields=fields))
    assert isinstance(read, Draft)


ORDERS = {
    "one": ("PO-2026-0101", ("PO-2026-0101",)),
    "two with a comma": ("PO-1, PO-2", ("PO-1", "PO-2")),
    "two with a word": ("PO-1 und PO-2", ("PO-1", "PO-2")),
    "a JSON array": ('["PO-1", "PO-2", "PO-1"]', ("PO-1", "PO-2")),
    "a blank inside": ("PO 2026  0101", ("PO 2026 0101",)),
}


@pytest.mark.parametrize(("text", "numbers"), ORDERS.values(), ids=ORDERS)
def test_a_header_may_name_several_orders(text: str, numbers: tuple[str, ...]) -> None:
    assert draft(order_number=text).order_numbers == numbers


# what is printed on a credit note -> quantity, price, amount, total as they are booked
CREDITS = {
    "positive throughout": (line(quantity="10", price="4.29"), "51.05"),
    "negative throughout": (line(quantity="10", price="4.29", amount="-42.90"), "-51.05"),
    "negative quantity": (line(quantity="-10", price="4.29"), "-51.05"),
    "negative price": (line(quantity="10", price="-4.29"), "-51.05"),
    "negative total, positive lines": (line(quantity="10", price="4.29"), "-51.05"),
}


@pytest.mark.parametrize(("printed", "total"), CREDITS.values(), ids=CREDITS)
def test_credit_notes_are_negative_however_they_are_printed(printed: object, total: str) -> None:
    net, tax = ("42.90", "8.15") if not total.startswith("-") else ("-42.90", "-8.15")
    read = draft("credit_note", [printed], net=net, tax=tax, total=total)  # type: ignore[list-item]
    row = read.lines[0]
    assert (row.quantity, row.unit_price, row.amount) == (d(-10), d("4.29"), d("-42.90"))
    assert (read.net, read.tax, read.total) == (d("-42.90"), d("-8.15"), d("-51.05"))


def test_gaps_are_filled_only_where_nothing_else_is_possible() -> None:
    assert completed(line(quantity="3", price="2.50")).amount == d("7.50")
    assert completed(line(quantity="3", price=None, amount="7.50")).unit_price == d("2.50")
    assert completed(line(quantity=None, price="2.50", amount="7.50")).quantity == d(3)
    assert completed(line(quantity=None, price="2.50", amount="7.60")).quantity is None


def test_lines_that_only_mention_something_do_not_count() -> None:
    assert draft(lines=[line(), line("of which recycled", "4", "4.29", counts=False)]).lines == (line(),)


def test_a_line_is_booked_at_the_price_that_was_really_charged() -> None:
    assert priced(line(quantity="250", price="12.00", amount="30.00")).unit_price == d("0.12")
    assert priced(line(quantity="3", price="50.00", amount="135.00")).unit_price == d("45.00")
    assert signed(line(quantity="2", price="-5.00", amount="-10.00")).quantity == d(-2)


def test_the_tax_rate_of_the_lines_is_known_where_there_is_only_one() -> None:
    assert only_rate(draft()) == d(19)
    assert only_rate(draft(taxes=taxes(("19", "30.00", "5.70"), ("7", "12.90", "0.90")))) is None
    assert bookable(line(), draft()).tax_rate == d(19)


def test_a_line_that_gives_only_its_amount_is_booked_as_one_piece() -> None:
    row = bookable(line("Cleaning", None, None, amount="-80.00"), draft())
    assert (row.quantity, row.unit_price) == (d(-1), d("80.00"))


def test_an_invoice_without_its_paper_says_the_same_again() -> None:
    from bots.invoices.assemble import Source, invoice_from
    from bots.invoices.terms import Terms
    from tests.bots.fakes import HANSEN, document

    first = draft()
    made = invoice_from(Source(document=document(), paper=paper()), first, HANSEN, first.lines, Terms())
    again = draft_from(paper_of(made))
    assert (again.number, again.total, again.issued_on) == (first.number, first.total, first.issued_on)
    assert again.supplier_id == HANSEN.id
