"""The desks: each is found by its name, and what one adds appears in reading, in the demo and in the report."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from bots.desks import desk_for
from bots.outcomes import Row, outcomes
from bots.report.figures import figures
from bots.report.page import page
from bots.report.section import Section
from bots.report.workbook import workbook
from tasks.desks import NAMES, desks
from tasks.flow import FLOW, STEPS, with_following
from workitems.items import Document, DocumentItem, Kind

ITEM = DocumentItem(document=Document(sha256="ab" * 32, filename="a.pdf", media_type="application/pdf"))


class Takes:
    """A desk that takes documents of one kind."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def takes(self, item: DocumentItem, kind: Kind) -> bool:
        return kind == self.kind

    def handle(self, work: object, item: DocumentItem) -> object:
        raise AssertionError


def test_the_desks_are_found_by_their_names() -> None:
    assert [each.name for each in desks()] == list(NAMES)


def test_the_first_desk_that_takes_a_document_has_it() -> None:
    letters, contracts, more = Takes("letter"), Takes("contract"), Takes("contract")
    asked = [letters, contracts, more]
    assert desk_for(asked, ITEM, "contract") == contracts  # type: ignore[arg-type]
    assert desk_for(asked, ITEM, "identity") is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("queues", "steps"),
    [
        ([], []),
        (["invoice"], ["post_invoices"]),
        (["document"], ["read_documents", "post_invoices"]),
        (["reversal"], ["reverse_invoices"]),
    ],
)
def test_steps_are_found_with_those_that_follow(queues: list[str], steps: list[str]) -> None:
    found = [step.name for step in with_following(queues)]
    assert found[: len(steps)] == steps or set(steps) <= set(found)
    assert all(STEPS[name] in FLOW for name in found)


def test_what_a_desk_has_filed_is_neither_posted_nor_waiting() -> None:
    payload = {"document": {"filename": "lease.pdf"}, "route": "straight", "ended": "registered"}
    (found,) = outcomes([Row(id="1", queue="document", state="done", payload=payload, parent_id=None)])
    assert (found.state, found.doubts) == ("filed", ())
    day = figures([found])
    assert (len(day.filed), day.posted, day.review, day.straight_through) == (1, (), (), 1.0)


def test_a_desks_section_stands_in_the_page_and_the_workbook() -> None:
    from openpyxl import load_workbook

    rows = (("=1+1 & Co", Decimal("1234.5"), date(2026, 12, 31), None),)
    section = Section(title="Contracts to watch", note="Two end soon.", head=("Title", "Sum", "Ends", ""), rows=rows)
    html = page(date(2026, 11, 21), figures([]), sections=[section])
    assert "Contracts to watch" in html
    assert "=1+1 &amp; Co" in html
    assert "1,234.50" in html
    book = load_workbook(io.BytesIO(workbook(date(2026, 11, 21), figures([]), sections=[section])))
    cells = book["Contracts to watch"][2]
    assert [cell.value for cell in cells][:2] == ["=1+1 & Co", 1234.5]
    assert cells[0].data_type == "s"
