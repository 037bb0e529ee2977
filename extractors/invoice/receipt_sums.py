"""Every amount on a receipt, with what speaks for and against it being the total: per place, then per value."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.invoice.candidates import Context
from extractors.invoice.layout import Cell, Piece, Row
from extractors.invoice.spelling import legible
from extractors.values import amounts_in

MOST = 250
"""Amounts of a receipt that are looked at: the last ones."""
_WORDS: Mapping[str, str] = {
    "total": r"t[o0]t[ae][l1i]|jumlah|\bttl\b|\btotl",
    "sub": r"sub\s*-?\s*t[o0]t|subtotal|sub\s",
    "grand": r"grand|nett?\b|final",
    "rounded": r"round(?:ed)?\s*(?:t[o0]tal)?|after\s+r|\brnd",
    "rounding": r"round\w*\s*(?:ad|\b|:)|adj|\brnd",
    "due": r"(?<!change )(?<!chg )\bdue\b|p[ae]y[ae]b[lt]e|to\s*pay|bal(?:ance)?\b",
    "amount": r"am[o0]unt|anount|\bamt\b|sales",
    "inclusive": r"inc[l.]|inclusive|w/\s*gst|with\s*gst",
    "exclusive": r"exc[l.]|exclusive|before|excl|w/o",
    "tax": r"\bgst\b|\btax\b|\bsst\b|\bvat\b|\bs(?:ervice|vc)?\s*(?:charge|chg)\b|6\s*%",
    "summary": r"summary|analysis|code\b|rate|\bsr\b|\bzr\b",
    "cash": r"\bcash\b|tender|\btunai\b",
    "card": r"visa|master|card|debit|credit|amex|paywave|\bqr\b|wallet",
    "paid": r"\bpaid\b|payment|received|bayar|accepted",
    "change": r"ch[ae]n[gcq]e|\bbaki\b|chg\b",
    "discount": r"disc|saving|rebate|voucher|promo|deduct|less\b",
    "count": r"\bqty\b|quantity|\bitems?\b|\bpcs?\b|\bunits?\b|article|\bpoints?\b|\bpts\b",
    "price": r"price|\beach\b|@|\bx\b|u/p",
    "money": r"\brm\b|myr|\$|usd|eur|€|£",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _WORDS.items()}
_TELLING = (
    "sub", "grand", "rounded", "due", "amount", "inclusive", "exclusive", "tax", "summary", "cash", "card", "paid",
    "change", "discount", "count", "price",
)  # fmt: skip
"""Words whose rows say of a value what it is, wherever else it stands."""


@dataclass(frozen=True)
class Place:
    """One amount where it stands."""

    value: Decimal
    page: int
    pieces: tuple[Piece, ...]
    row: int
    signs: Mapping[str, float]


@dataclass(frozen=True)
class _Printed:
    value: Decimal
    decimals: int
    has_currency: bool
    is_less: bool  # a dash stands beside it: a discount, a rounding, or a speck
    cell: Cell
    row: Row
    pieces: tuple[Piece, ...]
    left: str
    right: str


def sum_places(context: Context) -> list[Place]:
    """All amounts with decimals or a currency, and what stands around each."""
    printed = _printed(context)[-MOST:]
    values = [p.value for p in printed]
    facts = _facts(printed, values)
    return [
        Place(p.value, p.row.page, p.pieces, p.row.index, _signs(context, printed, n, facts))
        for n, p in enumerate(printed)
    ]


def _printed(context: Context) -> list[_Printed]:
    found = []
    for row in context.sheet.rows:
        cell = Cell(row.pieces, row.page, row.index)
        for amount in amounts_in(legible(cell.text), context.mark):
            if amount.percent or abs(amount.value) > 10**7:
                continue
            if amount.decimals != 2 and not (amount.currency and amount.decimals in (0, 1)):
                continue
            left, right = cell.folded[: amount.start], cell.folded[amount.end :]
            pieces = tuple(cell.span(amount.start, amount.end))
            value, is_less = abs(amount.value), amount.value < 0
            has_currency = bool(amount.currency)
            found.append(_Printed(value, amount.decimals, has_currency, is_less, cell, row, pieces, left, right))
    return found


@dataclass(frozen=True)
class _Facts:
    """What holds for the whole receipt."""

    times: Counter[Decimal]
    largest: Decimal
    labelled: Mapping[str, set[Decimal]]
    bottom: float
    height: float
    ordered: Sequence[Decimal]


def _facts(printed: Sequence[_Printed], values: Sequence[Decimal]) -> _Facts:
    labelled: dict[str, set[Decimal]] = defaultdict(set)
    for p in printed:
        for name in ("cash", "card", "paid", "change", "tax", "rounding", "sub", "discount", "total"):
            if _PATTERNS[name].search(p.left):
                labelled[name].add(p.value)
    heights = sorted(p.pieces[-1].height for p in printed) or [1.0]
    return _Facts(
        times=Counter(values),
        largest=max(values, default=Decimal(0)),
        labelled=labelled,
        bottom=max((p.row.y1 for p in printed), default=1.0),
        height=heights[len(heights) // 2],
        ordered=sorted(set(values), reverse=True),
    )


def _signs(context: Context, printed: Sequence[_Printed], at: int, facts: _Facts) -> dict[str, float]:
    mine = printed[at]
    rows = context.sheet.rows
    width, height = context.sheet.sizes[mine.row.page]
    n = mine.row.index
    above = rows[n - 1].folded if n else ""
    below = rows[n + 1].folded if n + 1 < len(rows) else ""
    near = "" if re.search(r"[a-z]{3}", mine.left) else above
    signs = {f"left {name}": float(bool(p.search(mine.left))) for name, p in _PATTERNS.items()}
    signs |= {f"right {name}": float(bool(p.search(mine.right))) for name, p in _PATTERNS.items()}
    signs |= {f"above {name}": float(bool(p.search(above))) for name, p in _PATTERNS.items()}
    signs |= {f"below {name}": float(bool(p.search(below))) for name, p in _PATTERNS.items()}
    signs |= {f"alone {name}": float(bool(p.search(near))) for name, p in _PATTERNS.items()}
    in_row = [p for p in printed[max(0, at - 6) : at + 7] if p.row is mine.row]
    signs |= {
        "row": n / max(1, len(rows)),
        "rows left": float(min(40, len(rows) - n)),
        "y": mine.row.y1 / height,
        "x": mine.pieces[-1].x1 / width,
        "place": at / max(1, len(printed)),
        "place from end": float(min(30, len(printed) - at)),
        "in row": float(len(in_row)),
        "last in row": float(in_row[-1] is mine),
        "decimals": float(mine.decimals),
        "currency": float(mine.has_currency),
        "less": float(mine.is_less),
        "tall": mine.pieces[-1].height / max(1e-6, facts.height),
        "letters left": float(min(30, sum(c.isalpha() for c in mine.left))),
        "digits left": float(min(20, sum(c.isdigit() for c in mine.left))),
        "letters right": float(min(30, sum(c.isalpha() for c in mine.right))),
        "starts row": float(mine.left.lstrip().startswith(("total", "grand", "nett", "amount", "round"))),
        "words above": float(min(30, sum(c.isalpha() for c in above))),
    }
    return signs | value_signs(mine.value, facts)


def value_signs(value: Decimal, facts: _Facts) -> dict[str, float]:
    """What the receipt's other amounts say of a value."""
    said = facts.labelled
    paid = said["cash"] | said["card"] | said["paid"]
    coins = {r for r in said["rounding"] if r < Decimal("0.06")} | {Decimal("0.01"), Decimal("0.02")}
    smaller = [v for v in facts.times if Decimal(0) < v < value]
    return {
        "times": float(min(8, facts.times[value])),
        "rank": float(min(20, facts.ordered.index(value))),
        "share": float(value / facts.largest) if facts.largest else 0.0,
        "size": float(min(Decimal(9), (value + 1).ln())),
        "zero": float(not value),
        "coin": float(not value % Decimal("0.05")),
        "is paid": float(value in paid),
        "is change": float(value in said["change"]),
        "less change": float(any(value + r in facts.times for r in said["change"] if r > 0)),
        "cash less change": float(any(c - r == value for c in paid for r in said["change"] if c > r >= 0)),
        "with tax": float(any(s + t == value for s in smaller for t in said["tax"] if 0 < t < s)),
        "base of tax": float(any(value + t in facts.times for t in said["tax"] if 0 < t < value)),
        "rounded": float(any(value + r in facts.times or value - r in facts.times for r in coins if r)),
        "sub rounded": float(any(abs(value - s) in coins for s in said["sub"] | said["total"])),
        "less discount": float(any(s - d == value for s in said["sub"] | said["total"] for d in said["discount"] if d)),
        "as total": float(value in said["total"]),
        "as sub": float(value in said["sub"]),
        "as tax": float(value in said["tax"]),
    }


