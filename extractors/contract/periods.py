"""Periods of time as contracts write them, and how long a contract runs: "for a period of five (5) years from"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.contract.dates import Period, Unit

_ONES_TEXT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ONES = _ONES_TEXT.split()
_TENS_TEXT = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = _TENS_TEXT.split()
_ORDINALS_TEXT = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = _ORDINALS_TEXT.split()
_NUMBER = (
    r"(?:\d{1,4}(?:\.\d)?|(?:(?:one|two)\s+hundred(?:\s+and)?[\s-]*)?(?:(?:"
    + "|".join(_TENS)
    + r")(?:[\s-]+(?:"
    + "|".join(_ONES[1:10])
    + r"))?|"
    + "|".join(sorted(_ONES[1:], key=len, reverse=True))
    + r")|(?:one|two)\s+hundred(?!\s+and)|an?\b(?=\s+(?:initial\s+|additional\s+|further\s+)?(?:year|month|week)))"
)
PERIOD = re.compile(
    rf"\b(?P<number>{_NUMBER})\s*(?:\(\s*(?P<digits>\d{{1,4}})\s*\)|\(\s*(?P<word>{_NUMBER})\s*\)|\(\s*[Il]\s*\))?[\s-]*"
    r"(?:full\s+|calendar\s+|consecutive\s+|successive\s+|additional\s+|business\s+|working\s+|contract\s+|fiscal\s+)*[\s-]*"
    r"(?P<unit>day|week|month|year|yr|quarter)s?\b[’']?(?:\s*\(\s*(?P<late>\d{1,3})\s*\))?",
    re.I,
)
ANNIVERSARY = re.compile(
    rf"\b(?P<ordinal>{'|'.join(_ORDINALS[1:])}|(?P<digits>\d{{1,2}})\s*(?:st|nd|rd|th))\s*(?:\(\s*\d+\s*(?:st|nd|rd|th)?\s*\)\s*)?"
    r"(?:yearly\s+|annual\s+)?anniversary",
    re.I,
)


@dataclass(frozen=True)
class PeriodFound:
    """A period in a text, and where it stands."""

    value: Period
    start: int
    end: int


def number_of(words: str) -> int | None:
    """The number that words or digits say; None where they say none. "a" is one."""
    low = words.lower().strip()
    if low.isdigit():
        return int(low)
    if low in ("a", "an"):
        return 1
    total = 0
    for word in re.split(r"[\s-]+", low):
        if word in _ONES:
            total += _ONES.index(word)
        elif word in _TENS:
            total += 20 + 10 * _TENS.index(word)
        elif word == "hundred":
            total = max(total, 1) * 100
        elif word not in ("and", ""):
            return None
    return total or None


def periods_in(text: str, start: int = 0, end: int | None = None) -> Iterator[PeriodFound]:
    """All periods of a stretch of text; digits in brackets win over the words before them."""
    for m in PERIOD.finditer(text, start, len(text) if end is None else end):
        count = number_of(m["digits"] or m["late"] or m["number"])
        if count is None and m["number"].endswith(".5") and m["unit"].lower().startswith("y"):
            count = int(float(m["number"]) * 12)
            yield PeriodFound(Period(count, "month"), m.start(), m.end())
            continue
        if count is None or count == 0:
            continue
        unit = m["unit"].lower()
        if unit == "quarter":
            yield PeriodFound(Period(3 * count, "month"), m.start(), m.end())
        else:
            units: dict[str, Unit] = {"day": "day", "week": "week", "month": "month", "year": "year", "yr": "year"}
            yield PeriodFound(Period(count, units[unit]), m.start(), m.end())


def anniversaries_in(text: str, start: int = 0, end: int | None = None) -> Iterator[PeriodFound]:
    """ "the third anniversary" as three years."""
    for m in ANNIVERSARY.finditer(text, start, len(text) if end is None else end):
        count = int(m["digits"]) if m["digits"] else _ORDINALS.index(m["ordinal"].lower())
        yield PeriodFound(Period(count, "year"), m.start(), m.end())
