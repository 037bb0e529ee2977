"""Labelled papers for the fit of confidences: e-invoices and orders as text and as scans, TV papers, receipts."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.fields_fit import Receipt
from benchmarks.fields_text import number, squeezed
from extractors.invoice.confidence_signs import letters_of
from extractors.values import dates_in
from workitems.items import Kind, Page

SUMS = ("net", "tax", "total")
DATES = ("issued_on", "due_on", "period_from", "period_to")
VARIANTS = ("1", "2")
"""Scans of one e-invoice with different noise, NAME-1.json and NAME-2.json, count half each."""
_HEADER = {
    "number": "id", "issued_on": "date", "currency": "currency", "supplier_name": "seller", "buyer_name": "buyer",
    "net": "net", "tax": "tax", "total": "gross", "order_number": "order_ref",
}  # fmt: skip
_BROADCAST = {
    "total": "gross_amount", "number": "contract_num", "buyer_name": "advertiser", "period_from": "flight_from",
    "period_to": "flight_to",
}  # fmt: skip
_FROM_XML = ("vat_id", "iban", "due_on", "period_from", "period_to", "supplier_address")


@dataclass
class Paper:
    """One labelled paper: its pages, and the right values of the fields that are labelled.

    `group` is its supplier; papers of one never stand on both sides of a split. `image` is what a scan's pages were
    read from, `skews` by how many degrees each was levelled.
    """

    name: str
    origin: str
    group: str
    kind: Kind
    pages: list[Page]
    truth: dict[str, str | None]
    lines: list[dict[str, Any]] = field(default_factory=list)
    weight: float = 1.0
    image: Path | None = None
    skews: dict[str, float] = field(default_factory=dict)
    variant: str = ""


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """The labels of a set."""
    return [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines() if line]


def text_pages(path: Path) -> list[Page]:
    """The pages of a PDF's text layer."""
    from extractors.pdf_text import Pdf

    with Pdf(path) as pdf:
        layers = [pdf.text_layer(n) for n in pdf.page_numbers(20)]
    return [layer.page for layer in layers if layer]


def kept_pages(file: Path) -> tuple[list[Page], dict[str, float]]:
    """The pages that recognition read, and how they were levelled; nothing where there is no such file."""
    if not file.is_file():
        return [], {}
    skews = file.with_suffix(".skews")
    pages = [Page.model_validate(p) for p in json.loads(file.read_text(encoding="utf-8"))]
    return pages, json.loads(skews.read_text(encoding="utf-8")) if skews.is_file() else {}


def einvoices(data: Path, name: str, pages: Path | None, scans: Path | None) -> Iterator[Paper]:
    """E-invoices (or electronic orders) by their text layers, and by scans of them where there are any."""
    for row in rows_of(data / name):
        path = data / name / row["file"]
        kind: Kind = "order" if name == "orderx" else "credit_note" if row["type_code"] in ("381", "261") else "invoice"
        truth = {f: row.get(key) for f, key in _HEADER.items() if f != "order_number" or row.get(key)}
        truth |= _xml_truth(path) if name == "einvoice" else {}
        lines = [x for x in row.get("lines") or [] if x.get("line_total")]
        group = f"{name}:{squeezed(row['seller'] or '')}"
        yield Paper(row["file"], name, group, kind, text_pages(path), truth, lines)
        for variant in VARIANTS if pages else ():
            stem = f"{path.stem}-{variant}"
            read, skews = kept_pages(pages / name / f"{stem}.json") if pages else ([], {})
            image = scans / name / f"{stem}.pdf" if scans else None
            if read:
                yield Paper(row["file"], f"{name} scan", group, kind, read, truth, lines, 0.5, image, skews, variant)


def _xml_truth(path: Path) -> dict[str, str | None]:
    """What the XML inside a PDF says of the fields that the labels lack."""
    from extractors.einvoice import read_einvoice

    found = read_einvoice(path.read_bytes(), "application/pdf").paper
    return {n: found.fields[n].value for n in _FROM_XML if n in found.fields} if found else {}


def broadcast_papers(data: Path) -> Iterator[Paper]:
    """Orders and invoices of television stations."""
    for row in rows_of(data / "fcc_adbuy"):
        kind: Kind = "invoice" if "invoice" in row["title"].lower() else "order"
        truth = {f: row[key] for f, key in _BROADCAST.items()}
        group = f"fcc:{row['advertiser'].lower()[:12]}"
        yield Paper(row["file"], "fcc_adbuy", group, kind, text_pages(data / "fcc_adbuy" / row["file"]), truth)


def receipt_paper(receipt: Receipt, data: Path, pages: Path) -> Paper:
    """A receipt that recognition read."""
    truth: dict[str, str | None] = {
        "supplier_name": receipt.company,
        "supplier_address": receipt.address,
        "issued_on": receipt.day.isoformat() if receipt.day else None,
        "total": str(receipt.total) if receipt.total is not None else None,
    }
    labelled: dict[str, str | None] = {f: value for f, value in truth.items() if value}
    skews = kept_pages(pages / "sroie" / f"{Path(receipt.name).stem}.json")[1]
    paper = Paper(
        receipt.name, "sroie", f"sroie:{receipt.group}", "receipt", list(receipt.context.sheet.pages), labelled
    )
    paper.image, paper.skews = data / "sroie" / receipt.name, skews
    return paper


def side(receipt: Receipt) -> str:
    """What a receipt is split by: a quarter of the shops by shop (unknown when they are judged), others by receipt."""
    digest = hashlib.sha256(b"side " + receipt.group.encode()).digest()
    return receipt.name if digest[0] % 4 else receipt.group


def shops_of_receipts(receipts: Iterable[Receipt]) -> dict[str, list[float]]:
    """By the letters of each spelling of a shop's name: how often it is a label, and its share of the shop's labels."""
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for receipt in receipts:
        if receipt.company:
            spelt[receipt.group][letters_of(receipt.company)] += 1
    return {
        name: [float(times), round(times / found.total(), 4)]
        for _, found in sorted(spelt.items())
        for name, times in sorted(found.items())
    }


def same(paper: Paper, name: str, value: str, label: str) -> bool:
    """Whether a reading is what the label says: amounts and dates by value, texts by letters and digits."""
    if name in SUMS:
        return number(label) == Decimal(value.lstrip("-") if paper.kind == "credit_note" else value)
    if name in DATES:
        return value in [d.value.isoformat() for d in dates_in(label, "mdy" if paper.origin == "fcc_adbuy" else "dmy")]
    if name == "supplier_address" and paper.kind != "receipt":
        parts = re.sub(r",\s*[A-Z]{2}$", "", label).split(",")
        return all(_stands_in(squeezed(value), part) for part in parts)
    return squeezed(value) == squeezed(label)


def _stands_in(text: str, part: str) -> bool:
    """Whether a part of an address stands there; American papers put the code behind the town and the state."""
    words = part.split()
    return squeezed(part) in text or (words[0].isdigit() and all(squeezed(word) in text for word in words))
