"""Working days, by the public holidays that rpaframework's calendar knows."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

log = logging.getLogger(__name__)

_LONGEST_RUN = 14  # days without a working day; no country has so many


def shifted(day: date, country: str | None, rule: Literal["next", "previous", "keep"]) -> date:
    """The day itself where it is a working day (or `rule` is "keep"), else the next or previous one.

    `country` is an ISO 3166 code; without one, or with one that the calendar does not know, only weekends count.
    """
    step = {"next": 1, "previous": -1, "keep": 0}[rule]
    for _ in range(_LONGEST_RUN if step else 0):
        if is_working_day(day, country):
            break
        day = _beside(day, step)
    return day


def _beside(day: date, step: int) -> date:
    """The next day (`step` 1) or the one before (-1); at the calendar's ends the day itself."""
    return day if day == (date.max if step > 0 else date.min) else day + timedelta(days=step)


def moved(day: date, working_days: int, country: str | None) -> date:
    """So many working days later (earlier, below 0); with 0 the day itself, or the next working day."""
    found = shifted(day, country, "next" if working_days >= 0 else "previous")
    step: Literal["next", "previous"] = "next" if working_days > 0 else "previous"
    for _ in range(abs(working_days)):
        found = shifted(_beside(found, 1 if working_days > 0 else -1), country, step)
    return found


@cache
def is_working_day(day: date, country: str | None) -> bool:
    """Monday to Friday and no public holiday of the country."""
    if day.weekday() >= 5:
        return False
    if country is None:
        return True
    try:
        # The calendar takes text: a plain date it does not understand.
        return bool(_calendar().is_the_date_business_day(day.isoformat(), country))
    except NotImplementedError:
        log.warning("No public holidays are known for the country of the settings; only weekends count.")
        return True


@cache
def _calendar() -> Any:
    from RPA.Calendar import Calendar

    return Calendar()
