"""Fits the rankers of extractors/invoice/ranking.py to labelled receipts: line tagger, spans, sums, dates."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from extractors.invoice.candidates import Context
from extractors.invoice.fitting import Rows, addresses_of, names_of, span_rows, squeezed, trees
from extractors.invoice.head import Head
from extractors.invoice.receipt_dates import DatePlace, date_places
from extractors.invoice.receipt_sums import Place, grouped, sum_places
from extractors.invoice.spans import Span, Tags
from extractors.invoice.spelling import mend_address, mend_name
from extractors.invoice.tagger import SIGN_NAMES, line_matrix, tags_from

INNER = 4
"""Folds in which the first opinions are made that the second ones are fitted to."""
SLIP, SAME_ADDRESS = 4, 96.0
"""How many times as often as a slip of the pen the right spelling is seen, and how alike (of 100) the two are."""
TAGGED: dict[str, Any] = {"line_signs": list(SIGN_NAMES), "buckets": 2**13}
"""What the tagger looks at."""


@dataclass
class Receipt:
    """A labelled receipt. `group` is its shop; receipts of one shop never stand on both sides of a split."""

    name: str
    origin: str
    group: str
    context: Context
    head: Head
    company: str
    address: str | None
    total: Decimal | None
    day: date | None
    weight: float = 1.0

    @cached_property
    def names(self) -> tuple[list[Span], list[bool]]:
        """Spans that may be the name, and which of them are the nearest to the label."""
        return names_of(self.head, self.company)

    @cached_property
    def addresses(self) -> tuple[list[Span], list[bool]]:
        """Spans that may be the address, and which of them are the nearest to the label."""
        return addresses_of(self.head, self.address or "")

    @cached_property
    def sums(self) -> list[Place]:
        """The amounts."""
        return sum_places(self.context)

    @cached_property
    def dates(self) -> list[DatePlace]:
        """The dates."""
        return date_places(self.context)

    @cached_property
    def lines(self) -> Any:
        """What the tagger sees."""
        return line_matrix(self.head, TAGGED)


def fold_of(group: str, folds: int, salt: str = "") -> int:
    """Which fold a group belongs to: always the same."""
    return int(hashlib.sha256((salt + group).encode()).hexdigest(), 16) % folds


def fit_tagger(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """The line tagger, with the names of its signs and the n-grams of its letters."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    with_lines = [r for r in receipts if r.head.lines]
    classes = [c for r in with_lines for c in line_classes(r)]
    weights = [r.weight for r in with_lines for _ in r.head.lines]
    model = LogisticRegression(C=2.0, max_iter=150, tol=1e-3)
    return TAGGED | {"tagger": model.fit(vstack([r.lines for r in with_lines]), classes, sample_weight=weights)}


def line_classes(receipt: Receipt) -> list[str]:
    """What each line of the head is, by the labels; where both claim a line, the name has it."""
    found = ["other"] * len(receipt.head.lines)
    for kind, (spans, right) in (("address", receipt.addresses), ("name", receipt.names)):
        best = next((s for s, r in zip(spans, right, strict=True) if r), None)
        if best:
            found[best.first : best.last + 1] = [kind] * (best.last - best.first + 1)
    return found


def unseen(
    receipts: Sequence[Receipt], fit: Callable[[Sequence[Receipt]], Any], say: Callable[[Receipt, Any], Any]
) -> dict[int, Any]:
    """For each receipt (by id) what a model says that was fitted without its shop."""
    said: dict[int, Any] = {}
    for n in range(INNER):
        inside = [r for r in receipts if fold_of(r.group, INNER, "inner") != n]
        outside = [r for r in receipts if fold_of(r.group, INNER, "inner") == n]
        if not outside:
            continue
        model = fit(inside)
        said |= {id(r): say(r, model) for r in outside}
    return said


def fit_spans(receipts: Sequence[Receipt], tags: Mapping[int, Tags], kind: str) -> dict[str, Any]:
    """The ranker of names or addresses."""
    rows = Rows()
    for receipt in receipts:
        if kind == "address" and not receipt.address:
            continue
        found = receipt.names if kind == "name" else receipt.addresses
        rows.add(span_rows(receipt.head, tags[id(receipt)], found, kind), receipt.weight)
    return trees(rows)


