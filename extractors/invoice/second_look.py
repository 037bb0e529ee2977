"""A second look at values that matter and are not sure: another engine reads their places alone.

What it saw moves the probability by as much as the training found it worth; the value stays. Few places of a page are
looked at, the most doubtful ones of the weightiest fields first, so that it costs a small part of what the page cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import median_high
from typing import Literal, NamedTuple

from extractors.invoice.confidence import HIGHEST, LOWEST, fitted
from extractors.invoice.confidence_signs import logit, sigmoid
from extractors.ocr import look_again
from extractors.ocr.second import SECOND, Hint, Look, has_second_eyes, same_again
from extractors.refusal import Refused
from extractors.values import DateOrder, DecimalMark, amounts_in, dates_in
from extractors.views import View, Views
from workitems.items import Alternative, Box, Kind, Paper, Reading, Why, Word

Outcome = Literal["agrees", "near", "differs", "unsteady", "silent"]
"""`unsteady`: the page's own engine reads the place otherwise now."""
HINTS: Mapping[str, Hint] = {
    "total": "amount", "net": "amount", "tax": "amount", "issued_on": "date", "due_on": "date", "number": "text",
    "supplier_name": "text", "iban": "iban",
}  # fmt: skip
"""The fields that are looked at, and what their places may hold."""
WEIGHTS: Mapping[str, float] = {"total": 1.0, "supplier_name": 0.8, "issued_on": 0.7, "number": 0.7, "net": 0.5}
"""How much a wrong value of a field matters beside a wrong total; others: `_OTHER`."""
_OTHER = 0.3
LEAST = 0.012
"""Looks that could save less (probability of a mistake x of none x weight) are not worth their milliseconds."""
ALIKE = 0.9
"""How alike (0 to 1) two readings of a text are that are near each other."""
TWO_LINES = 2.2
"""A place higher than that many usual lines holds several of them, which the second engine cannot read at once."""
_LETTER_O = str.maketrans("OoIl", "0011")


class Seen(NamedTuple):
    """What a second look at a field's place says."""

    outcome: Outcome
    text: str
    engine: str


def looked_twice(paper: Paper, views: Views) -> Paper:
    """The paper with probabilities after second looks; boxes are those of the pages as they were read."""
    model = fitted()
    moves: Mapping[str, Mapping[str, float]] = model.get("second", {}) if model else {}
    if not moves or not views.kept or not has_second_eyes():
        return paper
    fields = dict(paper.fields)
    for name in worth(paper, views, moves)[: views.looks * len(views.kept)]:
        seen = look(name, fields[name], views)
        if seen is not None:
            fields[name] = moved(fields[name], moves[moves_of(paper.kind, name)], name, seen)
    return paper.model_copy(update={"fields": fields})


def moves_of(kind: Kind, name: str) -> str:
    """Under which name the model has what looks at a field are worth: the print of tills is another matter."""
    return f"receipt {name}" if kind == "receipt" else name


def worth(paper: Paper, views: Views, fields: Mapping[str, object]) -> list[str]:
    """The fields worth a second look, those first that it may save most."""
    gains = {
        name: r.confidence * (1 - r.confidence) * WEIGHTS.get(name, _OTHER)
        for name, r in paper.fields.items()
        if moves_of(paper.kind, name) in fields and name in HINTS and r.box is not None and r.page in views.kept
    }
    return sorted((n for n, gain in gains.items() if gain >= LEAST), key=lambda n: (-gains[n], n))


def look(name: str, reading: Reading, views: Views) -> Seen | None:
    """What another engine reads where the value stands; None where it cannot look."""
    if reading.box is None or reading.page not in views.kept:
        return None
    view = views.kept[reading.page]
    if view.page.engine == SECOND:
        return None  # the same eyes see the same
    usual = median_high([w.box[3] - w.box[1] for w in view.page.words] or [1.0])
    if reading.box[3] - reading.box[1] > TWO_LINES * usual:
        return None
    try:
        seen = look_again(view.held(), reading.box, HINTS[name])
    except Refused:
        return None
    found = Seen(outcome_of(name, reading.value, seen), seen.text, seen.engine)
    return (_unsteady(view, reading.box) or found) if name == "supplier_name" else found


