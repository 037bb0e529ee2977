"""Names of the parties by their place: sender line, letterhead, footer, address window."""

from __future__ import annotations

import re
from itertools import zip_longest

from extractors.invoice.blocks import (
    Block,
    blocks,
    is_company,
    is_id,
    is_street,
    is_town,
    legal_strength,
    may_be_name,
    may_be_party,
)
from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.headings import clean, is_heading
from extractors.invoice.layout import Cell
from extractors.invoice.wrapped_names import whole_name
from extractors.values import plain

_STRONG = re.compile(r"\s+[·•|\-–—*/]\s+|\s*[·•|]\s*")
_WEAK = re.compile(r",\s+")
_DELIVERY = re.compile(
    r"livraison\s*:?$|\blivree?\s+a\b|\bdelivery\s*(?:address|to\b|:?$)|\bdelivered\s+to\b"
    r"|\bliefer(?:adresse|anschrift)|\blieferung\s+an\b|\bship(?:ped|ping)?\s*(?:to\b|address)"
)
"""The heading of the place where goods go, in lower case."""


def letterhead(context: Context) -> list[Candidate]:
    """Sender lines, blocks with telephone numbers, and firms at the top and the foot of the pages."""
    first = context.sheet.first_page
    found: list[Candidate] = []
    for block in blocks(context.sheet, first):
        top = context.sheet.place(block.cells[0])[1]
        for cell in block.cells:
            if name := sender(cell):
                found.append(_plain_candidate(name, 0.86, cell, "sender line"))
        name_cell = _name_line(block)
        if name_cell is None or not (name := _name(context, name_cell)):
            continue
        score = 0.25 + 0.3 * legal_strength(name_cell.folded)
        score += 0.12 if block.has_contact else 0.0
        score += 0.12 if block.has_town and (block.has_contact or top < 0.12) else 0.0
        score += 0.1 if top < 0.15 or top > 0.85 else -0.05
        score += 0.06 if any(is_id(line) for line in block.lines) else 0.0
        score += 0.12 if _matches_domain(context, name) else 0.0
        score -= 0.25 if re.search(r"bank|sparkasse|banque|caisse", name_cell.folded) else 0.0
        score += _place_beside(context, block, first)
        score += 0.15 if _signs(context, name) else 0.0
        if _is_window(context, block) and top > 0.12:
            score -= 0.3
        if _is_delivery(context, block, name_cell):
            score -= 0.5
        found.append(_plain_candidate(name, score, name_cell, "letterhead"))
    return found


def _place_beside(context: Context, block: Block, page: int) -> float:
    """Two addresses side by side: of equal height the left is the addressee's, else the higher is the sender's."""
    if not block.has_town or context.sheet.place(block.cells[0])[1] > 0.4:
        return 0.0
    mine = block.cells[0]
    for other in blocks(context.sheet, page):
        top = other.cells[0]
        apart = abs(top.x0 - mine.x0) > 10 * mine.height
        if (
            other is block
            or not other.has_town
            or not apart
            or _is_own(other)
            or abs(top.y0 - mine.y0) > 9 * mine.height
        ):
            continue
        if abs(top.y0 - mine.y0) < 1.2 * mine.height:
            return 0.3 if top.x0 < mine.x0 else 0.0
        return 0.2 if mine.y0 < top.y0 else 0.0
    return 0.0


def _signs(context: Context, name: str) -> bool:
    """Whether a line at the foot of a page begins with the name."""
    start = plain(name)
    return any(
        c.folded.startswith(start) and context.sheet.place(c)[1] > 0.75 for c in context.sheet.cells if len(start) > 5
    )


def _is_own(block: Block) -> bool:
    """Telephone numbers and tax numbers stand in the sender's block, not in the addressee's."""
    return block.has_contact or any(is_id(line) and not is_company(line) for line in block.lines)


