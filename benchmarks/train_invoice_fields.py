"""Fits extractors/invoice/calibration.json: how probable it is that a finder's reading is right.

    python -m benchmarks.train_invoice_fields --data DIR [--pages DIR] [--write]

DIR holds the sets einvoice, orderx, fcc_adbuy and sroie (labels.jsonl and files). Pages come from text layers, and
from --pages, where DIR/SET/NAME.json holds what the OCR engine read (see train_fields): of receipts, and of scanned
e-invoices. Receipts are read by rankers that were fitted without them.
Fields that the labels lack (VAT id, IBAN, due date) are compared with the XML inside the e-invoices' PDFs.
Printed are figures on papers whose layout (or shop) the fold's model has not seen; without --write nothing changes.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.fields_data import receipts
from benchmarks.fields_fit import Receipt, fold_of
from benchmarks.fields_fit import fit as fit_rankers
from benchmarks.fields_text import number, squeezed
from extractors.invoice import candidates_of
from extractors.invoice.confidence import HIGHEST, features_of
from extractors.invoice.lines import lines_with_evidence
from extractors.invoice.ranking import using
from extractors.values import dates_in
from workitems.items import InvoiceLine, Kind, Page

WEIGHTS = Path(__file__).parents[1] / "extractors" / "invoice" / "calibration.json"
FOLDS = 5
RANKER_FOLDS = 4
SET_WEIGHT = 150.0
"""No set counts for more than this many papers."""
SUMS = ("net", "tax", "total")
OFTEN_UNLABELLED = ("order_number",)
"""E-invoices print an order that their XML does not name: such a paper says nothing about the reading."""
DATES = ("issued_on", "due_on", "period_from", "period_to")


@dataclass
class Paper:
    """One labelled paper: its pages, and the right values of the fields that are labelled."""

    name: str
    origin: str
    group: str
    kind: Kind
    pages: list[Page]
    truth: dict[str, str | None]
    lines: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Sample:
    """One reading: what spoke for it, and whether it was right."""

    origin: str
    group: str
    features: dict[str, float]
    right: bool


def same(name: str, value: str, label: str, month_first: bool, is_receipt: bool = False) -> bool:
    """Whether a reading is what the label says."""
    if name in SUMS:
        return number(label) == Decimal(value)
    if name in DATES:
        days = [d.value.isoformat() for d in dates_in(label, "mdy" if month_first else "dmy")]
        return value in days
    if name == "supplier_address":
        parts = re.sub(r",\s*[A-Z]{2}$", "", label).split(",")
        found, wanted = squeezed(value), squeezed(label)
        return found == wanted or (not is_receipt and all(squeezed(part) in found for part in parts))
    return squeezed(value) == squeezed(label)


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """The labels of a set."""
    return [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines() if line]


def text_pages(path: Path) -> list[Page]:
    """The pages of a PDF's text layer."""
    from extractors.pdf_text import Pdf

    with Pdf(path) as pdf:
        layers = [pdf.text_layer(n) for n in pdf.page_numbers(20)]
    return [layer.page for layer in layers if layer]


def kept_pages(folder: Path, path: Path) -> list[Page]:
    """The OCR pages of a file, or nothing."""
    kept = next(iter(sorted(folder.glob(f"{glob.escape(path.stem)}*.json"))), None)
    return [Page.model_validate(p) for p in json.loads(kept.read_text(encoding="utf-8"))] if kept else []


def layout_of(pages: list[Page]) -> str:
    """The first words of a paper: those of one program's layout share them."""
    words = sorted(pages[0].words, key=lambda w: (round(w.box[1], 2), w.box[0]))[:2] if pages else []
    return " ".join(re.sub(r"\d", "", w.text) for w in words)


def xml_truth(path: Path) -> dict[str, str | None]:
    """What the XML inside a PDF says of the fields that the labels lack."""
    from extractors.einvoice import read_einvoice

    found = read_einvoice(path.read_bytes(), "application/pdf").paper
    names = ("vat_id", "iban", "due_on", "period_from", "period_to", "supplier_address")
    return {n: found.fields[n].value for n in names if n in found.fields} if found else {}


