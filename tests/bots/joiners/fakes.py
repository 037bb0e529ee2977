"""An HR system in memory that keeps the port's promises, and a calendar; all that was done to them is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bots.joiners.names import compare
from bots.joiners.training import Session
from connectors.hr import (
    Account,
    AccountDraft,
    Candidate,
    Employee,
    Person,
    PersonDraft,
    SeatOrder,
    SeatRequest,
    Standing,
    Terms,
)
from workitems.errors import TryLater

MANAGER = Employee(id="e1", person_id="p1", name="Petra Vogel", active=True, department="Sales")
FORMER = Employee(id="e2", person_id="p2", name="Karl Brandt", active=False, ends_on=date(2026, 6, 30))


class FakeHr:
    """Both ports. `today` decides who is active."""

    name = "fake"

    def __init__(self, today: date) -> None:
        self.today = today
        self.people: dict[str, Person] = {e.person_id: Person(id=e.person_id, name=e.name) for e in (MANAGER, FORMER)}
        self.jobs: dict[str, Employee] = {MANAGER.id: MANAGER, FORMER.id: FORMER}
        self.users: dict[str, Account] = {}
        self.orders: dict[str, SeatOrder] = {}
        self.calls: list[str] = []
        self.dies_at: int | None = None

    def _did(self, what: str) -> None:
        self.calls.append(what)
        if self.dies_at == len(self.calls):
            self.dies_at = None
            raise KeyboardInterrupt

    # ---- records

    def find_person(self, name: str, born_on: date | None = None, email: str | None = None) -> Sequence[Candidate]:
        same = [p for p in self.people.values() if compare(p.name, name) == "same"]
        return [Candidate(person=p, agrees=("name",), differs=(), likeness=1.0) for p in same]

    def person(self, key: str) -> Person | None:
        return next((p for p in self.people.values() if p.key == key), None)

    def employee(self, employee_id: str) -> Employee | None:
        return self.jobs.get(employee_id)

    def employees(self, person_id: str) -> Sequence[Employee]:
        return [e for e in self.jobs.values() if e.person_id == person_id]

    def find_employee(self, name: str) -> Sequence[Employee]:
        return [e for e in self.jobs.values() if compare(e.name, name) != "other"]

    def find_user(self, login: str) -> Account | None:
        return next((a for a in self.users.values() if a.login == login), None)

    def accounts(self, employee_id: str) -> Sequence[Account]:
        return [a for a in self.users.values() if employee_id in a.employee_ids]

    def groups(self) -> Sequence[str]:
        return ("Sales", "Accounting")

    def departments(self) -> Sequence[str]:
        return ("Sales", "Finance")

    def roles(self) -> Sequence[str]:
        return ("Sales Assistant", "Accountant")

    def seat_order(self, key: str) -> SeatOrder | None:
        return self.orders.get(key)

    def standing(self, key: str) -> Standing:
        return Standing(person=self.person(key))

    # ---- screens

    def ensure_person(self, draft: PersonDraft) -> Person:
        known = self.person(draft.key)
        if known is None:
            known = Person(id=f"p{len(self.people) + 1}", name=draft.name, key=draft.key)
            self.people[known.id] = known
        self.people[known.id] = known.model_copy(update={"active": True})
        self._did("person")
        return self.people[known.id]

    def ensure_employee(self, person_id: str, terms: Terms) -> Employee:
        known = next((e for e in self.jobs.values() if e.person_id == person_id and e.ends_on is None), None)
        if known is None:
            known = Employee(
                id=f"e{len(self.jobs) + 1}", person_id=person_id, name=self.people[person_id].name, active=False
            )
        values = terms.model_dump(exclude_none=True)
        begun = terms.starts_on is not None and terms.starts_on <= self.today
        self.jobs[known.id] = known.model_copy(update={**values, "active": begun})
        self._did("employee")
        return self.jobs[known.id]

    def ensure_account(self, draft: AccountDraft) -> Account:
        starts = self.jobs[draft.employee_id].starts_on
        if starts is None or starts > self.today:
            raise TryLater("hr_not_started", "Not before the first day.")
        known = self.find_user(draft.login)
        number = known.id if known else f"u{len(self.users) + 1}"
        self.users[number] = Account(
            id=number,
            login=draft.login,
            name=draft.name,
            active=True,
            groups=tuple(sorted(draft.groups)),
            employee_ids=(draft.employee_id,),
        )
        self._did("account")
        return self.users[number]

    def change_employee(self, employee_id: str, terms: Terms) -> Employee:
        self.jobs[employee_id] = self.jobs[employee_id].model_copy(update=terms.model_dump(exclude_none=True))
        self._did("change")
        return self.jobs[employee_id]

    def set_groups(self, account_id: str, groups: Sequence[str]) -> Account:
        self.users[account_id] = self.users[account_id].model_copy(update={"groups": tuple(sorted(groups))})
        self._did("groups")
        return self.users[account_id]

    def close_account(self, account_id: str) -> Account:
        self.users[account_id] = self.users[account_id].model_copy(update={"active": False, "groups": ()})
        self._did("close account")
        return self.users[account_id]

    def end_employment(self, employee_id: str, last_day: date | None) -> Employee:
        ends = last_day or self.today
        self.jobs[employee_id] = self.jobs[employee_id].model_copy(update={"ends_on": ends, "active": False})
        self._did("end employment")
        return self.jobs[employee_id]

    def withdraw_person(self, person_id: str) -> Person:
        self.people[person_id] = self.people[person_id].model_copy(update={"active": False})
        self._did("withdraw person")
        return self.people[person_id]

    def request_seats(self, request: SeatRequest) -> SeatOrder:
        order = SeatOrder(id="o1", key=request.key, product=request.product, seats=1, supplier="S", state="draft")
        self.orders.setdefault(request.key, order)
        self._did("request seats")
        return self.orders[request.key]

    def cancel_order(self, key: str) -> SeatOrder | None:
        self._did("cancel order")
        return self.orders.pop(key, None)

    def close(self) -> None:
        """Nothing to end."""


class FakeCalendar:
    """Bookings by key, and when guests are busy."""

    def __init__(self) -> None:
        self.booked: dict[str, tuple[Session, ...]] = {}
        self.taken: list[tuple[datetime, datetime]] = []

    def book(self, key: str, sessions: Sequence[Session]) -> str:
        self.booked[key] = tuple(sessions)
        return f"{len(sessions)} appointments"

    def cancel(self, key: str) -> None:
        self.booked.pop(key, None)

    def busy(self, guest: str, day: date) -> Sequence[tuple[datetime, datetime]]:
        return [span for span in self.taken if span[0].date() == day]
