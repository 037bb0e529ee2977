"""Names, hours and days as people write them in forms, contracts and mails."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from extractors.values import MONTHS, dates_in, plain

_TITLE = re.compile(
    r"^(?:herrn?|frau|mr|mrs|ms|miss|mx|m|mme|mlle|monsieur|madame|mademoiselle|dr|prof|dipl\.?-?\s?\w{0,5}|ing|mag|ba|msc|hr|fr)\b\.?\s*",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    (
        "von", "van", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "do", "du", "la",
        "le", "les", "ter", "ten", "zu", "zur", "zum", "bin", "ibn", "al", "el", "abd", "ben", "mac",
        "mc", "o", "st", "san", "auf", "vom", "af", "av", "y", "e",
    )
)  # fmt: skip
_NO_NAMES = frozenset(
    (
        "the", "this", "that", "these", "die", "das", "dem", "ein", "eine", "der's", "une", "les", "nous", "wir",
        "ihr", "we", "you", "they", "page", "section", "article",
    )
)  # fmt: skip
_NAME = re.compile(
    r"[^\W\d_][\w'’.\-]*(?:\s+[^\W\d_][\w'’.\-]*){0,6}(?:,\s*[^\W\d_][\w'’.\-]*(?:\s+[^\W\d_][\w'’.\-]*){0,4})?"
)
_HOURS = re.compile(r"(?<![\d.,/])(\d{1,2}(?:[.,]\d{1,2})?)(?![\d/]|[eE]\d)")
_MONTH_DAY = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er)?\.?\s+(?:of\s+)?(?P<m>"
    + "|".join(sorted(MONTHS, key=len, reverse=True))
    + r")\b"
    r"|\b(?P<m2>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?\b"
)
MOST_HOURS = Decimal(80)


def name_in(text: str) -> str | None:
    """The name that a piece of text is, without titles; None where it is none."""
    text = " ".join(text.replace("_", " ").split()).strip(" ,;:.-–")
    while (found := _TITLE.match(text)) and found.end() < len(text) and found.end() > 0:
        text = text[found.end() :].strip()
    if not text or len(text) > 70 or text.split()[0].lower() in _NO_NAMES:
        return None
    return text if _NAME.fullmatch(text) else None


def split_name(name: str, family_first: bool = False) -> tuple[str, str]:
    """Surname and given names of a whole name. Capitals and a comma tell; else the last word, with its particles, is
    the surname."""
    if "," in name:
        surname, given = name.split(",", 1)
        return surname.strip(), given.strip()
    words = name.split()
    if len(words) < 2:
        return (words[0] if words else ""), ""
    loud = [w.isupper() and len(w) > 1 for w in words]
    if any(loud) and not all(loud):
        return " ".join(w for w, up in zip(words, loud, strict=True) if up), " ".join(
            w for w, up in zip(words, loud, strict=True) if not up
        )
    if family_first:
        at = 1
        while at < len(words) - 1 and plain(words[at - 1]) in _PARTICLES:
            at += 1
        return " ".join(words[:at]), " ".join(words[at:])
    at = len(words) - 1
    while at > 1 and plain(words[at - 1]).strip("'’.") in _PARTICLES:
        at -= 1
    return " ".join(words[at:]), " ".join(words[:at])


def hours_in(text: str) -> str | None:
    """Hours a week as a plain decimal (`38.5`)."""
    for found in _HOURS.finditer(text):
        try:
            hours = Decimal(found[1].replace(",", "."))
        except InvalidOperation:
            continue
        if 0 < hours <= MOST_HOURS:
            return format(hours.normalize(), "f")
    return None


def day_in(text: str, today: date | None = None, month_first: bool = False) -> str | None:
    """The first day in a text, as ISO date. With `today`, a day without a year is the next such day."""
    for found in dates_in(text, "mdy" if month_first else "dmy"):
        return found.value.isoformat()
    if today is None or not (found_day := _MONTH_DAY.search(plain(text))):
        return None
    month = MONTHS[found_day["m"] or found_day["m2"]]
    for year in (today.year, today.year + 1):
        try:
            day = date(year, month, int(found_day["d"] or found_day["d2"]))
        except ValueError:
            return None
        if day >= today - timedelta(days=31):
            return day.isoformat()
    return None