def grouped(places: Sequence[Place], chances: Sequence[float]) -> dict[Decimal, tuple[dict[str, float], Place]]:
    """For each distinct value the signs of all its places together, and the likeliest place."""
    by_value: dict[Decimal, list[tuple[float, Place]]] = defaultdict(list)
    for place, chance in zip(places, chances, strict=True):
        by_value[place.value].append((chance, place))
    highest = max(chances, default=0.0)
    best = {v: max(c for c, _ in found) for v, found in by_value.items()}
    is_told = any(p.signs["cash less change"] for p in places)
    result = {}
    for value, found in by_value.items():
        ranked = sorted(found, key=lambda f: -f[0])
        rivals = [c for v, c in best.items() if v != value]
        place = ranked[0][1]
        signs = {f"best {name}": sign for name, sign in place.signs.items()}
        signs |= {f"any {name}": max(p.signs[f"left {name}"] for _, p in ranked) for name in _TELLING}
        signs |= {
            "change says otherwise": float(is_told > bool(place.signs["cash less change"])),
            "chance": ranked[0][0],
            "chance second": ranked[1][0] if len(ranked) > 1 else 0.0,
            "chance sum": sum(c for c, _ in ranked),
            "chance mean": sum(c for c, _ in ranked) / len(ranked),
            "chance rival": max(rivals, default=0.0),
            "chance share": ranked[0][0] / max(1e-6, highest),
            "chance total": sum(best.values()),
            "labelled": float(sum(p.signs["left total"] for _, p in ranked)),
            "paid": float(max(p.signs["left cash"] + p.signs["left card"] for _, p in ranked)),
            "values": float(min(40, len(by_value))),
        }
        result[value] = (signs, place)
    return result
