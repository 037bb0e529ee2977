"""Dates and periods of contracts: what is written, and what follows from it."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.contract.dates import Period, after, before, dates_in, notice_deadline
from extractors.contract.periods import anniversaries_in, number_of, periods_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("dated as of February 26, 1999,", date(1999, 2, 26)),
        ("this 10th day of January, 2020", date(2020, 1, 10)),
        ("this 10t h day of January, 2020", date(2020, 1, 10)),  # as OCR tears it
        ("on this first day of May, 2005", date(2005, 5, 1)),
        ("the twenty-third day of June 2011", date(2011, 6, 23)),
        ("April. 1st 2019", date(2019, 4, 1)),
        ("on 24 OCT 2011", date(2011, 10, 24)),
        ("Signed 1/27/2020 by", date(2020, 1, 27)),
        ("Datum: 1.4.2011", date(2011, 4, 1)),
        ("2020-05-31", date(2020, 5, 31)),
    ],
)
def test_a_date_is_read_however_it_is_written(text: str, day: date) -> None:
    assert [d.value for d in dates_in(text)] == [day]


@pytest.mark.parametrize("text", ["February 30, 2019", "section 10.2.2011.4", "May 2019", "the ____ day of May, 20__"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates_in(text) == []


def test_a_month_later_ends_with_the_month() -> None:
    assert after(date(2024, 1, 31), Period(1, "month")) == date(2024, 2, 29)
    assert before(date(2024, 3, 31), Period(1, "month")) == date(2024, 2, 29)


def test_beyond_the_calendar_there_is_no_date() -> None:
    assert after(date(2020, 1, 1), Period(9999, "year")) is None


@pytest.mark.parametrize(
    ("expiry", "notice", "deadline"),
    [
        (date(2026, 12, 31), Period(90, "day"), date(2026, 10, 2)),
        (date(2026, 6, 30), Period(1, "month"), date(2026, 5, 29)),  # the 30th is a Saturday
        (date(2027, 1, 31), Period(30, "day"), date(2026, 12, 31)),  # New Year's day is free
    ],
)
def test_the_notice_deadline_is_the_working_day_before(expiry: date, notice: Period, deadline: date) -> None:
    assert notice_deadline(expiry, notice) == deadline


def test_an_unknown_country_has_weekends_alone() -> None:
    assert notice_deadline(date(2027, 1, 31), Period(30, "day"), country="XX") == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("a period of five (5) years", "5 years"),
        ("eighteen (18) months", "18 months"),
        ("twenty-four months", "24 months"),
        ("one hundred eighty (180) days", "180 days"),
        ("a one-year term", "1 years"),
        ("two years (2)", "2 years"),
        ("5 calendar years", "5 years"),
        ("six (6) consecutive quarters", "18 months"),
    ],
)
def test_a_period_is_read_however_it_is_written(text: str, period: str) -> None:
    assert [str(p.value) for p in periods_in(text)] == [period]


def test_an_anniversary_is_a_period() -> None:
    assert [str(p.value) for p in anniversaries_in("on the third (3rd) anniversary of the Effective Date")] == [
        "3 years"
    ]


def test_numbers_in_words_are_numbers() -> None:
    assert [number_of(w) for w in ("one hundred and eighty", "forty-five", "7", "many")] == [180, 45, 7, None]
