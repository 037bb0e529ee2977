"""What a document says once everybody was heard: the readers' values, overlaid with what a person said, and typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from bots.invoices.codes import doubt
from bots.invoices.lines import amount_sum, completed, flipped, signed
from bots.invoices.values import (
    LONGEST_NUMBER,
    compact,
    is_sensible,
    one_line,
    parse_amount,
    parse_date,
    parse_number,
    sensible,
    sensible_tax,
)
from bots.several import listed
from workitems.items import Answer, DiscountTerm, Doubt, InvoiceLine, Kind, Noun, Paper, Reading, TaxLine

AMOUNTS = ("net", "tax", "total")
_LINES = TypeAdapter(tuple[InvoiceLine, ...])
_TAXES = TypeAdapter(tuple[TaxLine, ...])
_KIND: TypeAdapter[Kind] = TypeAdapter(Kind)
_HARDLY = 0.15  # below that an amount or a date is more likely anything else: it was not found
T = TypeVar("T")


class Draft(Noun):
    """An invoice in the making: typed values, each None while nobody knows it.

    Amounts of credit notes are negative, and so are the quantities and amounts of their lines. `readings` are the
    overlaid readings (for confidences), `derived` names values that were computed from the total and so prove nothing
    about it. `printed_ibans` is what the paper says, whatever a person answered: an answer must not hide a changed
    bank account.
    """

    kind: Kind
    kind_confidence: float = 0.0
    is_credit_note: bool = False
    readings: dict[str, Reading] = Field(default_factory=dict)
    number: str | None = None
    issued_on: date | None = None
    due_on: date | None = None
    currency: str | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    adjustment: Decimal = Decimal(0)  # charges less allowances below the lines; added to their sum
    iban: str | None = None
    printed_ibans: tuple[str, ...] = ()
    vat_id: str | None = None
    order_numbers: tuple[str, ...] = ()
    supplier_name: str | None = None
    supplier_id: str | None = None  # chosen by a person
    buyer_name: str | None = None
    account: str | None = None  # chosen by a person, for all lines without an order
    lines: tuple[InvoiceLine, ...] = ()
    lines_by_person: bool = False
    taxes: tuple[TaxLine, ...] = ()
    discounts: tuple[DiscountTerm, ...] = ()
    derived: frozenset[str] = frozenset()
    doubts: tuple[Doubt, ...] = ()  # of the readers, and values that nobody can understand


def overlaid(readings: dict[str, Reading], answers: Sequence[Answer]) -> dict[str, Reading]:
    """The readings with a person's answers on top; the last answer about a field holds, an empty one removes it."""
    result = dict(readings)
    for answer in answers:
        if answer.field in _NO_FIELD:
            continue
        value = answer.value.strip()
        if value:
            result[answer.field] = Reading(value=value, confidence=1.0, reader=f"person:{answer.who}")
        else:
            result.pop(answer.field, None)
    return result


_NO_FIELD = frozenset({"confirm", "lines", "taxes", "kind", "approve", "reject", "split"})


def draft_from(paper: Paper, answers: Sequence[Answer] = ()) -> Draft:
    """The draft of an invoice or credit note. Never raises: what cannot be understood becomes a doubt."""
    said = {a.field: a.value for a in answers}
    values = _Values(overlaid(paper.fields, answers))
    figures, faults = values.figures(), values.faults
    kind, kind_confidence = _kind(paper, said.get("kind"), faults)
    lines = _answered(_LINES, said.get("lines"), "lines", faults)
    taxes = _answered(_TAXES, said.get("taxes"), "taxes", faults)
    rows = [sensible(line) for line in (paper.lines if lines is None else lines) if line.counts]
    if None in rows or not is_sensible(paper.adjustment):
        faults.append(doubt("invalid_lines", "A number in the lines is far too large or too small.", "lines"))
    draft = Draft(
        kind=kind,
        kind_confidence=kind_confidence,
        readings=values.readings,
        **figures,
        **values.names(),
        adjustment=paper.adjustment if is_sensible(paper.adjustment) else Decimal(0),
        printed_ibans=tuple(filter(None, map(compact, _listed(paper.fields.get("iban"))))),
        lines=tuple(completed(line) for line in rows if line is not None),
        lines_by_person=lines is not None,
        taxes=tuple(t for t in (paper.taxes if taxes is None else taxes) if sensible_tax(t)),
        discounts=paper.discounts,
        doubts=paper.doubts + tuple(faults),
    )
    return _signed(_derived(draft))