def fit_places(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """The ranker of amounts where they stand."""
    rows = Rows()
    for r in receipts:
        rows.add([(dict(p.signs), p.value == r.total) for p in r.sums], r.weight)
    return trees(rows)


def fit_sums(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """Both rankers of sums: the second sees what the first says of receipts that it was not fitted to."""
    from extractors.invoice.ranking import chances

    with_total = [r for r in receipts if r.total is not None]
    said = unseen(with_total, fit_places, lambda r, m: chances(m, [p.signs for p in r.sums]))
    rows = Rows()
    for r in with_total:
        values = grouped(r.sums, said[id(r)])
        rows.add([(signs, value == r.total) for value, (signs, _) in values.items()], r.weight)
    return {"place": fit_places(with_total), "value": trees(rows)}


def fit_dates(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """The ranker of dates."""
    rows = Rows()
    for r in receipts:
        if r.day is not None:
            rows.add([(dict(p.signs), p.value == r.day) for p in r.dates], r.weight)
    return trees(rows)


def address_words(receipts: Sequence[Receipt]) -> list[str]:
    """Words that the addresses of several shops have: towns, states, kinds of streets."""
    return _common((r.address or "", r.group) for r in receipts)


def name_words(receipts: Sequence[Receipt]) -> list[str]:
    """Words that the names of several shops have: trades and goods."""
    return _common((r.company, r.group) for r in receipts)


def _common(texts: Iterable[tuple[str, str]], least: int = 3) -> list[str]:
    """Words of at least three letters that the texts of several groups have."""
    shops: dict[str, set[str]] = defaultdict(set)
    for text, group in texts:
        for word in "".join(c if c.isalpha() else " " for c in text.lower()).split():
            if len(word) >= 3:
                shops[word].add(group)
    return sorted(w for w, found in shops.items() if len(found) >= least)


def known_shops(
    receipts: Sequence[Receipt], lexicon: Collection[str] = frozenset(), trades: Collection[str] = frozenset()
) -> list[dict[str, Any]]:
    """Names and addresses of the shops as they are usually spelt; slips that can be told are put right."""
    labels: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for _, group, company, address in sorted({(r.name, r.group, r.company, r.address or "") for r in receipts}):
        names, addresses = labels[group]
        names[mend_name(company, trades)] += 1
        if address:
            addresses[mend_address(address, lexicon)] += 1
    found = []
    for _, (names, addresses) in sorted(labels.items()):
        name = min(names, key=lambda n: (-names[n], n))
        found.append({"name": name, "addresses": _without_slips(addresses)[:6]})
    return found


def _without_slips(addresses: Mapping[str, int]) -> list[str]:
    """Addresses, the most frequent first, without those that differ from a far more frequent one by a slip."""
    from rapidfuzz.fuzz import ratio

    times: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for address, count in sorted(addresses.items(), key=lambda a: (-a[1], a[0])):
        times[squeezed(address)] += count
        spelt.setdefault(squeezed(address), address)
    kept: list[str] = []
    for one in sorted(times, key=lambda a: (-times[a], a)):
        if not any(times[k] >= SLIP * times[one] and ratio(k, one) >= SAME_ADDRESS for k in kept):
            kept.append(one)
    return [spelt[k] for k in kept]


def fit(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """The whole model."""
    sizes = Counter(r.group for r in receipts)
    for r in receipts:
        r.weight = (1.0 if r.origin == "ocr" else 0.5) / sizes[r.group] ** 0.5
    words, trades = address_words(receipts), name_words(receipts)
    tags = unseen(receipts, fit_tagger, lambda r, m: tags_from(r.lines, m))
    return {
        **fit_tagger(receipts),
        "name": fit_spans(receipts, tags, "name"),
        "address": fit_spans(receipts, tags, "address"),
        "date": fit_dates(receipts),
        **fit_sums(receipts),
        "words": words,
        "name_words": trades,
        "shops": known_shops(receipts, frozenset(words), frozenset(trades)),
    }