def _unsteady(view: View, box: Box) -> Seen | None:
    """What the page's own engine reads now, where that is something else than before."""
    rows = _rows([w for w in view.page.words if _inside(w.box, box)])
    before = [" ".join(w.text for w in row) for row in rows]
    boxes = [(row[0].box[0], min(w.box[1] for w in row), row[-1].box[2], max(w.box[3] for w in row)) for row in rows]
    engine = view.page.engine or ""
    now = same_again(view.held(), boxes, engine)
    if now is None or all(_letters(a) == _letters(b) for a, b in zip(before, now, strict=True)):
        return None
    return Seen("unsteady", " ".join(now), engine)


def _inside(word: Box, box: Box) -> bool:
    x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words as lines, from top to bottom and left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box[1] + w.box[3]):
        middle = (word.box[1] + word.box[3]) / 2
        if rows and rows[-1][-1].box[1] <= middle <= rows[-1][-1].box[3]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.box[0]) for row in rows]


def outcome_of(name: str, value: str, seen: Look) -> Outcome:
    """Whether what was seen is the value. Sums and dates are compared by value, texts by letters and digits."""
    if not seen.text:
        return "silent"
    hint = HINTS[name]
    if hint == "amount":
        found = [abs(a) for a in _amounts(seen.text)]
        return "silent" if not found else "agrees" if abs(Decimal(value)) in found else "differs"
    if hint == "date":
        days = list(_dates(seen.text))
        return "silent" if not days else "agrees" if value in days else "differs"
    one, other = _letters(value), _letters(seen.text)
    if len(other) < 3:
        return "silent"
    if one == other or (name != "supplier_name" and one in other):
        return "agrees"
    from rapidfuzz.fuzz import ratio

    return "near" if ratio(one, other) >= 100 * ALIKE else "differs"


def moved(reading: Reading, moves: Mapping[str, float], name: str, seen: Seen) -> Reading:
    """The reading with the probability after a second look, and what it saw as a sign."""
    if seen.outcome == "silent":
        return reading
    before = logit(reading.confidence)
    after = after_look(reading.confidence, moves, seen.outcome)
    sign = (f"second look {seen.outcome}", round(logit(after) - before, 2))
    why = reading.why or Why()
    why = why.model_copy(update={"signs": (sign, *why.signs)})
    other = _other(name, reading, seen)
    if other and other.value not in {a.value for a in why.alternatives}:
        why = why.model_copy(update={"alternatives": (other, *why.alternatives)})
    return reading.model_copy(update={"confidence": round(after, 4), "why": why})


def after_look(before: float, moves: Mapping[str, float], outcome: Outcome) -> float:
    """The probability after a look. What nobody could read again is as probable as before."""
    if outcome == "silent":
        return before
    after = sigmoid(moves["slope"] * logit(before) + moves.get(outcome, moves["differs"]))
    after = max(before, after) if outcome == "agrees" else min(before, after)
    return min(HIGHEST, max(before, moves["most"]), max(LOWEST, after))


def _other(name: str, reading: Reading, seen: Seen) -> Alternative | None:
    """What the second look read instead, as a value of the field's type."""
    if seen.outcome not in ("differs", "unsteady"):
        return None
    hint, value = HINTS[name], seen.text
    if hint == "amount":
        value = next((format(a, "f") for a in _amounts(seen.text)), "")
    elif hint == "date":
        value = next(_dates(seen.text), "")
    if not value:
        return None
    return Alternative(value=value[:200], score=round(1 - reading.confidence, 4), page=reading.page, box=reading.box)


def _amounts(text: str) -> Iterator[Decimal]:
    marks: tuple[DecimalMark, ...] = (".", ",")
    for mark in marks:
        yield from (a.value for a in amounts_in(text, mark))


def _dates(text: str) -> Iterator[str]:
    orders: tuple[DateOrder, ...] = ("dmy", "mdy")
    for order in orders:
        yield from (d.value.isoformat() for d in dates_in(text, order))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.translate(_LETTER_O).casefold())
