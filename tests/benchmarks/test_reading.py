"""The reading benchmark counts as it says: values folded, coverage at a precision, calibration beyond chance."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import reading
from benchmarks.reading_docs import as_text
from benchmarks.reading_plain import extract
from benchmarks.reading_plots import draw
from benchmarks.reading_score import calibration, coverage, f1, marks_of, row_counts, word_counts
from benchmarks.reading_sets import Case, draw_scan, sample
from benchmarks.reading_values import amount, text, written

LABELS = {"company": "BOOK TA .K SDN BHD", "date": "25/12/2018", "address": "No 5", "total": "RM 9.00"}


def receipt(labels: dict[str, object] | None = None) -> Case:
    return Case("sroie", "", Path("a.jpg"), ("receipt",), dict(labels or LABELS))


def test_values_are_compared_as_people_would() -> None:
    assert text("Müller & Söhne GmbH") == text("müller and söhne gmbh")
    assert amount("RM 1,234.50") == amount("1234.5")
    days = ("25/12/18", "20181225", "25 DEC 2018", "2018-12-25", "12/25/2018")
    assert {written(day) for day in days} == {"2018-12-25"}
    assert written("03/04/20", month_first=True) == "2020-03-04"


def test_a_value_that_is_folded_equal_is_right_but_not_exact() -> None:
    fields = {"supplier_name": {"value": "Book Ta.K Sdn Bhd", "confidence": 0.9}, "total": {"value": "9.00"}}
    marks = {m.field: m for m in marks_of(receipt(), fields)}
    assert (marks["supplier_name"].right, marks["supplier_name"].exact) == (True, False)
    assert marks["total"].exact
    assert not marks["issued_on"].predicted
    assert f1(list(marks.values())) == pytest.approx(2 * 2 / (2 + 4))


def test_coverage_passes_the_surest_and_ties_together() -> None:
    pairs = [(0.9, True), (0.9, True), (0.8, False), (0.7, True)]
    assert coverage(pairs, 4, 0.99) == 0.5
    assert coverage(pairs, 4, 0.75) == 1.0
    assert coverage([(0.9, True), (0.9, False)], 2, 0.99) == 0.0


def test_true_confidences_have_no_calibration_error_beyond_chance() -> None:
    chance = random.Random(1)  # noqa: S311
    true = [(sure, chance.random() < sure) for sure in (chance.random() for _ in range(3000))]
    error, by_chance = calibration(true)
    assert error < 2 * by_chance
    assert calibration([(0.95, n % 2 == 0) for n in range(1000)])[0] == pytest.approx(0.45)


def test_rows_and_words_count_once() -> None:
    case = receipt({"lines": [{"description": "Copy paper", "quantity": "2", "line_total": "8.00"}] * 2})
    line = {"description": "Copy paper A4", "quantity": "2", "amount": "8"}
    assert row_counts(case, [line]) == (1, 1, 2)
    assert word_counts(["a b b"], ["B", "b b"]) == (2, 3, 3)


def test_the_baseline_reads_a_plain_invoice() -> None:
    found = extract("Hansen GmbH\nWeg 1\nInvoice No: R-77\nDate 25.12.2018\nTotal net 80,00\nTotal EUR 1.095,20\n")
    assert found["supplier_name"] == "Hansen GmbH"
    assert (found["number"], found["issued_on"], found["total"]) == ("R-77", "2018-12-25", "1095.2")


def test_a_scan_is_always_drawn_the_same(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    page = Canvas(str(tmp_path / "a.pdf"), invariant=True)
    page.drawString(100, 700, "Rechnung 4711")
    page.save()
    for name in ("one.pdf", "two.pdf"):
        draw_scan(tmp_path / "a.pdf", tmp_path / name)
    assert _images(tmp_path / "one.pdf") == _images(tmp_path / "two.pdf")


def _images(path: Path) -> list[bytes]:
    import pikepdf

    with pikepdf.open(path) as pdf:
        return [bytes(image.read_raw_bytes()) for page in pdf.pages for image in page.get_images().values()]


def test_a_sample_is_fixed_and_no_matter_of_order() -> None:
    rows = [{"file": str(n)} for n in range(20)]
    assert sample(rows, 5) == sample(rows[::-1], 5)


def test_plots_and_tables_are_made_of_rows(tmp_path: Path) -> None:
    pairs = [(n / 40, n % 3 > 0) for n in range(40)]
    rows = [
        {"what": "accuracy", "set": "sroie", "field": "all", "f1": 0.9, "in_training": True},
        {"what": "accuracy", "set": "sroie", "field": "total", "f1": 0.9, "labelled": 40, "pairs": pairs},
        {"what": "baseline", "reader": "plain", "set": "sroie", "f1": 0.4},
        {"what": "engine", "reader": "deskhand", "cpu_a_page": 0.8, "pages": 3},
    ]
    plots = draw(rows, tmp_path)
    assert {p.name for p in plots} == {"risk-sroie.svg", "reliability-sroie.svg", "against.svg", "cpu.svg"}
    page = as_text(rows, "python3 run.py bench reading --data /home/x/data", plots)
    assert "/home/x" not in page
    assert "these figures flatter" in page


def test_a_folder_without_sets_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reading.main(["--data", str(tmp_path)]) == 2
    assert "none of" in capsys.readouterr().err
