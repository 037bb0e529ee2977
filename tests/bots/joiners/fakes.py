"""The HR system of the port's own tests, with a manager and somebody who has left, and watched; and a calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any

from bots.joiners.training import Booked, Session
from connectors.hr import Account, Employee, Person
from tests.fakes.hr import Catalogue, FakeHr

MANAGER = Employee(id="e1", person_id="p1", name="Petra Vogel", active=True, department="Sales")
FORMER = Employee(id="e2", person_id="p2", name="Karl Brandt", active=False, ends_on=date(2026, 6, 30))
CATALOGUE = Catalogue(
    departments=("Sales", "Finance"),
    roles=("Sales Assistant", "Accountant"),
    hours=("38.5",),
    groups=("Sales", "Accounting", "Payments"),
    sellers=(("CRM", "Adler Software GmbH"),),
)
VERBS = {
    "ensure_person": "person",
    "ensure_employee": "employee",
    "ensure_account": "account",
    "set_groups": "groups",
    "close_account": "close account",
    "end_employment": "end employment",
    "withdraw_person": "withdraw person",
    "request_seats": "request seats",
    "cancel_order": "cancel order",
}


class WatchedHr(FakeHr):
    """`calls` are the verbs that have ended; the bot dies after the one of number `dies_at`."""

    def __init__(self, today: date) -> None:
        super().__init__(CATALOGUE, today)
        self.calls: list[str] = []
        self.dies_at: int | None = None
        for known in (MANAGER, FORMER):
            self.people[known.person_id] = Person(id=known.person_id, name=known.name)
            self.jobs[known.id] = known
        for verb, label in VERBS.items():
            setattr(self, verb, self._watched(getattr(self, verb), label))

    @property
    def users(self) -> list[Account]:
        """All accounts, open or closed."""
        return list(self.logins.values())

    def own_job(self) -> Employee:
        """The only employment that a bot made."""
        (job,) = [job for job in self.jobs.values() if job.id not in (MANAGER.id, FORMER.id)]
        return job

    def _watched(self, verb: Callable[..., Any], label: str) -> Callable[..., Any]:
        @wraps(verb)
        def watched(*given: Any, **named: Any) -> Any:
            found = verb(*given, **named)
            self.calls.append(label)
            if self.dies_at == len(self.calls):
                self.dies_at = None
                raise KeyboardInterrupt
            return found

        return watched


class FakeCalendar:
    """Bookings by key, and when guests are busy."""

    tells_guests = False

    def __init__(self) -> None:
        self.booked: dict[str, tuple[Session, ...]] = {}
        self.taken: list[tuple[datetime, datetime]] = []
        self.bookings = 0

    def book(self, key: str, sessions: Sequence[Session]) -> Booked:
        self.booked[key] = tuple(sessions)
        self.bookings += 1
        return Booked(f"{len(sessions)} appointments", self.bookings)

    def cancel(self, key: str) -> None:
        self.booked.pop(key, None)

    def busy(self, guest: str, day: date, key: str) -> Sequence[tuple[datetime, datetime]]:
        return [span for span in self.taken if span[0].date() == day]
