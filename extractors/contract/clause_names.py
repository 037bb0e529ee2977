"""Where a contract's own name may stand: capitalised words around "Agreement" or "Amendment" on its first page."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from extractors.contract.document import ContractText, Span

REACH = 4_000  # characters from the beginning that are looked at
LONGEST = 14  # words before the noun
TAIL = 9  # words behind it
WIDTH = 22  # signs of a name
_NOUN = re.compile(
    r"(?i)(?:agreement|contract|amendment|lease|license|addendum|plan|terms|statement|arrangement|deed|letter|"
    r"memorandum|policy|venture|undertaking|covenant|schedule|conditions|order|guarantee|proposal|charter|"
    r"understanding|appendix|note|supplement|program)s?"
)
_SMALL = frozenset(("of", "and", "for", "to", "the", "by", "in", "on", "with", "a", "an", "or", "&", "-", "–", "/"))
_AROUND = "\"“”(),'’[]*"
_STOPS = ".;:"

_Token = tuple[int, int, str]


def names_in(doc: ContractText) -> list[Span]:
    """Possible names in reading order."""
    text = doc.text
    tokens = [(m.start(), m.end(), m.group()) for m in re.finditer(r"\S+", text[:REACH])]
    found: dict[Span, None] = {}
    for at, (_, _, word) in enumerate(tokens):
        core = re.sub(r".*[-/]", "", word.strip(_AROUND + _STOPS))
        if core[:1].isupper() and _NOUN.fullmatch(core):
            first = _first(text, tokens, at)
            for last in _lasts(text, tokens, at):
                found[_trimmed(text, tokens[first][0], tokens[last][1])] = None
    return list(found)


def _first(text: str, tokens: Sequence[_Token], at: int) -> int:
    """Leftwards as long as the words belong to a name."""
    first = at
    while first > 0 and at - first < LONGEST:
        _, end, before = tokens[first - 1]
        core = before.strip(_AROUND)
        if text.count("\n", end, tokens[first][0]) > 2 or not core or (before[-1] in _STOPS and before != "No."):
            break
        if not (core[0].isupper() or core.lower() in _SMALL):
            break
        first -= 1
    while first < at and tokens[first][2].lower() in _SMALL:
        first += 1
    return first


def _lasts(text: str, tokens: Sequence[_Token], at: int) -> set[int]:
    """Where the name may end: at the noun, or behind "No. 2", "FOR TRANSFER AGENT SERVICES"."""
    ends, last = {at}, at
    while last + 1 < len(tokens) and last - at < TAIL:
        word, following = tokens[last][2], tokens[last + 1][2]
        if text.count("\n", tokens[last][1], tokens[last + 1][0]) > 1:
            break
        if word[-1] in ".;:," and word != "No.":
            break
        core = following.strip(_AROUND + _STOPS)
        if not (core[:1].isupper() or core.lower() in _SMALL or core[:1].isdigit() or core[:1] == "#"):
            break
        last += 1
        if core.lower() not in _SMALL and (core[:1].isdigit() or core.isupper()):
            ends.add(last)
    return ends | {last}


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(_AROUND + " "))
    return start + left, end - (len(piece) - len(piece.rstrip(_AROUND + _STOPS + " ")))


def name_signs(doc: ContractText, spans: Sequence[Span]) -> Any:
    """A row of figures for each possible name."""
    import numpy as np

    lower = " ".join(doc.text.lower().split())
    rows = [_signs(doc.text, lower, span, n) for n, span in enumerate(spans)]
    return np.array(rows, np.float32).reshape(len(spans), WIDTH)


def _signs(text: str, lower: str, span: Span, order: int) -> list[float]:
    start, end = span
    name, before, behind = text[start:end], text[max(start - 40, 0) : start], text[end : end + 40]
    words = name.split()
    plain = " ".join(name.lower().split())
    noun = words[-1].strip(_STOPS + _AROUND) if words else ""
    return [
        math.log1p(start),
        order,
        len(words),
        math.log1p(len(name)),
        sum(w.isupper() for w in words) / max(len(words), 1),
        name.count("\n"),
        math.log1p(lower.count(plain)),
        "this " + plain in lower,
        "\n" in before[-3:],
        before.count("\n"),
        "\n" in behind[:3],
        behind.count("\n"),
        bool(re.search(r"(?i)\bthis\s*$", before)),
        bool(re.match(r"(?i)this\b", name)),
        bool(re.search(r"(?i)(?:exhibit|ex-?)\W*[\d.]*\W*$", before)),
        bool(re.match(r"\W*(?:THIS|This)\b", behind)),
        bool(re.match(r"\W*(?:is|dated|entered|made|\(|by|between|among)", behind)),
        bool(_NOUN.fullmatch(noun)),
        noun.lower().startswith(("agreement", "contract")),
        any(c.isdigit() for c in name),
        '"' in before[-2:] or "“" in before[-2:],
        len(words) == 1,
    ]
