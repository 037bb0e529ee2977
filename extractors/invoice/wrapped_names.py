"""Names that a line is too short for: they go on in the line beneath."""

from __future__ import annotations

import re

from extractors.invoice.blocks import is_contact, is_id, is_street, is_town, legal_strength, may_be_party
from extractors.invoice.layout import Cell, Sheet

_SALUTATION = re.compile(r"(?:herrn?|frau|familie|eheleute|firma|m(?:me|r|rs|s|onsieur|adame)?)\.?")
ATTENTION = re.compile(
    r"(?:z\.?\s?h(?:d|an?d?en)?\b|a\s+l'attention|att(?:n|ention)\b|fao\b|c/o\b|abt(?:eilung)?\b|service\s|dept)"
)
"""How a line begins that names a person or department of the addressee."""
NEAR = 0.7
"""White space between the lines of a name, in heights of a line."""


def whole_name(sheet: Sheet, cell: Cell) -> list[Cell]:
    """The lines of the name that begins with a cell."""
    below = _beneath(sheet, cell)
    if below is None or not _goes_on(cell.folded, below.folded):
        return [cell]
    return [cell, below]


def _goes_on(text: str, below: str) -> bool:
    """`Herrn` / `Max Mustermann`, `MVM Muster` / `Versicherungsverein a.G.`."""
    if (
        ATTENTION.match(below)
        or is_street(below)
        or is_town(below)
        or is_contact(below)
        or not (may_be_party(below) or not is_id(below))
    ):
        return False
    if _SALUTATION.fullmatch(text):
        return True
    return may_be_party(text) and legal_strength(text) == 0 and legal_strength(below) == 1.0


def _beneath(sheet: Sheet, cell: Cell) -> Cell | None:
    """The line right below that begins at the same edge."""
    for _, row in sheet.below(cell, 2):
        for other in row.cells:
            near = -0.5 * cell.height < other.y0 - cell.y1 < NEAR * cell.height
            if near and abs(other.x0 - cell.x0) < 0.7 * cell.height:
                return other
    return None
