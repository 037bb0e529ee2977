"""Is this text that people write, or the noise of a broken font or of a bad recognition?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_VOWELS = frozenset("aeiouyäöüàâáãåæéèêëíìîïóòôõøœúùûýÿAEIOUYÄÖÜÀÂÁÃÅÆÉÈÊËÍÌÎÏÓÒÔÕØŒÚÙÛÝ")
_NUMBER = re.compile(r"[^\w]{0,3}[\d.,:/'’\-+()%€$£]*\d[\d.,:/'’\-+()%€$£]*[A-Za-z€$£%]{0,3}[^\w]{0,2}")
_EDGE = "\"'“”„‚‘’«»()[]{}<>.,;:!?*•·–—-_/|\\=+#&@°©®™…"
ENOUGH = 300  # about so many words are looked at
FEW = 4  # fewer words than this say nothing
MIXED_CASE = re.compile(r"[a-zß-ÿ][A-ZÀ-Þ]{1,2}[a-zß-ÿ]|[A-Za-z][0-9][A-Za-z]")


def looks_like_text(words: Sequence[str], strict: bool = False) -> bool:
    """Whether most of the words are plausible words or numbers. `strict`: for text that some OCR left behind."""
    share = plausible_share(words)
    return share is not None and share >= (0.75 if strict else 0.5)


def plausible_share(words: Sequence[str]) -> float | None:
    """The share of plausible words by their length, 0.0 to 1.0; None where there are too few words to say."""
    good = total = counted = 0
    words = words[:: max(len(words) // ENOUGH, 1)]
    for word in words:
        bare = word.strip(_EDGE)
        if not bare and word:
            total += 0 if len(word) < 3 else 1
            continue
        weight = min(len(bare), 8)
        total += weight
        counted += 1
        good += weight if _plausible(bare) else 0
    if counted < FEW or not total:
        return None
    single = sum(len(w) == 1 for w in words)
    return 0.0 if single > 0.7 * len(words) and len(words) > 20 else good / total


def _plausible(word: str) -> bool:
    if _NUMBER.fullmatch(word) or len(word) == 1:
        return word.isalnum() or not unicodedata.category(word[0]).startswith("C")
    odd = sum(unicodedata.category(c)[0] in "C" or c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in word)
    if odd:
        return False
    letters = [c for c in word if c.isalpha()]
    if len(letters) < 0.5 * len(word):
        return any(c.isdigit() for c in word)
    if any(ord(c) > 0x24F for c in letters):  # another script: only noise characters can be judged
        return True
    if len(letters) <= 3 or word.isupper():  # abbreviations, codes
        return len(letters) <= 5 or any(c in _VOWELS for c in letters)
    return any(c in _VOWELS for c in letters) and not (len(word) > 4 and MIXED_CASE.search(word) and word.islower())
