"""Schedules: when a producer is started. Cron expressions in a time zone, with holidays. Pure: nothing is started here.

A fixed moment that daylight saving skips is taken right after the gap, one that it repeats is taken once, as Debian's
cron does it; expressions with a `*` in their minute or hour simply follow the clock.
"""

from __future__ import annotations

import heapq
import zoneinfo
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Annotated, Literal

from cronsim import CronSim, CronSimError
from pydantic import Field, field_validator, model_validator

from tasks.flow import STEPS
from workitems.items import Noun

if TYPE_CHECKING:
    from holidays import HolidayBase

SATURDAY = 5
LONGEST_BREAK = timedelta(days=366)
HORIZON = timedelta(days=366 * 8)
"""A schedule without a moment in eight years (29 February, but never on a holiday) counts as one that never fires."""


class HolidaySettings(Noun):
    """Days that are not like others: a country's public holidays, a company's own list, weekends."""

    country: str | None = None  # ISO 3166
    subdivision: str | None = None  # of the country, as "NW"
    dates: tuple[date, ...] = ()
    weekends: bool = False

    @model_validator(mode="after")
    def _known(self) -> HolidaySettings:
        if self.subdivision and not self.country:
            raise ValueError("a subdivision needs its country")
        if self.country:
            _calendar(self.country, self.subdivision)
        return self

    def __contains__(self, day: date) -> bool:
        if day in self.dates or (self.weekends and day.weekday() >= SATURDAY):
            return True
        return self.country is not None and day in _calendar(self.country, self.subdivision)


class ScheduleSettings(Noun):
    """One [[schedules]] entry: at these moments the step gets a trigger, once over all machines."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    step: str
    cron: str
    time_zone: str = "UTC"  # a name of the IANA database
    holidays: HolidaySettings = HolidaySettings()
    on_holiday: Literal["run", "skip", "next-working-day"] = "skip"
    catch_up: Literal["one", "none"] = "one"  # what fell due while nothing ran: once, or not at all

    @field_validator("step")
    @classmethod
    def _a_producer(cls, step: str) -> str:
        producers = [s.name for s in STEPS.values() if s.producer]
        if step not in producers:
            raise ValueError(f"a schedule starts one of {', '.join(producers)}; all others take what those hand on")
        return step

    @field_validator("cron")
    @classmethod
    def _an_expression(cls, expression: str) -> str:
        try:
            CronSim(expression, datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")))
        except CronSimError as error:
            raise ValueError(f'this is no cron expression such as "0 18 * * 1-5" ({error})') from None
        return expression

    @field_validator("time_zone")
    @classmethod
    def _a_zone(cls, name: str) -> str:
        try:
            zoneinfo.ZoneInfo(name)
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            raise ValueError('there is no such time zone; they are called like "Europe/Berlin"') from None
        return name

    def moments(self, after: datetime) -> Iterator[datetime]:
        """The moments later than `after`, in order, each once, in the schedule's time zone."""
        zone = zoneinfo.ZoneInfo(self.time_zone)
        # Ordered in UTC: Python compares two times of one zone by their wall clocks, which autumn sets back.
        moved = ((original.astimezone(UTC), taken.astimezone(UTC)) for original, taken in self._moved(after, zone))
        return (moment.astimezone(zone) for moment in _ordered(moved) if moment > after)

    def next(self, after: datetime) -> datetime | None:
        """The first moment later than `after`; None where none comes within eight years."""
        return next(self.moments(after), None)

    def last(self, after: datetime, until: datetime) -> datetime | None:
        """The last moment later than `after` and not later than `until`, or None."""
        moment = None
        for moment in takewhile(lambda m: m <= until, self.moments(after)):  # noqa: B007 - the last one counts
            pass
        return moment

    def local(self, moment: float) -> str:
        """A moment (seconds since 1970) as the schedule's own clock shows it."""
        return datetime.fromtimestamp(moment, zoneinfo.ZoneInfo(self.time_zone)).isoformat(" ", "minutes")

    def _moved(self, after: datetime, zone: zoneinfo.ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """(moment of the expression, when it is taken); begins so early that all that moves behind `after` is in it."""
        moves = self.on_holiday == "next-working-day"
        local = after.astimezone(zone)
        for moment in CronSim(self.cron, self._break_before(local) if moves else local):
            if moment - local > HORIZON:
                return
            if self.on_holiday == "run" or moment.date() not in self.holidays:
                yield moment, moment
            elif moves:
                yield moment, self._next_working_day(moment)

    def _break_before(self, after: datetime) -> datetime:
        """The beginning of the days off that may still lead to the day of `after`."""
        began = after
        while after - began < LONGEST_BREAK and not self._works(began.date() - timedelta(days=1)):
            began -= timedelta(days=1)
        # A second before midnight: what falls on midnight itself belongs to the day.
        return began.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(seconds=1)

    def _next_working_day(self, moment: datetime) -> datetime:
        later = moment
        while not self._works(later.date()) and later - moment < LONGEST_BREAK:
            later += timedelta(days=1)  # on the wall clock
        return later

    def _works(self, day: date) -> bool:
        """Monday to Friday, and no holiday."""
        return day.weekday() < SATURDAY and day not in self.holidays


def _ordered(moved: Iterable[tuple[datetime, datetime]]) -> Iterator[datetime]:
    """Sorted by when they are taken, each once. A moment is only ever moved to later."""
    waiting: list[datetime] = []
    told: datetime | None = None
    for original, taken in moved:
        while waiting and waiting[0] < original:
            first = heapq.heappop(waiting)
            if first != told:
                yield first
            told = first
        heapq.heappush(waiting, taken)
    for first in sorted(set(waiting) - {told}):
        yield first


@cache
def _calendar(country: str, subdivision: str | None) -> HolidayBase:
    """A country's public holidays; years are added as they are asked for."""
    import holidays

    try:
        return holidays.country_holidays(country.upper(), subdiv=subdivision)
    except NotImplementedError:
        where = f"{country} with the subdivision {subdivision}" if subdivision else country
        raise ValueError(f"the holidays of {where} are not known; name the days in `dates`") from None
