"""What orders a contract: the tree of its numbered headings, definitions, exhibits, and where it is signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.contract.segments import Piece

FIRST_EXHIBIT = 0.1  # share of the text before which "Exhibit 10.3" is the filing's number, not an annex
QUOTED = r"[“\"”‘']([^“”\"‘\n]{2,80}?)[”\"’']"


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's number and title; `parent` is the index of the heading above it."""

    start: int
    end: int
    label: str
    title: str
    level: int  # 1: article or "7."; 2: "7.1" or "(a)" below it ...
    parent: int | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A defined term; start and end are those of the term itself."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An annex to the contract, up to the next one or the end."""

    name: str
    start: int
    end: int


_EXHIBIT = re.compile(
    r"(?:^|\n)\s*((?:EXHIBIT|SCHEDULE|ANNEX|APPENDIX|ATTACHMENT|Exhibit|Schedule|Annex|Appendix|Attachment)"
    r"\s+[“\"]?(?:[A-Z]{1,2}(?:-?\d{1,2})?|\d{1,2}(?:\.\d{1,2})?|[IVX]{1,5}))[”\"]?(?=[\s.:–—-])"
)
_DEFINED = re.compile(
    rf"{QUOTED}\s+(?:shall\s+|will\s+)?(?:(?:also\s+)?means?|refers?\s+to|is\s+defined|has\s+the\s+meaning)"
    rf"|\((?:[^()“”\"]{{0,60}}\s)?{QUOTED}[^()]{{0,80}}\)"
)
_SIGNING = re.compile(
    r"IN\s+WITNESS\s+WHEREOF|In\s+Witness\s+Whereof|AS\s+WITNESS|IN\s+WITNESS\b|"
    r"\b(?:SIGNED|EXECUTED|Signed|Executed)\s+(?:by|on behalf|as\s+(?:a\s+deed|of))|"
    r"\bBy:\s*(?:/s/|_{3,}|\n|Name)|/s/\s"
)


def headings_of(pieces: Sequence[Piece]) -> tuple[tuple[Heading, ...], tuple[int | None, ...]]:
    """The headings in their order, and for every piece the index of the heading that it stands under."""
    found: list[Heading] = []
    open_headings: list[int] = []
    under: list[int | None] = []
    for piece in pieces:
        if piece.title:
            level = _level(piece.label)
            while open_headings and found[open_headings[-1]].level >= level:
                open_headings.pop()
            parent = open_headings[-1] if open_headings else None
            end = piece.end if piece.empty else piece.start
            found.append(Heading(piece.whole, end, piece.label, piece.title, level, parent))
            open_headings.append(len(found) - 1)
        under.append(open_headings[-1] if open_headings else None)
    return tuple(found), tuple(under)


def _level(label: str) -> int:
    number = re.search(r"\d+(?:\.\d+)*", label)
    if not label or re.match(r"(?i)article", label):
        return 1
    if label.startswith("("):
        return 4 if re.match(r"\([ivx]{2,}\)", label) else 3
    if number:
        parts = [p for p in number[0].split(".") if p not in ("", "0")]
        return max(len(parts), 1)
    return 2 if re.match(r"[a-z]", label) else 1


def definitions_of(text: str) -> tuple[Definition, ...]:
    """Terms that the text defines, in the order of their definitions; the first definition of a term counts."""
    found: dict[str, Definition] = {}
    for match in _DEFINED.finditer(text):
        group = 1 if match[1] is not None else 2
        term = " ".join(match[group].split()).strip(" ,.;")
        if term and term not in found:
            found[term] = Definition(term, *match.span(group))
    return tuple(found.values())


def exhibits_of(text: str) -> tuple[Exhibit, ...]:
    """Annexes, where their headings begin a line."""
    starts = [(m.start(1), " ".join(m[1].split())) for m in _EXHIBIT.finditer(text)]
    starts = [(at, name) for at, name in starts if at > FIRST_EXHIBIT * len(text)]
    kept: list[tuple[int, str]] = []
    for at, name in starts:
        if not kept or kept[-1][1].lower() != name.lower():
            kept.append((at, name))
    ends = [*[at for at, _ in kept], len(text)][1:]
    return tuple(Exhibit(name, at, end) for (at, name), end in zip(kept, ends, strict=True))


def signature_of(text: str, exhibits: Sequence[Exhibit]) -> tuple[int, int] | None:
    """Where the parties sign: from the words of execution to the first annex behind them, or the end."""
    found = next((m for m in _SIGNING.finditer(text) if m.start() > len(text) * 0.05), None)
    if found is None:
        return None
    return found.start(), next((e.start for e in exhibits if e.start > found.start()), len(text))
