"""What supplier memory is worth: papers come one after the other, a person corrects what was wrong.

    python -m benchmarks.supplier_memory --data DIR [--set sroie|einvoice|fcc_adbuy] [--blind] [--json]

Each paper is read with and without the lessons of those before it. `known`: memory has lessons of the supplier;
`unknown`: it has none, and must change nothing. `--blind` takes every candidate away from the finders but the
supplier's name, as if the layout were one that they do not know: what is right then is memory's work alone.
The order is drawn with a fixed seed. Words are those of text layers and those that SROIE gives. The shipped rankers
have seen SROIE, so that what memory adds there is less than on other receipts; --blind does not hang on them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import train_invoice_fields as sets
from extractors.invoice import candidates_of
from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.memory import FIELDS, MEMORY, Lesson, learn, remembered
from extractors.invoice.signs import signs_of, strength
from extractors.values import dates_in
from workitems.items import Page, Word

SEED = 7


class Lessons:
    """Lessons in memory, by their signs."""

    def __init__(self) -> None:
        self._by: dict[str, list[Lesson]] = defaultdict(list)

    def keep(self, lesson: Lesson) -> None:
        for sign in lesson.signs:
            self._by[sign].append(lesson)

    def lessons(self, signs: Sequence[str]) -> list[Lesson]:
        found = {x.item: x for sign in signs for x in self._by.get(sign, ())}
        return [x for x in found.values() if strength(set(signs) & set(x.signs)) >= 1.0]


def papers_of(data: Path, name: str) -> list[sets.Paper]:
    """The labelled papers of a set, in an order drawn with a fixed seed."""
    found: Iterator[sets.Paper] = iter(())
    if name == "sroie":
        found = receipts(data / "sroie")
    elif name == "fcc_adbuy":
        found = sets.broadcast_papers(data)
    else:
        found = (p for part in ("einvoice", "orderx") for p in sets.einvoices(data, part, sets.text_pages))
    papers = [p for p in found if p.pages]
    random.Random(SEED).shuffle(papers)  # noqa: S311 - an order, no secret
    return papers


def receipts(folder: Path) -> Iterator[sets.Paper]:
    """Receipts by the words and boxes that the set gives, without addresses: the words are cut at commas."""
    for row in sets.rows_of(folder):
        labels = row["entities"]
        truth = {"supplier_name": labels.get("company"), "issued_on": labels.get("date"), "total": labels.get("total")}
        group = "sroie:" + sets.text(labels.get("company", ""))
        yield sets.Paper(row["file"], "sroie", group, "receipt", _given(row, folder / row["file"]), truth)


def _given(row: dict[str, Any], path: Path) -> list[Page]:
    from PIL import Image

    with Image.open(path) as image:
        width, height = image.size
    words = tuple(
        Word(text=text, box=(x0 / width, y0 / height, min(1.0, x1 / width), min(1.0, y1 / height)), confidence=0.95)
        for text, (x0, y0, x1, y1) in zip(row["words"], row["boxes"], strict=True)
    )
    return [Page(number=1, width=width, height=height, source="ocr", engine="given", words=words)]


def figures(papers: Sequence[sets.Paper], blind: bool) -> dict[str, dict[str, int]]:
    """By field and whether the supplier was known: papers, right without and with memory, memory's own choices."""
    lessons, at = Lessons(), datetime(2026, 1, 1, tzinfo=UTC)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for paper in papers:
        at += timedelta(minutes=1)
        context, own = candidates_of(paper.pages, paper.kind, None)
        if blind:
            own = {f: c if f not in FIELDS or f == "supplier_name" else [] for f, c in own.items()}
        with_memory = remembered(context, own, lessons)
        known = "known" if lessons.lessons(signs_of(context, own)) else "unknown"
        right = [_count(counts[f"{f} {known}"], paper, f, (own, with_memory)) for f in _labelled(paper)]
        if not all(right):
            _correct(lessons, paper, (context, own), at)
    return {name: dict(row) for name, row in sorted(counts.items())}


def _labelled(paper: sets.Paper) -> list[str]:
    return [f for f, label in paper.truth.items() if f in FIELDS and label]


def _count(
    row: dict[str, int], paper: sets.Paper, field: str, readings: tuple[dict[str, list[Candidate]], ...]
) -> bool:
    before, after = (_is_right(paper, field, found.get(field, [])) for found in readings)
    chosen = bool(readings[1].get(field)) and readings[1][field][0].pattern == MEMORY
    more = {"papers": 1, "without": before, "with": after, "chosen": chosen, "chosen_right": chosen and after}
    for name, count in more.items():
        row[name] += int(count)
    return after


def _is_right(paper: sets.Paper, field: str, found: list[Candidate]) -> bool:
    american = paper.origin == "fcc_adbuy"
    return bool(found) and sets.same(field, found[0].value, str(paper.truth[field]), american, paper.kind == "receipt")


def _correct(
    lessons: Lessons, paper: sets.Paper, read: tuple[Context, dict[str, list[Candidate]]], at: datetime
) -> None:
    truth = {f: value for f in _labelled(paper) if (value := _typed(paper, f))}
    lesson = learn(read[0], read[1], truth, paper.name, at)
    if lesson is not None:
        lessons.keep(lesson)


def _typed(paper: sets.Paper, field: str) -> str | None:
    """The label as a person would have answered it."""
    label = str(paper.truth[field])
    if field in sets.DATES:
        days = list(dates_in(label, "mdy" if paper.origin == "fcc_adbuy" else "dmy"))
        return days[0].value.isoformat() if days else None
    if field in sets.SUMS:
        amount = sets.number(label)
        return None if amount is None else str(amount)
    return label


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--set", choices=["sroie", "einvoice", "fcc_adbuy"], default="sroie")
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    result = figures(papers_of(args.data, args.set), args.blind)
    if args.json:
        print(json.dumps({"set": args.set, "blind": args.blind, "figures": result}))
        return 0
    for name, row in result.items():
        print(f"{name:26}", "  ".join(f"{key} {value}" for key, value in row.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
