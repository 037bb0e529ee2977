"""Words of a clause: what each says, however it was scanned."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from rapidfuzz.distance import Levenshtein

from bots.contracts.deviation import lexicon as lex
from bots.contracts.deviation.numbers import SCALES, WORDS, digits

TokenKind = Literal["word", "number", "unit", "negation", "modal", "carve", "party", "role", "who", "place"]
WORD = re.compile(r"US\$|[$€£%]|\w(?:[\w.,'|]*\w)?")
_LOOKALIKES = str.maketrans("1i|!05", "llllos")
_SIGNS = {"$": "usd", "US$": "usd", "€": "eur", "£": "gbp", "%": "percent"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word that counts. `key` is what is compared, `text` what stands there, at `start` of the cleaned text."""

    key: str
    kind: TokenKind
    text: str
    start: int
    end: int
    capital: bool = False
    bracket: bool = False  # inside parentheses

    @property
    def deciding(self) -> bool:
        """Whether its change is more than a change of wording."""
        return self.kind not in ("word", "place")


@cache
def skeleton(word: str) -> str:
    """A word without its case and without what scanners exchange: 1, l, I and |; 0 and o; rn and m; 5 and s."""
    low = word.casefold().translate(_LOOKALIKES)
    return low.replace("rn", "m").replace("vv", "w")


def known(word: str) -> str | None:
    """The deciding word that a word is, however it was scanned; None for any other."""
    own = skeleton(word)
    if own in _BY_SKELETON:
        return _BY_SKELETON[own]
    return next((w for w in _MISREADABLE if Levenshtein.distance(own, skeleton(w), score_cutoff=1) <= 1), None)


def _word(word: str, at: int, bracket: bool, text: str) -> list[Token]:
    end, capital = at + len(word), word[:1].isupper()
    number = digits(word)
    if number is not None:
        return [Token(plain(number), "number", word, at, end, bracket=bracket)]
    key = known(word) or skeleton(word)
    if key == "may" and capital and re.match(r"\s+\d", text[end:]):
        return [Token("month 5", "number", word, at, end)]
    if key == "neither":
        return [Token("not", "negation", word, at, end), Token("either", "word", "", at, end)]
    if key == "cannot":
        return [Token("right", "modal", "", at, end), Token("not", "negation", word, at, end)]
    if key.startswith("non") and len(key) > 7 and known(word) is None:
        return [Token("not", "negation", word[:3], at, at + 3), *_word(word[3:], at + 3, bracket, text)]
    kind, key = _kind(key)
    return [Token(key, kind, word, at, end, capital, bracket)]


def _kind(key: str) -> tuple[TokenKind, str]:
    if key in lex.NEGATIONS:
        return "negation", "without" if key == "without" else "not"
    if key in lex.MONTHS and key != "may":  # mostly a modal verb
        return "number", f"month {lex.MONTHS.index(key) + 1}"
    kinds: tuple[tuple[TokenKind, Container[str]], ...] = (
        ("modal", lex.MODALS),
        ("carve", lex.CARVE_OUTS),
        ("role", lex.ROLES),
        ("unit", lex.UNITS),
        ("place", lex.PLACES),
    )
    kind: TokenKind = next((kind for kind, words in kinds if key in words), "word")
    return kind, lex.MODALS.get(key) or lex.UNITS.get(key) or key


def plain(number: Decimal) -> str:
    """A number as digits alone."""
    return f"{number:f}"


def words_of(match: re.Match[str], text: str) -> list[Token]:
    """The tokens of one match of `WORD` in a cleaned text."""
    raw, start = match[0], match.start()
    bracket = text.rfind("(", 0, start) > text.rfind(")", 0, start)
    if raw in _SIGNS:
        return [Token(_SIGNS[raw], "unit", raw, start, match.end(), bracket=bracket)]
    number = digits(raw)
    if number is not None:
        return [Token(plain(number), "number", raw, start, match.end(), bracket=bracket)]
    made: list[Token] = []
    for piece in re.finditer(r"[^\W_][^\s.,]*", raw):
        word = re.sub(r"'[sS]?$", "", piece[0])
        at = start + piece.start()
        made.extend(_word(word, at, bracket, text))
    return made


_KNOWN = (
    set(lex.NEGATIONS)
    | set(lex.MODALS)
    | set(lex.CARVE_OUTS)
    | set(lex.ROLES)
    | set(lex.UNITS)
    | set(lex.MONTHS)
    | set(lex.PLACES)
    | set(lex.REFERENCES)
    | set(lex.EVERYBODY)
    | set(WORDS)
    | set(SCALES)
    | {"party", "parties", "and", "or", "to", "of", "the", "a", "an", "said", "third", "us"}
    | {word for phrase in lex.CARVE_OUT_PHRASES for word in phrase}
)
_BY_SKELETON = {skeleton(word): word for word in sorted(_KNOWN)}
_MISREADABLE = (
    *("except", "unless", "notwithstanding", "excluding", "section", "sections", "paragraph", "article"),
    *("hundred", "thousand", "thirty", "twenty", "ninety", "eighty", "seventy", "fifteen", "twelve"),
)
