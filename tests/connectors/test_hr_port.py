"""What every HR system promises its bots: the fake, and the real screens."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.hr import (
    Account,
    AccountDraft,
    Address,
    Employee,
    HrRecords,
    HrSystem,
    Person,
    PersonDraft,
    SeatRequest,
    Standing,
    Terms,
)
from tasks.demo_erp.program import STAFF
from tests.fakes.hr import Catalogue, FakeHr
from workitems.errors import NeedsReview, TryLater

DATA: dict[str, Any] = json.loads(STAFF.read_text(encoding="utf-8"))
BOSS, OTHER_BOSS, LEFT = "Henning Wolters", "Miriam Vogt", "Dieter Hartwig"
HOME = Address(street="Neustraße 7", postal_code="54290", city="Trier", country="DE")
NAMES = itertools.cycle(("Zoë Großmann", "Łukasz Wiśniewski", "Maëlle d'Arc", "Søren Ångström"))


@dataclass
class Place:
    """A system with somebody who reads it."""

    system: HrSystem
    records: HrRecords
    today: date
    number: Iterator[int]

    def key(self) -> str:
        return f"j-port{next(self.number):04d}"

    def boss(self, name: str = BOSS) -> str:
        return self.records.find_employee(name)[0].id

    def draft(self, **more: Any) -> PersonDraft:
        key = self.key()
        given = {"key": key, "name": f"{next(NAMES)} {key[-2:]}", "email": f"{key}@home.example", "address": HOME}
        return PersonDraft.model_validate({**given, **more})

    def terms(self, **more: Any) -> Terms:
        given = {"starts_on": self.today, "supervisor_id": self.boss(), "department": "Engineering"}
        given |= {"role": "Design engineer", "weekly_hours": Decimal("38.50")}
        return Terms.model_validate({**given, **more})

    def login(self, employee: Employee, **more: Any) -> AccountDraft:
        given = {"login": f"u.{employee.key}", "name": employee.name, "employee_id": employee.id}
        return AccountDraft.model_validate({**given, "groups": ("Staff", "Engineering drawings"), **more})

    def join(self) -> tuple[PersonDraft, Person, Employee, Account]:
        """Somebody who began today."""
        draft = self.draft(terms=self.terms())
        person = self.system.ensure_person(draft)
        employee = self.system.ensure_employee(person.id, self.terms())
        return draft, person, employee, self.system.ensure_account(self.login(employee))


def fake_place() -> Place:
    people = DATA["employees"]
    hr = FakeHr(
        Catalogue(
            departments=tuple(DATA["departments"]),
            roles=tuple(DATA["roles"]),
            hours=tuple(DATA["weekly_hours"]),
            groups=tuple(group["name"] for group in DATA["groups"]),
            sellers=tuple((licence["code"], licence["supplier"]) for licence in DATA["licences"]),
        )
    )
    for employee in people:
        person = hr.ensure_person(PersonDraft(key=f"seed-{employee['id']}", name=employee["name"]))
        made = hr.ensure_employee(person.id, Terms(starts_on=date.fromisoformat(employee["starts_on"])))
        hr.ensure_account(AccountDraft(login=employee["login"], name=person.name, employee_id=made.id))
        if employee["ends_on"]:
            hr.end_employment(made.id, date.fromisoformat(employee["ends_on"]))
    return Place(system=hr, records=hr, today=hr.today, number=itertools.count(1))


def real_place(erp: Any, evidence: Any) -> Place:
    from connectors.tryton.hr import TrytonHr
    from connectors.tryton.hr_records import TrytonHrRecords
    from connectors.tryton.rpc import TrytonRpc
    from connectors.tryton.session import TrytonSite

    info = erp.info
    records = TrytonHrRecords(TrytonRpc(info.url, info.database, info.records_login, info.records_password))
    password = SecretStr(info.hr_password)
    site = TrytonSite(url=info.url, database=info.database, login=info.hr_login, password=password)
    today = TrytonRpc(info.url, info.database, info.login, info.password).call("model.ir.date.today")
    return Place(system=TrytonHr(site, records, evidence), records=records, today=today, number=itertools.count(1))


@pytest.fixture(scope="module", params=["fake", pytest.param("tryton", marks=pytest.mark.erp)])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if request.param == "fake":
        made = fake_place()
    else:
        made = real_place(request.getfixturevalue("erp"), tmp_path_factory.mktemp("evidence"))
    yield made
    made.system.close()


@pytest.fixture(scope="module")
def joined(place: Place) -> tuple[PersonDraft, Person, Employee, Account]:
    return place.join()


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(NeedsReview) as refused:
        act()
    return refused.value.code


def only(standing: Standing) -> tuple[Person | None, Employee, Account]:
    (employee,), (account,) = standing.employees, standing.accounts
    return standing.person, employee, account


def test_a_joiner_stands_there_with_everything(place: Place, joined: tuple[Any, ...]) -> None:
    draft, person, employee, account = joined
    assert only(place.records.standing(draft.key)) == (person, employee, account)
    assert (person.name, person.emails, person.addresses) == (draft.name, (draft.email,), (HOME,))
    assert (employee.starts_on, employee.supervisor_id, employee.active) == (place.today, place.boss(), True)
    told = (employee.department, employee.role, employee.weekly_hours)
    assert told == ("Engineering", "Design engineer", Decimal("38.5"))
    assert (account.groups, account.employee_ids) == (("Engineering drawings", "Staff"), (employee.id,))
    assert account.active


def test_doing_it_again_changes_nothing(place: Place, joined: tuple[Any, ...]) -> None:
    draft, person, employee, account = joined
    assert place.system.ensure_person(draft) == person
    assert place.system.ensure_employee(person.id, place.terms()) == employee
    assert place.system.ensure_account(place.login(employee)) == account
    assert only(place.records.standing(draft.key)) == (person, employee, account)


def test_what_is_missing_is_added_to_the_same_person(place: Place) -> None:
    draft = place.draft(email=None, address=None)
    bare = place.system.ensure_person(draft)
    more = draft.model_copy(update={"name": f"{draft.name} II", "email": "late@home.example", "address": HOME})
    full = place.system.ensure_person(more)
    assert (full.id, full.name, full.emails) == (bare.id, more.name, ("late@home.example",))
    assert HOME in full.addresses


def test_two_people_of_one_name_are_two_candidates(place: Place, joined: tuple[Any, ...]) -> None:
    draft, person, *_ = joined
    twin = place.system.ensure_person(place.draft(name=draft.name))
    found = place.records.find_person(draft.name.upper(), email=draft.email)
    assert [c.person.id for c in found[:2]] == [person.id, twin.id]
    assert (found[0].agrees, found[0].differs) == (("name", "email"), ())
    assert (found[1].agrees, found[1].differs) == (("name",), ("email",))
    assert place.records.find_person("Nobody Whatsoever") == []


def test_moves_change_what_they_name_and_nothing_else(place: Place, joined: tuple[Any, ...]) -> None:
    _, person, employee, account = joined
    try:
        moved = place.system.ensure_employee(
            person.id, Terms(department="Sales", role="Sales representative", supervisor_id=place.boss(OTHER_BOSS))
        )
        assert (moved.department, moved.role, moved.supervisor_id) == (
            "Sales",
            "Sales representative",
            place.boss(OTHER_BOSS),
        )
        assert (moved.weekly_hours, moved.starts_on) == (employee.weekly_hours, employee.starts_on)
        regrouped = place.system.set_groups(account.id, ("Sales desk", "Staff"))
        assert regrouped == account.model_copy(update={"groups": ("Sales desk", "Staff")})
    finally:
        place.system.ensure_employee(person.id, place.terms())
        place.system.set_groups(account.id, account.groups)


def test_nobody_gets_an_account_before_the_first_day_and_a_withdrawal_can_be_taken_back(place: Place) -> None:
    person = place.system.ensure_person(place.draft(address=None))
    first = place.today + timedelta(days=3)
    employee = place.system.ensure_employee(person.id, Terms(starts_on=first))
    with pytest.raises(TryLater) as early:
        place.system.ensure_account(place.login(employee))
    assert early.value.code == "hr_not_started"
    assert 86400 < (early.value.postpone or 0) < 4 * 86400
    gone = place.system.end_employment(employee.id, None)
    assert (gone.active, gone.starts_on) == (False, None)
    assert place.system.end_employment(employee.id, None) == gone
    assert not place.system.withdraw_person(person.id).active
    assert code_of(lambda: place.system.ensure_account(place.login(employee))) == "hr_ended"
    assert place.system.ensure_person(PersonDraft(key=person.key or "", name=person.name)).active
    back = place.system.ensure_employee(person.id, Terms(starts_on=first))
    assert (back.id, back.starts_on, back.ends_on) == (employee.id, first, None)


def test_a_leaver_loses_groups_and_account_and_keeps_the_login(place: Place) -> None:
    person = place.system.ensure_person(place.draft(address=None))
    employee = place.system.ensure_employee(person.id, Terms(starts_on=place.today))
    account = place.system.ensure_account(place.login(employee))
    closed = place.system.close_account(account.id)
    assert (closed.active, closed.groups, closed.login) == (False, (), account.login)
    assert place.system.close_account(account.id) == closed
    assert place.records.find_user(account.login) == closed
    last = place.system.end_employment(employee.id, place.today)
    assert (last.ends_on, last.active) == (place.today, True)
    assert code_of(lambda: place.system.withdraw_person(person.id)) == "hr_not_ours"


def test_licences_are_asked_for_once_and_taken_back_while_nobody_has_decided(place: Place) -> None:
    request = SeatRequest(key=f"{place.key()}:LIC-CAD", product="LIC-CAD", seats=2, reason="The pool is empty.")
    order = place.system.request_seats(request)
    assert (order.state, order.seats, order.product, order.key) == ("draft", 2, "LIC-CAD", request.key)
    assert place.system.request_seats(request) == order
    taken_back = place.system.cancel_order(request.key)
    assert taken_back is not None
    assert (taken_back.id, taken_back.state) == (order.id, "cancelled")
    assert place.system.cancel_order(request.key) == taken_back
    assert place.system.cancel_order("j-nobody") is None


def test_what_the_system_does_not_know_is_refused_and_nothing_is_made(place: Place, joined: tuple[Any, ...]) -> None:
    draft, person, employee, account = joined
    new = place.draft(address=HOME.model_copy(update={"country": "XX"}))
    system, login = place.system, place.login(employee)
    assert code_of(lambda: system.ensure_person(new)) == "hr_unknown_country"
    alchemist = place.draft(terms=Terms(department="Alchemy"))
    assert code_of(lambda: system.ensure_person(alchemist)) == "hr_unknown_department"
    assert place.records.person(new.key) is None
    assert place.records.person(alchemist.key) is None
    refused = {
        "hr_unknown_department": Terms(department="Alchemy"),
        "hr_unknown_role": Terms(role="Astronaut"),
        "hr_unknown_hours": Terms(weekly_hours=Decimal("61.7")),
        "hr_unknown_supervisor": Terms(supervisor_id=place.boss(LEFT)),
    }
    for code, terms in refused.items():
        assert code_of(lambda terms=terms: system.ensure_employee(person.id, terms)) == code
    assert code_of(lambda: system.set_groups(account.id, ("Magic",))) == "hr_unknown_group"
    assert code_of(lambda: system.ensure_account(login.model_copy(update={"login": "B.Sommer"}))) == "hr_login_taken"
    assert code_of(lambda: system.ensure_account(login.model_copy(update={"login": "second"}))) == "hr_has_account"
    assert code_of(lambda: system.request_seats(SeatRequest(key="j-x:y", product="LIC-NONE"))) == "hr_unknown_product"
    assert only(place.records.standing(draft.key)) == (person, employee, account)


def test_signs_that_no_field_takes_do_not_double_anybody(place: Place) -> None:
    odd = place.draft(
        name=' Dr. "Bo"\tO\'Neil;\n DROP %_ ', address=HOME.model_copy(update={"street": "Weg 1\r\n2. OG"})
    )
    person = place.system.ensure_person(odd)
    assert person.name == 'Dr. "Bo" O\'Neil; DROP %_'
    assert place.system.ensure_person(odd) == person
    assert code_of(lambda: place.system.ensure_person(place.draft(name=" \t"))) == "hr_refused"


def test_the_catalogue_names_what_can_be_chosen(place: Place) -> None:
    assert set(DATA["departments"]) <= set(place.records.departments())
    assert set(DATA["roles"]) <= set(place.records.roles())
    assert {group["name"] for group in DATA["groups"]} <= set(place.records.groups())
