"""Letters that recognition takes for others, put right where only one reading makes sense.

Nothing here knows a shop. It knows how legal forms, house numbers and the words of addresses are written; `lexicon` is
the list of address words that the training found on the papers of several shops. Digits of numbers are never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

from extractors.invoice.places import PLACES, mend_places

_BHD = re.compile(r"(?<![A-Za-z])(S[\w.'°]{1,4}?)(\.?\s+)([B38][HN][DUO0])(?![A-Za-z])", re.IGNORECASE)
_SDN = re.compile(r"s(?:dn|on|in|an|dm|on|0n|on|dhn|ddn|dnn|bn|oh|dh|un|dw|dr|cn|en|o|0|d|n)\.?", re.IGNORECASE)
_SB = re.compile(r"(?<![\w/])[S5](\s?/\s?)[B8D](?![\w/])")
_GLUED = re.compile(r"(?<=[A-Za-z][A-Za-z\d])RM(?=\s?[\dO]+[.,][\dO]{2}(?![\d.,]))")
_MISREAD = re.compile(
    r"(?<![A-Za-z])(RM\s?)"
    r"([\dOoIl|]*\d?[OoIl|][\dOoIl|]*[.,][\dOo]{2}|[\dOoIl|]+[.,](?:[Oo]\d|\d[Oo]|[Oo]{2}))(?!\w)"
)
"""Letters among the digits behind the currency."""
_TORN = re.compile(r"(?<![\w.,])(\d{1,5})([.,]) (\d\d)(?=\W*$)")
_COLON = re.compile(r"(?<=[A-Za-z)\]]):(?=\s?(?:RM)?\s?\d+[.,]\d\d(?![\d.,:]))|:(?=RM\s?\d)")
"""A colon that touches an amount; one among digits makes a time."""
_FIGURES = str.maketrans("OoIl|", "00111")
_LETTERS = str.maketrans("0158", "oisb")
_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_NUMERALS = str.maketrans("lIS", "115")
_CODE = re.compile(r"(?<![\w])(?=[\dOolI|]*\d[\dOolI|]*\d)[\dOolI|]{3,}(?=[A-Z]?(?![\w]))")
_IN_LOWER = re.compile(
    r"(?<=[a-z])[I|1](?=[a-z])|(?<=[a-z])1(?=1?(?![\w]))|(?<=[a-z]1)1(?!\w)|(?<=\b[A-Z])I(?=[a-z]+\b)"
)
_IN_CAPITALS = re.compile(r"(?<=[A-Z])[05](?=[A-Z]{2})|(?<=[A-Z]{2})[05](?=[A-Z])|(?<=[A-Z]-)0(?![\w-])")
_AFTER_DIGIT = re.compile(r"(?<=\d)[Oo](?![A-Za-z])")
_NUMBER_ONE = re.compile(r"(?<=\b[Nn][Oo])\.?[lI](?![A-Za-z])|(?<=\b[Nn][Oo])\.S(?=[\s,])")
_SECTION = re.compile(r"(?<![\w])(U)S(?=/[\dA-Z])|(?<=SEKSYEN )(U)S(?!\w)|(?<=Seksyen )(U)S(?!\w)")
_LOT = re.compile(r"(?<!\w)(L)[UQDC0](T)(?=\.?\s+(?:NO\b|P\.?T|[A-Z]{0,2}-?\d))", re.IGNORECASE)
_OFF = re.compile(r"(?<!\w)[CQ0](ff)(?=\s+(?:jalan|jln|jin)\b)", re.IGNORECASE)
_SPECK = re.compile(r"(?<=[A-Za-z]{4})[.,]\s*[Oo0]\W*$")
_HALF_BRACKET = re.compile(r"(?<=[A-Z]{2})[\[\]|](?=\s|$)")
_LOST_FIRST = re.compile(r"(?<!\S)[\"'*|~^]([A-Za-z]{4,})")
_POSTCODE = re.compile(r"(?<!\w)(\d{4})D(?=\s[A-Za-z])")
_ALIKE = ("o0dqcgu", "il1tjf", "s5", "b8h6", "nmh", "ecoa", "uvy", "kr", "pfr", "z2")
"""Letters that look like each other."""
_WORD = re.compile(r"[A-Za-z0-9|']{3,}")
_TRADE_WORDS = (
    "bakery cafeteria catering centre confectionery construction corporation department development distribution "
    "distributor electrical electronics engineering enterprise enterprises equipment furniture hardware holdings "
    "hypermarket industries international jewellery kitchen laundry malaysia management marketing minimarket optical "
    "idea ideas packaging perniagaan petroleum pharmacy plastic printing products resources restaurant restoran "
    "seafood services stationer stationers stationery supermarket supplies trading workshop world confectionary "
    "stationary"
)
_TRADES = frozenset(_TRADE_WORDS.split())
"""Words of firms' names that are right as they stand, as firms spell them."""
SURE, SURE_PLACE = 9, 7
"""Letters from which on a word of a name, and of an address, is known by all of its letters but any one."""
LONG, SHORT = 5, 4
"""Letters from which on a word with one wrong letter is still known; those of the shortest that are."""
_SHORT = frozenset({"alam", "jaya", "batu", "baru", "shah"})


