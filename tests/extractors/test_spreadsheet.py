"""Excel files from suppliers: read like paper, with values only."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from time import process_time

import pytest
from openpyxl import Workbook

from extractors.cascade import read_document
from extractors.refusal import Refused
from extractors.spreadsheet import read_spreadsheet

ROWS: list[list[object]] = [
    ["Hansen Büro & Papier GmbH", None, None, None, "INVOICE"],
    ["Süderstraße 112, 20537 Hamburg"],
    [],
    ["Moselbrück Apparatebau GmbH", None, None, "Invoice number", "RE-2026-77"],
    ["54294 Trier", None, None, "Invoice date", dt.date(2026, 9, 14)],
    [None, None, None, "Your order", "PO-2026-0101"],
    [],
    ["Description", "Quantity", "Unit", "Unit price", "Amount"],
    ["Copy paper A4 80 g", 60, "pcs", 4.29, 257.4],
    ["Toner black", 2, "pcs", 79.9, 159.8],
    [],
    [None, None, None, "Net amount EUR", 417.2],
    [None, None, None, "VAT 19 % EUR", 79.27],
    [None, None, None, "Total EUR", 496.47],
]


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    book.create_sheet("empty")
    book.save(tmp_path / "invoice.xlsx")
    return tmp_path / "invoice.xlsx"


def test_an_invoice_in_excel_is_read_like_paper(invoice: Path) -> None:
    paper = read_document(str(invoice), "invoice.xlsx")
    assert (paper.kind, paper.source, paper.pages) == ("invoice", "text", 1)
    found = {name: reading.value for name, reading in paper.fields.items()}
    assert found["number"] == "RE-2026-77"
    assert found["issued_on"] == "2026-09-14"
    assert found["total"] == "496.47"
    assert found["order_number"] == "PO-2026-0101"


def test_cells_keep_their_place_and_numbers_have_no_tail_of_a_float(invoice: Path) -> None:
    (page,), doubts = read_spreadsheet(invoice)
    assert not doubts
    place = {word.text: word.box for word in page.words}
    assert place["Quantity"][0] < place["Amount"][0]
    assert place["Amount"][1] < place["257.40"][1]


def test_a_damaged_workbook_is_refused_with_a_sentence(invoice: Path) -> None:
    broken = invoice.read_bytes().replace(b"xl/workbook.xml", b"xl/workbook.xmm", 1)
    invoice.write_bytes(broken)
    paper = read_document(str(invoice), "invoice.xlsx")
    assert [d.code for d in paper.doubts] == ["unreadable"]


def test_an_empty_workbook_is_blank(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "nothing.xlsx")
    with pytest.raises(Refused, match="blank"):
        read_spreadsheet(tmp_path / "nothing.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(21):
            archive.writestr(f"xl/media/{number}", bytes(10_000_000))
    with pytest.raises(Refused, match="too_large"):
        read_spreadsheet(bomb)


def test_a_stray_cell_in_the_last_row_costs_nothing_and_is_told(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "Invoice"
    sheet.cell(1_048_576, 16_384, "stray")
    book.save(tmp_path / "far.xlsx")
    began = process_time()
    (page,), (doubt,) = read_spreadsheet(tmp_path / "far.xlsx")
    assert process_time() - began < 15
    assert [word.text for word in page.words] == ["Invoice"]
    assert (doubt.code, doubt.severity) == ("pages_skipped", "warn")
    assert doubt.message == "Only the first 2,000 rows of the sheet “Sheet” were read; it goes on behind them."
