"""The register of contracts as an Excel workbook: one row a contract, one row a clause, with links to page and clause.

Text from documents is written as text, never as a formula.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote

from bots.contracts.nouns import Risk, Terms
from bots.contracts.readings import how_sure, is_there
from bots.report.workbook import CONTROL, LONGEST_CELL
from workitems.items import Clause, Noun

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

CONTRACTS = (
    *("Contract", "Kind", "Parties", "From", "Ends on", "Renews itself", "Last day for notice", "Notice period"),
    *("Governing law", "Expected loss", "Risks", "Amendments", "Document", "Clauses"),
)
CLAUSES = ("Contract", "Category", "Page", "Clause", "Sure")
_WIDTHS = {"Clause": 100, "Risks": 70, "Parties": 40, "Contract": 36, "Document": 36}
Value = str | int | float | Decimal | date | None


class Registered(Noun):
    """A contract as the register shows it. `path` is its file, relative to the workbook; None where it is not there.

    Of `clauses` those are shown that are said to be there.
    """

    dossier: str
    terms: Terms
    document: str
    path: str | None = None
    risks: tuple[Risk, ...] = ()
    clauses: tuple[Clause, ...] = ()
    amendments: tuple[str, ...] = ()
    expected_loss: Decimal = Decimal(0)


def register_book(contracts: Sequence[Registered]) -> bytes:
    """The .xlsx file, the contract whose notice is due first on top."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    own, clauses = book.create_sheet("Contracts"), book.create_sheet("Clauses")
    _head(own, CONTRACTS)
    _head(clauses, CLAUSES)
    for contract in sorted(contracts, key=_order):
        first = clauses.max_row + 1
        for clause in filter(is_there, contract.clauses):
            row = (
                contract.terms.title or contract.document,
                clause.category,
                clause.page,
                clause.text,
                how_sure(clause),
            )
            _row(clauses, row)
            _link(clauses.cell(clauses.max_row, 3), _page(contract, clause.page))
        _row(own, _cells(contract))
        _link(own.cell(own.max_row, 13), _page(contract, 1))
        if clauses.max_row >= first:
            _link(own.cell(own.max_row, 14), f"#Clauses!A{first}")
    for sheet in (own, clauses):
        sheet.auto_filter.ref = sheet.dimensions
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _order(contract: Registered) -> tuple[date, str]:
    terms = contract.terms
    return (terms.notice_deadline or terms.expires_on or date.max, terms.title)


def _cells(contract: Registered) -> tuple[Value, ...]:
    terms = contract.terms
    risks = "\n".join(f"{r.message}" for r in contract.risks)
    return (
        terms.title or contract.document,
        terms.contract_type,
        "; ".join(terms.parties),
        terms.effective_date or terms.agreement_date,
        terms.expires_on,
        "yes" if terms.renews else "no",
        terms.notice_deadline,
        terms.notice_period,
        terms.governing_law,
        contract.expected_loss,
        risks,
        "; ".join(contract.amendments),
        contract.document,
        f"{shown} clauses" if (shown := sum(map(is_there, contract.clauses))) else "",
    )


def _page(contract: Registered, page: int) -> str | None:
    """Browsers and readers of PDFs open a page that is named so."""
    if contract.path is None:
        return None
    suffix = f"#page={page}" if contract.path.lower().endswith(".pdf") else ""
    return quote(contract.path) + suffix


def _head(sheet: Worksheet, names: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(names))
    for number, name in enumerate(names, 1):
        cell = sheet.cell(1, number)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, 16)
    sheet.freeze_panes = "A2"


def _row(sheet: Worksheet, values: Sequence[Value]) -> None:
    from openpyxl.styles import Alignment

    at = sheet.max_row + 1
    for number, value in enumerate(values, 1):
        cell = sheet.cell(at, number)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if isinstance(value, str):
            cell.value = CONTROL.sub(" ", value)[:LONGEST_CELL]
            cell.data_type = "s"  # a leading = is no formula
        else:
            cell.value = value


def _link(cell: Cell | MergedCell, to: str | None) -> None:
    from openpyxl.styles import Font

    if to is None or not hasattr(cell, "hyperlink"):
        return
    if to.startswith("#"):
        from openpyxl.worksheet.hyperlink import Hyperlink

        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=to[1:])
    else:
        cell.hyperlink = to
    cell.font = Font(color="0563C1", underline="single")
