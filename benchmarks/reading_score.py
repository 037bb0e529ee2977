"""From what was read to figures: F1, coverage at a precision, calibration beyond chance, line rows, words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from benchmarks.reading_sets import Case
from benchmarks.reading_values import FIELDS, amount, label_of, plain, text

Pair = tuple[float, bool]
BINS = 10
WHOLE = ("supplier_name", "issued_on", "total")
"""Receipts pass as a whole by these."""


@dataclass(frozen=True)
class Mark:
    """How one field of one document came out."""

    document: str
    field: str
    labelled: bool
    predicted: bool
    right: bool
    exact: bool
    confidence: float


def marks_of(case: Case, fields: dict[str, Any]) -> list[Mark]:
    """The marks of one document; `fields` as `read --json` prints them."""
    marks = []
    for field in FIELDS[case.name]:
        label, reading = label_of(case.labels, field), fields.get(field.name) or {}
        value = " ".join(str(reading.get("value") or "").split())
        wanted, found = field.of_label(label) if label else None, field.of_value(value) if value else None
        right = wanted is not None and found == wanted
        exact = right and (field.of_value is not text or label == value)
        sure = float(reading.get("confidence", 0.0))
        marks.append(Mark(str(case.path), field.name, wanted is not None, bool(value), right, exact, sure))
    return marks


def f1(marks: Iterable[Mark], exact: bool = False) -> float:
    """2 x right / (predicted + labelled)."""
    rows = list(marks)
    both = sum(m.predicted + m.labelled for m in rows)
    return 2 * sum(m.exact if exact else m.right for m in rows) / both if both else 0.0


def coverage(pairs: Sequence[Pair], total: int, target: float) -> float:
    """The largest share of `total` that passes at that precision, the surest first, equally sure ones together."""
    ordered = sorted(pairs, key=lambda p: -p[0])
    right, passed = 0, 0
    for n, (sure, good) in enumerate(ordered, 1):
        right += good
        if (n == len(ordered) or ordered[n][0] < sure) and right >= target * n:
            passed = n
    return passed / total if total else 0.0


def calibration(pairs: Sequence[Pair]) -> tuple[float, float]:
    """The expected calibration error over ten bins, and what chance gives where every confidence is true."""
    bins: dict[int, list[Pair]] = defaultdict(list)
    for sure, good in pairs:
        bins[min(BINS - 1, int(sure * BINS))].append((sure, good))
    gap = sum(abs(sum(c for c, _ in b) - sum(g for _, g in b)) for b in bins.values())
    chance = sum(math.sqrt(2 / math.pi * max(0.0, sum(c * (1 - c) for c, _ in b))) for b in bins.values())
    return (gap / len(pairs), chance / len(pairs)) if pairs else (1.0, 0.0)


def pairs_of(marks: Iterable[Mark]) -> list[Pair]:
    """(confidence, right) of what was predicted; a value where the labels have none is wrong."""
    return [(m.confidence, m.right) for m in marks if m.predicted]


def field_figures(marks: Sequence[Mark]) -> dict[str, float]:
    """The figures of one field, or of all fields of a set."""
    labelled = [m for m in marks if m.labelled]
    sure = pairs_of(labelled)
    error, chance = calibration(pairs_of(marks))
    return {
        "documents": len({m.document for m in marks}),
        "labelled": len(labelled),
        "f1": f1(marks),
        "f1_exact": f1(marks, exact=True),
        "at_95": coverage(sure, len(labelled), 0.95),
        "at_99": coverage(sure, len(labelled), 0.99),
        "calibration": error,
        "calibration_by_chance": chance,
        "calibration_beyond": max(0.0, error - chance),
    }


def whole_documents(marks: Sequence[Mark], fields: Sequence[str], target: float) -> float:
    """The share of documents that pass whole at that precision: all fields right, by the product of confidences."""
    documents: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.field in fields and mark.labelled:
            documents[mark.document].append(mark)
    complete = [d for d in documents.values() if all(m.predicted for m in d)]
    pairs = [(math.prod(m.confidence for m in d), all(m.right for m in d)) for d in complete]
    return coverage(pairs, len(documents), target)


def row_counts(case: Case, lines: Sequence[dict[str, Any]]) -> tuple[int, int, int]:
    """Line rows that are right, found and wanted: amount and quantity equal, description alike or contained."""
    left, right = list(lines), 0
    wanted = case.labels.get("lines") or []
    for label in wanted:
        hit = next((line for line in left if _same_row(label, line)), None)
        if hit is not None:
            left.remove(hit)
            right += 1
    return right, len(lines), len(wanted)


def _same_row(label: dict[str, Any], line: dict[str, Any]) -> bool:
    for key, name in (("line_total", "amount"), ("quantity", "quantity")):
        if label.get(key) and amount(str(label[key])) != plain(str(line.get(name) or "")):
            return False
    wanted, found = text(label.get("description") or "") or "", text(line.get("description") or "") or ""
    return wanted in found or SequenceMatcher(None, wanted, found, False).ratio() >= 0.8


def word_counts(truth: Sequence[str], found: Sequence[str]) -> tuple[int, int, int]:
    """Words that are right, found and wanted: letters and digits in lower case, as often as they stand there."""
    from collections import Counter

    a, b = (Counter(w for t in texts for part in t.split() if (w := text(part))) for texts in (truth, found))
    return sum((a & b).values()), sum(b.values()), sum(a.values())
