"""What stands in a PDF but is not seen on its page is told: a person would pay what the page does not show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from extractors.cascade import read_document

LINES = (
    "Muster GmbH", "Hauptstr. 1, 12345 Berlin", "", "Rechnung Nr. 2024-17", "Rechnungsdatum: 12.03.2024",
    "Netto 100,00 EUR", "MwSt 19% 19,00 EUR", "Gesamtbetrag 119,00 EUR",
)  # fmt: skip
Dress = Callable[[Canvas], object]


def told(path: Path, before: Dress, after: Dress = lambda canvas: None) -> set[str]:
    """The fields that are told as hidden, of an invoice drawn between two steps."""
    canvas = Canvas(str(path), pagesize=A4)
    before(canvas)
    text = canvas.beginText(60, 780)
    for line in LINES:
        text.textLine(line)
    canvas.drawText(text)
    after(canvas)
    canvas.save()
    paper = read_document(str(path), path.name)
    assert paper.fields["total"].value == "119.00"
    return {d.field or "" for d in paper.doubts if d.code == "hidden_text"}


def cover(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    canvas.rect(0, 0, *A4, stroke=0, fill=1)


def on_a_dark_page(canvas: Canvas) -> None:
    canvas.setFillGray(0.2)
    canvas.rect(0, 0, *A4, stroke=0, fill=1)
    canvas.setFillGray(1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(lambda c: c.setFillGray(1), lambda c: None, id="white on white"),
        pytest.param(lambda c: None, cover, id="covered"),
        pytest.param(lambda c: c.setFillAlpha(0), lambda c: None, id="transparent"),
    ],
)
def test_a_value_that_nobody_sees_waits_for_a_person(before: Dress, after: Dress, tmp_path: Path) -> None:
    assert {"total", "number"} <= told(tmp_path / "a.pdf", before, after)


@pytest.mark.parametrize("before", [lambda c: None, lambda c: c.setFillGray(0.8), on_a_dark_page])
def test_print_that_is_seen_is_not_doubted(before: Dress, tmp_path: Path) -> None:
    assert told(tmp_path / "a.pdf", before) == set()
