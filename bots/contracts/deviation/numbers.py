"""Numbers as contracts write them: "thirty (30)", "one hundred and twenty", "US$1,000,000.00", "1.5 million", "3rd"."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "fifteenth": 15,
    "twentieth": 20,
    "thirtieth": 30,
    "sixtieth": 60,
    "ninetieth": 90,
}
WORDS: dict[str, int] = (
    {word: value for value, word in enumerate(_ONES)}
    | {word: 20 + 10 * place for place, word in enumerate(_TENS)}
    | {"fourty": 40}
    | _ORDINALS
)
SCALES: dict[str, int] = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_LOOKS_LIKE_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})
_ORDINAL_END = re.compile(r"(?<=\d)(?:st|nd|rd|th)$", re.IGNORECASE)

_SHORT = re.compile(r"(\d[\d.,]*)(k|mm|mn|mio|m|bn)", re.IGNORECASE)
_SHORT_SCALES = {"k": 1000, "m": 10**6, "mn": 10**6, "mm": 10**6, "mio": 10**6, "bn": 10**9}


def digits(token: str) -> Decimal | None:
    """The value of a token of digits ("1,000.00", "3O", "30th"); None where it is no number.

    One separator before exactly three digits groups thousands, in English and in continental spelling.
    """
    short = _SHORT.fullmatch(token)
    if short:
        value = digits(short[1])
        return None if value is None else (value * _SHORT_SCALES[short[2].lower()]).normalize()
    text = _ORDINAL_END.sub("", token).translate(_LOOKS_LIKE_DIGITS)
    if not any(c.isdigit() for c in token) or not re.fullmatch(r"\d[\d.,]*", text):
        return None
    try:
        return Decimal(_plain(text.rstrip(".,"))).normalize()
    except InvalidOperation:
        return None


def _plain(text: str) -> str:
    """With a point as the decimal sign and nothing else."""
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text
    whole, part = text[:last], text[last + 1 :]
    groups = len(part) == 3 and (text[last] == "," or re.search(r"[.,]", whole))
    cleaned = re.sub(r"[.,]", "", whole)
    return cleaned + part if groups else f"{cleaned}.{part}"


def in_words(words: list[str]) -> tuple[Decimal, int] | None:
    """The number that the words begin with, and how many of them it takes: ["one", "hundred", "days"] -> (100, 2)."""
    total, current, taken = 0, 0, 0
    for place, word in enumerate(words):
        if word in WORDS:
            if current and current % 100 and not (current % 100 >= 20 and current % 10 == 0 and WORDS[word] < 10):
                break
            current += WORDS[word]
        elif word in SCALES and place:
            current = max(current, 1) * SCALES[word]
            if SCALES[word] > 100:
                total, current = total + current, 0
        elif (
            word == "and"
            and place
            and words[place - 1] in SCALES
            and words[place + 1 : place + 2]
            and (words[place + 1] in WORDS)
        ):
            continue
        else:
            break
        taken = place + 1
    return (Decimal(total + current), taken) if taken else None
