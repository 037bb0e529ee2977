"""The rankers of receipts learn from answers: a small forest of a company's own receipts beside the shipped ones.

The shipped trees were fitted to hundreds of shops and stay. The forest of the answers votes with them, with a weight
that grows with the number of receipts, so that a few odd answers change little. Shops that people confirmed join those
whose spelling is known.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from extractors.invoice.candidates import Context
from extractors.invoice.context import context_of
from extractors.invoice.fitting import Rows, addresses_of, names_of, small_forest, span_rows
from extractors.invoice.head import head_of
from extractors.invoice.memory import same_value
from extractors.invoice.ranked import rank
from extractors.invoice.ranking import NAME, READER, chances
from extractors.invoice.receipt_dates import date_places
from extractors.invoice.receipt_sums import grouped, sum_places
from extractors.invoice.tagger import tags_of
from extractors.learning import Row, Said
from extractors.model_files import Loaded, load

ENOUGH = 20
"""Receipts with an answer about a field before its ranker learns."""
HELD = 150.0
"""The shipped trees weigh as much as the answers of so many receipts."""
TWICE = 2
"""Receipts on which people must have agreed on a shop's name before its spelling is known."""
PARTS = {
    "name": "supplier_name", "address": "supplier_address", "date": "issued_on", "place": "total", "value": "total",
}  # fmt: skip
"""The rankers, and the fields whose answers they learn from."""
Model = Mapping[str, Any]
Candidates = list[tuple[Mapping[str, float], bool]]


class FieldsLearning:
    """Implements extractors.learning.Trainable."""

    name = NAME
    reader = READER
    learns_from: Literal["pages"] = "pages"
    about = "Ranks the lines, amounts and dates of receipts: whose receipt, which address, which total, which day."

    def base(self) -> Loaded:
        """The rankers in force."""
        return load(NAME, READER)

    def fit(self, rows: Sequence[Row], base: Any) -> Any:
        """The rankers with a forest of the answers beside each one that enough of them are about."""
        papers = [r for r in rows if r.kind == "receipt" and r.pages]
        model = dict(base)
        for part, field in PARTS.items():
            found, count = Rows(), 0
            for row in papers:
                candidates = _candidates(row, part, base) if row.truth.get(field) else []
                if any(right for _, right in candidates):
                    found.add(candidates, row.weight)
                    count += 1
            if count >= ENOUGH and not all(found.right):
                forest = small_forest(found, base[part]["signs"])
                model[part] = {**base[part], "learnt": forest, "share": round(count / (count + HELD), 4)}
        return model | {"shops": _shops(base["shops"], papers)}

    def say(self, model: Any, row: Row) -> dict[str, Said]:
        """What the rankers put first, with their score."""
        if row.kind != "receipt" or not any(page.words for page in row.pages):
            return {}
        found = rank(_context(row), model)
        best = {
            "supplier_name": found.names, "supplier_address": found.addresses, "total": found.totals,
            "issued_on": found.dates,
        }  # fmt: skip
        return {f: Said(value=c[0].value, confidence=c[0].score) for f, c in best.items() if c}

    def same(self, field: str, value: str, label: str) -> bool:
        """Amounts and dates by value, texts by letters and digits."""
        return same_value(field, value, label)


def _context(row: Row) -> Context:
    return context_of(row.pages, row.kind, row.language)


def _candidates(row: Row, part: str, base: Model) -> Candidates:
    """The candidates of a ranker on a receipt, and which of them the answer means."""
    context, label = _context(row), row.truth[PARTS[part]]
    if part in ("name", "address"):
        head = head_of(context)
        found = names_of(head, label) if part == "name" else addresses_of(head, label)
        return span_rows(head, tags_of(head, base), found, part)
    if part == "date":
        return [(p.signs, p.value.isoformat() == label) for p in date_places(context)]
    places = sum_places(context)
    if part == "place":
        return [(p.signs, same_value("total", format(p.value, "f"), label)) for p in places]
    values = grouped(places, chances(base["place"], [p.signs for p in places]))
    return [(signs, same_value("total", format(v, "f"), label)) for v, (signs, _) in values.items()]


def _shops(known: Iterable[Mapping[str, Any]], papers: Sequence[Row]) -> list[Mapping[str, Any]]:
    """The known shops and those that people named, with the addresses that they gave."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    addresses: dict[str, Counter[str]] = defaultdict(Counter)
    for row in papers:
        if row.weight < 1 or not (name := row.truth.get("supplier_name")):
            continue  # only what a person looked at teaches a spelling
        names[_bare(name)][name] += 1
        if address := row.truth.get("supplier_address"):
            addresses[_bare(name)][address] += 1
    shipped = [s for s in known if not s.get("learnt")]
    taken = {_bare(s["name"]) for s in shipped}
    learnt = [
        {"name": max(sorted(n), key=n.__getitem__), "addresses": sorted(addresses[bare]), "learnt": True}
        for bare, n in sorted(names.items())
        if bare not in taken and n.total() >= TWICE
    ]
    return [*shipped, *learnt]


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


TRAINABLE = FieldsLearning()
