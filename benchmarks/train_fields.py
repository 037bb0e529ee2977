"""Fits the model invoice_fields: which line is a receipt's shop, which lines its address, which amount, which date.

    python -m benchmarks.train_fields --data DIR --pages DIR [--kept-only] [--folds 5] [--judged N] [--write]

DIR/sroie of --data holds labels.jsonl and the images, that of --pages their OCR pages; missing ones are made there
unless --kept-only is given. Two cross-validations are printed: by shop (every shop unknown) and by receipt (most shops
known). --write fits on everything and puts the model with its card into extractors/models.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.fields_data import receipts
from benchmarks.fields_fit import Receipt, fit, fold_of
from extractors import model_files
from extractors.invoice.candidates import Candidate
from extractors.invoice.fitting import squeezed
from extractors.invoice.ranked import rank
from extractors.invoice.ranking import NAME, READER
from extractors.model_cards import Card, DataSet

VERSION = "2"
FIELDS = ("supplier_name", "issued_on", "supplier_address", "total")
ABOUT = "Ranks the lines, amounts and dates of receipts: whose receipt, which address, which total, which day."
Result = dict[str, tuple[float, bool] | None]
"""For each field the best candidate's score and whether it is right; None where the label is missing."""


def judged(receipt: Receipt, model: dict[str, Any]) -> Result:
    """What the model says of a receipt."""
    found = rank(receipt.context, model)
    best = dict(zip(FIELDS, (found.names, found.dates, found.addresses, found.totals), strict=True))
    return {f: _mark(receipt, f, c) if _label(receipt, f) is not None else None for f, c in best.items()}


def _label(receipt: Receipt, field: str) -> str | None:
    labels = {
        "supplier_name": squeezed(receipt.company) or None,
        "issued_on": receipt.day.isoformat() if receipt.day else None,
        "supplier_address": squeezed(receipt.address) if receipt.address else None,
        "total": str(receipt.total.normalize()) if receipt.total is not None else None,
    }
    return labels[field]


def _mark(receipt: Receipt, field: str, found: list[Candidate]) -> tuple[float, bool]:
    if not found:
        return 0.0, False
    value = found[0].value
    if field == "total":
        value = str(Decimal(value).normalize())
    elif field != "issued_on":
        value = squeezed(value)
    return found[0].score, value == _label(receipt, field)


def cross_validated(
    papers: Sequence[Receipt], folds: int, judged_folds: int, key: Callable[[Receipt], str]
) -> list[tuple[Receipt, bool, Result]]:
    """The OCR receipts of the judged folds by a model fitted without them, and whether it had seen their shop."""
    found = []
    for n in range(min(folds, judged_folds)):
        inside = [p for p in papers if fold_of(key(p), folds) != n]
        outside = [p for p in papers if fold_of(key(p), folds) == n and p.origin == "ocr"]
        model, known = fit(inside), {p.group for p in inside}
        found += [(p, p.group in known, judged(p, model)) for p in outside]
        print(f"fold {n}: {len(inside)} fitted, {len(outside)} judged", file=sys.stderr, flush=True)
    return found


def shares(results: Sequence[Result]) -> dict[str, float]:
    """For each field, and all together, the share that is right."""
    marks = {f: [m[1] for r in results if (m := r[f]) is not None] for f in FIELDS}
    marks["all"] = [m for found in marks.values() for m in found]
    return {f: sum(m) / len(m) for f, m in marks.items() if m}


def figures(papers: Sequence[Receipt], folds: int, judged_folds: int) -> dict[str, dict[str, float | None]]:
    """The card's figures: shops unknown by the split by shop, known by the split by receipt."""
    unknown = [r for _, _, r in cross_validated(papers, folds, judged_folds, lambda p: p.group)]
    mixed = cross_validated(papers, folds, judged_folds, lambda p: p.name)
    sure, unsure = shares([r for _, known, r in mixed if known]), shares(unknown)
    both = shares([r for _, _, r in mixed])
    return {
        f: {"n": float(len(mixed)), "right": both.get(f), "known_right": sure.get(f), "unknown_right": unsure.get(f)}
        for f in (*FIELDS, "all")
    }


def main(argv: list[str]) -> int:
    """Fits, prints, and with --write replaces the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--kept-only", action="store_true")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--judged", type=int, default=99, help="folds that are judged, to save time")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    papers = list(receipts(args.data, args.pages / "sroie", recognise=not args.kept_only))
    metrics = figures(papers, args.folds, args.judged) if args.folds else {}
    for field, row in metrics.items():
        print(f"{field:18}", json.dumps(row))
    if args.write:
        labels = args.data / "sroie" / "labels.jsonl"
        digest = hashlib.sha256(labels.read_bytes()).hexdigest()
        by_ocr = sum(p.origin == "ocr" for p in papers)
        card = Card(
            name=NAME,
            version=VERSION,
            reader=READER,
            made_at=datetime.now(UTC).replace(microsecond=0),
            made_by="python -m benchmarks.train_fields --data DIR --pages DIR --write",
            about=ABOUT,
            data=(DataSet(name="SROIE (train)", documents=len(papers), sha256=digest, licence="CC-BY-4.0"),),
            metrics=metrics,
            notes=(
                f"{by_ocr} receipts by our OCR, the others by the words that the set gives.",
                f"Judged: {min(args.judged, args.folds)} of {args.folds} folds, by receipt and by shop.",
            ),
        )
        print(model_files.ship(fit(papers), card))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
