"""The invoice page's form: what a person sees of an item, and the answers that their changes amount to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bots.invoices.codes import confirmable, reason
from workitems.items import Answer, Doubt, InvoiceLine, Paper, Reading
from workitems.rows import ItemRow

FIELDS = (
    ("kind", "Kind"),
    ("supplier_name", "Supplier"),
    ("vat_id", "Supplier's VAT id"),
    ("iban", "IBAN"),
    ("number", "Invoice number"),
    ("issued_on", "Issued on"),
    ("due_on", "Due on"),
    ("order_number", "Order"),
    ("currency", "Currency"),
    ("net", "Net"),
    ("tax", "Tax"),
    ("total", "Total"),
    ("buyer_name", "Addressed to"),
)
LINE_FIELDS = (
    ("description", "Description"),
    ("quantity", "Quantity"),
    ("unit", "Unit"),
    ("unit_price", "Price"),
    ("tax_rate", "Tax %"),
    ("amount", "Amount"),
    ("account", "Account"),
)


@dataclass(frozen=True)
class FieldView:
    """One field of the form. `sure` is None where nothing was read."""

    name: str
    label: str
    value: str
    reader: str
    sure: float | None
    page: int | None
    box: tuple[float, float, float, float] | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class DoubtView:
    """One doubt as the page shows it: what to do about it, and whether it may be accepted as it stands."""

    doubt: Doubt
    remedy: str
    accept: bool


@dataclass(frozen=True)
class ItemView:
    """Everything that the page of one item shows."""

    item: ItemRow
    filename: str
    sender: str
    subject: str
    paper: Paper | None
    fields: tuple[FieldView, ...]
    lines: tuple[Mapping[str, str], ...]
    doubts: tuple[DoubtView, ...]

    @property
    def acceptable(self) -> bool:
        """Whether accepting is all that is needed."""
        blocking = [d for d in self.doubts if d.doubt.severity == "block"]
        return bool(blocking) and all(d.accept for d in blocking)


def view(item: ItemRow) -> ItemView:
    """The item as the page shows it; a payload that is no document shows its reason and no fields."""
    payload = item.payload if isinstance(item.payload, dict) else {}
    about = payload.get("document") or {}
    mail = about.get("mail") or {}
    paper = Paper.model_validate(payload["paper"]) if payload.get("paper") else None
    answers = tuple(Answer.model_validate(a) for a in payload.get("answers") or ())
    doubts = tuple(Doubt.model_validate(d) for d in payload.get("doubts") or ())
    if not doubts and item.message:
        doubts = (Doubt(code=item.code or item.state, message=item.message),)
    return ItemView(
        item=item,
        filename=str(about.get("filename") or item.id),
        sender=str(mail.get("sender") or ""),
        subject=str(mail.get("subject") or ""),
        paper=paper,
        fields=tuple(_field(name, label, paper, answers, doubts) for name, label in FIELDS) if paper else (),
        lines=_lines(paper, answers),
        doubts=tuple(DoubtView(d, _remedy(d), confirmable(d.code)) for d in doubts),
    )


def _remedy(doubt: Doubt) -> str:
    row = reason(doubt.code)
    return row.remedy if row else ""


def _field(name: str, label: str, paper: Paper | None, answers: Sequence[Answer], doubts: Sequence[Doubt]) -> FieldView:
    reading = paper.fields.get(name) if paper else None
    if name == "kind" and paper:
        reading = Reading(value=paper.kind, confidence=paper.kind_confidence, reader="kinds")
    for answer in answers:
        if answer.field == name:
            reading = Reading(value=answer.value, confidence=1.0, reader=f"person:{answer.who}")
    return FieldView(
        name=name,
        label=label,
        value=reading.value if reading else "",
        reader=reading.reader if reading else "",
        sure=reading.confidence if reading else None,
        page=reading.page if reading else None,
        box=reading.box if reading else None,
        doubts=tuple(d for d in doubts if d.field == name),
    )


def _lines(paper: Paper | None, answers: Sequence[Answer]) -> tuple[Mapping[str, str], ...]:
    lines: Sequence[InvoiceLine] = paper.lines if paper else ()
    for answer in answers:
        if answer.field == "lines":
            lines = [InvoiceLine.model_validate(line) for line in json.loads(answer.value)]
    return tuple({name: _text(getattr(line, name)) for name, _ in LINE_FIELDS} for line in lines)


def _text(value: object) -> str:
    return "" if value is None else f"{value:f}" if hasattr(value, "as_tuple") else str(value)


def answers(shown: ItemView, form: Mapping[str, str], who: str, now: datetime) -> tuple[Answer, ...]:
    """What the person's form says beyond what was shown: changed fields, changed lines, accepted doubts."""
    said = [
        Answer(field=f.name, value=form[f.name].strip(), who=who, at=now)
        for f in shown.fields
        if f.name in form and form[f.name].strip() != f.value
    ]
    lines = _form_lines(shown, form)
    if lines is not None:
        said.append(Answer(field="lines", value=json.dumps(lines, ensure_ascii=False), who=who, at=now))
    for d in shown.doubts:
        if d.accept and form.get(f"confirm:{d.doubt.code}") and not any(a.value == d.doubt.code for a in said):
            said.append(Answer(field="confirm", value=d.doubt.code, who=who, at=now))
    return tuple(said)


def _form_lines(shown: ItemView, form: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """The lines as the person left them, or None where nothing changed. A line emptied altogether is taken out."""
    count = int(form.get("line_count") or 0)
    rows = [{name: form.get(f"line:{n}:{name}", "").strip() for name, _ in LINE_FIELDS} for n in range(count)]
    before = [dict(line) for line in shown.lines]
    kept = [row for row in rows if any(row.values())]
    if kept == before:
        return None
    originals = shown.paper.lines if shown.paper else ()
    return [_merged(row, n, rows, originals) for n, row in enumerate(rows) if any(row.values())]


def _merged(row: dict[str, str], n: int, rows: Sequence[object], originals: Sequence[InvoiceLine]) -> dict[str, Any]:
    """The person's values over what the form does not show (product code, order line, place on the page)."""
    hidden = originals[n].model_dump(mode="json") if n < len(originals) else {}
    return hidden | {name: value or None for name, value in row.items()} | {"confidence": 1.0}
