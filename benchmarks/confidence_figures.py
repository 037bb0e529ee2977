"""How far confidences hold: calibration beyond chance, what passes at a precision, thresholds for a precision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import pi, prod, sqrt

from benchmarks.confidence_fit import Sample
from benchmarks.reading_score import BINS, calibration, coverage

Pairs = Sequence[tuple[Sample, float]]
DOCUMENT = ("supplier_name", "issued_on", "total")
TARGETS = (0.9, 0.95, 0.97, 0.98, 0.99, 0.995)
KINDS = {"invoice": ("einvoice", "einvoice scan"), "receipt": ("sroie",)}
"""The sets from whose readings the thresholds of a kind of document follow."""
SLACK = 0.03
PRIOR = 2.0
"""Readings that count as right as often as their confidence says, beside those that were counted."""


def figures(pairs: Pairs) -> dict[str, float | None]:
    """Share right, mean confidence, calibration error beyond chance, and what passes at 95 and 99 %.

    `by_seller`: the calibration error beyond what chance gives where one seller's papers are right or wrong together.
    """
    plain = [(p, s.right) for s, p in pairs]
    count = len(plain) or 1
    return {
        "n": float(len(plain)),
        "right": round(sum(r for _, r in plain) / count, 4),
        "confidence": round(sum(p for p, _ in plain) / count, 4),
        "calibration": round(beyond_chance(plain), 4),
        "by_seller": round(max(0.0, calibration(plain)[0] - chance_by_seller(pairs)), 4),
        "at95": round(coverage(plain, len(plain), 0.95), 4),
        "at99": round(coverage(plain, len(plain), 0.99), 4),
    }


def beyond_chance(pairs: Sequence[tuple[float, bool]]) -> float:
    """The calibration error less what chance gives where every confidence is true."""
    error, chance = calibration(pairs)
    return max(0.0, error - chance)


def chance_by_seller(pairs: Pairs) -> float:
    """The calibration error that chance gives where every confidence is true, but not each paper for itself.

    A seller's name that the label spells otherwise, or a column that is taken for another, is so on all of a seller's
    papers: the readings of one supplier in one bin are taken to be right or wrong together.
    """
    bins: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for s, p in pairs:
        bins[min(BINS - 1, int(p * BINS))][s.group].append(p)
    spread = (sum(sum(own) * (len(own) - sum(own)) for own in sellers.values()) for sellers in bins.values())
    return sum(sqrt(2 / pi * squares) for squares in spread) / (len(pairs) or 1)


def by_set(pairs: Pairs) -> dict[str, Pairs]:
    """The same of each set."""
    found: dict[str, list[tuple[Sample, float]]] = defaultdict(list)
    for s, p in pairs:
        found[s.origin].append((s, p))
    return dict(sorted(found.items()))


def documents(fields: Mapping[str, Pairs], names: Sequence[str] = DOCUMENT) -> dict[str, float | None]:
    """Receipts that pass as a whole: all three fields right, as sure as their product."""
    whole: dict[str, list[tuple[Sample, float]]] = defaultdict(list)
    for name in names:
        for s, p in fields.get(name, ()):
            if s.origin == "sroie":
                whole[s.document].append((s, p))
    full = [own for own in whole.values() if len(own) == len(names)]
    plain = [(prod(p for _, p in own), all(s.right for s, _ in own)) for own in full]
    right = sum(r for _, r in plain) / (len(plain) or 1)
    return {
        "n": float(len(whole)),
        "right": round(right, 4),
        "calibration": round(beyond_chance(plain), 4),
        "at95": round(coverage(plain, len(whole), 0.95), 4),
        "at99": round(coverage(plain, len(whole), 0.99), 4),
    }


def together(fields: Mapping[str, Pairs], names: Sequence[str] = DOCUMENT) -> dict[str, float | None]:
    """The figures of receipts' date, total and name as one heap: one threshold for all three."""
    return figures([(s, p) for name in names for s, p in fields.get(name, ()) if s.origin == "sroie"])


def threshold(pairs: Pairs, target: float) -> float:
    """The confidence from which on readings are right as often as the target says; 1 where that cannot be shown."""
    ordered = sorted(((p, s.right, s.weight) for s, p in pairs), key=lambda x: -x[0])
    count, right, sure, lowest = 0.0, 0.0, 0.0, 1.0
    for n, (p, good, weight) in enumerate(ordered, 1):
        count, right, sure = count + weight, right + weight * good, sure + weight * p
        last_of_tie = n == len(ordered) or ordered[n][0] < p
        if last_of_tie and (right + PRIOR * sure / count) / (count + PRIOR) >= target:
            lowest = p
    if ordered and lowest <= ordered[-1][0]:
        lowest = max(0.0, lowest - SLACK)  # all pass: others may be a little less sure
    return round(lowest - 0.00005, 4)


def thresholds(fields: Mapping[str, Pairs]) -> dict[str, dict[str, dict[str, float]]]:
    """For each kind, target precision and field the threshold."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for kind, origins in KINDS.items():
        own = {f: [x for x in pairs if x[0].origin in origins] for f, pairs in sorted(fields.items())}
        found[kind] = {str(t): {f: threshold(pairs, t) for f, pairs in own.items() if pairs} for t in TARGETS}
    return found
