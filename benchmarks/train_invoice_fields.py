"""Fits the model `confidence`: how probable it is that a reading of an invoice, order or receipt is right.

    python -m benchmarks.train_invoice_fields --data DIR --pages DIR [--scans DIR] [--made DIR] [--write]

DIR of --data holds the sets einvoice, orderx, fcc_adbuy and sroie (labels.jsonl and files). Pages come from text
layers, and from --pages, where DIR/SET/NAME.json holds what recognition read (see train_fields): of receipts, and
(NAME-1, NAME-2) of scanned e-invoices, whose PDFs lie in --scans for second looks. With --made invoices of made-up
sellers are drawn there and count, too (invoice_papers, which also reads scans of them). Receipts are read by rankers
that were fitted without them, a quarter of the shops without the whole shop. Fields that the labels lack (VAT id,
IBAN, due date) are compared with the XML inside the e-invoices. An order number that the XML does not name says
nothing.

Printed are figures on papers whose supplier the fold's model has not seen; without --write nothing changes. --write
also puts the thresholds for target precisions beside the bots' rules.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import confidence_fit as fitting
from benchmarks.confidence_figures import Pairs, by_set, documents, figures, thresholds, together
from benchmarks.confidence_fit import Sample
from benchmarks.confidence_papers import broadcast_papers, einvoices, receipt_paper, shops_of_receipts, side
from benchmarks.confidence_samples import Looked, Read, looks_of, read, samples_of
from benchmarks.confidence_second import Pair, fit_second, unseen_after
from benchmarks.fields_data import receipts
from benchmarks.fields_fit import fit as fit_rankers
from benchmarks.fields_fit import fold_of
from benchmarks.invoice_papers import ORIGIN, digest_of_made, made_papers
from extractors import model_files
from extractors.invoice.confidence import NAME, READER
from extractors.invoice.line_cells import CELL
from extractors.invoice.ranking import using
from extractors.invoice.second_look import LEAST, WEIGHTS, moves_of
from extractors.model_cards import Card, DataSet, Figures
from workitems.items import Kind

VERSION = "3"
RANKER_FOLDS = 4
THRESHOLDS = Path(__file__).parents[1] / "bots" / "invoices" / "thresholds.json"
SETS = {"einvoice": "Apache-2.0", "orderx": "Apache-2.0", "fcc_adbuy": "public domain", "sroie": "CC-BY-4.0"}
KINDS: tuple[Kind, ...] = ("receipt", "invoice")
"""Kinds of paper whose second looks are judged apart."""
ABOUT = "The probability that a reading of an invoice, credit note, order or receipt is right."


def main(argv: list[str]) -> int:
    """Fits, prints, and with --write replaces model and thresholds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--scans", type=Path)
    parser.add_argument("--made", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    made = made_papers(args.made, args.pages) if args.made else iter(())
    reads = [*(read(paper) for paper in made if paper.pages), *read_all(args.data, args.pages, args.scans)]
    model, metrics, limits = fitted(reads, list(looks_of(reads)))
    for name, row in metrics.items():
        print(f"{name:34}", json.dumps(row), flush=True)
    print(json.dumps(limits))
    if args.write:
        labelled = receipts(args.data, args.pages / "sroie", recognise=False)
        model["shops"] = shops_of_receipts(labelled)
        print(model_files.ship(model, _card(args.data, reads, metrics)))
        THRESHOLDS.write_text(json.dumps(limits, indent=1) + "\n", encoding="utf-8")
    return 0


def read_all(data: Path, pages: Path, scans: Path | None) -> Iterator[Read]:
    """Every labelled paper with its candidates."""
    for papers in (
        einvoices(data, "einvoice", pages, scans),
        einvoices(data, "orderx", pages, scans),
        broadcast_papers(data),
    ):
        yield from (read(paper) for paper in papers if paper.pages)
    every = list(receipts(data, pages / "sroie", recognise=False))
    for n in range(RANKER_FOLDS):
        outside = [r for r in every if fold_of(side(r), RANKER_FOLDS) == n and r.origin == "ocr"]
        inside = [r for r in every if fold_of(side(r), RANKER_FOLDS) != n]
        model, shops = fit_rankers(inside), shops_of_receipts(inside)
        print(f"rankers of fold {n} fitted", file=sys.stderr, flush=True)
        with using(model, f"fold {n}"):
            yield from [read(receipt_paper(r, data, pages))._replace(shops=shops) for r in outside]


def fitted(
    reads: Sequence[Read], looks: Sequence[Looked]
) -> tuple[dict[str, Any], dict[str, Figures], dict[str, dict[str, dict[str, float]]]]:
    """The model, its figures out of fold, and the thresholds for target precisions."""
    samples = samples_of(reads)
    before = fitting.unseen(samples)
    looked = _looked(before, looks)
    after = _after(before, looked)
    metrics: dict[str, Figures] = {}
    for name, pairs in sorted(after.items()):
        metrics[name] = figures(pairs)
        metrics |= {f"{name}, {origin}": figures(own) for origin, own in by_set(pairs).items()}
    metrics["receipts as a whole, before second looks"] = documents(before)
    metrics["receipts as a whole"] = documents(after)
    metrics["receipts' names, dates and totals"] = together(after)
    model = fitting.fit(samples) | {"second": fit_second(looked)}
    fields = {("lines" if f == "line" else f): pairs for f, pairs in after.items() if not f.startswith(CELL)}
    return model, metrics, thresholds(fields)


def _looked(before: Mapping[str, Pairs], looks: Sequence[Looked]) -> dict[str, list[Pair]]:
    """Second looks with the probabilities that they are to move."""
    sure = {(f, *_key(s)): p for f, pairs in before.items() for s, p in pairs}
    found: dict[str, list[Pair]] = defaultdict(list)
    for field, sample, seen in looks:
        kind: Kind = "receipt" if sample.source == "receipt" else "invoice"
        found[moves_of(kind, field)].append(Pair(sample, sure[(field, *_key(sample))], seen.outcome))
    return found


def _key(sample: Sample) -> tuple[str, str, str]:
    return sample.origin, sample.document, sample.variant


def _after(before: Mapping[str, Pairs], looked: Mapping[str, Sequence[Pair]]) -> dict[str, Pairs]:
    """Probabilities after the second looks of those readings that are worth one."""
    found: dict[str, Pairs] = {}
    moved = unseen_after(looked)
    for field, pairs in before.items():
        again = {_key(s): p for kind in KINDS for s, p in moved.get(moves_of(kind, field), ())}
        found[field] = [
            (s, again.get(_key(s), p) if p * (1 - p) * WEIGHTS.get(field, 0.3) >= LEAST else p) for s, p in pairs
        ]
    return found


def _card(data: Path, reads: Sequence[Read], metrics: dict[str, Figures]) -> Card:
    counts = Counter(r.paper.origin.split()[0] for r in reads)
    sets = []
    for name, licence in SETS.items():
        digest = hashlib.sha256((data / name / "labels.jsonl").read_bytes()).hexdigest()
        sets.append(DataSet(name=name, documents=counts[name], sha256=digest, licence=licence))
    if made := sum(r.paper.origin.startswith(ORIGIN) for r in reads):
        sets.append(DataSet(name=ORIGIN, documents=made, sha256=digest_of_made(), licence="made here"))
    return Card(
        name=NAME,
        version=VERSION,
        reader=READER,
        made_at=datetime.now(UTC).replace(microsecond=0),
        made_by="python -m benchmarks.train_invoice_fields --data DIR --pages DIR --scans DIR --made DIR --write",
        about=ABOUT,
        data=tuple(sets),
        metrics=metrics,
        notes=(
            "Out of fold: confidences had not seen the supplier; rankers not the receipt, nor a quarter of the shops.",
        ),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