def unaccented(text: str) -> str:
    """Accents are specks of dust on papers of countries that write none; the length stays the same."""
    if text.isascii():
        return text
    return "".join(_bare(c) for c in text)


def _bare(c: str) -> str:
    found = unicodedata.normalize("NFKD", c)[0]
    return found if found.isascii() else c


def mend_name(text: str, lexicon: Collection[str] = frozenset()) -> str:
    """A firm's name with its legal form spelt right: `SON BHD`, `5/B`, `C0FFEE`; words of the lexicon, too."""
    text = _BHD.sub(_legal_form, text)
    text = _IN_CAPITALS.sub(lambda m: {"0": "O", "5": "S"}[m[0]], text)
    text = _IN_LOWER.sub("l", _SB.sub(r"S\1B", text))
    if "[" not in text or "]" not in text:
        text = _HALF_BRACKET.sub("I", text)
    known = _both(_TRADES, frozenset(lexicon))
    text = _WORD.sub(lambda m: _sure(m[0], known, SURE) if len(m[0]) >= LONG or _has_digit(m[0]) else m[0], text)
    return " ".join(_joined(text.split(" "), known))


def _joined(words: list[str], lexicon: frozenset[str]) -> Iterator[str]:
    """The words, of which two that are none alone and one together are one: `Wor Id`, `ST TIONERY`."""
    at = 0
    while at < len(words):
        both = "".join(words[at : at + 2])
        alone = [w.lower() in lexicon for w in words[at : at + 2]]
        if len(alone) == 2 and not any(alone) and both.isalpha() and len(both) >= LONG:
            whole = _sure(both, lexicon, SURE)
            if whole.lower() in lexicon and len(whole) >= len(both):
                yield whole
                at += 2
                continue
        yield words[at]
        at += 1


def _legal_form(found: re.Match[str]) -> str:
    first = found[1]
    if not _SDN.fullmatch(first):
        return found[0]
    dot = "." if first.endswith(".") else ""
    return f"SDN{dot}{found[2]}BHD" if found[0].isupper() else f"Sdn{dot}{found[2]}Bhd"


def mend_address(text: str, lexicon: Collection[str] = frozenset()) -> str:
    """An address with letters inside numbers and wrong letters of well-known words put right."""
    text = _CODE.sub(lambda m: m[0].translate(_DIGITS), text)
    text = _IN_LOWER.sub("l", _AFTER_DIGIT.sub("0", text))
    text = _NUMBER_ONE.sub(lambda m: m[0].translate(_NUMERALS), text)
    text = _POSTCODE.sub(r"\g<1>0", _SECTION.sub("U5", text))
    text = _SPECK.sub("", _OFF.sub(lambda m: ("O" if m[1].isupper() else "o") + m[1], _LOT.sub(r"\1O\2", text)))
    known = _both(PLACES, frozenset(lexicon))
    text = _LOST_FIRST.sub(lambda m: _with_first(m, known.union(re.findall(r"[a-z]+", text.lower()))), text)
    return mend_places(_WORD.sub(lambda m: _sure(m[0], known, SURE_PLACE), text))


