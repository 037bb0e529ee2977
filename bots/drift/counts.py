"""What a day's documents and answers come to: the aggregates that drift is judged on. No value of any paper.

A document is counted when it was first read (kind, source, language, pages, confidence of each field), and again when
its reading ended: how many of its fields a person had corrected by then, for all suppliers and for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any

from pydantic import BaseModel, ValidationError

from bots.several import listed
from workitems.items import Answer, Paper

BINS = 10
SUPPLIERS = 300
"""Suppliers of one day that are told apart; the rest are counted under none."""
LONGEST_NAME = 80
LINE_CELLS = ("description", "quantity", "unit", "unit_price", "tax_rate", "amount")
TAX_CELLS = ("rate", "base", "tax")
FIELDS = (
    "kind",
    "supplier_name",
    "supplier_address",
    "buyer_name",
    "number",
    "issued_on",
    "due_on",
    "period_from",
    "period_to",
    "currency",
    "net",
    "tax",
    "total",
    "order_number",
    "vat_id",
    "iban",
    "lines",
    "taxes",
)
"""What is read and may be corrected. Choices that no paper names (the ERP's supplier, an account) are none of these."""


class Day(BaseModel):
    """One day's counts. `inputs` by feature and value; `sure` by field: documents by tenth of confidence."""

    read: int = 0
    inputs: dict[str, dict[str, int]] = {}
    sure: dict[str, list[int]] = {}
    ended: int = 0
    corrected: dict[str, int] = {}
    suppliers: dict[str, list[int]] = {}  # documents ended, documents with a correction

    def add_read(self, paper: Paper) -> None:
        """Counts a document that was read for the first time."""
        self.read += 1
        told = {"kind": paper.kind, "source": paper.source or "none", "language": paper.language or "none"}
        for feature, value in (told | {"pages": _pages(paper.pages)}).items():
            counts = self.inputs.setdefault(feature, {})
            counts[value] = counts.get(value, 0) + 1
        for field, reading in paper.fields.items():
            if field in FIELDS:
                tenth = min(BINS - 1, max(0, int(reading.confidence * BINS)))
                self.sure.setdefault(field, [0] * BINS)[tenth] += 1

    def add_ended(self, paper: Paper, answers: Sequence[Answer]) -> None:
        """Counts a document whose reading ended, with what a person had corrected."""
        self.ended += 1
        wrong = corrected(paper, answers)
        for field in wrong:
            self.corrected[field] = self.corrected.get(field, 0) + 1
        name = supplier_of(paper, answers)
        if name and (name in self.suppliers or len(self.suppliers) < SUPPLIERS):
            counts = self.suppliers.setdefault(name, [0, 0])
            counts[0] += 1
            counts[1] += bool(wrong)


class Seen(BaseModel):
    """One decision of the reading step, with what the item says."""

    on: date
    is_first: bool
    route: str
    payload: Any


def add(days: dict[date, Day], rows: Iterable[Seen]) -> None:
    """Counts decisions into their days; what is no document that was read is left out."""
    for row in rows:
        told = row.payload if isinstance(row.payload, dict) else {}
        try:
            paper = Paper.model_validate(told.get("paper"))
            answers = [Answer.model_validate(a) for a in told.get("answers") or ()]
        except (ValidationError, TypeError):
            continue
        day = days.setdefault(row.on, Day())
        if row.is_first:
            day.add_read(paper)
        if row.route == "straight":
            day.add_ended(paper, answers)


def corrected(paper: Paper, answers: Sequence[Answer]) -> set[str]:
    """The fields whose last answer is not what was read. A value that is confirmed is no correction."""
    last = {a.field: a.value for a in answers if a.field in FIELDS}
    return {field for field, value in last.items() if _is_other(field, value, paper)}


def supplier_of(paper: Paper, answers: Sequence[Answer]) -> str:
    """The supplier's name as it stands, cut."""
    said = next((a.value for a in reversed(answers) if a.field == "supplier_name" and a.value.strip()), None)
    read = paper.fields.get("supplier_name")
    return " ".join((said or (read.value if read else "")).split())[:LONGEST_NAME]


def _is_other(field: str, said: str, paper: Paper) -> bool:
    if field == "kind":
        return said.strip() != paper.kind
    if field in ("lines", "taxes"):
        cells = LINE_CELLS if field == "lines" else TAX_CELLS
        read = [row.model_dump(mode="json") for row in getattr(paper, field)]
        return _rows(said, cells) != [_cells(row, cells) for row in read]
    reading = paper.fields.get(field)
    return _folded(said) != _folded(reading.value if reading else "")


def _rows(said: str, cells: Sequence[str]) -> list[list[Any]] | None:
    rows = listed(said)
    return None if rows is None else [_cells(row, cells) for row in rows if isinstance(row, dict)]


def _cells(row: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    return [_folded(str(row.get(name) if row.get(name) is not None else "")) for name in names]


def _folded(value: str) -> Decimal | str:
    """Amounts by value, texts by their letters and digits."""
    try:
        number = Decimal(value)
        return number.normalize() if number.is_finite() else value
    except (InvalidOperation, Overflow):
        return "".join(c for c in value.casefold() if c.isalnum())


def _pages(count: int) -> str:
    return "none" if count < 1 else str(count) if count < 4 else "4 to 9" if count < 10 else "10 or more"
