"""Where one file holds several documents: surely, doubtfully, or not."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from devdata.kinds.leaf import Leaf
from extractors.cascade import read_document
from extractors.pages import rows_of
from extractors.pdf_cut import cut
from extractors.splitting import SURE, boundaries, page_ranges
from workitems.items import Page


def page(number: int, *lines: str, width: float = 595.0) -> Page:
    leaf = Leaf(width)
    leaf.down(40, [lines[0]], 18)
    leaf.down(40, list(lines[1:]), 10)
    return leaf.page(number)


def invoice(number: int, name: str, code: str, *more: str) -> Page:
    """The first page of somebody's invoice."""
    rows = [f"{n} Schrauben verzinkt 10 Stk 1,00 10,00" for n in range(1, 8)]
    head = ("Rechnung", f"{name} GmbH", f"info@{name.lower()}.example", f"Rechnungsnummer: {code}", "Datum 12.03.2024")
    sums = ("Nettobetrag 70,00", "MwSt 19% 13,30", "Gesamtbetrag 83,30", "IBAN DE75512108001245126199")
    return page(number, *head, *rows, *sums, *more)


def sure(pages: list[Page]) -> list[int]:
    return [b.before for b in boundaries(pages) if b.probability >= SURE]


def likely(pages: list[Page]) -> list[int]:
    return [b.before for b in boundaries(pages)]


def test_two_invoices_with_their_own_numbers_are_two_documents() -> None:
    pages = [invoice(1, "Adler", "RE-1001"), invoice(2, "Zobel", "47/2024")]
    assert sure(pages) == [2]
    assert [(r.first, r.last) for r in page_ranges(pages, 2)] == [(1, 1), (2, 2)]


def test_two_invoices_of_one_sender_are_two_documents_too() -> None:
    assert sure([invoice(1, "Adler", "RE-1001"), invoice(2, "Adler", "RE-1002")]) == [2]


def test_a_page_that_repeats_the_number_or_counts_on_goes_on() -> None:
    assert likely([invoice(1, "Adler", "RE-1001"), invoice(2, "Adler", "RE-1001")]) == []
    counted = [invoice(1, "Adler", "RE-1001", "Seite 1 von 2"), invoice(2, "Adler", "77-1", "Seite 2 von 2")]
    assert likely(counted) == []


def test_terms_annexes_and_sums_carried_forward_stay_with_their_document() -> None:
    for following in (
        page(2, "Allgemeine Geschäftsbedingungen", "§ 1 Geltung", "Diese Bedingungen gelten für jeden Vertrag."),
        page(2, "Anlage 1 zum Vertrag", "Leistungsverzeichnis", "Rechnungsnummer: 99-17"),
        page(2, "Übertrag 70,00", *(f"{n} Schrauben 10 1,00 10,00" for n in range(30))),
    ):
        assert likely([invoice(1, "Adler", "RE-1001"), following]) == []
    foreign = page(2, "CONFIRMATION CONTRACT", "Accepted by the agency for the station", "Page 1 of 1")
    assert sure([invoice(1, "Adler", "RE-1001"), foreign]) == []


def test_blank_pages_belong_to_what_came_before() -> None:
    pages = [invoice(1, "Adler", "RE-1001"), Page(number=2, width=595, height=842), invoice(3, "Zobel", "47/2024")]
    assert [(r.first, r.last) for r in page_ranges(pages, 3)] == [(1, 2), (3, 3)]


def test_nothing_is_cut_where_pages_were_not_read() -> None:
    assert page_ranges([invoice(1, "Adler", "RE-1001"), invoice(2, "Zobel", "47/2024")], 5) == ()


def pdf(folder: Path, *pages: Page) -> Path:
    from reportlab.pdfgen.canvas import Canvas

    file = folder / "several.pdf"
    canvas = Canvas(str(file), invariant=1)
    for each in pages:
        canvas.setPageSize((each.width, each.height))
        for word in each.words:
            size = (word.box[3] - word.box[1]) * each.height
            canvas.setFont("Helvetica", size)
            canvas.drawString(word.box[0] * each.width, each.height - word.box[3] * each.height + 0.2 * size, word.text)
        canvas.showPage()
    canvas.save()
    return file


def test_a_file_of_two_invoices_is_read_as_two(tmp_path: Path) -> None:
    file = pdf(tmp_path, invoice(1, "Adler", "RE-1001"), invoice(2, "Zobel", "47/2024"))
    paper = read_document(str(file), file.name)
    assert [p.name for p in paper.parts] == ["page 1", "page 2"]
    read = [p.paper for p in paper.parts if p.paper]
    assert [r.fields["number"].value for r in read] == ["RE-1001", "47/2024"]
    assert [r.pages for r in read] == [1, 1]


def test_a_text_is_parted_where_it_says_that_a_page_ends_and_never_where_a_page_was_full(tmp_path: Path) -> None:
    def letter(name: str, code: str, lines: int = 80) -> str:
        rows = [" ".join(word.text for word in row) for row in rows_of(invoice(1, name, code))]
        return "\n".join([*rows, *["Schrauben 10 Stk 1,00 10,00"] * (lines - len(rows))])

    parted, full = tmp_path / "parted.txt", tmp_path / "full.txt"
    parted.write_text(letter("Adler", "RE-1001", 25) + "\f" + letter("Zobel", "47/2024"), encoding="utf-8")
    full.write_text(letter("Adler", "RE-1001") + "\n" + letter("Zobel", "47/2024"), encoding="utf-8")
    assert [(p.first, p.last) for p in read_document(str(parted), "parted.txt").parts] == [(1, 1), (2, 2)]
    assert read_document(str(full), "full.txt").parts == ()


def test_pages_become_files_of_their_own_always_alike(tmp_path: Path) -> None:
    file = pdf(tmp_path, *(invoice(n, "Adler", f"RE-100{n}") for n in (1, 2, 3)))
    made = cut(str(file), [(1, 2), (3, 3)])
    assert made == cut(str(file), [(1, 2), (3, 3)])
    (tmp_path / "part.pdf").write_bytes(made[0])
    with pikepdf.open(tmp_path / "part.pdf") as part:
        assert len(part.pages) == 2
    assert cut(str(file), [(1, 4)]) == []
    file.write_bytes(b"%PDF-1.4 no more")
    assert cut(str(file), [(1, 1)]) == []


def test_no_real_document_is_surely_cut(real_data: Path) -> None:
    from benchmarks.splitting import pages_of

    rows = (real_data / "fcc_adbuy" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    files = [real_data / "fcc_adbuy" / r["file"] for r in map(json.loads, rows) if 1 < r["pages"] < 6][:12]
    files += sorted((real_data / "einvoice" / "pdf").glob("*.pdf"))[:15]
    assert len(files) > 20
    for file in files:
        assert sure(pages_of(file)) == [], file.name


@pytest.mark.parametrize("pages", [[], [Page(number=1, width=0, height=0)]])
def test_nothing_is_nothing_to_cut(pages: list[Page]) -> None:
    assert boundaries(pages) == []
