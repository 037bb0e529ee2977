"""How like two names are, however they are written: capitals, accents, order of the parts, other scripts."""

from __future__ import annotations

import re
import unicodedata

SAME_PERSON = 0.85  # likeness from which on a name is offered as a candidate
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
PART_MISSING = 0.95  # "Anna Maria Schmidt" against "Anna Schmidt"


def likeness(name: str, other: str) -> float:
    """Between 0 and 1; 1 where nothing but writing differs."""
    from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

    best = 0.0
    for a in _spellings(name):
        for b in _spellings(other):
            shared = len(set(a.split()) & set(b.split()))
            contained = token_set_ratio(a, b) * PART_MISSING if shared > 1 else 0.0
            best = max(best, token_sort_ratio(a, b), contained)
    return best / 100


def patterns(name: str) -> list[str]:
    """What finds a name's parts with LIKE, however their vowels and accents are written: "m%ll%r" for Müller."""
    found = []
    for part in re.split(r"[^\w]+|_", name.casefold()):
        bones = re.sub(r"(?:[aeiouy]|ss|[^a-z])+", "%", part)
        if len(bones.replace("%", "")) > 1:
            found.append(f"%{bones}%".replace("%%", "%"))
    return found


def _spellings(name: str) -> set[str]:
    """A name in plain letters: umlauts without their dots, and spelt out."""
    from anyascii import anyascii

    folded = unicodedata.normalize("NFC", name).casefold()
    return {
        " ".join(re.findall(r"[a-z0-9]+", anyascii(text).lower())) for text in (folded, folded.translate(SPELT_OUT))
    }
