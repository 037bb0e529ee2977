"""An HR system in memory that keeps the port's promises: `FakeHr` is both HrSystem and HrRecords."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar

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
    Trait,
)
from connectors.tryton.hr_names import SAME_PERSON, likeness
from workitems.errors import NeedsReview, TryLater
from workitems.items import Doubt, Noun

Kept = TypeVar("Kept", Person, Employee, Account, SeatOrder)
TODAY = date(2026, 9, 1)


def refuse(code: str, message: str = "No.") -> NeedsReview:
    return NeedsReview([Doubt(code=code, message=message)])


class Catalogue(Noun):
    """What a company has set up."""

    departments: tuple[str, ...] = ("Engineering", "Sales", "IT")
    roles: tuple[str, ...] = ("Design engineer", "Sales representative", "Software developer")
    hours: tuple[str, ...] = ("20", "38.5", "40")
    groups: tuple[str, ...] = ("Engineering drawings", "Sales desk", "Staff")
    countries: tuple[str, ...] = ("DE", "FR", "LU")
    sellers: tuple[tuple[str, str], ...] = (("LIC-CAD", "Ballinrae Software Ltd"),)  # of a product's code


class FakeHr:
    """Keeps everything in dictionaries; `writes` says what was done, so that doing nothing can be seen."""

    name = "fake"

    def __init__(self, catalogue: Catalogue | None = None, today: date = TODAY) -> None:
        self.catalogue, self.today = catalogue or Catalogue(), today
        self.people: dict[str, Person] = {}
        self.jobs: dict[str, Employee] = {}
        self.logins: dict[str, Account] = {}
        self.orders: dict[str, SeatOrder] = {}
        self.writes: list[str] = []
        self._numbers = itertools.count(1)

    # ---- records

    def find_person(self, name: str, born_on: date | None = None, email: str | None = None) -> Sequence[Candidate]:
        found = [_candidate(person, name, email) for person in self.people.values()]
        likely = [c for c in found if c.likeness >= SAME_PERSON or "email" in c.agrees]
        return sorted(likely, key=lambda c: (len(c.agrees) - len(c.differs), c.likeness), reverse=True)

    def person(self, key: str) -> Person | None:
        return next((p for p in self.people.values() if p.key == key), None)

    def employee(self, employee_id: str) -> Employee | None:
        job = self.jobs.get(employee_id)
        return None if job is None else job.model_copy(update={"active": self._active(job)})

    def employees(self, person_id: str) -> Sequence[Employee]:
        return [self._job(job.id) for job in self.jobs.values() if job.person_id == person_id]

    def find_employee(self, name: str) -> Sequence[Employee]:
        likely = [self._job(job.id) for job in self.jobs.values() if likeness(job.name, name) >= SAME_PERSON]
        return sorted(likely, key=lambda job: (likeness(job.name, name), job.active), reverse=True)

    def find_user(self, login: str) -> Account | None:
        return next((a for a in self.logins.values() if a.login.casefold() == login.casefold()), None)

    def accounts(self, employee_id: str) -> Sequence[Account]:
        return [a for a in self.logins.values() if employee_id in a.employee_ids]

    def groups(self) -> Sequence[str]:
        return sorted(self.catalogue.groups)

    def departments(self) -> Sequence[str]:
        return sorted(self.catalogue.departments)

    def roles(self) -> Sequence[str]:
        return sorted(self.catalogue.roles)

    def seat_order(self, key: str) -> SeatOrder | None:
        found = [order for order in self.orders.values() if order.key == key]
        return min(found, key=lambda order: order.state == "cancelled", default=None)

    def standing(self, key: str) -> Standing:
        person = self.person(key)
        jobs = tuple(self.employees(person.id)) if person else ()
        accounts = tuple(account for job in jobs for account in self.accounts(job.id))
        orders = tuple(o for o in self.orders.values() if o.key == key or o.key.startswith(f"{key}:"))
        return Standing(person=person, employees=jobs, accounts=accounts, orders=orders)

    # ---- screens

    def ensure_person(self, draft: PersonDraft) -> Person:
        if not draft.name:
            raise refuse("hr_refused")
        if draft.address and draft.address.country not in self.catalogue.countries:
            raise refuse("hr_unknown_country")
        self._check(draft.terms or Terms())
        found = self.person(draft.key) or Person(id=self._number(), name=draft.name, key=draft.key)
        more = {
            "name": draft.name,
            "active": True,
            "emails": _with(found.emails, draft.email),
            "phones": _with(found.phones, draft.phone),
            "addresses": _with(found.addresses, draft.address),
        }
        return self._keep(self.people, found.model_copy(update=more))

    def ensure_employee(self, person_id: str, terms: Terms) -> Employee:
        person = self._there(self.people, person_id)
        self._check(terms)
        starts = terms.starts_on
        jobs = [
            job
            for job in self.employees(person_id)
            if job.ends_on is None or job.starts_on is None or (starts and job.ends_on >= starts)
        ]
        if len(jobs) > 1:
            raise refuse("hr_twice")
        new = Employee(id="", person_id=person.id, name=person.name, key=person.key, active=False)
        return self._agree(jobs[0] if jobs else new.model_copy(update={"id": self._number()}), terms)

    def end_employment(self, employee_id: str, last_day: date | None) -> Employee:
        found = self._there(self.jobs, employee_id)
        days = {"ends_on": last_day} if last_day else {"starts_on": None, "ends_on": self.today - timedelta(days=1)}
        self._keep(self.jobs, found.model_copy(update=days))
        return self._job(employee_id)

    def withdraw_person(self, person_id: str) -> Person:
        found = self._there(self.people, person_id)
        jobs = self.employees(person_id)
        here = any(job.ends_on is None or job.ends_on >= self.today for job in jobs)
        if found.key is None or here or any(a.active for job in jobs for a in self.accounts(job.id)):
            raise refuse("hr_not_ours")
        return self._keep(self.people, found.model_copy(update={"active": False}))

    def ensure_account(self, draft: AccountDraft) -> Account:
        job = self._job(draft.employee_id)
        if not job.active:
            if job.starts_on is None or job.starts_on <= self.today:
                raise refuse("hr_ended")
            raise TryLater("hr_not_started", "Not yet.", postpone=(job.starts_on - self.today).days * 86400.0)
        found = self.find_user(draft.login)
        if found is not None and draft.employee_id not in found.employee_ids:
            raise refuse("hr_login_taken")
        if any(found is None or account.id != found.id for account in self.accounts(draft.employee_id)):
            raise refuse("hr_has_account")
        self._check_groups(draft.groups)
        found = found or Account(id=self._number(), login=draft.login, name=draft.name, active=True)
        more = {
            "name": draft.name,
            "email": draft.email or found.email,
            "active": True,
            "groups": tuple(sorted(draft.groups)),
            "employee_ids": (draft.employee_id,),
        }
        return self._keep(self.logins, found.model_copy(update=more))

    def set_groups(self, account_id: str, groups: Sequence[str]) -> Account:
        found = self._there(self.logins, account_id)
        self._check_groups(groups)
        return self._keep(self.logins, found.model_copy(update={"groups": tuple(sorted(groups))}))

    def close_account(self, account_id: str) -> Account:
        found = self._there(self.logins, account_id)
        return self._keep(self.logins, found.model_copy(update={"groups": (), "active": False}))

    def request_seats(self, request: SeatRequest) -> SeatOrder:
        supplier = dict(self.catalogue.sellers).get(request.product)
        if supplier is None:
            raise refuse("hr_unknown_product")
        found = self.seat_order(request.key)
        if found is not None and found.state != "cancelled":
            return found
        told = {"key": request.key, "product": request.product, "seats": request.seats, "supplier": supplier}
        return self._keep(self.orders, SeatOrder.model_validate({"id": self._number(), "state": "draft", **told}))

    def cancel_order(self, key: str) -> SeatOrder | None:
        found = self.seat_order(key)
        if found is None:
            return None
        if found.state in ("open", "done"):
            raise refuse("hr_order_decided")
        return self._keep(self.orders, found.model_copy(update={"state": "cancelled"}))

    def close(self) -> None:
        """Nothing to end."""

    # ---- inside

    def _number(self) -> str:
        return str(next(self._numbers))

    def _keep(self, place: dict[str, Kept], made: Kept) -> Kept:
        if place.get(made.id) != made:
            place[made.id] = made
            self.writes.append(f"{type(made).__name__} {made.id}")
        return made

    def _there(self, place: dict[str, Kept], number: str) -> Kept:
        if number not in place:
            raise refuse("hr_not_there")
        return place[number]

    def _job(self, employee_id: str) -> Employee:
        found = self._there(self.jobs, employee_id)
        return found.model_copy(update={"active": self._active(found)})

    def _active(self, job: Employee) -> bool:
        return (job.starts_on or date.min) <= self.today <= (job.ends_on or date.max)

    def _agree(self, job: Employee, terms: Terms) -> Employee:
        given = {name: value for name, value in terms.model_dump().items() if value is not None}
        if terms.starts_on and job.starts_on is None:
            given["ends_on"] = None
        self._keep(self.jobs, job.model_copy(update=given))
        return self._job(job.id)

    def _check(self, terms: Terms) -> None:
        if terms.department and terms.department not in self.catalogue.departments:
            raise refuse("hr_unknown_department")
        if terms.role and terms.role not in self.catalogue.roles:
            raise refuse("hr_unknown_role")
        if terms.weekly_hours is not None and f"{terms.weekly_hours.normalize():f}" not in self.catalogue.hours:
            raise refuse("hr_unknown_hours")
        if terms.supervisor_id:
            boss = self.employee(terms.supervisor_id)
            if boss is None or not boss.active:
                raise refuse("hr_unknown_supervisor")

    def _check_groups(self, groups: Iterable[str]) -> None:
        if not set(groups) <= set(self.catalogue.groups):
            raise refuse("hr_unknown_group")


Value = TypeVar("Value")


def _with(known: tuple[Value, ...], more: Value | None) -> tuple[Value, ...]:
    return known if more is None or more in known else (*known, more)


def _candidate(person: Person, name: str, email: str | None) -> Candidate:
    like = likeness(person.name, name)
    known: dict[Trait, bool] = {"name": like >= SAME_PERSON}
    if email and person.emails:
        known["email"] = email in person.emails
    agrees = tuple(trait for trait, same in known.items() if same)
    return Candidate(person=person, agrees=agrees, differs=tuple(set(known) - set(agrees)), likeness=round(like, 3))
