"""Dates, terms of payment and working days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bots.invoices.policy import InvoicePolicy, SupplierPolicy
from bots.invoices.terms import check_dates_together, check_issue_date, terms_of
from bots.working_days import shifted
from tests.bots.fakes import COMPANY, TODAY, d, draft, reading
from workitems.items import DiscountTerm

# date of issue, seen on 2026-04-20 -> doubt
ISSUED = {
    "last week": ("2026-04-14", None),
    "tomorrow, where clocks differ": ("2026-04-21", None),
    "next week": ("2026-04-27", "issued_in_future"),
    "eleven months ago": ("2025-05-21", None),
    "a year ago": ("2025-04-20", "issued_long_ago"),
    "in a closed month": ("2026-02-28", "period_closed"),
}


@pytest.mark.parametrize(("issued", "code"), ISSUED.values(), ids=ISSUED)
def test_the_date_of_issue_is_plausible_and_in_an_open_period(issued: str, code: str | None) -> None:
    policy = InvoicePolicy(books_closed_until=date(2026, 2, 28) if code == "period_closed" else None)
    found = check_issue_date(draft(issued_on=issued), policy, TODAY)
    assert [x.code for x in found.doubts] == ([code] if code else [])


# due date on an invoice of Tuesday 2026-04-14, agreed days -> due date that is followed, doubt
DUE: dict[str, tuple[Any, int | None, date | None, str | None]] = {
    "a working day": ("2026-05-12", None, date(2026, 5, 12), None),
    "a Saturday": ("2026-05-16", None, date(2026, 5, 18), None),
    "Labour Day, a Friday": ("2026-05-01", None, date(2026, 5, 4), None),
    "not stated": (None, None, None, None),
    "not stated, thirty days agreed": (None, 30, date(2026, 5, 15), None),  # the 14th is Ascension Day
    "earlier than agreed": ("2026-04-21", 30, date(2026, 5, 15), "due_earlier_than_agreed"),
    "later than agreed": ("2026-06-16", 30, date(2026, 6, 16), None),
    "before the date of issue": ("2026-04-13", None, date(2026, 4, 13), "due_before_issue"),
    "read badly": (reading("2026-05-11", 0.4), None, None, "unsure_due_date"),
    "read badly, but four weeks to the day": (reading("2026-05-12", 0.4), None, date(2026, 5, 12), None),
    "read badly, and not as agreed": (reading("2026-05-12", 0.4), 30, date(2026, 5, 15), "unsure_due_date"),
}


@pytest.mark.parametrize(("due", "agreed", "followed", "code"), DUE.values(), ids=DUE)
def test_the_due_date_is_the_agreed_one_on_a_working_day(
    due: Any, agreed: int | None, followed: date | None, code: str | None
) -> None:
    terms = terms_of(draft(due_on=due), InvoicePolicy(), SupplierPolicy(payment_days=agreed), COMPANY)
    assert (terms.due_on, [x.code for x in terms.findings.doubts]) == (followed, [code] if code else [])


@pytest.mark.parametrize(("due", "sure"), [("2026-05-14", True), ("2026-05-13", False), (None, False)])
def test_a_due_date_that_fits_the_terms_confirms_the_date_of_issue(due: str | None, sure: bool) -> None:
    found = check_dates_together(draft(due_on=due), SupplierPolicy())
    assert (found.confirmed == {"issued_on", "due_on"}) is sure
    assert not check_dates_together(draft(due_on=due), SupplierPolicy(payment_days=45)).confirmed


HOLIDAYS = {
    "the next working day": (date(2026, 12, 25), "DE", "next", date(2026, 12, 28)),
    "the last one before": (date(2026, 12, 25), "DE", "previous", date(2026, 12, 24)),
    "as printed": (date(2026, 12, 25), "DE", "keep", date(2026, 12, 25)),
    "no holiday elsewhere": (date(2026, 5, 1), "GB", "next", date(2026, 5, 1)),
    "without a country only weekends": (date(2026, 12, 25), None, "next", date(2026, 12, 25)),
    "a country that nobody knows": (date(2026, 12, 26), "QQ", "next", date(2026, 12, 28)),
}


@pytest.mark.parametrize(("day", "country", "rule", "wanted"), HOLIDAYS.values(), ids=HOLIDAYS)
def test_no_bank_works_on_holidays(day: date, country: str | None, rule: Any, wanted: date) -> None:
    assert shifted(day, country, rule) == wanted


def test_usual_discounts_get_their_last_day_and_unusual_ones_are_left_out() -> None:
    offered = (
        DiscountTerm(percent=d(2), days=10),
        DiscountTerm(percent=d(30), days=10),
        DiscountTerm(percent=d(3), until=date(2026, 4, 1)),  # before the date of issue
    )
    terms = terms_of(draft(discounts=offered), InvoicePolicy(), SupplierPolicy(), COMPANY)
    assert terms.discounts == (DiscountTerm(percent=d(2), days=10, until=date(2026, 4, 24)),)
    assert [x.code for x in terms.findings.doubts] == ["discount_unusual", "discount_unusual"]
    assert not terms.findings.blocking
