"""The training schedule: a training each working day from the first day on, where nobody has another appointment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Protocol

from bots.joiners.codes import doubt
from bots.working_days import moved
from workitems.errors import NeedsReview
from workitems.items import Noun

FIRST_HOUR, LAST_HOUR = 10, 16
MINUTES = 60
INTRODUCTION = "Welcome and introduction"
MOST_DAYS = 60
"""So many working days are searched for an hour that is free."""


class Session(Noun):
    """An appointment: `starts_at` is local time where the company is. `number`: which one of the joiner's it is."""

    title: str
    starts_at: datetime
    minutes: int = MINUTES
    guests: tuple[str, ...] = ()  # mail addresses
    number: int = 0

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


class Booked(NamedTuple):
    """What proves a booking, and its version: a later one of the same appointments is higher."""

    evidence: str
    sequence: int


class When(NamedTuple):
    """From when on: the first day, the country whose holidays count, and now, in local time without a zone."""

    first_day: date
    country: str | None
    now: datetime


class People(NamedTuple):
    """Whose time counts: the joiner's, and at the introduction the manager's too. Mail addresses, as far as known."""

    joiner: str | None
    manager: str | None

    def guests(self, title: str) -> tuple[str, ...]:
        """Who is asked to come."""
        both = (self.joiner, self.manager) if title == INTRODUCTION else (self.joiner,)
        return tuple(dict.fromkeys(filter(None, both)))


class Calendar(Protocol):
    """Where appointments are kept. A booking under a key replaces the one before. Raises TryLater when it is away."""

    tells_guests: bool
    """Whether the calendar itself asks the guests to come; else a mail does."""

    def book(self, key: str, sessions: Sequence[Session]) -> Booked:
        """Books, and says what proves it."""
        ...

    def cancel(self, key: str) -> None:
        """Takes a booking back; one that is not there is no error."""
        ...

    def busy(self, guest: str, day: date, key: str) -> Sequence[tuple[datetime, datetime]]:
        """When a guest has other appointments on a day than those under the key, in local time."""
        ...


def schedule(key: str, trainings: Iterable[str], when: When, people: People, calendar: Calendar) -> tuple[Session, ...]:
    """The introduction on the first day, then a training each working day, at the first hour that all guests have.

    Raises NeedsReview (no_free_hour) where there is none for weeks.
    """
    found: list[Session] = []
    day = moved(max(when.first_day, when.now.date()), 0, when.country)
    for number, title in enumerate((INTRODUCTION, *trainings)):
        wanted = Session(title=title, starts_at=datetime.combine(day, time()), guests=people.guests(title))
        session = _placed(key, wanted, when, calendar)
        found.append(session.model_copy(update={"number": number}))
        day = moved(session.starts_at.date(), 1, when.country)
    return tuple(found)


def _placed(key: str, wanted: Session, when: When, calendar: Calendar) -> Session:
    day = wanted.starts_at.date()
    for _ in range(MOST_DAYS):
        taken = [span for guest in wanted.guests for span in calendar.busy(guest, day, key)]
        session = _free(wanted, day, [*taken, (datetime.combine(date.min, time()), when.now)])
        if session is not None:
            return session
        day = moved(day, 1, when.country)
    message = f"For {wanted.title!r} no hour is free on {MOST_DAYS} working days. Look at the guests' calendars."
    raise NeedsReview([doubt("no_free_hour", message)])


def _free(wanted: Session, day: date, taken: Sequence[tuple[datetime, datetime]]) -> Session | None:
    for hour in range(FIRST_HOUR, LAST_HOUR):
        session = wanted.model_copy(update={"starts_at": datetime.combine(day, time(hour))})
        if all(end <= session.starts_at or start >= session.ends_at for start, end in taken):
            return session
    return None
