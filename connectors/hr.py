"""Ports to the HR system: whom the company knows, employs and lets in, and the verbs that change it.

A person carries a `key`: an opaque word that names the joiner in our books ("j-5f3a91c0"), the same for all attempts
and no personal data. The connector leaves it in the system, as the posting leaves its mark on an invoice, so whatever
an attempt left behind is found again and completed, never doubled. The system's own ids may go into logs; names,
addresses and birth dates may not, and stand in no exception's message (a doubt's message is for the clerk and may).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Protocol
from unicodedata import category

from pydantic import AfterValidator

from workitems.items import Noun


def one_line(text: str) -> str:
    """Without line ends, tabs and other signs that no field of a form takes; blanks are single."""
    shown = (sign if sign.isprintable() else "" if category(sign) == "Cf" else " " for sign in text)
    return " ".join("".join(shown).split())


Line = Annotated[str, AfterValidator(one_line)]
Trait = Literal["key", "name", "email", "born_on", "address"]


class Address(Noun):
    """Where somebody lives. `country` is ISO 3166 alpha-2."""

    street: Line
    postal_code: Line
    city: Line
    country: str


class Terms(Noun):
    """What the contract says of an employment. None: leave it as it stands, and open where it is new.

    `department` and `role` by the names that the system has (`HrRecords.departments`, `roles`).
    """

    starts_on: date | None = None
    supervisor_id: str | None = None  # an employee
    department: str | None = None
    role: str | None = None
    weekly_hours: Decimal | None = None


class PersonDraft(Noun):
    """Who is to stand in the system. `name` as the system shows people: given names, then surname."""

    key: str
    name: Line
    email: Line | None = None  # a private one may do: a company address is the account's
    phone: Line | None = None
    address: Address | None = None
    terms: Terms | None = None  # of a new person's employment: what the system keeps with the person is keyed at once


class Person(Noun):
    """Somebody whom the system knows, whatever else the person is there."""

    id: str
    name: str
    key: str | None = None  # None: no bot made this person
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    born_on: date | None = None  # None also where the system has no place for it
    active: bool = True


class Candidate(Noun):
    """Somebody who may be the person that was asked for, and what speaks for and against it.

    What one side does not know stands in neither. Two people of one name differ in nothing else that is known.
    """

    person: Person
    agrees: tuple[Trait, ...]
    differs: tuple[Trait, ...]
    likeness: float  # of the names, 0 to 1; 1: the same but for capitals, accents, order and signs


class Employee(Noun):
    """One employment of a person. `active`: it has begun and not ended, by the system's own date of today."""

    id: str
    person_id: str
    name: str
    active: bool
    key: str | None = None  # of the person
    starts_on: date | None = None
    ends_on: date | None = None  # the last day
    supervisor_id: str | None = None
    department: str | None = None
    role: str | None = None
    weekly_hours: Decimal | None = None


class AccountDraft(Noun):
    """A login for an employee, with the groups that it shall have: no more and no fewer."""

    login: Line
    name: Line
    employee_id: str
    email: Line | None = None
    groups: tuple[str, ...] = ()  # by name, as `HrRecords.groups` gives them


class Account(Noun):
    """A login of the system."""

    id: str
    login: str
    name: str
    active: bool
    email: str | None = None
    groups: tuple[str, ...] = ()  # by name, sorted
    employee_ids: tuple[str, ...] = ()


class SeatRequest(Noun):
    """Licences that somebody has to buy. `key` names the request, so that it is raised once."""

    key: str
    product: str  # the product's code in the system
    seats: int = 1
    reason: Line = ""  # for who decides; no personal data


class SeatOrder(Noun):
    """A request for licences as it stands: a person decides on a draft, no bot does."""

    id: str
    key: str
    product: str
    seats: int
    supplier: str
    state: Literal["draft", "open", "done", "cancelled"]
    number: str | None = None  # once somebody has taken it further


class Standing(Noun):
    """Everything that the system has of one joiner, by the key: for reading back, for the desk and for the plan."""

    person: Person | None = None
    employees: tuple[Employee, ...] = ()  # oldest first
    accounts: tuple[Account, ...] = ()
    orders: tuple[SeatOrder, ...] = ()  # whose keys begin with the joiner's


