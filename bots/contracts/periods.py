"""Periods and the dates that follow from them: when a contract ends, and until when notice has to be given."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Literal

from bots.working_days import shifted
from workitems.items import Noun

_PERIOD = re.compile(r"\s*(\d{1,4})\s*(day|week|month|year)s?\s*", re.IGNORECASE)
_LAST = date(2999, 12, 31)


class Period(Noun):
    """A period as contracts count it."""

    count: int
    unit: Literal["day", "week", "month", "year"]

    @property
    def days(self) -> int:
        """About how many days it has."""
        return self.count * {"day": 1, "week": 7, "month": 30, "year": 365}[self.unit]

    @property
    def months(self) -> float:
        """About how many months it has."""
        return {"day": self.count / 30, "week": self.count * 7 / 30, "month": self.count, "year": self.count * 12}[
            self.unit
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def period(text: str | None) -> Period | None:
    """A period as readings spell it: `90 days`, `1 year`; None for anything else."""
    match = _PERIOD.fullmatch(text or "")
    if match is None or int(match[1]) == 0:
        return None
    return Period.model_validate({"count": int(match[1]), "unit": match[2].lower()})


def later(day: date, by: Period, times: int = 1) -> date:
    """The day so much later (`times` below 0: earlier); the last day of a month where the month is shorter.

    A contract "for ever" may end in 9999: what would lie beyond the calendar is its first or last sensible day.
    """
    count = by.count * times
    try:
        found = _shifted(day, count, by.unit)
    except (OverflowError, ValueError):  # the calendar ends
        found = date.max if count > 0 else date.min
    return min(found, max(day, _LAST))


def _shifted(day: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def notice_deadline(expires_on: date, notice: Period, country: str | None) -> date:
    """The last working day on which notice can be given: expiry less the notice period, or the working day before."""
    return shifted(later(expires_on, notice, -1), country, "previous")


def current_end(expires_on: date, renewal: Period | None, today: date) -> date:
    """When the term that runs today ends, where the contract renews itself; else its expiry."""
    end, times = expires_on, 0
    while renewal is not None and end < today and times < 200:
        times += 1
        end = later(expires_on, renewal, times)
    return end
