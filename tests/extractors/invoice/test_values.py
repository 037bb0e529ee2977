"""Amounts and dates as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values import amounts_in, date_order, dates_in, decimal_mark, mend_digits, plain

AMOUNTS = [
    # text, value, currency
    ("1.234,56", "1234.56", None),  # German
    ("1,234.56", "1234.56", None),  # English
    ("1 234,56 €", "1234.56", "EUR"),  # French
    ("1\u202f234,56", "1234.56", None),  # French with the narrow space that typesetters use
    ("1'234.56", "1234.56", None),  # Swiss
    ("CHF 11’400.00", "11400.00", "CHF"),
    ("-20,48 €", "-20.48", "EUR"),
    ("100,00-", "-100.00", None),  # trailing minus
    ("55.00 CR", "-55.00", None),  # credited
    ("($76.50)", "-76.50", "USD"),  # brackets of accountants
    ("EUR 1.005,55", "1005.55", "EUR"),
    ("RM42.90", "42.90", "MYR"),
    ("£2,416.44", "2416.44", "GBP"),
    ("0,123", "0.123", None),  # a leading zero has no thousands
    ("3,3333", "3.3333", None),
]


@pytest.mark.parametrize(("text", "value", "currency"), AMOUNTS, ids=[a[0] for a in AMOUNTS])
def test_an_amount_is_read_with_sign_and_currency(text: str, value: str, currency: str | None) -> None:
    [amount] = amounts_in(text)
    assert (amount.value, amount.currency, amount.unclear) == (Decimal(value), currency, False)


def test_a_separator_that_may_mean_two_things_is_unclear_until_the_paper_says_which() -> None:
    assert [(a.value, a.unclear) for a in amounts_in("1.234")] == [(Decimal(1234), True)]
    assert [(a.value, a.unclear) for a in amounts_in("1.234", ",")] == [(Decimal(1234), False)]
    assert [(a.value, a.unclear) for a in amounts_in("1.234", ".")] == [(Decimal("1.234"), False)]


@pytest.mark.parametrize("text", ["2018-471331", "05.06.2018", "201/113/40209", "Tel 030/123456", "DE136695976"])
def test_what_is_no_amount_gives_none(text: str) -> None:
    assert not list(amounts_in(text))


def test_the_decimal_mark_of_a_paper_is_what_its_clear_numbers_use() -> None:
    assert decimal_mark(["12,50", "3,10", "1.234,00"]) == ","
    assert decimal_mark(["12.50", "1,234.00", "7.99"]) == "."
    assert decimal_mark(["12.50", "7,99"]) is None


DATES = [
    ("31.12.2026", "2026-12-31"),
    ("31/12/2026", "2026-12-31"),
    ("12/31/2026", "2026-12-31"),  # only one order is possible
    ("2026-12-31", "2026-12-31"),
    ("31-Dec-26", "2026-12-31"),
    ("Dec 31, 2026", "2026-12-31"),
    ("31. Dezember 2026", "2026-12-31"),
    ("1er mars 2026", "2026-03-01"),
    ("31 décembre 2026", "2026-12-31"),
    ("5. Mai 2025", "2025-05-05"),
    ("19/02/201816:45", "2018-02-19"),  # OCR lost the space before the time
    ("February  17, 2026", "2026-02-17"),
]


@pytest.mark.parametrize(("text", "day"), DATES, ids=[d[0] for d in DATES])
def test_a_date_is_read(text: str, day: str) -> None:
    assert [(d.value.isoformat(), d.unclear) for d in dates_in(text)] == [(day, False)]


def test_a_date_that_can_be_read_both_ways_is_unclear_until_the_paper_says_which() -> None:
    assert [(str(d.value), d.unclear) for d in dates_in("03/04/2025")] == [("2025-04-03", True)]
    assert [(str(d.value), d.unclear) for d in dates_in("03/04/2025", "mdy")] == [("2025-03-04", False)]


def test_the_order_of_dates_comes_from_clear_dates_then_language_then_currency() -> None:
    assert date_order(["11/03/2017", "11/17/2017"], "en", "EUR") == "mdy"
    assert date_order(["03/04/2025"], "de", "USD") == "dmy"
    assert date_order(["03/04/2025"], "en", "USD") == "mdy"
    assert date_order(["03/04/2025"], "en", "GBP") == "dmy"
    assert date_order(["03/04/2025"], "en", None) is None


def test_no_such_day_is_no_date() -> None:
    assert not list(dates_in("31.02.2026"))
    assert not list(dates_in("00.70.2026"))


def test_letters_that_ocr_takes_for_digits_are_mended_inside_numbers_only() -> None:
    assert mend_digits("1O,5O").strip() == "10,50"
    assert mend_digits("9 .00").strip() == "9.00"
    assert mend_digits("SOLO Oil") == "SOLO Oil"


@given(st.text(max_size=300))
def test_no_text_makes_the_parsers_fail(text: str) -> None:
    list(amounts_in(text))
    list(dates_in(text))
    assert len(plain(text)) == len(text)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_survives_being_printed_the_german_and_the_english_way(value: Decimal) -> None:
    english = f"{value:,.2f}"
    german = english.replace(",", " ").replace(".", ",").replace(" ", ".")
    assert [a.value for a in amounts_in(english)] == [value]
    assert [a.value for a in amounts_in(german)] == [value]
