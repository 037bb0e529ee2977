"""Malaysian postcodes, towns and states: which belong together, and what a misread one must have been.

The first two digits of a postcode say the state; which towns go with which was written down from general knowledge. A
town that reads almost like one of its postcode's is that one, and a postcode of another state than the one that stands
behind it has a misread digit.
"""

from __future__ import annotations

import re
from functools import cache

_STATES = {
    "perlis": "01 02", "kedah": "05 06 07 08 09", "pulau pinang": "10 11 12 13 14", "penang": "10 11 12 13 14",
    "kelantan": "15 16 17 18", "terengganu": "20 21 22 23 24", "pahang": "25 26 27 28 39 49 69",
    "perak": "30 31 32 33 34 35 36", "selangor": "40 41 42 43 44 45 46 47 48 63 64 68",
    "kuala lumpur": "50 51 52 53 54 55 56 57 58 59 60", "putrajaya": "62", "negeri sembilan": "70 71 72 73",
    "melaka": "75 76 77 78", "malacca": "75 76 77 78", "johor": "79 80 81 82 83 84 85 86", "labuan": "87",
    "sabah": "88 89 90 91", "sarawak": "93 94 95 96 97 98",
}  # fmt: skip
"""The first two digits of the postcodes of each state."""
_TOWNS = {
    "40": "shah alam", "41": "klang", "42": "klang; pelabuhan klang; banting; puncak alam; kapar; dengkil",
    "43": "kajang; bangi; seri kembangan; serdang; semenyih; cheras; hulu langat; beranang; sepang; dengkil",
    "44": "kuala kubu bharu; batang kali; serendah",
    "45": "kuala selangor; sabak bernam; batang berjuntai; bestari jaya",
    "46": "petaling jaya", "47": "petaling jaya; subang jaya; puchong; sungai buloh", "48": "rawang",
    "50": "kuala lumpur", "51": "kuala lumpur", "52": "kuala lumpur", "53": "kuala lumpur", "54": "kuala lumpur",
    "55": "kuala lumpur", "56": "kuala lumpur", "57": "kuala lumpur", "58": "kuala lumpur", "59": "kuala lumpur",
    "62": "putrajaya", "63": "cyberjaya", "64": "sepang", "68": "ampang; batu caves; gombak",
    "05": "alor setar", "08": "sungai petani", "09": "kulim", "10": "georgetown", "11": "bayan lepas",
    "12": "butterworth", "13": "butterworth", "14": "bukit mertajam", "15": "kota bharu", "20": "kuala terengganu",
    "25": "kuantan", "28": "temerloh; mentakab", "30": "ipoh", "31": "ipoh; batu gajah", "32": "sitiawan; lumut",
    "34": "taiping", "36": "teluk intan", "70": "seremban", "71": "port dickson; nilai; seremban",
    "75": "melaka", "79": "nusajaya; iskandar puteri", "80": "johor bahru",
    "81": "johor bahru; skudai; kulai; masai; pasir gudang; plentong; ulu tiram; senai; kota tinggi; gelang patah",
    "82": "pontian", "83": "batu pahat", "84": "muar; pagoh", "85": "segamat", "86": "kluang; mersing",
    "88": "kota kinabalu", "90": "sandakan", "91": "tawau", "93": "kuching", "96": "sibu", "97": "bintulu",
    "98": "miri",
}  # fmt: skip
"""Larger towns by the first two digits of their postcodes."""
_NAMED = (*_STATES, *(town for towns in _TOWNS.values() for town in towns.split("; ")))
_WORDS = (
    "jalan jln lorong lrg lebuh lebuhraya persiaran taman tmn laman bandar baru kampung lot seksyen section batu "
    "kawasan perindustrian industri pusat perdagangan perniagaan niaga bangunan menara wisma plaza kompleks complex "
    "compleks desa level floor flr ground blok block blk unit mall utara selatan timur barat utama indah jaya bukit "
    "sungai sungei seri sri darul ehsan takzim wilayah persekutuan malaysia kelang damansara sentul selayang setapak "
    "kepong segambut mukim raya besar lama tengah sinar mutiara permai buloh mahkota temenggung sultan ismail "
    "ibrahim rahman razak hussein tunku abdul azlan raja laut street road avenue centre square"
)
PLACES = frozenset([*_WORDS.split(), *(w for name in _NAMED for w in name.split() if len(w) > 3)])
"""Words of Malaysian addresses that are right as they stand."""
_AFTER = re.compile(
    r"(?<![\w-])(?<!lot )(?<!no )(?<!pt )(?<!no\.)(\d{2})(\d{3})([\s,.]+)([A-Za-z0-9' ]{3,})", re.IGNORECASE
)
_CAPITAL = re.compile(r"(?<=\b5\d{4} )[XHR]\.?L(?![A-Za-z])")
_SHORT, _LONG = 5, 9
"""Letters of a town from which on one and two of them may be wrong."""
_MISREAD = {"9": "84", "3": "8", "6": "85", "5": "68", "8": "936", "1": "74", "7": "1", "0": "86", "4": "19", "2": "7"}
"""Digits that a digit may have been."""


def mend_places(text: str) -> str:
    """An address whose town and postcode fit each other."""
    text = _CAPITAL.sub("KL", text)
    found = next(reversed(list(_AFTER.finditer(text))), None)
    if found is None:
        return text
    start, end = found.span(4)
    text = text[:start] + _town(found[1], found[4]) + text[end:]
    code = _postcode(found[1], text[start:])
    return text[: found.start(1)] + code + text[found.end(1) :]


def _town(code: str, following: str) -> str:
    """What follows a postcode, its first words as one of the postcode's towns where they are nearly that."""
    from rapidfuzz.distance import Levenshtein

    words = following.split(" ")
    for town in _towns(code):
        count = town.count(" ") + 1
        told = " ".join(words[:count])
        allowed = (len(town) >= _SHORT) + (len(town) >= _LONG)
        if town.startswith(told.lower()) and following.lower().replace(" ", "").startswith(town.replace(" ", "")):
            return following  # torn, `SHAH AL AM`, but whole
        if "" not in words[:count] and 0 < Levenshtein.distance(told.lower(), town) <= allowed:
            return " ".join([_cased(town, told), *words[count:]])
    return following


def _postcode(code: str, following: str) -> str:
    """The first two digits of a postcode as the state behind it has them, where one digit was misread."""
    folded = following.lower()
    named = [s for s in _STATES if re.search(rf"(?<![a-z]){s}(?![a-z])", folded)]
    codes = {c for s in named for c in _STATES[s].split()}
    if not codes or code in codes or not _known_codes() >= codes:
        return code
    readings = [digit + code[1] for digit in _MISREAD[code[0]]] + [code[0] + digit for digit in _MISREAD[code[1]]]
    right = [r for r in readings if r in codes]
    return right[0] if len(right) == 1 else code


@cache
def _known_codes() -> frozenset[str]:
    return frozenset(c for codes in _STATES.values() for c in codes.split())


def _towns(code: str) -> list[str]:
    return _TOWNS[code].split("; ") if code in _TOWNS else []


def _cased(town: str, like: str) -> str:
    return town.upper() if like.isupper() or sum(c.isupper() for c in like) > len(like) / 2 else town.title()
