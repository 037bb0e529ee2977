"""The report as an Excel workbook. Text from documents is written as text, never as a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bots.drift.judge import NAMES, Drift, Watched
from bots.outcomes import DocumentOutcome
from bots.report.figures import DayFigures, reason
from bots.report.section import Section

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# XML cannot hold these, and openpyxl refuses them; hostile file names contain them.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_000
LONGEST_TITLE = 31
POSTED = ("Document", "Supplier", "Number", "Total", "Currency", "ERP number", "Posted at (UTC)", "Seconds")
AMOUNTS = ("Supplier", "Currency", "Invoices", "Total")
DRIFT = ("Watched", "Of", "Before", "Now", "Documents", "Known", "Score", "Alert above", "Since", "Why")


def workbook(day: date, figures: DayFigures, drift: Drift | None = None, sections: Sequence[Section] = ()) -> bytes:
    """The .xlsx file: a summary, and a sheet each for what was posted, waits, was rejected, the amounts, and drift.

    Each desk's own section is a sheet more.
    """
    from openpyxl import Workbook

    book = Workbook()
    _summary(book, day, figures)
    _sheet(book, "Posted", POSTED, [_posted(o) for o in figures.posted])
    _sheet(book, "In review", _held_head("What to do"), [_held(o) for o in figures.review])
    _sheet(book, "Rejected", _held_head("Why"), [_held(o) for o in figures.rejected])
    _sheet(book, "Amounts", AMOUNTS, [(a.supplier, a.currency, a.count, a.total) for a in figures.amounts])
    for section in sections:
        _sheet(book, section.title[:LONGEST_TITLE], section.head, section.rows)
    if drift is not None:
        _sheet(book, "Drift", DRIFT, [_watched(row) for row in drift.rows])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _summary(book: Workbook, day: date, figures: DayFigures) -> None:
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one sheet
    sheet.title = "Day"
    share, cycle = figures.straight_through, figures.cycle_seconds
    rows: list[Sequence[Any]] = [
        ("Deskhand, report of the day", day),
        ("Posted", len(figures.posted)),
        ("Waiting for a person", len(figures.review)),
        ("Rejected", len(figures.rejected)),
        ("Straight-through rate", None if share is None else float(share)),
        ("Median seconds from arrival to posting", None if cycle is None else round(cycle, 1)),
        (),
        ("Waiting, by reason", "Documents"),
        *figures.reasons,
    ]
    _write(sheet, rows)
    sheet["B5"].number_format = "0.0%"
    sheet.column_dimensions["A"].width = 44
    sheet.column_dimensions["B"].width = 14


def _posted(o: DocumentOutcome) -> Sequence[Any]:
    posting = o.posting
    seconds = (o.decided_at - o.received_at).total_seconds() if o.decided_at and o.received_at else None
    at = posting.posted_at.astimezone(UTC).replace(tzinfo=None) if posting else None  # Excel knows no zones
    number, reference = (posting.number, posting.reference) if posting else (None, None)
    return (o.document, o.supplier, number, o.total, o.currency, reference, at, seconds)


def _held_head(sentences: str) -> Sequence[str]:
    return ("Document", "Part", "Kind", "Reason", sentences, "Supplier", "Total", "Currency", "Item")


def _held(o: DocumentOutcome) -> Sequence[Any]:
    sentences = " ".join(d.message for d in o.doubts)
    return (o.document, o.part, o.kind, reason(o), sentences, o.supplier, o.total, o.currency, o.item_id)


def _watched(row: Watched) -> Sequence[Any]:
    told = row.sentence if row.is_alert else None
    figures = (row.before, row.now, row.documents, row.known, row.score, row.threshold)
    return (NAMES[row.what], row.name, *figures, row.since, told)


def _sheet(book: Workbook, title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    _write(sheet, [head, *rows])
    for number, name in enumerate(head, 1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 60 if name in ("What to do", "Why") else 22
    sheet.freeze_panes = "A2"
    if rows:
        sheet.auto_filter.ref = sheet.dimensions


def _write(sheet: Worksheet, rows: Sequence[Sequence[Any]]) -> None:
    for y, row in enumerate(rows, 1):
        for x, value in enumerate(row, 1):
            cell = sheet.cell(y, x)
            if isinstance(value, str):
                cell.value = CONTROL.sub("\ufffd", value)[:LONGEST_CELL]
                cell.data_type = "s"  # "=1+1" in a file name stays text
            else:
                cell.value = value
                if isinstance(value, Decimal):
                    cell.number_format = "#,##0.00"
