"""From a label to the value that belongs to it: in the same cell, to its right, or below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.invoice.layout import Cell, Piece, Sheet
from extractors.values import DateOrder, DecimalMark
from workitems.items import Kind


@dataclass(frozen=True)
class Context:
    """What all finders know about one document."""

    sheet: Sheet
    kind: Kind
    language: str | None = None
    mark: DecimalMark | None = None
    order: DateOrder | None = None
    currency: str | None = None
    is_advertising: bool = False


@dataclass(frozen=True)
class Candidate:
    """A value that may be the field's, with a score between 0 and 1 that only ranks: confidence comes later."""

    value: str
    score: float
    page: int
    pieces: tuple[Piece, ...]
    pattern: str
    notes: frozenset[str] = frozenset()
    support: int = 1
    signs: tuple[tuple[str, float], ...] = ()  # what confidence weighs of it, beside the notes: name and size

    def scaled(self, factor: float, *notes: str) -> Candidate:
        """The same with another score, and why."""
        return replace(self, score=max(0.0, min(0.999, self.score * factor)), notes=self.notes | set(notes))


@dataclass(frozen=True)
class Label:
    """Words that announce a field. `pattern` is matched on lower-case text without accents."""

    name: str
    weight: float
    pattern: re.Pattern[str]


def label(name: str, weight: float, *patterns: str) -> Label:
    """A label: any of the patterns, beginning and ending at word limits."""
    return Label(name, weight, re.compile(rf"(?<![a-z0-9_])(?:{'|'.join(patterns)})(?![a-z])"))


@dataclass(frozen=True)
class Hit:
    """A label found in a cell."""

    label: Label
    cell: Cell
    start: int
    end: int


@dataclass(frozen=True)
class Found:
    """A typed value in a cell: its text form, where it stands, and how well formed it is."""

    value: str
    start: int
    end: int
    quality: float = 1.0
    notes: frozenset[str] = field(default_factory=frozenset)


WITHIN = 0.93
"""What a label is worth that stands within a text."""

Values = Callable[[Cell, int], Sequence[Found]]
"""All values of a type in a cell from a character offset on, best place first."""


def hits(sheet: Sheet, labels: Sequence[Label]) -> Iterator[Hit]:
    """Every label in every cell; of overlapping ones only the first in the table's order."""
    for cell in sheet.cells:
        taken: list[tuple[int, int]] = []
        for entry in labels:
            for found in entry.pattern.finditer(cell.folded):
                if any(found.start() < b and a < found.end() for a, b in taken):
                    continue
                taken.append(found.span())
                yield Hit(entry, cell, found.start(), found.end())


@dataclass(frozen=True)
class Reach:
    """How far from its label a value may stand."""

    right: int = 2  # cells
    below: int = 3  # rows
    inside: int = 24  # characters between label and value in the same cell


def values_at(sheet: Sheet, hit: Hit, values: Values, reach: Reach) -> Iterator[tuple[Found, Cell, float, str]]:
    """Values that may belong to a label, with how well they stand (0 to 1) and where."""
    inside = [f for f in values(hit.cell, hit.end) if f.start - hit.end <= reach.inside]
    if inside:
        yield inside[0], hit.cell, 1.0, "inside"
        return
    if re.search(r"[a-z]{4}", hit.cell.folded[hit.end :]):
        return  # words follow: the cell says something else
    beside = False
    for found, cell, fit in _right_of(sheet, hit, values, reach):
        beside = True
        yield found, cell, fit, "right"
    for found, cell, fit in _below(sheet, hit, values, reach):
        yield found, cell, fit * (0.6 if beside else 1.0), "below"


def _right_of(sheet: Sheet, hit: Hit, values: Values, reach: Reach) -> Iterator[tuple[Found, Cell, float]]:
    row = sheet.rows[hit.cell.row]
    for n, cell in enumerate(row.cells[hit.cell.index + 1 : hit.cell.index + 1 + reach.right]):
        found = values(cell, 0)
        if found and found[0].start <= 4:
            width = sheet.sizes[cell.page][0]
            gap = (cell.x0 - hit.cell.x1) / width
            yield found[0], cell, (0.97 if n == 0 else 0.8) - max(0.0, gap - 0.3) * 0.6
            return
        if re.search(r"[a-z]{3}", cell.folded):
            return


def _below(sheet: Sheet, hit: Hit, values: Values, reach: Reach) -> Iterator[tuple[Found, Cell, float]]:
    """The first thing that stands under the label; an empty line or two may lie between."""
    cell = hit.cell
    for _, row in sheet.below(cell, reach.below + 3):
        if (row.y0 - cell.y1) / max(cell.height, 1e-6) > 0.8 * reach.below:
            return
        for other in row.cells:
            if not _overlaps(cell, other):
                continue
            if found := [f for f in values(other, 0) if f.start <= 4]:
                distance = max(0.0, (other.y0 - cell.y1) / max(cell.height, 1e-6))
                aligned = min(abs(other.x0 - cell.x0), abs(other.x1 - cell.x1)) / max(cell.height, 1e-6)
                yield found[0], other, 0.94 - 0.08 * distance - min(0.25, 0.03 * aligned)
                return
            if re.search(r"[a-z]{3}", other.folded) and other.y0 > cell.y1 - 0.3 * cell.height:
                return


def _overlaps(upper: Cell, lower: Cell) -> bool:
    """Whether the lower cell stands under the upper one."""
    return min(upper.x1, lower.x1) - max(upper.x0, lower.x0) > 0 or abs(upper.x0 - lower.x0) < upper.height


def merged(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One candidate per value, best first; what is printed several times is a little surer."""
    best: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: -c.score):
        known = best.get(candidate.value)
        if known is None:
            best[candidate.value] = candidate
        elif known.support < 4:
            bonus = 0.25 * candidate.score * (1 - known.score) / known.support
            best[candidate.value] = replace(
                known, score=known.score + bonus, support=known.support + 1, notes=known.notes | {"repeated"}
            )
    return sorted(best.values(), key=lambda c: -c.score)


def opens(hit: Hit) -> bool:
    """Whether a label opens its cell, so that it is no part of a sentence; a town may stand before it."""
    return not re.search(r"[a-z]{2}(?![a-z.\- ]*,\s*$)", hit.cell.folded[: hit.start])


def labelled(
    context: Context, field_labels: Sequence[Label], values: Values, reach: Reach | None = None
) -> list[Candidate]:
    """Candidates for all labels of a field. The score is label x place x form of the value."""
    found: list[Candidate] = []
    for hit in hits(context.sheet, field_labels):
        if hit.label.weight <= 0:
            continue  # a label that only blocks others
        place = 1.0 if context.is_advertising or opens(hit) else WITHIN
        for value, cell, fit, where in values_at(context.sheet, hit, values, reach or Reach()):
            found.append(
                Candidate(
                    value.value,
                    hit.label.weight * place * fit * value.quality,
                    cell.page,
                    tuple(cell.span(value.start, value.end)),
                    f"{hit.label.name}",
                    value.notes | {where},
                )
            )
    return found
