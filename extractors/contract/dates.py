"""Dates as contracts write them, and arithmetic with periods. Pure functions."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month", "year"]
_NAMES_TEXT = "january february march april may june july august september october november december"
_NAMES = _NAMES_TEXT.split()
_MONTH = {name[:3]: n for n, name in enumerate(_NAMES, 1)}
_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINALS_TEXT = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = _ORDINALS_TEXT.split()
_TENS = {"twenty": 20, "thirty": 30}
_ORDINAL = r"(?:(?:twenty|thirty)[\s-]+)?(?:" + "|".join(_ORDINALS) + r"|thirtieth)"
_DAY = r"(?P<day>[0-3]?\d)\s*(?:s\s?t|n\s?d|r\s?d|t\s?h|d)?"
_GAP = r"[\s,._-]{0,90}"
_YEAR = r"(?P<year>(?:1[89]|20)\s?\d\s?\d)(?!\d)"
_MONTH_NAME = re.compile(rf"\b{_NAME}\b", re.I)
_WITH_NAME = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?P<month>{_NAME})\b\.?\s*{_DAY}(?:\s*\(\w+\))?{_GAP}{_YEAR}",
        rf"(?<![\d/.]){_DAY}(?:\s*\(\w+\))?\s*(?:day)?\s*(?:of)?[\s,]*\b(?P<month>{_NAME})\b{_GAP}(?:of\s+)?{_YEAR}",
        rf"\b(?P<words>{_ORDINAL})\s*(?:\(\w+\))?\s*(?:day)?\s*(?:of)?\s*(?P<month>{_NAME})\b{_GAP}{_YEAR}",
    )
)
_NUMBERS_ALONE = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d./-])(?P<a>[01]?\d|[0-3]\d)(?P<sep>[/.-])(?P<b>[0-3]?\d)(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)(?![\d/-]|\.\d)",
        r"(?<![\d.-])(?P<year>(?:19|20)\d\d)-(?P<m>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
    )
)
EARLIEST, LATEST = 1900, 2120


@dataclass(frozen=True)
class DateFound:
    """A date in a text, and where it stands."""

    value: date
    start: int
    end: int
    clear: bool = True  # False: day and month might be the other way round


@dataclass(frozen=True)
class Period:
    """A length of time as it was agreed: 18 months are 18 months, not a year and a half."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}s"


def dates_in(text: str, start: int = 0, end: int | None = None) -> list[DateFound]:
    """All full dates of a stretch of text in reading order; where two readings overlap the longer one stays."""
    end = len(text) if end is None else end
    found = sorted(_raw(text, start, end), key=lambda d: (d.start, -d.end))
    kept: list[DateFound] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _raw(text: str, start: int, end: int) -> Iterator[DateFound]:
    for pattern in _NUMBERS_ALONE:
        for m in pattern.finditer(text, start, end):
            parts = m.groupdict()
            if parts.get("sep"):
                value, clear = _numbers(int(parts["a"]), int(parts["b"]), int(parts["y"]), parts["sep"])
            else:
                value, clear = _date(int(parts["year"]), int(parts["m"]), int(parts["day"])), True
            if value is not None:
                yield DateFound(value, m.start(), m.end(), clear)
    for name in _MONTH_NAME.finditer(text, start, end):  # the cheap look comes first: contracts are long
        for pattern in _WITH_NAME:
            for m in pattern.finditer(text, max(name.start() - 130, start), min(name.end() + 110, end)):
                parts = m.groupdict()
                day = _spelt(parts["words"]) if parts.get("words") else int(parts["day"])
                month = _MONTH[parts["month"][:3].lower()]
                if (value := _date(int(re.sub(r"\s", "", parts["year"])), month, day)) is not None:
                    yield DateFound(value, m.start(), m.end())


def _numbers(a: int, b: int, year: int, mark: str) -> tuple[date | None, bool]:
    """Numbers alone: with points the day comes first, else the month (as in the United States) where it can."""
    year = year if year > 99 else year + (1900 if year > 60 else 2000)
    if mark == "." and b <= 12:
        return _date(year, b, a), True
    if a > 12 >= b:
        return _date(year, b, a), True
    return _date(year, a, b), b > 12 or a == b


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if EARLIEST <= year <= LATEST else None
    except ValueError:
        return None


def _spelt(words: str) -> int:
    first, *rest = re.split(r"[\s-]+", words.lower())
    if first == "thirtieth":
        return 30
    if first in _TENS:
        return _TENS[first] + (10 if rest[0] == "thirtieth" else _ORDINALS.index(rest[0]) + 1)
    return _ORDINALS.index(first) + 1


def after(start: date, period: Period, times: int = 1) -> date | None:
    """The same day so much later (the month's last where it has none such); None beyond the calendar."""
    count = period.count * times
    try:
        if period.unit in ("day", "week"):
            return start + timedelta(days=count * (7 if period.unit == "week" else 1))
        months = start.year * 12 + start.month - 1 + count * (12 if period.unit == "year" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return None


def before(end: date, period: Period) -> date | None:
    """The same day so much earlier."""
    return after(end, Period(-period.count, period.unit))


def notice_deadline(
    expires_on: date, notice: Period, country: str = "US", subdivision: str | None = None
) -> date | None:
    """The last working day on which notice is in time: expiry less the notice period, else the working day before.

    Working days are Monday to Friday without the public holidays of `country` (ISO 3166; unknown to the calendar:
    weekends alone).
    """
    day = before(expires_on, notice)
    if day is None:
        return None
    free = _holidays(country, subdivision, day.year)
    while day.weekday() >= 5 or day in free:
        day -= timedelta(days=1)
        if day.year not in (expires_on.year, before(expires_on, notice).year):  # type: ignore[union-attr]
            free = _holidays(country, subdivision, day.year)
    return day


def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=[year - 1, year]))
    except NotImplementedError:
        return frozenset()
