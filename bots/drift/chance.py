"""What chance alone does: thresholds for a cumulative sum and for a population stability index.

Corrections: a cumulative sum (CUSUM) of log-likelihoods of "as before" against "more by `shift`", the quickest test
for a rate that rises (Page 1954; Moustakides 1986). It falls to 0 as long as nothing is wrong.
Distributions: the population stability index (PSI), sum of (new - old) x ln(new / old). Where nothing has changed it is
about (1/new documents + 1/old documents) x chi-square; what chance gives is no drift.
Documents come in heaps (one sender, one day): `heaps` says how much more the days scatter than single documents would.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

RARE = 0.02
"""Values with a smaller share than this before are counted together."""
_OVERSHOOT = 30.0
"""How much longer a cumulative sum takes to a false alarm than exp(threshold) documents; simulated, see the tests."""
_INDEPENDENT = 3.0
"""A week of daily looks at a sliding window is worth about so many independent ones; simulated."""
_FEWEST_DAYS = 5


def cusum(days: Sequence[tuple[int, int]], before: float, shift: float, heaps: float = 1.0) -> tuple[float, int]:
    """The sum at the end, and the place of the day on which it last left 0. `days`: (documents, corrected).

    `before`: the rate so far; `heaps`: the scatter between days against that of single documents, at least 1.
    """
    after = min(0.99, before + shift)
    up, down = math.log(after / before), math.log((1 - after) / (1 - before))
    total, since = 0.0, 0
    for place, (count, wrong) in enumerate(days):
        if total == 0.0:
            since = place
        total = max(0.0, total + (wrong * up + (count - wrong) * down) / heaps)
    return total, since


def cusum_threshold(tests: int, weekly: float, false_alarms: float) -> float:
    """Above this the sum is an alert. `tests` series, `weekly` documents of one of them a week."""
    return math.log(max(2.0, tests * max(1.0, weekly) / (false_alarms * _OVERSHOOT)))


def psi(old: Sequence[float], new: Sequence[float]) -> float:
    """The population stability index of two rows of counts; half a document is added to each."""
    a, b = [x + 0.5 for x in old], [x + 0.5 for x in new]
    shares = [(y / sum(b), x / sum(a)) for x, y in zip(a, b, strict=True)]
    return sum((y - x) * math.log(y / x) for y, x in shares)


def together(old: Mapping[str, int], new: Mapping[str, int]) -> tuple[list[float], list[float]]:
    """Counts of both in the same order, those rare before as one."""
    total = sum(old.values())
    common = sorted(value for value, count in old.items() if count >= RARE * total)
    rest = [sum(c for v, c in counts.items() if v not in common) for counts in (old, new)]
    return [*(float(old[v]) for v in common), rest[0]], [*(float(new.get(v, 0)) for v in common), rest[1]]


def psi_by_chance(values: int, old: float, new: float, tests: int, false_alarms: float) -> float:
    """The index that a distribution over `values` values passes by chance only with that probability a week."""
    if values < 2 or old <= 0 or new <= 0:
        return math.inf
    level = 1 - false_alarms / (max(1, tests) * _INDEPENDENT)
    return chi_square(values - 1, level) * (1 / old + 1 / new)


def chi_square(degrees: int, level: float) -> float:
    """The quantile of chi-square, by Wilson and Hilferty (within 2 % from one degree on at high levels)."""
    part = 2 / (9 * degrees)
    return float(degrees * (1 - part + NormalDist().inv_cdf(level) * math.sqrt(part)) ** 3)


def heaps(days: Sequence[Sequence[float]]) -> float:
    """How much more the counts scatter from day to day than single documents would; at least 1."""
    days = [day for day in days if sum(day) > 0]
    columns = [sum(column) for column in zip(*days, strict=True)]
    total = sum(columns)
    kept = [n for n, column in enumerate(columns) if column > 0]
    if len(days) < _FEWEST_DAYS or len(kept) < 2:
        return 1.0
    scatter = 0.0
    for day in days:
        for n in kept:
            expected = sum(day) * columns[n] / total
            scatter += (day[n] - expected) ** 2 / expected
    degrees = (len(days) - 1) * (len(kept) - 1)
    ratio = scatter / degrees
    return float(ratio) if ratio > 1 + 2 * math.sqrt(2 / degrees) else 1.0  # below that it is what chance gives
