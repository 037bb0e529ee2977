"""Line items and tax tables of e-invoices, read from what is printed: row F1, and why rows are missed.

    python -m benchmarks.lines --data DIR [--scans DIR] [--show] [--only NAME]

DIR holds the sets einvoice and orderx (labels.jsonl and PDFs). Read are their text layers (the XML inside is ignored)
and, with --scans, recognised pages: DIR/SET/NAME[-N].json, a list of pages as the OCR engine gave them, N numbering
several scans of one paper. The truth of the tax tables is the XML inside the PDFs.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from extractors.invoice import read_invoice
from extractors.language import language_of
from workitems.items import InvoiceLine, Kind, Page, TaxLine

SETS = ("einvoice", "orderx")


@dataclass
class Case:
    """One paper in one form, with its true lines and tax rows."""

    name: str
    variant: str
    seller: str
    kind: Kind
    pages: list[Page]
    lines: list[dict[str, Any]]
    taxes: tuple[TaxLine, ...]


@dataclass
class Count:
    """Rows that are right, found and wanted, and why some are missed."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    causes: Counter[str] = field(default_factory=Counter)

    @property
    def f1(self) -> float:
        both = self.found + self.wanted
        return round(2 * self.right / both, 4) if both else 0.0

    def row(self) -> dict[str, Any]:
        """The figures of one line of output."""
        return {"f1": self.f1, "right": self.right, "found": self.found, "wanted": self.wanted} | dict(self.causes)


def cases(data: Path, scans: Path | None) -> Iterator[Case]:
    """Every labelled paper by its text layer and by its scans. Papers with a nameless line are left out."""
    for name in SETS:
        for text in (data / name / "labels.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(text)
            lines = row.get("lines") or []
            if not all(line.get("description") for line in lines):
                continue
            path = data / name / row["file"]
            kind: Kind = (
                "order" if name == "orderx" else "credit_note" if row["type_code"] in ("381", "261") else "invoice"
            )
            about = (row.get("seller") or "", kind)
            taxes = true_taxes(path)
            yield Case(path.stem, f"{name} text", *about, text_pages(path), lines, taxes)
            for scan in sorted((scans / name).glob(f"{path.stem}*.json")) if scans else ():
                pages = [Page.model_validate(p) for p in json.loads(scan.read_text(encoding="utf-8"))]
                yield Case(scan.stem, f"{name} scan", *about, pages, lines, taxes)


def text_pages(path: Path) -> list[Page]:
    """The pages of a PDF's text layer."""
    from extractors.pdf_text import Pdf

    with Pdf(path) as pdf:
        layers = [pdf.text_layer(n) for n in pdf.page_numbers(20)]
    return [layer.page for layer in layers if layer]


def true_taxes(path: Path) -> tuple[TaxLine, ...]:
    """The tax breakdown in the XML inside the PDF."""
    from extractors.einvoice import read_einvoice

    found = read_einvoice(path.read_bytes(), "application/pdf").paper
    return found.taxes if found else ()


def folded(text: str | None) -> str:
    """Letters and digits in lower case."""
    return "".join(c for c in (text or "").casefold() if c.isalnum())


def same_text(label: dict[str, Any], line: InvoiceLine) -> bool:
    """The description is contained or alike."""
    wanted, found = folded(label["description"]), folded(line.description)
    return wanted in found or SequenceMatcher(None, wanted, found, False).ratio() >= 0.8


def same_number(label: Any, value: Decimal | None) -> bool:
    """Equal by value; what the label lacks is not compared."""
    return not label or (value is not None and Decimal(re.sub(r"[^\d.-]", "", str(label))) == value)


def why_missed(label: dict[str, Any], lines: list[InvoiceLine]) -> str:
    """The first thing that is wrong with the line that comes nearest."""
    if not lines:
        return "no lines"
    with_amount = [x for x in lines if same_number(label.get("line_total"), x.amount)]
    if not with_amount:
        return "amount"
    if not any(same_text(label, x) for x in with_amount):
        return "description"
    return "quantity"


def compare_lines(case: Case, lines: list[InvoiceLine], count: Count, show: bool) -> None:
    """Counts the rows of one paper as score.py does."""
    left = list(lines)
    missed = []
    for label in case.lines:
        hit = next(
            (
                x
                for x in left
                if same_number(label.get("line_total"), x.amount)
                and same_number(label.get("quantity"), x.quantity)
                and same_text(label, x)
            ),
            None,
        )
        if hit:
            left.remove(hit)
            count.right += 1
        else:
            missed.append(label)
            count.causes[why_missed(label, left)] += 1
    count.found += len(lines)
    count.wanted += len(case.lines)
    if show and (missed or left):
        print(f"--- {case.variant} {case.name}")
        for label in missed:
            print("   miss ", label.get("quantity"), label.get("line_total"), repr(label["description"][:70]))
        for x in left:
            print("   extra", x.quantity, x.unit_price, x.amount, repr((x.description or "")[:70]))


def compare_taxes(case: Case, taxes: tuple[TaxLine, ...], count: Count, show: bool) -> None:
    """Counts tax rows: rate and tax equal, the base too where it was read."""
    wanted = {(t.rate, abs(t.tax or 0)): t for t in case.taxes}
    for tax in taxes:
        true = wanted.get((tax.rate, abs(tax.tax or 0)))
        if true and (tax.base is None or true.base is None or abs(tax.base) == abs(true.base)):
            count.right += 1
        elif show:
            print(f"--- {case.variant} {case.name}: tax", tax.rate, tax.base, tax.tax)
    count.found += len(taxes)
    count.wanted += len(case.taxes)


def main(argv: list[str]) -> int:
    """Reads everything once and prints one JSON object per group of papers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scans", type=Path)
    parser.add_argument("--show", action="store_true", help="every row that is wrong")
    parser.add_argument("--only", default="", help="papers whose name contains this")
    args = parser.parse_args(argv)
    rows: dict[str, Count] = defaultdict(Count)
    taxes: dict[str, Count] = defaultdict(Count)
    seconds = pages = 0.0
    for case in cases(args.data, args.scans):
        if args.only not in case.name:
            continue
        started = time.process_time()
        paper = read_invoice(
            case.pages, case.kind, language := language_of(w.text for p in case.pages for w in p.words)
        )
        seconds += time.process_time() - started
        pages += len(case.pages)
        for group in (case.variant, f"{case.variant} {language}"):
            is_first = group == case.variant
            compare_lines(case, list(paper.lines), rows[group], args.show and is_first)
            compare_taxes(case, paper.taxes, taxes[group], args.show and is_first)
    for group, count in sorted(rows.items()):
        print(json.dumps({"lines": group} | count.row()))
    for group, count in sorted(taxes.items()):
        print(json.dumps({"taxes": group} | count.row()))
    print(json.dumps({"cpu_seconds_per_page": round(seconds / max(1.0, pages), 4), "pages": int(pages)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