class HrRecords(Protocol):
    """What the HR system has, read only, as of now. Raises TryLater when it is away."""

    def find_person(self, name: str, born_on: date | None = None, email: str | None = None) -> Sequence[Candidate]:
        """People of that or a similar name, or of that mail address, likeliest first; former ones too.

        Two of one name are two candidates. It decides nothing: one candidate who differs in nothing may be the
        person, and of everything else a clerk decides.
        """
        ...

    def person(self, key: str) -> Person | None:
        """The person that a bot made under that key. Raises NeedsReview (hr_twice) where there are two."""
        ...

    def employee(self, employee_id: str) -> Employee | None:
        """One employment, also one that has ended or has not begun."""
        ...

    def employees(self, person_id: str) -> Sequence[Employee]:
        """All employments of a person, oldest first."""
        ...

    def find_employee(self, name: str) -> Sequence[Employee]:
        """Employments of people of that name or a similar one (a manager's, say), likeliest first; ended ones too."""
        ...

    def find_user(self, login: str) -> Account | None:
        """The account of exactly that login, also a closed one: a login is never given twice."""
        ...

    def accounts(self, employee_id: str) -> Sequence[Account]:
        """The accounts that are linked to an employment, closed ones too."""
        ...

    def groups(self) -> Sequence[str]:
        """Names of all groups of rights."""
        ...

    def departments(self) -> Sequence[str]:
        """Names of the departments."""
        ...

    def roles(self) -> Sequence[str]:
        """Names of the roles."""
        ...

    def seat_order(self, key: str) -> SeatOrder | None:
        """The request that was raised under that key, in whatever state."""
        ...

    def standing(self, key: str) -> Standing:
        """Everything of one joiner."""
        ...


class HrSystem(Protocol):
    """The HR screens. Every verb ends in the same state however often it is called, and wherever an attempt died.

    Each begins with a search, changes only what is not yet so, reads back what stands there, and returns that. Two
    bots must not work on one key at the same time: hold a lock. Raises TryLater when the system is away, NeedsReview
    where it refuses a value (hr_refused, hr_warning), does not know it (hr_not_there, hr_unknown_country,
    hr_unknown_department, hr_unknown_role, hr_unknown_hours, hr_unknown_group, hr_unknown_product,
    hr_unknown_supervisor), has it otherwise (hr_login_taken, hr_has_account, hr_ended, hr_twice, hr_not_ours), or does
    not keep it (hr_not_kept).
    """

    name: str

    def ensure_person(self, draft: PersonDraft) -> Person:
        """The person of that key, made with address and contacts, or completed where something is missing."""
        ...

    def ensure_employee(self, person_id: str, terms: Terms) -> Employee:
        """The person's employment that has not ended when `terms.starts_on` comes, made or brought to the terms.

        One that was withdrawn (`end_employment` without a day) begins anew. Where an earlier employment has ended a
        second one is made: whether somebody may come back is the bot's question.
        """
        ...

    def ensure_account(self, draft: AccountDraft) -> Account:
        """The active account of that login with exactly these groups, linked to the employee.

        Raises TryLater (hr_not_started, postponed) before the employee's first day: no earlier shall anybody get in.
        Raises NeedsReview (hr_login_taken) where the login is another employee's.
        """
        ...

    def set_groups(self, account_id: str, groups: Sequence[str]) -> Account:
        """Exactly these groups, whatever it had; none at all with an empty list."""
        ...

    def close_account(self, account_id: str) -> Account:
        """Takes all groups away and lets nobody in any more; the login stays taken."""
        ...

    def end_employment(self, employee_id: str, last_day: date | None) -> Employee:
        """Ends with that day; with None it never began: the start is taken out and it is over already."""
        ...

    def withdraw_person(self, person_id: str) -> Person:
        """No longer shown. Raises NeedsReview where no bot made the person, or an employment or account is open."""
        ...

    def request_seats(self, request: SeatRequest) -> SeatOrder:
        """A draft order to the product's supplier that a person decides on; one that stands already is returned."""
        ...

    def cancel_order(self, key: str) -> SeatOrder | None:
        """Takes a draft back; None where there never was one.

        Raises NeedsReview (hr_order_decided) where somebody has ordered already: that is a person's to undo.
        """
        ...

    def close(self) -> None:
        """Ends the session."""
        ...
