"""Letters that recognition takes for others, put right where only one reading makes sense.

Nothing here knows a shop. It knows how legal forms, house numbers and the words of addresses are written; `lexicon` is
the list of address words that the training found on the papers of several shops. Digits of numbers are never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_BHD = re.compile(r"(?<![A-Za-z])(S[\w.'°]{1,4}?)(\.?\s+)(B[HN][DUO0])(?![A-Za-z])", re.IGNORECASE)
_SDN = re.compile(r"s(?:dn|on|in|an|dm|on|0n|on|dhn|ddn|dnn|bn|oh|dh|un|dw|dr|cn|en|o|0|d|n)\.?", re.IGNORECASE)
_SB = re.compile(r"(?<![\w/])[S5](\s?/\s?)[B8](?![\w/])")
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
_POSTCODE = re.compile(r"(?<!\w)(\d{4})D(?=\s[A-Za-z])")
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
_TRADE_WORDS = (
    "bakery cafeteria catering centre confectionery construction corporation department development distribution "
    "distributor electrical electronics engineering enterprise enterprises equipment furniture hardware holdings "
    "hypermarket industries international jewellery kitchen laundry malaysia management marketing minimarket optical "
    "packaging perniagaan petroleum pharmacy plastic printing products resources restaurant restoran seafood services "
    "stationer stationers stationery supermarket supplies trading workshop confectionary stationary"
)
_TRADES = frozenset(_TRADE_WORDS.split())
"""Words of firms' names that are right as they stand, as firms spell them."""
SURE = 9
"""Letters from which on a word of a name is known by all of its letters but one, whichever that is."""
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
    known = _TRADES.union(lexicon)
    return _WORD.sub(lambda m: _known_trade(m[0], known) if len(m[0]) >= LONG else m[0], text)


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
    known = _PLACES.union(lexicon)
    return _WORD.sub(lambda m: _known(m[0], known), text)


def legible(text: str) -> str:
    """A row as long as it was, whose amounts can be read: `TotalRM15.40`, `RMO.08`, `Cash:5.00`, `170. 00`."""
    text = _MISREAD.sub(lambda m: m[1] + m[2].translate(_FIGURES), text)
    text = _TORN.sub(r" \1\2\3", text)
    return _GLUED.sub("  ", _COLON.sub(" ", text))


def _known_trade(word: str, lexicon: Collection[str]) -> str:
    """The word of a name that is meant."""
    found, folded = _known(word, lexicon), word.lower()
    if found != word or len(word) < SURE or folded in lexicon:
        return found
    near = [w for w in lexicon if len(w) == len(word) and sum(a != b for a, b in zip(w, folded, strict=True)) == 1]
    return _cased(near[0], word) if len(near) == 1 else word


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
