"""What a person's form says beyond what was shown: changed fields, lines and taxes, and doubts that they accept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bots.invoices.values import parse_amount, parse_date
from desk.choices import Offers
from desk.invoices import LINE_FIELDS, TAX_FIELDS, InvoiceView
from desk.items import FieldView, Spec, cells
from workitems.items import Answer, Noun

MOST_ROWS = 2000
_CELL = re.compile(r"(lines|taxes):(\d{1,4}):(\w+)")


class NotUnderstood(ValueError):
    """Something that was typed cannot be meant; the message is a sentence, `field` the input's name."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def answers_of(
    shown: InvoiceView, form: Mapping[str, str], offers: Offers, by: tuple[str, datetime]
) -> tuple[Answer, ...]:
    """The answers, in a fixed order; `by`: who, and when. Raises NotUnderstood."""
    who, now = by
    said = [(f.spec.name, _value(f, form[f.spec.name], offers)) for f in shown.fields if _changed(f, form, offers)]
    for name, rows, specs in (("lines", shown.lines, LINE_FIELDS), ("taxes", shown.taxes, TAX_FIELDS)):
        changed = _rows(name, rows, specs, form, offers)
        if changed is not None:
            said.append((name, json.dumps(changed, ensure_ascii=False)))
    everything = form.get("action") == "approve"
    said += [("confirm", d.code) for d in shown.doubts if d.accept and (everything or form.get(f"confirm:{d.code}"))]
    return tuple(Answer(field=name, value=value, who=who, at=now) for name, value in said)


def rows_typed(form: Mapping[str, str], name: str) -> int:
    """How many rows of a table the form has, so that a form that is shown again loses none."""
    cells = (_CELL.fullmatch(key) for key, value in form.items() if value)
    return min(MOST_ROWS, max((int(c[2]) + 1 for c in cells if c and c[1] == name), default=0))


def _changed(field: FieldView, form: Mapping[str, str], offers: Offers) -> bool:
    if field.spec.name not in form:
        return False
    typed = form[field.spec.name].strip()
    if field.open:
        return bool(typed)
    return offers.value(field.spec.name, typed) != field.value


def _value(field: FieldView, typed: str, offers: Offers) -> str:
    value = offers.value(field.spec.name, typed.strip())
    _understood(field.spec, value, field.spec.name, field.spec.label, offers)
    if field.spec.name == "iban" and "," in value:  # several accounts are one list, as the readers say it
        return json.dumps([v.strip() for v in value.split(",") if v.strip()])
    return value


def _understood(spec: Spec, value: str, name: str, label: str, offers: Offers) -> None:
    """What the bots could not read as a date or an amount is said at once, and not after a turn through the queue."""
    if not value:
        return
    try:
        if spec.looks == "amount":
            parse_amount(value)
        elif spec.looks == "date":
            parse_date(value)
    except ValueError:
        wanted = "an amount; write 1234.50" if spec.looks == "amount" else "a date; write 2026-03-31"
        raise NotUnderstood(f"{label}: “{value}” is not {wanted}.", name) from None
    if spec.looks == "choice" and spec.name != "order_line" and not offers.knows(spec.name, value):
        raise NotUnderstood(f"{label}: the ERP has no “{value}”. Choose one of the list.", name)


def _rows(
    name: str, shown: Sequence[Noun], specs: Sequence[Spec], form: Mapping[str, str], offers: Offers
) -> list[dict[str, Any]] | None:
    """The rows as the person left them, or None where nothing changed. A row emptied altogether is taken out."""
    typed = _typed(name, specs, form)
    if not typed:
        return None
    before = [dict(cells(row, specs)) for row in shown]
    after = {n: {s.name: offers.value(s.name, row.get(s.name, "")) for s in specs} for n, row in typed.items()}
    if [row for row in after.values() if any(row.values())] == before:
        return None
    for n, row in after.items():
        if n < len(before) and row == before[n]:
            continue
        for spec in specs:
            label = f"{'Line' if name == 'lines' else 'Tax row'} {n + 1}, {spec.label}"
            _understood(spec, row[spec.name], f"{name}:{n}:{spec.name}", label, offers)
    return [_merged(row, shown[n] if n < len(shown) else None, specs) for n, row in after.items() if any(row.values())]


def _typed(name: str, specs: Sequence[Spec], form: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """The form's cells by row, in order."""
    known = {spec.name for spec in specs}
    rows: dict[int, dict[str, str]] = {}
    for key, value in form.items():
        cell = _CELL.fullmatch(key)
        if cell and cell[1] == name and cell[3] in known and int(cell[2]) < MOST_ROWS:
            rows.setdefault(int(cell[2]), {})[cell[3]] = value.strip()
    return dict(sorted(rows.items()))


def _merged(row: Mapping[str, str], shown: Noun | None, specs: Sequence[Spec]) -> dict[str, Any]:
    """The person's values over what the form does not show (product code, place on the page)."""
    hidden = shown.model_dump(mode="json") if shown else {}
    if shown and dict(row) == dict(cells(shown, specs)):
        return hidden | {"confidence": 1.0}
    plain = {
        s.name: str(parse_amount(row[s.name])) if s.looks == "amount" and row[s.name] else row[s.name] for s in specs
    }
    return hidden | {name: value or None for name, value in plain.items()} | {"confidence": 1.0}
