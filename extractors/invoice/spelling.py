"""Letters that recognition takes for others, put right where only one reading makes sense.

Nothing here knows a shop. It knows how legal forms, house numbers and the words of addresses are written; `lexicon` is
the list of address words that the training found on the papers of several shops. Digits of numbers are never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_BHD = re.compile(r"(?<![A-Za-z])(S[\w.'°]{1,4}?)(\.?\s+)(B[HN][DUO0])(?![A-Za-z])", re.IGNORECASE)
_SDN = re.compile(r"s(?:dn|on|in|an|dm|on|0n|on|dhn|ddn|dnn|bn|oh|dh|un|dw|dr|cn|en)\.?", re.IGNORECASE)
_SB = re.compile(r"(?<![\w/])[S5](\s?/\s?)[B8](?![\w/])")
_LETTERS = str.maketrans("0158", "oisb")
_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_CODE = re.compile(r"(?<![\w])(?=[\dOolI|]*\d[\dOolI|]*\d)[\dOolI|]{3,}(?=[A-Z]?(?![\w]))")
_IN_LOWER = re.compile(
    r"(?<=[a-z])[I|1](?=[a-z])|(?<=[a-z])1(?=1?(?![\w]))|(?<=[a-z]1)1(?!\w)|(?<=\b[A-Z])I(?=[a-z]+\b)"
)
_IN_CAPITALS = re.compile(r"(?<=[A-Z])[05](?=[A-Z]{2})|(?<=[A-Z]{2})[05](?=[A-Z])|(?<=[A-Z]-)0(?![\w-])")
_AFTER_DIGIT = re.compile(r"(?<=\d)[Oo](?![A-Za-z])")
_ALIKE = ("o0dqcgu", "il1tjf", "s5", "b8h6", "nmh", "ecoa", "uvy", "kr", "pfr", "z2")
"""Letters that look like each other."""
_WORD = re.compile(r"[A-Za-z0-9|']{3,}")
_PLACE_WORDS = (
    "jalan jln lorong lrg lebuh lebuhraya persiaran taman tmn bandar baru kampung lot seksyen section batu kawasan "
    "perindustrian industri pusat perdagangan perniagaan niaga bangunan menara wisma plaza kompleks complex desa level "
    "floor flr ground blok block blk unit mall utara selatan timur barat utama indah jaya bukit sungai sungei seri sri "
    "kuala lumpur selangor darul ehsan takzim johor bahru kedah kelantan melaka malacca pahang penang pulau pinang "
    "perak "
    "perlis sabah sarawak terengganu negeri sembilan putrajaya cyberjaya labuan wilayah persekutuan malaysia shah alam "
    "petaling subang klang kelang kajang cheras puchong ampang rawang serdang kembangan semenyih bangi sepang gombak "
    "setapak kepong segambut damansara sentul selayang ipoh seremban georgetown butterworth kuantan kulai skudai masai "
    "pasir gudang muar mersing dengkil banting kapar mukim raya besar lama tengah sinar mutiara permai "
    "buloh mahkota temenggung sultan ismail ibrahim rahman razak hussein tunku abdul azlan raja laut floor street "
    "road avenue centre square"
)
_PLACES = frozenset(_PLACE_WORDS.split())
"""Words of Malaysian addresses that are right as they stand."""
LONG, SHORT = 5, 4
"""Letters from which on a word with one wrong letter is still known; those of the shortest that are."""
_SHORT = frozenset({"alam", "jaya", "batu", "baru"})


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
    return _WORD.sub(lambda m: _known(m[0], lexicon) if len(m[0]) >= LONG else m[0], text) if lexicon else text


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
    known = _PLACES.union(lexicon)
    return _WORD.sub(lambda m: _known(m[0], known), text)


def _known(word: str, lexicon: Collection[str]) -> str:
    """The word of the lexicon that is meant; the word itself where none or several are near."""
    folded = word.lower()
    if folded in lexicon or not lexicon or sum(c.isdigit() for c in folded) > len(folded) // 2:
        return word
    for reading in {folded.translate(_LETTERS), folded.replace("i", "l"), folded.translate(_LETTERS).replace("i", "l")}:
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
