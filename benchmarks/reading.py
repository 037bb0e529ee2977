"""`run.py bench reading --data DIR`: what is read rightly, how far confidences hold, and what a page costs.

DIR holds labelled sets (folders sroie, einvoice, orderx, fcc_adbuy, and for kinds also cuad, kleister_nda, kinds), each
with a labels.jsonl. E-invoices are read twice: as they are, with the XML inside, and drawn as 200-dpi scans. In the
same run: plain Tesseract with regular expressions, invoice2data with its own templates, and engines for speed.
A set that the shipped models were fitted to is marked: its figures flatter. --folds adds the figures that the training
scripts wrote down for documents whose seller the fold's model had not seen.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.reading_score import (
    WHOLE,
    Mark,
    coverage,
    f1,
    field_figures,
    marks_of,
    pairs_of,
    row_counts,
    whole_documents,
    word_counts,
)
from benchmarks.reading_sets import SETS, Case, cases
from benchmarks.reading_trained import folds, trained_sets
from benchmarks.reading_values import FIELDS
from benchmarks.reading_worker import Done, Job, run_all

ENGINES = ("deskhand", "deskhand, words only", "tesseract IMAGE -", "pytesseract", "rapidocr, defaults")
BASELINES = ("tesseract and regular expressions", "invoice2data")
WORKERS = 2
SURE_FIELDS = ("supplier_name", "issued_on", "total")

Row = dict[str, Any]


def main(argv: list[str]) -> int:
    """Prints figures; 2 where DIR holds none of the sets."""
    args = _arguments(argv)
    names = [n.strip() for n in args.sets.split(",") if n.strip()]
    with tempfile.TemporaryDirectory(prefix="deskhand-scans-") as folder:
        found = cases(args.data, names, args.count, args.scans or Path(folder))
        if not found:
            print(f"bench reading: none of {', '.join(names)} is in {args.data}", file=sys.stderr)
            return 2
        rows = []
        for row in _measured(found, args):
            rows.append(row)
            print(json.dumps({k: v for k, v in row.items() if k != "pairs"}) if args.json else _line(row), flush=True)
    if args.write_docs:
        from benchmarks.reading_docs import write

        write(rows, " ".join(["python3 run.py bench reading", *argv]))
    return 0


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py bench reading", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--sets", default=",".join(SETS), help="which (default: all that are there)")
    parser.add_argument("--count", type=int, metavar="N", help="documents of each set (a fixed sample; default: all)")
    parser.add_argument("--pages", type=int, default=20, metavar="N", help="receipts for the speed of engines (20)")
    parser.add_argument("--scans", type=Path, metavar="DIR", help="keeps the drawn scans there")
    parser.add_argument("--folds", action="store_true", help="also what the training scripts wrote down, out of fold")
    parser.add_argument("--no-baselines", action="store_true", help="the product alone")
    parser.add_argument("--write-docs", action="store_true", help="writes tables and plots into docs/")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    return parser.parse_args(argv)


def _measured(found: list[Case], args: argparse.Namespace) -> Iterator[Row]:
    done, wall = run_all([Job("deskhand", str(case.path)) for case in found], WORKERS)
    yield from _accuracy(found, done, trained_sets())
    yield _kinds(found, done)
    yield from _cost(found, done, wall)
    if args.folds:
        yield from folds()
    if not args.no_baselines:
        yield from _baselines(found)
        yield from _engines([c for c in found if c.name == "sroie"][: args.pages])


def _accuracy(found: list[Case], done: list[Done], trained: set[str]) -> list[Row]:
    """Per set and field, all fields of a set together, whole documents, line rows."""
    marks: dict[str, list[Mark]] = defaultdict(list)
    lines: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    names = {case.group: case.name for case in found if case.scored}
    for case, job in zip(found, done, strict=True):
        if case.scored:
            read = job.result or {}
            marks[case.group] += marks_of(case, read.get("fields") or {})
            if "lines" in case.labels:
                lines[case.group].append(row_counts(case, read.get("lines") or []))
    rows: list[Row] = []
    for group, every in marks.items():
        about = {"what": "accuracy", "set": group, "in_training": names[group] in trained}
        rows.append(about | {"field": "all"} | field_figures(every) | _whole(every, names[group]))
        for field in FIELDS[names[group]]:
            own = [m for m in every if m.field == field.name]
            rows.append(about | {"field": field.name} | field_figures(own) | {"pairs": pairs_of(own)})
        if lines[group]:
            right, read_rows, wanted = (sum(column) for column in zip(*lines[group], strict=True))
            both = read_rows + wanted
            score = 2 * right / both if both else 0.0
            rows.append({"what": "line rows", "set": group, "f1": score, "right": right, "rows": wanted})
    return [_rounded(row) for row in rows]


def _whole(marks: list[Mark], name: str) -> Row:
    if name != "sroie":
        return {}
    sure = [m for m in marks if m.field in SURE_FIELDS and m.labelled]
    by_field = {f: [m for m in sure if m.field == f] for f in SURE_FIELDS}
    passed = sum(coverage(pairs_of(own), len(own), 0.99) * len(own) for own in by_field.values())
    whole = {f"whole_at_{p}": whole_documents(marks, WHOLE, p / 100) for p in (95, 99)}
    return {"date_total_company_at_99": passed / len(sure) if sure else 0.0} | whole


def _kinds(found: list[Case], done: list[Done]) -> Row:
    right = sure = 0
    by_set: dict[str, list[bool]] = defaultdict(list)
    for case, job in zip(found, done, strict=True):
        read = job.result or {}
        good = read.get("kind") in case.kinds
        right += good
        sure += not good and float(read.get("kind_confidence", 0)) >= 0.9
        by_set[case.group].append(good)
    by = {name: sum(goods) / len(goods) for name, goods in by_set.items()}
    return _rounded(
        {"what": "kinds", "documents": len(found), "accuracy": right / len(found), "wrong_and_sure": sure / len(found)}
        | {f"accuracy {name}": share for name, share in by.items()}
    )


def _cost(found: list[Case], done: list[Done], wall: float) -> list[Row]:
    """CPU seconds a page by set; documents and pages a minute over everything."""
    groups: dict[str, list[tuple[int, Done]]] = defaultdict(list)
    for case, job in zip(found, done, strict=True):
        groups[case.group].append((max(1, (job.result or {}).get("pages") or 1), job))
    rows: list[Row] = []
    for group, jobs in groups.items():
        pages = sum(n for n, _ in jobs)
        cpu = sum(job.cpu for _, job in jobs)
        rows.append({"what": "cost", "set": group, "pages": pages, "cpu_a_page": cpu / pages})
    pages = sum(n for jobs in groups.values() for n, _ in jobs)
    total: Row = {"what": "throughput", "documents": len(done), "pages": pages, "wall_seconds": wall}
    total |= {"documents_a_minute": 60 * len(done) / wall, "pages_a_minute": 60 * pages / wall}
    return [_rounded(row) for row in [*rows, total | {"peak_mb": max(job.peak_mb for job in done)}]]


def _baselines(found: list[Case]) -> Iterator[Row]:
    for reader in BASELINES:
        chosen = [c for c in found if c.scored and (reader != "invoice2data" or _has_text(c))]
        done, _ = run_all([Job(reader, str(c.path), c.name == "fcc_adbuy") for c in chosen], WORKERS)
        marks: dict[str, list[Mark]] = defaultdict(list)
        matched: dict[str, int] = defaultdict(int)
        for case, job in zip(chosen, done, strict=True):
            read = {name: {"value": value, "confidence": 1.0} for name, value in (job.result or {}).items()}
            marks[case.group] += marks_of(case, read)
            matched[case.group] += bool(read)
        for group, every in marks.items():
            each = {f.name: f1([m for m in every if m.field == f.name]) for f in FIELDS[group.split()[0]]}
            about = {"what": "baseline", "reader": reader, "set": group, "documents": len({m.document for m in every})}
            yield _rounded(about | {"read_something": matched[group], "f1": f1(every)} | each)


def _has_text(case: Case) -> bool:
    return case.path.suffix == ".pdf" and not case.variant and not case.labels.get("scanned")


def _engines(receipts: list[Case]) -> Iterator[Row]:
    """Every engine on the same images: words found, CPU and memory a page, pages a minute on two processes."""
    for reader in ENGINES if receipts else ():
        done, wall = run_all([Job(reader, str(c.path)) for c in receipts], WORKERS)
        row: Row = {"what": "engine", "reader": reader, "pages": len(done)}
        row |= {"cpu_a_page": sum(d.cpu for d in done) / len(done), "pages_a_minute": 60 * len(done) / wall}
        row |= {"peak_mb": max(d.peak_mb for d in done)}
        if reader != "deskhand":
            counts = [
                word_counts(c.labels.get("words") or [], d.result or []) for c, d in zip(receipts, done, strict=True)
            ]
            right, read, wanted = (sum(column) for column in zip(*counts, strict=True))
            row |= {"word_recall": right / max(1, wanted), "word_precision": right / max(1, read)}
        yield _rounded(row)


def _rounded(row: Row) -> Row:
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}


def _line(row: Row) -> str:
    """A row for people."""
    mark = " (in training)" if row.get("in_training") else ""
    head = " ".join(str(row[k]) for k in ("what", "set", "reader", "field", "model") if k in row)
    skipped = ("what", "set", "reader", "field", "model", "in_training", "pairs")
    return f"{head}{mark}: " + ", ".join(f"{k} {v:.4g}" for k, v in row.items() if k not in skipped)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
