"""What sums say about each other: net + tax = total is evidence for all three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from extractors.invoice.candidates import Candidate
from workitems.items import TaxLine

TOLERANCE = Decimal("0.02")
TOGETHER = "rates"
"""The pattern of a tax that is printed in parts, one for each rate."""
WHOLE = 0.3
"""Net, tax and gross of one rate agree as well as those of the paper: where all rates together do, they are meant."""
_DEPTH = 10
"""How many candidates of each sum are tried together."""


def agreeing(candidates: Mapping[str, Sequence[Candidate]]) -> dict[str, list[Candidate]]:
    """The candidates of net, tax and total, with the triple that agrees best moved to the front.

    Candidates that agree carry the note `sum`; those of a paper on which nothing agrees carry `no sum`.
    """
    net, tax, total = ([*candidates.get(f, ())][:_DEPTH] for f in ("net", "tax", "total"))
    best: tuple[float, tuple[Candidate, Candidate, Candidate]] | None = None
    alone = sum(c[0].score for c in (net, tax, total) if c)
    for g in total:
        for n in net:
            for t in tax:
                bonus = _agreement(Decimal(n.value), Decimal(t.value), Decimal(g.value))
                score = n.score + t.score + g.score + bonus + (WHOLE if bonus and t.pattern == TOGETHER else 0.0)
                if bonus and (best is None or score > best[0]):
                    best = score, (n, t, g)
    chosen: dict[str, list[Candidate]] = {"net": net, "tax": tax, "total": total}
    if best is None or best[0] < alone:
        note = "no sum" if net and tax and total else "alone"
        return {f: [c.scaled(1.0, note) for c in found] for f, found in chosen.items()}
    return {
        f: [winner.scaled(1.0, "sum"), *(c for c in chosen[f] if c is not winner)]
        for f, winner in zip(("net", "tax", "total"), best[1], strict=True)
    }


def without_partial_tax(candidates: list[Candidate], taxes: Sequence[TaxLine]) -> list[Candidate]:
    """Where nothing adds up and there are several rates, the tax (or base) of one of them is not the whole tax."""
    parts = {v for t in taxes for v in (t.tax, t.base) if v}
    if len([t for t in taxes if t.tax]) < 2 or not candidates or "sum" in candidates[0].notes:
        return candidates
    return [c for c in candidates if Decimal(c.value) not in parts]


def _agreement(net: Decimal, tax: Decimal, total: Decimal) -> float:
    """How much it means that three sums agree; 0 where they do not."""
    if abs(net + tax - total) > TOLERANCE or not total:
        return 0.0
    if not tax:
        return 0.35  # any zero on the paper would do
    share = tax / net if net else Decimal(9)
    return 1.0 if Decimal(0) < share < Decimal("0.3") else 0.2