def einvoices(data: Path, name: str, pages_of: Callable[[Path], list[Page]]) -> Iterator[Paper]:
    """E-invoices and electronic orders with a visible page."""
    labels = {
        "number": "id", "issued_on": "date", "currency": "currency", "supplier_name": "seller", "buyer_name": "buyer",
        "net": "net", "tax": "tax", "total": "gross", "order_number": "order_ref",
    }  # fmt: skip
    for row in rows_of(data / name):
        path = data / name / row["file"]
        kind: Kind = "order" if name == "orderx" else "credit_note" if row["type_code"] in ("381", "261") else "invoice"
        truth = {f: row.get(key) for f, key in labels.items()}
        if name == "orderx":
            truth.pop("order_number")
        else:
            truth |= xml_truth(path)
        pages = pages_of(path)
        lines = [x for x in row.get("lines") or [] if x.get("line_total")]
        yield Paper(row["file"], name, f"{name}:{layout_of(pages)}", kind, pages, truth, lines)


def broadcast_papers(data: Path) -> Iterator[Paper]:
    """Orders and invoices of television stations."""
    labels = {
        "total": "gross_amount", "number": "contract_num", "buyer_name": "advertiser", "period_from": "flight_from",
        "period_to": "flight_to",
    }  # fmt: skip
    for row in rows_of(data / "fcc_adbuy"):
        pages = text_pages(data / "fcc_adbuy" / row["file"])
        kind: Kind = "invoice" if "invoice" in row["title"].lower() else "order"
        truth = {f: row[key] for f, key in labels.items() if row[key]}
        yield Paper(row["file"], "fcc_adbuy", f"fcc:{row['advertiser'].lower()[:12]}", kind, pages, truth)


def receipt_samples(data: Path, pages: Path) -> dict[str, list[Sample]]:
    """Samples of receipts, each read by rankers that were fitted without it."""
    found: dict[str, list[Sample]] = defaultdict(list)
    all_receipts = list(receipts(data, pages / "sroie", recognise=False))
    for n in range(RANKER_FOLDS):
        model = fit_rankers([r for r in all_receipts if fold_of(r.name, RANKER_FOLDS) != n])
        outside = [r for r in all_receipts if fold_of(r.name, RANKER_FOLDS) == n and r.origin == "ocr"]
        with using(model, f"fold {n}"):
            for field_name, samples in samples_of(_receipt_paper(r) for r in outside).items():
                found[field_name] += samples
    return found


def _receipt_paper(receipt: Receipt) -> Paper:
    truth: dict[str, str | None] = {
        "supplier_name": receipt.company,
        "supplier_address": receipt.address,
        "issued_on": receipt.day.isoformat() if receipt.day else None,
        "total": str(receipt.total) if receipt.total is not None else None,
    }
    labelled: dict[str, str | None] = {f: label for f, label in truth.items() if label}
    pages = list(receipt.context.sheet.pages)
    return Paper(receipt.name, "sroie", f"sroie:{receipt.group}", "receipt", pages, labelled)


def samples_of(papers: Iterable[Paper]) -> dict[str, list[Sample]]:
    """Every reading of a labelled field; a reading where the label says that there is nothing is wrong."""
    found: dict[str, list[Sample]] = defaultdict(list)
    for paper in papers:
        if not paper.pages:
            continue
        context, candidates = candidates_of(paper.pages, paper.kind, None)
        for name, label in paper.truth.items():
            if not candidates.get(name) or (name in OFTEN_UNLABELLED and not label):
                continue
            value = _value(paper, name, candidates[name][0].value)
            right = bool(label) and same(name, value, str(label), paper.origin == "fcc_adbuy", paper.kind == "receipt")
            found[name].append(Sample(paper.origin, paper.group, features_of(context, candidates[name]), right))
        if paper.lines:
            net, total = (Decimal(candidates[f][0].value) if candidates[f] else None for f in ("net", "total"))
            found["line"] += _line_samples(paper, lines_with_evidence(context, net, total)[0])
    return found


def _value(paper: Paper, name: str, value: str) -> str:
    return value.lstrip("-") if paper.kind == "credit_note" and name in SUMS else value


def _line_samples(paper: Paper, lines: list[tuple[InvoiceLine, dict[str, float]]]) -> Iterator[Sample]:
    left = list(paper.lines)
    for line, evidence in lines:
        hit = next((x for x in left if _same_line(line, x)), None)
        if hit:
            left.remove(hit)
        yield Sample(paper.origin, paper.group, evidence, hit is not None)


