"""The head of a receipt: the shop's name, then numbers, then its address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.invoice.blocks import (
    address_after,
    is_company,
    is_contact,
    is_id,
    is_street,
    is_title,
    is_town,
    legal_strength,
    may_be_name,
)
from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.layout import Cell

_HEAD = 14
_TAIL = re.compile(
    r"[\s(\[]*(?:co\.?\s*)?(?:reg\.?|no\.?"
    r"|roc)?[\s.:#]*\(?[a-z]{0,3}\d[\d\s-]{3,}[-\s]?[a-z]{0,2}\)?(?:\s*\([a-z0-9 ]{1,6}\))?\W*$"
)
_LEAD = re.compile(
    r"^\W*(?:#?\d{4,}\s+|(?:dimiliki(?:\s+oleh)?|own(?:ed|er)?\s+by)\s*:?\s*)",
    re.IGNORECASE,
)
_ADDRESS_LABEL = re.compile(r"^\W*(?:hq\s*)?(?:add(?:ress)?|alamat)\s*:\s*", re.IGNORECASE)


def _head(context: Context) -> list[Cell]:
    """The rows at the top of the first page, each as one cell."""
    first = context.sheet.first_page
    rows = [r for r in context.sheet.rows if r.page == first][:_HEAD]
    return [Cell(r.pieces, r.page, r.index) for r in rows]


def shop_names(context: Context) -> list[Candidate]:
    """Lines at the top that may be the shop's name; a legal form is the best sign."""
    head = _head(context)
    found: list[Candidate] = []
    first_name = True
    for n, cell in enumerate(head):
        text = cell.folded
        if not may_be_name(text) or (is_street(text) and not is_company(text)):
            if found and (is_street(text) or is_town(text)):
                first_name = False
            continue
        legal = legal_strength(text)
        score = 0.62 if first_name and not found else 0.3
        score = max(score, 0.55 + 0.33 * legal) if legal else score
        score -= 0.03 * n + (0.25 if not first_name else 0.0)
        if sum(c.isalpha() for c in text) < 6:
            score *= 0.6
        found.append(_name(cell.text, score, cell.pieces, cell.page, legal > 0))
        if n and _wraps(head[n - 1], cell):
            upper = [head[n - 1]]
            if n > 1 and _opens(cell, head[n - 1]):
                upper = [head[n - 2], head[n - 1]]
            joined = " ".join(c.text for c in [*upper, cell])
            pieces = [p for c in [*upper, cell] for p in c.pieces]
            found.append(
                _name(
                    joined, max(score, found[-2].score if len(found) > 1 else 0.0) + 0.1, pieces, cell.page, legal > 0
                )
            )
    return found


def _wraps(upper: Cell, lower: Cell) -> bool:
    """Whether a name runs on into the next line."""
    if _opens(lower, upper):
        return True
    if not may_be_name(upper.folded) or is_company(upper.folded):
        return upper.text.rstrip().endswith("&")
    words = re.sub(r"\(.*?\)", " ", lower.folded).split()
    strength = legal_strength(lower.folded)
    return (
        upper.text.rstrip().endswith("&") or (strength == 1.0 and len(words) <= 3) or (strength > 0 and len(words) == 1)
    )


def _opens(lower: Cell, upper: Cell) -> bool:
    """Whether a bracket that the lower line closes was opened in the upper one."""
    return lower.text.count(")") > lower.text.count("(") and upper.text.count("(") > upper.text.count(")")


def _name(text: str, score: float, pieces: Sequence[object], page: int, legal: bool) -> Candidate:
    text = _LEAD.sub("", text) or text
    cleaned = _TAIL.sub("", text.lower())
    value = text[: len(cleaned)].strip(" ,:;-*.|\"'") if len(cleaned) >= 4 else text
    value = value + "." if re.search(r"(?i)bhd$", value) and text[len(value) : len(value) + 1] == "." else value
    notes = frozenset({"legal"} if legal else set())
    return Candidate(value, score, page, tuple(pieces), "head", notes)  # type: ignore[arg-type]


def shop_address(context: Context, name: Candidate | None) -> list[Candidate]:
    """The address lines below the name, as one text."""
    head = _head(context)
    start = 0
    if name:
        start = next((n + 1 for n, c in enumerate(head) if c.pieces and c.pieces[-1] is name.pieces[-1]), 0)
    lines = [c for c in head[start:] if not (is_id(c.folded) and not is_street(c.folded) and not is_town(c.folded))]
    while lines and not (is_street(lines[0].folded) or is_town(lines[0].folded)):
        if is_contact(lines[0].folded) and len(lines) > 3 and is_title(lines[0].folded):
            break
        lines = lines[1:]
    address = address_after(lines)
    if not address:
        return []
    text = " ".join(_ADDRESS_LABEL.sub("", c.text) for c in address)
    town = any(is_town(c.folded) for c in address)
    score = (0.75 if town else 0.5) - 0.03 * abs(len(address) - 3)
    pieces = tuple(p for c in address for p in c.pieces)
    return [Candidate(text, score, address[0].page, pieces, "head", frozenset({"town"} if town else set()))]