def window(context: Context) -> list[Candidate]:
    """The addressee: a block with a postal code, high on the page, without telephone numbers."""
    found = []
    for block in blocks(context.sheet, context.sheet.first_page):
        name_cell = _name_line(block)
        if not block.has_town or name_cell is None or not (name := _name(context, name_cell)):
            continue
        top = context.sheet.place(block.cells[0])[1]
        score = 0.6 + (0.12 if 0.1 < top < 0.4 else -0.2) - (0.25 if _is_own(block) else 0.0)
        score += 0.08 if _is_window(context, block) else 0.0
        score -= 0.1 if top < 0.08 else 0.0
        if _is_delivery(context, block, name_cell):
            score -= 0.15
        found.append(_plain_candidate(name, score, name_cell, "window"))
    return found


def _is_delivery(context: Context, block: Block, name: Cell) -> bool:
    """Whether the name's lines say where the goods go: to the buyer, whose telephone stands there, too."""
    above = [c.folded for c in block.cells[: block.cells.index(name)]] or _heading(context, block)
    return any(_DELIVERY.search(text) for text in above)


def _heading(context: Context, block: Block) -> list[str]:
    """What stands right above a block."""
    top = block.cells[0]
    rows = [context.sheet.rows[top.row - n] for n in (1, 2) if top.row >= n]
    return [c.folded for r in rows if r.page == top.page for c in r.cells if abs(c.x0 - top.x0) < 3 * top.height]


def _is_window(context: Context, block: Block) -> bool:
    """Whether the block stands where a window envelope shows the addressee, with a town in it."""
    left, top = context.sheet.place(block.cells[0])
    return block.has_town and not _is_own(block) and 0.1 < top < 0.36 and len(block.cells) <= 8 and left < 0.7


def _name_line(block: Block) -> Cell | None:
    """The line of a block that is the name: the first that may be one, above the street."""
    cells = [c for c in block.cells[:5] if sender(c) is None]
    for cell, below in zip_longest(cells, cells[1:]):
        if is_heading(cell.folded):
            continue
        if is_street(cell.folded) and not is_company(cell.folded):
            return None
        if may_be_party(cell.folded) or (is_company(cell.folded) and may_be_name(cell.folded)):
            is_logo = below is not None and below.folded.startswith(cell.folded + " ") and may_be_party(below.folded)
            return below if is_logo else cell
    return None


def _name(context: Context, cell: Cell) -> str | None:
    """The name that begins with a line, without codes and labels around it."""
    return clean(" ".join(c.text for c in whole_name(context.sheet, cell)))


def separated(text: str) -> list[str]:
    """The parts of a sender line; commas part only where nothing else does."""
    strong = [p.strip() for p in _STRONG.split(text) if p.strip()]
    return strong if len(strong) > 2 else [p.strip() for s in strong for p in _WEAK.split(s) if p.strip()]


def sender(cell: Cell) -> str | None:
    """The name in `Kraxi GmbH · Flugzeugallee 17 · 12345 Papierfeld`."""
    parts = separated(cell.text)
    if not 3 <= len(parts) <= 7 or not any(is_town(plain(p)) for p in parts[1:]):
        return None
    if re.search(r"\d", parts[0]) and is_town(plain(parts[1])) and not is_company(plain(parts[0])):
        return None  # `Gewerbepark Nord 20 | 26603 Aurich | Deutschland`
    commas = ", " in cell.text and not re.search(r"[·•|]|\s[-–—]\s", cell.text)
    if commas and not any(is_street(plain(p)) for p in parts[1:]) and not is_company(plain(parts[0])):
        return None  # `Cleveland, OH 44101, USA`
    return clean(parts[0]) if may_be_name(plain(parts[0])) and not is_street(plain(parts[0])) else None


def _matches_domain(context: Context, name: str) -> bool:
    """Whether a web or mail address on the paper bears the name."""
    words = [w for w in re.findall(r"[a-z]{4,}", plain(name)) if not is_company(w)]
    if not words:
        return False
    text = " ".join(c.folded for c in context.sheet.cells if "@" in c.text or "www" in c.folded)
    return any(w in text.replace("-", "") for w in words[:2])


def _plain_candidate(name: str, score: float, cell: Cell, pattern: str) -> Candidate:
    notes = frozenset({"legal"} if is_company(plain(name)) else set())
    return Candidate(name, max(0.02, min(0.95, score)), cell.page, tuple(cell.pieces), pattern, notes)