def _same_line(line: InvoiceLine, label: dict[str, Any]) -> bool:
    """Amount and quantity by size (credit notes differ in signs), and the beginning of the description."""
    for value, wanted in ((line.amount, label["line_total"]), (line.quantity, label.get("quantity"))):
        if wanted and (value is None or abs(number(str(wanted)) or 0) != abs(value)):
            return False
    return squeezed(label.get("description") or "")[:40] in squeezed(line.description or "")


def fit(samples: list[Sample]) -> dict[str, float]:
    """Weights of a logistic model; one right and one wrong average paper keep it modest."""
    import numpy
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer(sparse=False)
    x = vectorizer.fit_transform([s.features for s in samples])
    y = numpy.array([s.right for s in samples])
    sizes = {o: sum(s.origin == o for s in samples) for o in {s.origin for s in samples}}
    weights = numpy.array([min(1.0, SET_WEIGHT / sizes[s.origin]) for s in samples])
    x = numpy.vstack([x, x.mean(axis=0), x.mean(axis=0)])
    y = numpy.append(y, [True, False])
    weights = numpy.append(weights, [1.0, 1.0])
    model = LogisticRegression(C=0.3, max_iter=2000).fit(x, y, sample_weight=weights)
    names = vectorizer.get_feature_names_out()
    fitted = {n: round(float(w), 4) for n, w in zip(names, model.coef_[0], strict=True) if abs(w) >= 0.005}
    fitted["one"] = round(fitted.get("one", 0.0) + float(model.intercept_[0]), 4)
    return fitted


def predict(weights: dict[str, float], sample: Sample) -> float:
    """The model's probability."""
    import math

    total = sum(w * sample.features.get(n, 0.0) for n, w in weights.items())
    return min(HIGHEST, max(0.02, 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))))


def unseen(samples: list[Sample]) -> list[tuple[float, bool]]:
    """Probabilities from models that have not seen the paper's group."""
    fold = {g: int(hashlib.sha256(g.encode()).hexdigest(), 16) % FOLDS for g in {s.group for s in samples}}
    pairs = []
    for n in range(FOLDS):
        train = [s for s in samples if fold[s.group] != n]
        if not train or len({s.right for s in train}) < 1:
            continue
        model = fit(train)
        pairs += [(predict(model, s), s.right) for s in samples if fold[s.group] == n]
    return pairs


def figures(pairs: list[tuple[float, bool]]) -> dict[str, float]:
    """Share right, expected calibration error, Brier score, and the share that passes at 98% precision."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for p, right in pairs:
        bins[min(9, int(p * 10))].append((p, right))
    gap = sum(abs(sum(p for p, _ in b) - sum(r for _, r in b)) for b in bins.values())
    passed = right_ones = 0
    for n, (_, right) in enumerate(sorted(pairs, key=lambda x: -x[0]), 1):
        right_ones += right
        passed = n if right_ones >= 0.98 * n else passed
    count = len(pairs) or 1
    return {
        "n": len(pairs),
        "right": round(sum(r for _, r in pairs) / count, 3),
        "calibration": round(gap / count, 3),
        "brier": round(sum((p - r) ** 2 for p, r in pairs) / count, 3),
        "at98": round(passed / count, 3),
    }


def main(argv: list[str]) -> int:
    """Fits, prints, and with --write replaces the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    papers = [
        *einvoices(args.data, "einvoice", text_pages),
        *einvoices(args.data, "orderx", text_pages),
        *broadcast_papers(args.data),
    ]
    if args.pages:
        papers += einvoices(args.data, "einvoice", lambda path: kept_pages(args.pages / "einvoice", path))
    found = samples_of(papers)
    for name, samples in (receipt_samples(args.data, args.pages) if args.pages else {}).items():
        found[name] += samples
    result: dict[str, Any] = {
        "data": sorted({s.origin for samples in found.values() for s in samples}),
        "papers": len(papers),
        "fields": {},
        "figures": {},
    }
    for name, samples in sorted(found.items()):
        result["figures"][name] = figures(unseen(samples))
        result["fields"][name] = fit(samples)
        print(f"{name:18}", json.dumps(result["figures"][name]))
    if args.write:
        WEIGHTS.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
