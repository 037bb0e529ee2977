"""Golden papers: what stands on a typed page, and what must be read from it."""

from __future__ import annotations

import importlib.util
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors.invoice import read_invoice
from workitems.items import Paper

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("invoice_pages", HERE / "pages.py")
assert _spec is not None
assert _spec.loader is not None
pages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)

CASES = sorted(p.parent for p in HERE.glob("golden/*/expected.json"))


def read(case: Path) -> tuple[Paper, dict[str, Any]]:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    return read_invoice(pages.golden_pages(case), expected["kind"], None), expected


def test_there_are_golden_cases() -> None:
    assert len(CASES) >= 8


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_fields_of_a_golden_paper_are_read(case: Path) -> None:
    paper, expected = read(case)
    found = {name: paper.fields[name].value for name in expected["fields"] if name in paper.fields}
    assert found == expected["fields"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_what_a_golden_paper_does_not_say_is_not_surely_read(case: Path) -> None:
    paper, expected = read(case)
    invented = {
        n: paper.fields[n].value for n in expected["absent"] if n in paper.fields and paper.fields[n].confidence >= 0.5
    }
    assert not invented


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_lines_of_a_golden_paper_are_read(case: Path) -> None:
    paper, expected = read(case)
    assert len(paper.lines) == len(expected["lines"]) or not expected["lines"]
    for line, wanted in zip(paper.lines, expected["lines"], strict=False):
        assert {k: _plain(getattr(line, k)) for k in wanted} == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_tax_breakdown_of_a_golden_paper_is_read(case: Path) -> None:
    paper, expected = read(case)
    for tax, wanted in zip(paper.taxes, expected["taxes"], strict=True):
        assert {k: _plain(getattr(tax, k)) for k in wanted} == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_discount_terms_of_a_golden_paper_are_read(case: Path) -> None:
    paper, expected = read(case)
    assert [(str(d.percent), d.days) for d in paper.discounts] == [
        (d["percent"], d["days"]) for d in expected["discounts"]
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_every_reading_has_a_place_on_the_paper_and_a_probability(case: Path) -> None:
    paper, _ = read(case)
    for reading in paper.fields.values():
        assert reading.page is not None
        assert reading.box is not None
        assert 0 <= reading.box[0] < reading.box[2] <= 1
        assert 0 <= reading.box[1] < reading.box[3] <= 1
        assert 0 < reading.confidence < 1


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value
