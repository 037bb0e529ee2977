"""Names of people: whether two ways of writing are one name. Transliteration first, then likeness."""

from __future__ import annotations

import re
from typing import Literal

Verdict = Literal["same", "alike", "other"]

_SPELT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
_WORD = 0.88
"""So alike are two words that may be one, misread or spelt otherwise (Jaro-Winkler)."""
_WHOLE = 0.85
"""So alike are two names without their spaces (of Levenshtein's edits)."""


def folded(name: str, spelt: bool = True) -> str:
    """A name in plain lower-case letters; `spelt`: ü as ue, as machine-readable zones write it, else as u."""
    from anyascii import anyascii

    text = name.casefold()
    if spelt:
        for letter, letters in _SPELT.items():
            text = text.replace(letter, letters)
    return " ".join(re.findall(r"[a-z]+", anyascii(text).lower()))


def compare(one: str, other: str) -> Verdict:
    """Whether two names are the same but for accents, order and signs, alike (a clerk looks), or others.

    Given names may be missing on one side ("Anna Maria Kern" and "Anna Kern" are the same); a name of one word only
    says little and is alike at best.
    """
    verdicts = {_compared(folded(one, spelt).split(), folded(other, spelt).split()) for spelt in (True, False)}
    return "same" if "same" in verdicts else "alike" if "alike" in verdicts else "other"


def _compared(one: list[str], other: list[str]) -> Verdict:
    from rapidfuzz.distance import JaroWinkler, Levenshtein

    if not one or not other:
        return "other"
    if sorted(one) == sorted(other):
        return "same"
    short, long = sorted((one, other), key=len)
    if len(short) > 1 and set(short) <= set(long) and one[-1] == other[-1]:
        return "same"
    left = list(long)
    for word in short:
        nearest = max(left, key=lambda w: JaroWinkler.similarity(word, w), default="")
        if JaroWinkler.similarity(word, nearest) < _WORD:
            break
        left.remove(nearest)
    else:
        return "alike"
    return "alike" if Levenshtein.normalized_similarity("".join(one), "".join(other)) >= _WHOLE else "other"


def marks_of(name: str) -> set[str]:
    """Under which marks somebody of that name is found: each word, however it is spelt."""
    return {f"name:{word}" for spelt in (True, False) for word in folded(name, spelt).split() if len(word) > 1}
