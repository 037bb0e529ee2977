"""Keys people and their employments into Tryton's forms, after a look at what stands there already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from connectors.hr import Address, Employee, Person, PersonDraft, Terms
from connectors.tryton import hr_rows as rows
from connectors.tryton.hr_records import TrytonHrRecords
from connectors.tryton.hr_refusals import refusals_as_doubts, taken, unknown
from connectors.tryton.pages_hr import EmployeeForm, PersonForm
from connectors.tryton.refusals import review
from connectors.tryton.session import Session

LONGEST_NAME = 200
PHONE_DIGITS = 8  # the last ones tell two numbers apart, with or without the country's


class People:
    """The forms of persons and employments."""

    def __init__(self, session: Session, records: TrytonHrRecords) -> None:
        self._session, self._records = session, records

    # ---- persons

    def check_person(self, draft: PersonDraft) -> None:
        """Raises NeedsReview for what cannot be keyed, before anything is."""
        if not 0 < len(draft.name) <= LONGEST_NAME:
            raise review("hr_refused", "A person needs a name of a sensible length.", "person")
        if draft.address and draft.address.country not in self._records.ids("country.country", "code"):
            raise unknown("country", draft.address.country, "hr_unknown_country", "address")
        if draft.terms:
            self.check_terms(draft.terms)

    def key_person(self, draft: PersonDraft) -> None:
        """Makes the person of the draft's key in one save, or adds what is missing."""
        found = self._records.person(draft.key)
        if found is not None and not missing(found, draft):
            return
        step = self._session.recorder.step
        with refusals_as_doubts(), step("person"):
            form = PersonForm(self._session.client(), self._session.database)
            form = form.new() if found is None else form.open(found.id)
            if found is None:
                form.add_identifier(rows.mark_of(draft.key))
                form.turn_to_general()
            self._fill(form, found, draft)
            form.save()
            form.close()

    def _fill(self, form: PersonForm, found: Person | None, draft: PersonDraft) -> None:
        if found is not None and not found.active:
            form.set_active(True)  # first: what is not active is read only
        if found is None or found.name != draft.name:
            form.set_name(draft.name)
        if draft.address and not lives_at(found, draft.address):
            country = self._records.row("country.country", str(self._country(draft.address)), ["name"])
            offered = form.add_address(draft.address, self._country(draft.address), (country or {})["name"])
            taken(offered, "country", "hr_unknown_country")
        if draft.email and not has_email(found, draft.email):
            form.add_contact("email", draft.email)
        if draft.phone and not has_phone(found, draft.phone):
            form.add_contact("phone", draft.phone)
        if found is None and draft.terms:
            self._add_labels(form, self._labels(draft.terms).values())

    def _add_labels(self, form: PersonForm, labels: Iterable[tuple[str, str]]) -> None:
        known = self._records.labels()
        for label in sorted(labels):
            taken(form.add_category(" / ".join(label), known[label]), label[0].lower(), "hr_refused")

    def _country(self, address: Address) -> int:
        return self._records.ids("country.country", "code")[address.country]

    def withdraw(self, person_id: str) -> None:
        """Takes the tick off."""
        with refusals_as_doubts(), self._session.recorder.step("person"):
            form = PersonForm(self._session.client(), self._session.database).open(person_id)
            form.set_active(False)
            form.save()
            form.close()

    # ---- employments

    def check_terms(self, terms: Terms) -> None:
        """Raises NeedsReview for what the system does not know."""
        known = self._records.labels()
        for what, (tree, name) in self._labels(terms).items():
            if (tree, name) not in known:
                raise unknown(what.replace("_", " "), name, f"hr_unknown_{what}", what)
        if terms.supervisor_id is None:
            return
        supervisor = self._records.employee(terms.supervisor_id)
        if supervisor is None or not supervisor.active:
            why = "is not there" if supervisor is None else "has left, or has not begun"
            message = f"The supervisor (employee {terms.supervisor_id}) {why}."
            raise review("hr_unknown_supervisor", message, "manager")

    def key_terms(self, person_id: str, employee: Employee | None, terms: Terms) -> None:
        """Department, role and working time first; then the employment, made in one save or changed."""
        self._key_labels(person_id, terms)
        if employee is None or not agrees(employee, terms):
            self._key_employment(person_id, employee, terms)

    def _key_employment(self, person_id: str, employee: Employee | None, terms: Terms) -> None:
        with refusals_as_doubts(), self._session.recorder.step("employee"):
            form = EmployeeForm(self._session.client(), self._session.database)
            if employee is None:
                form = form.new()
                taken(form.take_person(self._records.code(person_id), int(person_id)), "person", "hr_refused")
            else:
                form = form.open(employee.id)
            form.set_dates(**_days(employee, terms))
            if terms.supervisor_id and (employee is None or employee.supervisor_id != terms.supervisor_id):
                supervisor = self._records.employee(terms.supervisor_id)
                typed = self._records.code(supervisor.person_id) if supervisor else ""
                taken(form.take_supervisor(typed, int(terms.supervisor_id)), "supervisor", "hr_unknown_supervisor")
            form.save()
            form.close()

    def _key_labels(self, person_id: str, terms: Terms) -> None:
        row = self._records.row("party.party", person_id, rows.PERSON_FIELDS)
        wanted = set(self._labels(terms).values())
        if row is None or not wanted:
            return
        trees = {tree for tree, _ in wanted}
        has = {(c["parent."]["name"], c["name"]) for c in row["categories."] if c["parent."]}
        out = {(tree, name) for tree, name in has - wanted if tree in trees}
        if not out and wanted <= has:
            return
        with refusals_as_doubts(), self._session.recorder.step("labels"):
            form = PersonForm(self._session.client(), self._session.database).open(person_id)
            form.remove_categories(" / ".join(label) for label in sorted(out))
            self._add_labels(form, wanted - has)
            form.save()
            form.close()

    def end(self, employee: Employee, last_day: date | None, today: date) -> None:
        """Sets the last day; without one it never began and is over since yesterday."""
        days: dict[str, Any] = {"end_date": last_day}
        if last_day is None:
            days = {"start_date": None, "end_date": today - timedelta(days=1)}
        with refusals_as_doubts(), self._session.recorder.step("employee"):
            form = EmployeeForm(self._session.client(), self._session.database).open(employee.id)
            form.set_dates(**days)
            form.save()
            form.close()

    def _labels(self, terms: Terms) -> dict[str, tuple[str, str]]:
        """What kind of label the terms give, as tree and name."""
        trees = self._records.trees
        found: dict[str, tuple[str, str]] = {}
        if terms.department:
            found["department"] = trees.department, terms.department
        if terms.role:
            found["role"] = trees.role, terms.role
        if terms.weekly_hours is not None:
            found["hours"] = trees.hours, rows.hours_name(terms.weekly_hours)
        return found


