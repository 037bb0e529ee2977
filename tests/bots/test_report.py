"""The day's report: its figures, a workbook that Excel opens, a page that holds whatever a sender wrote."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from bots.outcomes import DocumentOutcome
from bots.report.figures import figures, of_day, reason
from bots.report.page import page
from bots.report.workbook import workbook
from workitems.items import Doubt, Posting

DAY = date(2026, 9, 1)
NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
HOSTILE = '=HYPERLINK("http://x.example","click")'


def outcome(state: Any = "review", name: str = "bill.pdf", **more: Any) -> DocumentOutcome:
    known = {"item_id": "i1", "document_id": "d1", "document": name, "kind": "invoice", "state": state}
    return DocumentOutcome.model_validate(known | {"received_at": NOON, "decided_at": NOON} | more)


def posted(supplier: str = "Hansen", total: str = "100.00", currency: str = "EUR", **more: Any) -> DocumentOutcome:
    about = {"supplier": supplier, "total": Decimal(total), "currency": currency}
    posting = Posting(system="tryton", reference="7", state="posted", posted_at=NOON, number="RE-1", **about)
    return outcome("posted", posting=posting, **about, **more)


def doubt(code: str, severity: Any = "block") -> Doubt:
    return Doubt(code=code, message=f"About {code}.", severity=severity)


def test_an_empty_day_has_figures_too() -> None:
    found = figures([])
    assert (found.cycle_seconds, found.straight_through, found.reasons, found.amounts) == (None, None, (), ())
    assert "–" in page(DAY, found)
    assert load_workbook(io.BytesIO(workbook(DAY, found))).sheetnames == [
        "Day",
        "Posted",
        "In review",
        "Rejected",
        "Amounts",
    ]


def test_amounts_are_summed_by_supplier_and_currency_and_credit_notes_count_negative() -> None:
    rows = [posted(), posted(total="-30.50"), posted(currency="USD"), posted("Adler", "1.00")]
    found = [(a.supplier, a.currency, a.count, str(a.total)) for a in figures(rows).amounts]
    assert found == [("Adler", "EUR", 1, "1.00"), ("Hansen", "EUR", 2, "69.50"), ("Hansen", "USD", 1, "100.00")]


def test_straight_through_is_what_nobody_touched_of_all_that_ask_for_something() -> None:
    rows = [posted(), posted(touched=True), outcome("review"), outcome("waiting"), outcome("rejected")]
    assert figures(rows).straight_through == 0.25


def test_the_cycle_time_is_the_median_from_arrival_to_posting() -> None:
    rows = [posted(decided_at=NOON + timedelta(seconds=s)) for s in (10, 20, 1000)]
    assert figures(rows).cycle_seconds == 20


@pytest.mark.parametrize(
    ("doubts", "code"),
    [
        pytest.param([doubt("a", "warn"), doubt("b")], "b", id="the first that blocks"),
        pytest.param([doubt("a", "warn")], "a", id="none blocks"),
        pytest.param([], "review", id="none at all"),
    ],
)
def test_a_document_waits_for_its_first_blocking_doubt(doubts: list[Doubt], code: str) -> None:
    assert reason(outcome(doubts=doubts)) == code


def test_reasons_are_counted_most_frequent_first() -> None:
    rows = [outcome(doubts=[doubt(code)]) for code in ("a", "b", "b")]
    assert figures(rows).reasons == (("b", 2), ("a", 1))


def test_a_day_is_one_of_the_readers_own_clock_and_what_waits_belongs_to_each() -> None:
    late = datetime(2026, 9, 1, 23, 30, tzinfo=UTC)
    east = timezone(timedelta(hours=2))
    rows = [posted(decided_at=late), outcome("review", decided_at=NOON - timedelta(days=9)), outcome("waiting")]
    assert len(of_day(rows, DAY, UTC)) == 3
    assert [o.state for o in of_day(rows, DAY, east)] == ["review", "waiting"]
    assert [o.state for o in of_day(rows, date(2026, 9, 2), east)] == ["posted", "review", "waiting"]


def test_the_workbook_holds_every_document_with_typed_amounts() -> None:
    rows = [posted(), outcome("review", doubts=[doubt("a")]), outcome("rejected", doubts=[doubt("b")])]
    book = load_workbook(io.BytesIO(workbook(DAY, figures(rows))))
    assert [sheet.max_row for sheet in book.worksheets[1:]] == [2, 2, 2, 2]
    assert book["Posted"]["D2"].value == 100
    assert book["Posted"]["F2"].value == "7"
    assert book["In review"]["D2"].value == "a"
    assert book["In review"]["E2"].value == "About a."
    assert book["Day"]["B2"].value == 1


@pytest.mark.parametrize(
    "name", [HOSTILE, "+1+1", "@SUM(1)", "-2", "\x00\x07bell.pdf", "x" * 40_000, "\ud800.pdf", "<b>"]
)
def test_a_hostile_name_stays_text_in_the_workbook(name: str) -> None:
    book = load_workbook(io.BytesIO(workbook(DAY, figures([outcome(name=name), posted(name)]))))
    cell = book["In review"]["A2"]
    assert cell.data_type == "s"
    assert isinstance(cell.value, str)
    assert all(c.data_type != "f" for sheet in book.worksheets for line in sheet.iter_rows() for c in line)


def test_a_hostile_name_stays_text_on_the_page() -> None:
    shown = page(DAY, figures([outcome(name="<script>alert(1)</script>", doubts=[doubt("a")]), posted("<img src=x>")]))
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
    assert "<img" not in shown
    assert page(DAY, figures([outcome(name="\ud800.pdf")])).encode("utf-8", "replace")


def test_the_page_needs_nothing_but_itself() -> None:
    shown = page(DAY, figures([posted(), outcome(doubts=[doubt("a")])]))
    assert "http" not in shown
    assert " src=" not in shown
    assert "<link" not in shown