class _Values:
    """The readings' values, understood; what is not understood is a fault."""

    def __init__(self, readings: dict[str, Reading]) -> None:
        self.readings = readings
        self.faults: list[Doubt] = []

    def figures(self) -> dict[str, Any]:
        """Amounts and dates."""
        amounts = {f: self._typed(f, parse_amount, "no amount (write 1234.50)") for f in AMOUNTS}
        return amounts | {f: self._typed(f, parse_date, "no date (write 2026-03-31)") for f in ("issued_on", "due_on")}

    def names(self) -> dict[str, Any]:
        """What is compared with the company's records: numbers, accounts, parties, currency."""
        texts = ("supplier_name", "supplier_id", "buyer_name", "account")
        return {field: self._text(field) for field in texts} | {
            "number": self._typed("number", parse_number, "too long for an invoice number"),
            "currency": (self._text("currency") or "").upper() or None,
            "iban": next(filter(None, map(compact, _listed(self.readings.get("iban")))), None),
            "vat_id": compact(self._text("vat_id")),
            "order_numbers": _order_numbers(self.readings.get("order_number")),
        }

    def _typed(self, field: str, parse: Callable[[str], T], hint: str) -> T | None:
        if field not in self.readings or self.readings[field].confidence < _HARDLY:
            return None
        value = self.readings[field].value
        try:
            return parse(value)
        except (ValueError, InvalidOperation):
            shown = one_line(value, LONGEST_NUMBER) or ""
            self.faults.append(doubt(f"invalid_{field}", f"“{shown}” is {hint}.", field))
            return None

    def _text(self, field: str) -> str | None:
        return one_line(self.readings[field].value) if field in self.readings else None


def _listed(reading: Reading | None) -> list[str]:
    """A reading's values: a JSON array has several."""
    if reading is None:
        return []
    found = listed(reading.value)
    return [reading.value] if found is None else [str(v) for v in found]


def _order_numbers(reading: Reading | None) -> tuple[str, ...]:
    """The order numbers of the header: one, a JSON array, or several separated by commas, semicolons, "and"."""
    parts = (p for v in _listed(reading) for p in re.split(r"[,;\n]|\s(?:and|und|et|&|\+)\s", v))
    return tuple(dict.fromkeys(filter(None, (one_line(p, LONGEST_NUMBER) for p in parts))))


def _kind(paper: Paper, said: str | None, faults: list[Doubt]) -> tuple[Kind, float]:
    if said is None:
        return paper.kind, paper.kind_confidence
    try:
        return _KIND.validate_python(said.strip()), 1.0
    except ValidationError:
        faults.append(doubt("bad_answer", f"“{said}” is no kind of document.", "kind"))
        return paper.kind, paper.kind_confidence


def _answered(adapter: TypeAdapter[T], said: str | None, field: str, faults: list[Doubt]) -> T | None:
    if said is None:
        return None
    try:
        return adapter.validate_json(said)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"]) or field
        faults.append(doubt("bad_answer", f"The answer about the {field} is not understood ({where}).", field))
        return None


def _derived(draft: Draft) -> Draft:
    """Net and tax where they follow from the tax rows or from each other; a total is never made up."""
    net, tax, total, derived = draft.net, draft.tax, draft.total, frozenset[str]()
    if net is None and draft.taxes and all(t.base is not None for t in draft.taxes):
        net = sum((t.base for t in draft.taxes if t.base is not None), Decimal(0))
    if tax is None and draft.taxes and all(t.tax is not None for t in draft.taxes):
        tax = sum((t.tax for t in draft.taxes if t.tax is not None), Decimal(0))
    if net is None and tax is not None and total is not None:
        net, derived = total - tax, frozenset({"net"})
    elif tax is None and net is not None and total is not None:
        tax, derived = total - net, frozenset({"tax"})
    return draft.model_copy(update={"net": net, "tax": tax, "derived": derived})


def _signed(draft: Draft) -> Draft:
    """Credit notes negative throughout, however the paper prints them."""
    credit = draft.kind == "credit_note"
    lines = tuple(signed(line) for line in draft.lines)
    update: dict[str, Any] = {"is_credit_note": credit, "lines": lines}
    if credit:
        if amount_sum(lines) > 0:
            update["lines"] = tuple(flipped(line) for line in lines)
        figures = {f: getattr(draft, f) for f in (*AMOUNTS, "adjustment")}
        if (draft.total or draft.net or Decimal(0)) > 0:
            update |= {f: -v for f, v in figures.items() if v is not None}
            update["taxes"] = tuple(_flipped_tax(t) for t in draft.taxes)
    return draft.model_copy(update=update)


def _flipped_tax(row: TaxLine) -> TaxLine:
    base = -row.base if row.base is not None else None
    return row.model_copy(update={"base": base, "tax": -row.tax if row.tax is not None else None})
