"""Amendments: whether a contract changes another one, and which."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.contract.dates import dates_in

_NOUN = r"(?:Agreement|Contract|Lease|Licen[cs]e|Deed|Memorandum|Plan|Addendum)"
_TITLE = re.compile(
    r"\b(?:amendment|addendum|supplement(?:al)?|modification|amending|side\s+letter|novation|extension\s+agreement)\b",
    re.I,
)
_RESTATED = re.compile(r"\bamended\s+and\s+restated\b", re.I)
_TO = re.compile(
    r"\b(?:amendment|addendum|supplement|modification)\b[^.]{0,40}?\bto\s+(?:the\s+|that\s+certain\s+)?(?P<what>[^.;(]{4,160})",
    re.I,
)
_CERTAIN = re.compile(
    rf"\b(?:that\s+certain|the|a|an)\s+(?P<what>(?:[A-Z][\w&'’/-]*,?\s+(?:and\s+|of\s+|to\s+|for\s+)?){{0,9}}{_NOUN})\b"
    r"[\s\S]{0,240}?\b(?:dated|entered\s+into|made|effective)\b"
)
REACH = 3500


@dataclass(frozen=True)
class Amended:
    """The agreement that is amended: its title and, where it is told, its date."""

    value: str
    start: int
    end: int


def amended_in(text: str, title: str | None) -> Amended | None:
    """The agreement that this one amends; None where its title says nothing of the kind."""
    head = title or text[:300]
    if not _TITLE.search(head) or _RESTATED.search(head):
        return None
    found = _CERTAIN.search(text[:REACH])
    if found is None:
        told = _TO.search(head)
        place = text.find(head)
        what = " ".join(told["what"].split()) if told else None
        return Amended(what, max(place, 0), max(place, 0) + len(head)) if what else None
    dates = dates_in(text, found.start("what"), min(found.end() + 60, len(text)))
    name = " ".join(found["what"].split())
    value = f"{name} dated {dates[0].value.isoformat()}" if dates else name
    return Amended(value, found.start("what"), found.end("what"))
