"""Values that no paper has in earnest: dates at the calendar's ends, numbers that are none, arrays without end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bots.contracts.draft import draft_of as contract_of
from bots.contracts.periods import later, notice_deadline, period
from bots.invoices.draft import draft_from as invoice_of
from bots.invoices.values import is_sensible
from bots.joiners.facts import hours
from bots.outcomes import Row, outcomes
from bots.several import listed
from bots.working_days import moved, shifted
from tests.bots.contracts.conftest import paper as contract
from tests.bots.fakes import paper as invoice

FOREVER, NEVER = date(9999, 12, 31), date(1, 1, 1)
DEEP = "[" * 100_000


def test_a_contract_for_ever_is_given_notice_of_shortly_before_the_calendar_ends() -> None:
    notice = period("3 months")
    assert notice is not None
    assert notice_deadline(FOREVER, notice, "DE") == date(9999, 9, 30)


@pytest.mark.parametrize("text", ["9999 days", "9999 weeks", "9999 months", "9999 years"])
def test_a_period_never_leads_out_of_the_calendar(text: str) -> None:
    by = period(text)
    assert by is not None
    assert later(FOREVER, by) == FOREVER
    assert later(NEVER, by, -1) == NEVER
    assert later(date(2999, 12, 1), by) == date(2999, 12, 31)


def test_working_days_end_with_the_calendar() -> None:
    assert moved(FOREVER, 20, None) == FOREVER
    assert moved(NEVER, -20, None) == NEVER
    assert shifted(NEVER, None, "previous") == NEVER


@pytest.mark.parametrize("text", ["nan", "sNaN", "Infinity", "-1", "61", "x", "", None])
def test_hours_that_nobody_works_are_none(text: str | None) -> None:
    assert hours(text) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [('["a", 1]', ["a", 1]), (" []", []), ("[", None), (DEEP, None), ('{"a": 1}', None), ("a, b", None), ("", None)],
    ids=lambda value: repr(value)[:12],
)
def test_only_a_whole_array_has_several_values(text: str, values: list[object] | None) -> None:
    assert listed(text) == values


def test_an_array_without_end_is_a_text_like_any_other() -> None:
    assert invoice_of(invoice(order_number=DEEP)).order_numbers
    assert len(contract_of(contract(parties=DEEP, roles=DEEP)).parties) == 1


def test_numbers_that_fill_a_disk_are_not_sensible() -> None:
    assert not is_sensible(Decimal("1e50000000"))
    assert not is_sensible(Decimal("-1e-50000000"))
    total = {"value": "1e50000000", "confidence": 0.9, "reader": "x"}
    payload = {"document": {"filename": "a.pdf"}, "paper": {"kind": "invoice", "fields": {"total": total}}}
    (row,) = outcomes([Row(id="1", queue="document", state="review", payload=payload, parent_id=None)])
    assert row.total is None
