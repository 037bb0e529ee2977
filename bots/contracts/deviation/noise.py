"""Whether a difference is only what scanners, layouts and copying do to words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from bots.contracts.deviation import lexicon as lex
from bots.contracts.deviation.words import Token, skeleton

_SHARE = 0.12
"""Of the letters of a place that a scan may misread."""


def is_noise(a: Sequence[Token], b: Sequence[Token]) -> bool:
    """Whether the words say the same. Words that decide have to be the same, but for single misread letters."""
    if _numbers(a) != _numbers(b):
        return False
    if _letters(a) == _letters(b) or _reordered(a, b):
        return True
    if len(a) == len(b):
        return all(_same(x, y) for x, y in zip(a, b, strict=True))
    if [(t.kind, t.key) for t in a if t.deciding] != [(t.kind, t.key) for t in b if t.deciding]:
        return False
    if not a or not b:
        return all(_idle(t) for t in (*a, *b))
    return _few_misread(_letters(a), _letters(b)) and not turned(a, b)


def _numbers(words: Sequence[Token]) -> Counter[str]:
    return Counter(t.key for t in words if t.kind == "number")


def _reordered(a: Sequence[Token], b: Sequence[Token]) -> bool:
    """The same date or amount in another order: 18 January 2022, January 18, 2022."""
    counted = [t for t in (*a, *b) if not _idle(t)]
    same = Counter(t.key for t in a if not _idle(t)) == Counter(t.key for t in b if not _idle(t))
    return same and all(t.kind in ("number", "unit") for t in counted)


def turned(a: Sequence[Token], b: Sequence[Token]) -> bool:
    """Whether a word became its opposite: reasonable and unreasonable, increase and decrease."""
    gone = {t.key for t in a if t.kind == "word"} - {t.key for t in b}
    new = {t.key for t in b if t.kind == "word"} - {t.key for t in a}
    return any(_opposite(x, y) for x in gone for y in new)


def _opposite(x: str, y: str) -> bool:
    short, long = sorted((x, y), key=len)
    prefixed = len(short) > 3 and any(long == skeleton(prefix) + short for prefix in lex.PREFIXES)
    return prefixed or frozenset((x, y)) in _OPPOSITES


def _same(x: Token, y: Token) -> bool:
    if (x.kind, x.key) == (y.kind, y.key):
        return True
    if x.kind == y.kind == "word":
        small = (_idle(x) or _idle(y)) and max(len(x.text), len(y.text)) <= 3
        return (small and Levenshtein.distance(x.key, y.key) <= 1) or (
            _misread(skeleton(x.text), skeleton(y.text)) and not _opposite(x.key, y.key) and not _bounds(x, y)
        )
    if x.deciding and y.deciding:
        return False
    sure, other = (x, y) if x.deciding else (y, x)
    if sure.kind == "carve" and skeleton(sure.text) == skeleton(other.text):
        return True  # another word of the phrase differs, which is a place of its own
    if other.text.casefold() in lex.REAL_WORDS or sure.kind in ("number", "party"):
        return False
    return _misread(skeleton(sure.text), skeleton(other.text))


def _bounds(x: Token, y: Token) -> bool:
    return x.key in _BOUNDS and y.key in _BOUNDS


def _misread(x: str, y: str) -> bool:
    longest = max(len(x), len(y))
    allowed = 0 if longest < 3 else 1 if longest < 8 else 2
    return Levenshtein.distance(x, y, score_cutoff=allowed) <= allowed


def _few_misread(x: str, y: str) -> bool:
    allowed = max(1, int(_SHARE * max(len(x), len(y))))
    return Levenshtein.distance(x, y, score_cutoff=allowed) <= allowed


def _idle(token: Token) -> bool:
    """A word whose loss changes nothing: a small word, or a speck on the page."""
    if token.deciding:
        return False
    return token.key in _STOP or len(token.text) <= 1 or not any(c.isalpha() for c in token.text)


def _letters(words: Sequence[Token]) -> str:
    return "".join(skeleton("".join(c for c in t.text if c.isalnum())) for t in words)


_STOP = {skeleton(word) for word in lex.STOP_WORDS} | lex.STOP_WORDS
_BOUNDS = {skeleton(word) for word in lex.BOUNDS}
_OPPOSITES = {frozenset(map(skeleton, pair)) for pair in lex.OPPOSITES}
