"""The training schedule: a training each working day from the first day on, where nobody has another appointment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol

from bots.working_days import moved
from workitems.items import Noun

FIRST_HOUR, LAST_HOUR = 10, 16
MINUTES = 60
INTRODUCTION = "Welcome and introduction"


class Session(Noun):
    """An appointment: `starts_at` is local time where the company is."""

    title: str
    starts_at: datetime
    minutes: int = MINUTES
    guests: tuple[str, ...] = ()  # mail addresses

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


class Calendar(Protocol):
    """Where appointments are kept. A booking under a key replaces the one before."""

    def book(self, key: str, sessions: Sequence[Session]) -> str:
        """Books, and says what proves it."""
        ...

    def cancel(self, key: str) -> None:
        """Takes a booking back; one that is not there is no error."""
        ...

    def busy(self, guest: str, day: date) -> Sequence[tuple[datetime, datetime]]:
        """When a guest has other appointments on a day."""
        ...


def schedule(
    trainings: Iterable[str], first_day: date, country: str | None, guests: Sequence[str], calendar: Calendar
) -> tuple[Session, ...]:
    """The introduction on the first day, then a training each working day, at the first hour that all guests have."""
    found: list[Session] = []
    day = moved(first_day, 0, country)
    for title in (INTRODUCTION, *trainings):
        session = None
        while session is None:
            session = _free(title, day, guests, calendar)
            if session is None or title != INTRODUCTION:
                day = moved(day, 1, country)
        found.append(session)
        if title == INTRODUCTION:
            day = moved(day, 1, country)
    return tuple(found)


def _free(title: str, day: date, guests: Sequence[str], calendar: Calendar) -> Session | None:
    taken = [span for guest in guests for span in calendar.busy(guest, day)]
    for hour in range(FIRST_HOUR, LAST_HOUR):
        session = Session(title=title, starts_at=datetime.combine(day, time(hour)), guests=tuple(guests))
        if all(end <= session.starts_at or start >= session.ends_at for start, end in taken):
            return session
    return None
