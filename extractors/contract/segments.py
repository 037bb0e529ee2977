"""A contract's running text cut into the pieces that a clause may be: sentences, list items, headings.

A piece begins after its number and its inline heading ("8.2 Insurance. The Supplier shall ..." begins at "The"): that
is how lawyers mark a clause. Text that repeats on every page and page numbers are no pieces.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

MAX_PIECE = 4_000  # characters; a longer sentence is cut, whatever it is
FURNITURE_TIMES = 3  # a short line that stands so often on its own is a page header or footer
SHORT_LINE = 120

_BOUNDARY = re.compile(
    r"""
      (?P<blank>\n[ \t\r]*\n\s*)                                   # a paragraph or a page ends
    | (?<=[.?!])[”"'’)\]]*(?P<full>\s+)(?=[“"'*•▪●]*[A-Z0-9\[(])        # a sentence ends
    | (?<=[;:,])(?P<listed>(?:\s+(?:and|or))?\s+)
      (?=\(?(?:[a-z]{1,2}|[ivx]{1,5}|[A-Z]|\d{1,2})\)\s|\d{1,2}(?:\.\d{1,2})+\.?\s)
    | (?<=;)(?P<semi>\s+)(?=[A-Z(])
    | (?<!\s)(?P<bullet>\s+)(?=[•▪●·]\s)
    """,
    re.VERBOSE,
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:Inc|Ltd|Corp|Co|No|Nos|Sec|Art|Mr|Mrs|Ms|Dr|St|vs?|U\.S|U\.K|e\.g|i\.e|etc|Cal|Del|approx|Jr|Sr|Ph\.D|"
    r"Messrs|L\.P|N\.A|S\.A|B\.V|N\.V|P\.O|A\.M|P\.M|a\.m|p\.m|Attn|Tel|Ste|Ave|Blvd|Bldg|cf|Para|Cl|Exh|Fed|Reg|Stat)"
    r"|\b[A-Z])\.$"
)
_LABEL_END = re.compile(
    r"(?:^|\n|\s)(?:(?:ARTICLE|Article|SECTION|Section|CLAUSE|Clause|EXHIBIT|Exhibit)\s+)?"
    r"(?:\d{1,3}(?:\.\d{1,3})*|[A-Z]|[IVX]{1,6}|[a-z])\.$"
)
LABEL = re.compile(
    r"""[“"'*\s]*(?P<label>
      (?:ARTICLE|Article|SECTION|Section|CLAUSE|Clause|Sec\.|§)\s*(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,7}|[A-Z])\b[.:)]*
    | \d{1,3}(?:\.\d{1,3})+[.)]*(?=\s|[A-Z(“"])
    | \d{1,3}[.)](?=\s|[A-Z(“"])
    | \(\s?(?:[a-z]{1,2}|[ivx]{1,6}|[A-Z]{1,2}|\d{1,3})\s?\)
    | (?:[IVX]{1,6}|[A-Z]|[a-z])[.)](?=\s)
    | [•▪●·*\-–—](?=\s)
    )\s*""",
    re.VERBOSE,
)
_TITLE = re.compile(r"(?P<title>[A-Z“\"(][^.;:?!\n]{1,90}?)(?:[.:]\s*[-–—]?|\s*[-–—])(?=\s|$)")
_BARE_TITLE = re.compile(r"[A-Z“\"(][^.;?!]{1,100}[.:]?")
_SMALL = frozenset(
    (
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "its",
        "of",
        "on",
        "or",
        "other",
        "per",
        "the",
        "to",
        "with",
    )
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or list item; `label` and `title` stand before it."""

    start: int  # after label and title
    end: int
    whole: int  # with label and title
    label: str = ""
    title: str = ""

    @property
    def empty(self) -> bool:
        """Nothing but a heading."""
        return self.start >= self.end


def pieces_of(text: str) -> list[Piece]:
    """The pieces in their order."""
    repeated = _furniture(text)
    found: list[Piece] = []
    for first, last in _cuts(text):
        piece = text[first:last]
        start, end = first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())
        if start < end and _shape(text[start:end]) not in repeated:
            found += [_piece(text, at, min(at + MAX_PIECE, end)) for at in range(start, end, MAX_PIECE)]
    return found


def _cuts(text: str) -> list[tuple[int, int]]:
    cuts: list[tuple[int, int]] = []
    begun = 0
    for match in _BOUNDARY.finditer(text):
        kind = match.lastgroup or ""
        at, after = match.span(kind)
        if at <= begun:
            begun = after if not text[begun:at].strip() else begun
            continue
        if kind == "full" and _goes_on(text, begun, match.start(kind)):
            continue
        if kind == "blank" and _runs_on(text, at, after):
            continue
        cuts.append((begun, at))
        begun = after
    cuts.append((begun, len(text)))
    return cuts


def _goes_on(text: str, begun: int, at: int) -> bool:
    """The full stop belongs to an abbreviation or to the number of the sentence that begins there."""
    before = text[max(begun, at - 30) : at]
    if _ABBREVIATED.search(before):
        following = text[at : at + 40].split()
        return not (before.endswith(("Inc.", "Ltd.", "Corp.", "Co.", "etc.")) and following[:1] in _OPENERS)
    return _LABEL_END.search(before) is not None and len(text[begun:at].strip()) <= 20


_OPENERS = [["The"], ["This"], ["In"], ["If"], ["Each"], ["Any"], ["No"], ["All"], ["Upon"], ["For"], ["WHEREAS"]]


def _runs_on(text: str, at: int, after: int) -> bool:
    """One blank line inside a sentence: the line before does not end, the next one begins small."""
    return text.count("\n", at, after) == 2 and text[at - 1] not in ".;:!?" and text[after : after + 1].islower()


def _piece(text: str, start: int, end: int) -> Piece:
    at, label, title = start, "", ""
    for _ in range(3):  # "Section 4. (a) (i) ..."
        found = LABEL.match(text, at, end)
        if not found or found.end() == at:
            break
        label = f"{label} {found['label']}".strip()
        at = found.end()
    if title_end := _inline_title(text, at, end, bool(label)):
        title = " ".join(text[at:title_end].split()).strip(" .:-–—")
        at = title_end
        while at < end and text[at].isspace():
            at += 1
        inner = LABEL.match(text, at, end)
        at = inner.end() if inner and inner["label"].startswith("(") else at
    return Piece(at, end, start, label, title)


def _inline_title(text: str, at: int, end: int, labelled: bool) -> int | None:
    """Where the heading that opens the piece ends."""
    if labelled and end - at <= 110 and _BARE_TITLE.fullmatch(text, at, end) and _is_title(text[at:end]):
        return end
    found = _TITLE.match(text, at, min(end, at + 110))
    if not found or not _is_title(found["title"]):
        return None
    words = found["title"].split()
    alone = found.end() >= end
    if labelled or alone or (len(words) <= 6 and text[found.end() - 1] in ".:-–—"):
        return found.end()
    return None


def _is_title(title: str) -> bool:
    """Capitalised words, apart from the small ones."""
    words = [w.strip("“”\"'(),/&-") for w in title.split()]
    words = [w for w in words if w]
    if not 1 <= len(words) <= 14 or words[0][:1].islower() or words[0][:1].isdigit():
        return False
    capital = sum(1 for w in words if not w[:1].islower() or w in _SMALL)
    return capital == len(words)


def _shape(piece: str) -> str:
    return re.sub(r"\d+", "#", " ".join(piece.split()))[: SHORT_LINE + 1]


def _furniture(text: str) -> frozenset[str]:
    """Short lines that stand on their own again and again, and page numbers."""
    lines = [" ".join(line.split()) for line in re.split(r"\n\s*\n", text)]
    counts = Counter(_shape(line) for line in lines if 0 < len(line) <= SHORT_LINE)
    often = {shape for shape, n in counts.items() if n >= FURNITURE_TIMES and not _TITLE.fullmatch(shape)}
    return frozenset(often | {"#", "- # -", "-#-", "Page #", "Page # of #", "PAGE #"})