def _with_first(found: re.Match[str], words: Collection[str]) -> str:
    """A word whose first letter was read as a speck, with that letter where the words have one such word."""
    rest = found[1].lower()
    whole = {w for w in words if w.isalpha() and len(w) == len(rest) + 1 and w.endswith(rest)}
    return _cased(whole.pop(), found[1]) if len(whole) == 1 else found[0]


def legible(text: str) -> str:
    """A row as long as it was, whose amounts can be read: `TotalRM15.40`, `RMO.08`, `Cash:5.00`, `170. 00`."""
    text = _MISREAD.sub(lambda m: m[1] + m[2].translate(_FIGURES), text)
    text = _TORN.sub(r" \1\2\3", text)
    return _GLUED.sub("  ", _COLON.sub(" ", text))


@lru_cache(maxsize=8)
def _both(own: frozenset[str], lexicon: frozenset[str]) -> frozenset[str]:
    return own | lexicon


def _has_digit(word: str) -> bool:
    return len(word) >= SHORT and any(c.isdigit() for c in word)


@lru_cache(maxsize=2048)  # the spans of one paper have most words in common
def _sure(word: str, lexicon: frozenset[str], sure: int) -> str:
    """The word that is meant; long ones (`sure` letters) are known by all of their letters but one."""
    found, folded = _known(word, lexicon), word.lower()
    if found != word or folded in lexicon or "'" in word:
        return found
    if len(word) >= sure:
        near = {w for w in lexicon if len(w) >= sure and _differs_in_one(folded, w)}
    elif _has_digit(word) and sum(c.isdigit() for c in word) == 1:
        near = {w for w in lexicon if len(w) == len(word) and _but_digits(folded, w)}
    else:
        return word
    return _cased(near.pop(), word) if len(near) == 1 else word


def _differs_in_one(one: str, other: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    if abs(len(one) - len(other)) > 1 or f"{one}s" == other or one == f"{other}s":
        return False  # several of a thing are no misread letter
    return Levenshtein.distance(one, other, score_cutoff=1) == 1


def _but_digits(one: str, other: str) -> bool:
    """Whether two words of one length differ only where the first has a digit."""
    return all(a == b or a.isdigit() for a, b in zip(one, other, strict=True))


def _known(word: str, lexicon: Collection[str]) -> str:
    """The word of the lexicon that is meant; the word itself where none or several are near."""
    folded = word.lower()
    if folded in lexicon or not lexicon or sum(c.isdigit() for c in folded) > len(folded) // 2:
        return word
    letters = folded.translate(_LETTERS)
    for reading in {letters, folded.replace("i", "l"), letters.replace("i", "l"), f"i{letters[1:]}"}:
        if reading in lexicon:
            return _cased(reading, word)
    if len(folded) < SHORT:
        return word
    long = {w for w in lexicon if abs(len(w) - len(folded)) <= 1 and (len(w) >= LONG or w in _SHORT)}
    near = {w for w in long if min(len(w), len(folded)) >= SHORT and _one_apart(folded, w)}
    return _cased(near.pop(), word) if len(near) == 1 else word


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter was taken for one that looks like it, or one of a pair of equal letters was lost."""
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) == len(other):
        same = one[start + 1 :] == other[start + 1 :]
        return same and any(one[start] in group and other[start] in group for group in _ALIKE)
    if len(one) > len(other):
        one, other = other, one
    return one[start:] == other[start + 1 :] and other[start] in (
        other[start - 1 : start],
        other[start + 1 : start + 2],
    )


def _cased(word: str, like: str) -> str:
    if like.isupper() or sum(c.isupper() for c in like) > len(like) / 2:
        return word.upper()
    return word.capitalize() if like[0].isupper() else word
