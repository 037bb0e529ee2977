"""Blocks of an invoice that many houses share, drawn from a draft: reference blocks, tables, sums, footers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from reportlab.lib.colors import Color

from devdata.papers.drafts import Draft, Pairs
from devdata.papers.sheet import BLACK, GREY, PALE, Column, Face, Grid, Sheet

Frame = Callable[[Sheet, int], None]


def sheet(draft: Draft, face: Face, frame: Frame | None = None, **how: Any) -> Sheet:
    """A fresh sheet that bears the paper's title."""
    return Sheet(face, title=f"{draft.title} {draft.sale.number}", each_page=frame, **how)


def columns(draft: Draft, spec: str) -> tuple[list[Column], list[str]]:
    """`code:20-40 amount>170-190`: columns by name, from and to (mm), `>` to the right; without discounts none."""
    found, order = [], []
    for part in spec.split():
        to_right = ">" in part
        name, place = part.split(">" if to_right else ":")
        if name == "discount" and not any(getattr(row, "less", 0) for row in draft.sale.rows):
            continue
        left, right = (float(x) for x in place.split("-"))
        title = draft.w({"measure": "quantity"}.get(name, name))
        found.append(Column(title, left, right, to_right))
        order.append(name)
    return found, order


def table(
    draft: Draft, s: Sheet, spec: str, size: float = 9, *, carry: bool = False, under: str = "", **how: Any
) -> None:
    """The rows. `under` names what stands below the text in the same cell (`code`); `carry`: sums over page breaks."""
    heads, order = columns(draft, spec)
    grid = Grid(s, heads, size, **how)
    grid.head()
    running = Decimal(0)
    for n, (row, cells) in enumerate(zip(draft.sale.rows, draft.rows(order), strict=True)):
        if n in draft.sale.sections:
            s.room(14)
            s.text(heads[0].left, s.y, draft.sale.sections[n], size, bold=draft.habits.pick("section", (True, False)))
            s.y += 5.2
        before, after = (
            f"{draft.w('carry')}  {draft.money(v)}" if v and carry else "" for v in (running, running + row.amount)
        )
        details = ([f"{draft.label('code')} {row.code}"] if under == "code" else []) + list(row.details)
        grid.row(cells, details, before, after)
        running += row.amount
    grid.close()


def facts_right(
    draft: Draft, s: Sheet, place: tuple[float, float, float], size: float = 9, pairs: Pairs | None = None
) -> float:
    """Labels on the left, values flush right; `place` is left, right and top. Returns the place below."""
    left, right, y = place
    for label, value in pairs or draft.facts():
        s.text(left, y, label, size)
        s.text(right, y, value, size, align="r")
        y += size * 0.52
    return y


def facts_left(draft: Draft, s: Sheet, place: tuple[float, float, float], size: float = 9, **how: Any) -> float:
    """Labels with values at a tab stop; `place` is left, tab and top. Returns the place below."""
    left, tab, y = place
    for label, value in draft.facts():
        s.text(left, y, label, size, **how)
        s.text(tab, y, value, size)
        y += size * 0.52
    return y


def facts_boxes(draft: Draft, s: Sheet, place: tuple[float, float, float], across: int, *, boxed: bool = True) -> float:
    """Labels above values in cells, `across` in a row between `place`'s left and right; returns the place below."""
    left, right, y = place
    pairs, width = draft.facts(), (right - left) / across
    for i, (label, value) in enumerate(pairs):
        x, top = left + width * (i % across), y + 10 * (i // across)
        if boxed:
            s.box(x, top, x + width, top + 10)
        s.text(x + 1.5, top + 3.6, label.rstrip(" :"), 7, color=GREY if not boxed else BLACK)
        s.text(x + 1.5, top + 8.2, value, 9)
    return y + 10 * ((len(pairs) + across - 1) // across)


def facts_above(draft: Draft, s: Sheet, x: float, y: float, size: float = 8.5) -> float:
    """One below the other, each label above its value; returns the place below."""
    for label, value in draft.facts():
        s.text(x, y, label.rstrip(" :"), size, bold=True)
        s.text(x, y + size * 0.46, value, size)
        y += size * 1.15
    return y


def sums(
    draft: Draft,
    s: Sheet,
    left: float,
    right: float,
    size: float = 9.5,
    *,
    boxed: bool = False,
    pairs: Pairs | None = None,
) -> None:
    """The sums one below the other; gross and what is to be paid bold."""
    found = pairs or draft.sums()
    s.room(len(found) * 5.6 + 4)
    for label, value in found:
        strong = label in (draft.w("total"), draft.w("payable"))
        if boxed:
            s.box(left - 2, s.y - 4.2, right + 2, s.y + 1.6, fill=PALE if strong else None)
        elif strong:
            s.rule(left, right, s.y - 3.9, 0.5)
        s.text(left, s.y, label, size, bold=strong)
        s.text(right, s.y, value, size, bold=strong, align="r")
        s.y += 5.8
    s.y += 4


def tax_table(draft: Draft, s: Sheet, spec: str, size: float = 8, **how: Any) -> None:
    """Rates with base, tax and gross; `spec` gives four columns."""
    places = [part.split("-") for part in spec.split()]
    keys = ("tax_code", "base", "tax_amount", "gross")
    heads = [
        Column(draft.w(k), float(a), float(b), n > 0) for n, (k, (a, b)) in enumerate(zip(keys, places, strict=False))
    ]
    s.room(8 + 5 * len(draft.sale.taxes))
    grid = Grid(s, heads, size, **how)
    grid.head()
    for row in draft.tax_rows():
        grid.row(row[: len(heads)])
    grid.close()


def sentences(s: Sheet, values: Sequence[str], left: float = 20, width: float = 170, size: float = 9) -> None:
    """Paragraphs."""
    for value in values:
        lines = s.wrapped(value, width, size)
        s.room(len(lines) * 4.6)
        s.y = s.lines(left, s.y, lines, size) + 1.5


def footer(
    s: Sheet, parts: Sequence[Sequence[str]], place: tuple[float, float, float] = (20, 190, 272), size: float = 7
) -> None:
    """Columns at the foot of the page; `place` is left, right and top."""
    left, right, y = place
    shown = [part for part in parts if part]
    s.rule(left, right, y - 4, 0.4, GREY)
    for n, part in enumerate(shown):
        s.lines(left + n * (right - left) / len(shown), y, part, size, size * 0.46, color=GREY)


def centred(s: Sheet, lines: Sequence[str], y: float = 276, size: float = 7, color: Color = GREY) -> None:
    """Lines in the middle at the foot of the page."""
    s.lines(s.size[0] / 2 / 72 * 25.4, y, lines, size, size * 0.48, align="c", color=color)


def party_box(
    s: Sheet, heading: str, lines: Sequence[str], place: tuple[float, float, float], *, boxed: bool, size: float = 9
) -> float:
    """A party under a heading; `place` is left, top and right. Returns the place below."""
    left, top, right = place
    s.text(left + 2, top + 4, heading, size - 1.5, bold=not boxed, color=BLACK if not boxed else GREY)
    below = s.lines(left + 2, top + 9, lines, size, size * 0.5)
    if boxed:
        s.box(left, top, right, below)
    return below