def missing(found: Person, draft: PersonDraft) -> bool:
    """Whether the person stands there otherwise than drafted, or not with everything."""
    return not (
        found.active
        and found.name == draft.name
        and (draft.address is None or lives_at(found, draft.address))
        and (draft.email is None or has_email(found, draft.email))
        and (draft.phone is None or has_phone(found, draft.phone))
    )


def lives_at(found: Person | None, address: Address) -> bool:
    """Whether the address is there, blanks and capitals apart."""
    return found is not None and _plain(address) in {_plain(place) for place in found.addresses}


def has_email(found: Person | None, email: str) -> bool:
    """Whether the mail address is there."""
    return found is not None and email.casefold() in {known.casefold() for known in found.emails}


def has_phone(found: Person | None, phone: str) -> bool:
    """Whether the number is there: Tryton writes it in its own way."""
    return found is not None and _digits(phone) in {_digits(known) for known in found.phones}


def standing(found: Sequence[Employee], starts_on: date | None) -> Employee | None:
    """The employment that is meant: withdrawn, or not ended when the new one starts. Raises NeedsReview for two."""
    open_then = [e for e in found if e.ends_on is None or never_began(e) or (starts_on and e.ends_on >= starts_on)]
    if len(open_then) > 1:
        ids = ", ".join(employee.id for employee in open_then)
        raise review("hr_twice", f"The person has several employments at the same time: {ids}.")
    return open_then[0] if open_then else None


def never_began(employee: Employee) -> bool:
    """Whether it was withdrawn before its first day."""
    return employee.starts_on is None and employee.ends_on is not None


def agrees(employee: Employee, terms: Terms) -> bool:
    """Whether dates and supervisor are as the terms say."""
    return (
        terms.supervisor_id in (None, employee.supervisor_id)
        and terms.starts_on in (None, employee.starts_on)
        and not (terms.starts_on and never_began(employee))
    )


def _days(employee: Employee | None, terms: Terms) -> dict[str, date | None]:
    days: dict[str, date | None] = {}
    if terms.starts_on and (employee is None or employee.starts_on != terms.starts_on):
        days["start_date"] = terms.starts_on
    if employee is not None and terms.starts_on and never_began(employee):
        days["end_date"] = None
    return days


def _plain(address: Address) -> tuple[str, ...]:
    return tuple(" ".join(part.casefold().split()) for part in address.model_dump().values())


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-PHONE_DIGITS:]
