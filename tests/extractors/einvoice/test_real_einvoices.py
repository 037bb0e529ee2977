"""Real e-invoices of the corpora, where the machine has them: exact, schema-valid, and without a false alarm."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors.einvoice import read_einvoice
from extractors.pdf_text import Pdf
from workitems.items import Page

HEADER = {
    "number": "id",
    "issued_on": "date",
    "currency": "currency",
    "supplier_name": "seller",
    "buyer_name": "buyer",
    "net": "net",
    "tax": "tax",
    "total": "gross",
    "order_number": "order_ref",
}


def same(label: str, value: str | None, field: str) -> bool:
    if field in ("net", "tax", "total"):
        return value is not None and Decimal(label) == Decimal(value)
    return value == " ".join(label.split())


def pages_of(path: Path) -> list[Page]:
    with Pdf(path) as pdf:
        layers = [pdf.text_layer(number) for number in pdf.page_numbers(20)]
    return [layer.page for layer in layers if layer]


@pytest.mark.parametrize("corpus", ["einvoice", "orderx"])
def test_every_labelled_value_and_line_comes_out_exact(real_data: Path, corpus: str) -> None:
    for line in (real_data / corpus / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label: dict[str, Any] = json.loads(line)
        paper = read_einvoice((real_data / corpus / label["file"]).read_bytes(), "application/pdf", None).paper
        assert paper is not None, label["file"]
        found = {name: reading.value for name, reading in paper.fields.items()}
        wrong = [f for f, key in HEADER.items() if label.get(key) and not same(label[key], found.get(f), f)]
        assert not wrong, (label["file"], wrong)
        rows = [row for row in label["lines"] if row["line_total"]]
        assert [row.amount for row in paper.lines] == [Decimal(row["line_total"]) for row in rows], label["file"]


@pytest.mark.parametrize("corpus", ["einvoice", "orderx"])
def test_valid_documents_raise_no_doubt_about_schema_or_page(real_data: Path, corpus: str) -> None:
    for path in sorted((real_data / corpus / "pdf").glob("*.pdf")):
        result = read_einvoice(path.read_bytes(), "application/pdf", pages_of(path))
        assert {d.code for d in result.doubts} <= {"xml_test"}, path.name
