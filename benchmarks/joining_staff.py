"""Joiners for the benchmark, and a look from outside at what became of them in the HR system."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from connectors.hr import AccountDraft, Address, Employee, HrRecords, HrSystem, PersonDraft, SeatRequest, Terms
from connectors.tryton.rpc import TrytonRpc
from workitems.items import Noun

BOSS = "Henning Wolters"  # of devdata/staff.json
SURNAME = "Benchmann"
COUNTED = "jbench%"  # keys begin so; names and logins with the key
GROUPS = ("Engineering drawings", "Staff")
LICENCE = "LIC-CAD"
HOME = Address(street="Messweg 4", postal_code="54290", city="Trier", country="DE")


class Joiner(Noun):
    """Somebody who begins today, at the latest; `withdrawn`: and then does not come after all."""

    key: str
    starts_on: date
    licence: bool = False
    withdrawn: bool = False

    @property
    def name(self) -> str:
        """The key tells them apart."""
        return f"{self.key} {SURNAME}"

    @property
    def draft(self) -> PersonDraft:
        """The person."""
        told: dict[str, Any] = {"name": self.name, "email": f"{self.key}@home.example", "address": HOME}
        return PersonDraft(key=self.key, terms=self.terms(None), **told)

    def terms(self, boss: str | None) -> Terms:
        """The contract; `boss` is an employee's id, where it is known."""
        told: dict[str, Any] = {"department": "Engineering", "role": "Design engineer", "weekly_hours": Decimal(40)}
        return Terms(starts_on=self.starts_on, supervisor_id=boss, **told)

    def login(self, employee: Employee) -> AccountDraft:
        """The account."""
        return AccountDraft(login=self.key, name=self.name, employee_id=employee.id, groups=GROUPS)


def join(joiner: Joiner, system: HrSystem, records: HrRecords) -> None:
    """Everything that the system has to know of a joiner, as the bots have it done; and, withdrawn, taken back."""
    before = records.standing(joiner.key)
    if joiner.withdrawn and before.orders:  # an attempt that died had come to its end, or had begun to take it back
        withdraw(joiner, before.accounts[0].id, before.employees[0], system)
        return
    boss = records.find_employee(BOSS)[0].id
    person = system.ensure_person(joiner.draft)
    employee = system.ensure_employee(person.id, joiner.terms(boss))
    account = system.ensure_account(joiner.login(employee))
    if joiner.licence:
        system.request_seats(SeatRequest(key=f"{joiner.key}:{LICENCE}", product=LICENCE, reason="The pool is empty."))
    if joiner.withdrawn:
        withdraw(joiner, account.id, employee, system)


def withdraw(joiner: Joiner, account: str, employee: Employee, system: HrSystem) -> None:
    """The steps of joining, taken back in reverse order; who withdraws has asked for a licence."""
    system.cancel_order(f"{joiner.key}:{LICENCE}")
    system.close_account(account)
    system.end_employment(employee.id, None)
    system.withdraw_person(employee.person_id)


class Truth(Noun):
    """What stands in the system of joiners, and what of it is not as it should be."""

    parties: int
    employees: int
    accounts: int
    orders: int
    wrong: tuple[str, ...]  # sentences with keys and ids


def look(admin: TrytonRpc, joiners: list[Joiner]) -> Truth:
    """Counts everything that has anything to do with them, past the connector."""
    parties = admin.read_all("party.party", [("name", "like", COUNTED)], ["name", "active", "identifiers.code"])
    ids = [row["id"] for row in parties]
    employees = admin.read_all("company.employee", [("party", "in", ids)], ["party", "active"])
    users = admin.read_all("res.user", [("login", "like", COUNTED)], ["login", "active", "groups.name", "employees"])
    orders = admin.read(
        "purchase.purchase", [("description", "like", f"%{COUNTED}")], ["description", "state", "lines"]
    )
    wrong: list[str] = []
    for joiner in joiners:
        own = [row for row in parties if row["name"] == joiner.name]
        jobs = [row for row in employees if row["party"] in {party["id"] for party in own}]
        logins = [row for row in users if row["login"] == joiner.key]
        asked = [row for row in orders if joiner.key in row["description"]]
        wrong += _wrong(joiner, (own, jobs, logins, asked))
    counted = {"parties": len(parties), "employees": len(employees), "accounts": len(users), "orders": len(orders)}
    expected = {"parties": len(joiners), "employees": len(joiners), "accounts": len(joiners)}
    expected["orders"] = sum(joiner.licence for joiner in joiners)
    wrong += [f"{counted[what]} {what}, not {number}" for what, number in expected.items() if counted[what] != number]
    return Truth(**counted, wrong=tuple(wrong))


def _wrong(joiner: Joiner, found: tuple[list[Any], list[Any], list[Any], list[Any]]) -> list[str]:
    """What is not as it should be with one joiner."""
    own, jobs, logins, asked = found
    wanted = (1, 1, 1, int(joiner.licence))
    if tuple(map(len, found)) != wanted:
        return [f"{joiner.key}: parties, employees, accounts, orders {tuple(map(len, found))}, not {wanted}"]
    here = not joiner.withdrawn
    groups = sorted(group["name"] for group in logins[0]["groups."])
    wrong = []
    if [bool(own[0]["active"]), jobs[0]["active"], bool(logins[0]["active"])] != [here] * 3:
        wrong.append(f"{joiner.key}: person, employee or account is active or not, as it should not be")
    if groups != (sorted(GROUPS) if here else []) or logins[0]["employees"] != [jobs[0]["id"]]:
        wrong.append(f"{joiner.key}: the account's groups or link differ")
    states = [(order["state"], len(order["lines"])) for order in asked]
    if joiner.licence and states != [("draft" if here else "cancelled", 1)]:
        wrong.append(f"{joiner.key}: the order differs")
    return wrong
