"""What the bots do for a task and how it is taken back: through the HR screens, each verb as often as it takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bots.joiners import seats
from bots.joiners.checklist import Task
from bots.joiners.facts import day, hours, name_of
from bots.joiners.judging import supervisor
from bots.joiners.logins import login_for
from bots.joiners.mailing import address_of
from bots.joiners.managers import manager_of
from bots.joiners.nouns import Done, Joiner
from bots.joiners.office import Office, joiner_of, values_of
from bots.joiners.policy import RoleRights
from bots.joiners.training import Calendar, People, When, schedule
from connectors.hr import AccountDraft, Address, HrSystem, PersonDraft, SeatRequest, Terms
from workitems.errors import NeedsReview
from workitems.items import Doubt

STEP = "onboard_joiners"
_ADDRESS = re.compile(r"(?s)\s*(.+?)[,\n]\s*(?:[A-Z]{1,2}-)?(\d{4,5})\s+([^,\n]+?)\s*(?:[,\n].*)?")


@dataclass(frozen=True)
class Hands:
    """What the verbs work with."""

    office: Office
    system: HrSystem
    calendar: Calendar


@dataclass(frozen=True)
class Case:
    """One joiner as the verbs see them: the values that count, the role's rights, the first day."""

    joiner: Joiner
    values: Mapping[str, str]
    rights: RoleRights
    first_day: date

    @property
    def name(self) -> str:
        """Given names, then surname."""
        return name_of(self.values)

    def kept(self, task: str, name: str) -> str:
        """What an earlier task has left for its undoing and for others."""
        return str(self.joiner.done[task].undo[name])


def case_of(joiner: Joiner, office: Office) -> Case | None:
    """The case; None as long as role or first day are not known."""
    values = values_of(joiner)
    rights, first_day = office.policy.role(values.get("role")), day(values.get("starts_on"))
    return Case(joiner, values, rights, first_day) if rights and first_day else None


def do(task: Task, case: Case, hands: Hands) -> Done:
    """Does a bot's task. Raises NeedsReview and TryLater as the HR system does."""
    if task.does is None:
        raise ValueError(task.code)
    evidence, undo = _VERBS[task.does](case, hands)
    return Done(by=STEP, at=hands.office.now(), evidence=evidence, undo=undo)


def undo(task: Task, case: Case, last_day: date | None, hands: Hands) -> None:
    """Takes a task back by its named step. Raises NeedsReview and TryLater as the HR system does."""
    kept, system = case.joiner.done[task.code].undo, hands.system
    match task.undo:
        case "withdraw_person":
            system.withdraw_person(kept["person"])
        case "end_employment":
            system.end_employment(kept["employee"], last_day)
        case "close_account":
            system.close_account(kept["account"])
        case "remove_sensitive_groups":
            system.set_groups(kept["account"], case.rights.groups)
        case "give_back_licences":
            for product in kept.get("ordered", ()):
                system.cancel_order(f"{case.joiner.key}:{product}")
        case "cancel_calendar":
            hands.calendar.cancel(case.joiner.key)


def _person(case: Case, hands: Hands) -> tuple[str, dict[str, Any]]:
    values = case.values
    draft = PersonDraft(
        key=case.joiner.key,
        name=case.name,
        email=values.get("email"),
        phone=values.get("phone"),
        address=_address(values, hands.office.company.country),
        terms=_terms(case, hands),
    )
    person = hands.system.ensure_person(draft)
    return f"party {person.id}", {"person": person.id}


def _address(values: Mapping[str, str], country: str) -> Address | None:
    """Street, postal code and town of a written address; None where it is not understood."""
    match = _ADDRESS.fullmatch(values.get("address", ""))
    return Address(street=match[1].strip(), postal_code=match[2], city=match[3], country=country) if match else None


def _employee(case: Case, hands: Hands) -> tuple[str, dict[str, Any]]:
    employee = hands.system.ensure_employee(case.kept("person", "person"), _terms(case, hands))
    return f"employee {employee.id}", {"employee": employee.id}


def _terms(case: Case, hands: Hands) -> Terms:
    """What the contract says of the employment; the manager only where the name is one colleague's."""
    manager = supervisor(case.values.get("manager"), hands.office.records.find_employee(case.values.get("manager", "")))
    return Terms(
        starts_on=case.first_day,
        supervisor_id=manager.id if manager else None,
        department=case.values.get("department"),
        role=case.values.get("role"),
        weekly_hours=hours(case.values.get("weekly_hours")),
    )


def _account(case: Case, hands: Hands) -> tuple[str, dict[str, Any]]:
    employee, records = case.kept("employee", "employee"), hands.office.records
    own = [account.login for account in records.accounts(employee)]

    def is_taken(login: str) -> bool:
        return login not in own and records.find_user(login) is not None

    try:
        login = (
            own[0] if own else login_for(case.values.get("given_names", ""), case.values.get("surname", ""), is_taken)
        )
    except ValueError as error:
        message = f"No login can be made: {error}."
        raise NeedsReview([Doubt(code="hr_login_taken", message=message, field="person")]) from None
    draft = AccountDraft(login=login, name=case.name, employee_id=employee, groups=case.rights.groups)
    account = hands.system.ensure_account(draft)
    return f"{account.login}: {', '.join(account.groups)}", {"account": account.id, "login": account.login}


def _sensitive(case: Case, hands: Hands) -> tuple[str, dict[str, Any]]:
    account = case.kept("account", "account")
    made = hands.system.set_groups(account, (*case.rights.groups, *case.rights.sensitive_groups))
    return ", ".join(made.groups), {"account": account}


def _licences(case: Case, hands: Hands) -> tuple[str, dict[str, Any]]:
    """The turn's lock holds until the dossier is saved: two joiners never get the same last seat."""
    office = hands.office
    others = [joiner_of(d) for d in office.dossiers.all() if d.key != case.joiner.key]
    allotted = seats.allot(case.rights.tools, office.policy.licences, seats.taken(others))
    for product in allotted.to_buy:
        reason = f"For a colleague who starts on {case.first_day}."
        hands.system.request_seats(SeatRequest(key=f"{case.joiner.key}:{product}", product=product, reason=reason))
    told = [f"{product} assigned" for product in allotted.assigned]
    told += [f"{product} requested" for product in allotted.to_buy]
    return "; ".join(told) or "none needed", {"assigned": allotted.assigned, "ordered": allotted.to_buy}


def _calendar(case: Case, hands: Hands) -> tuple[str, dict[str, Any]]:
    """Only sure addresses are asked to come: an invitation is a mail, too."""
    office = hands.office
    manager = manager_of(case.values.get("manager"), office.records)
    people = People(address_of(case.joiner, office.policy), manager.address if manager else None)
    when = When(case.first_day, office.company.country, office.now().replace(tzinfo=None))
    sessions = schedule(case.joiner.key, case.rights.training, when, people, hands.calendar)
    booked = hands.calendar.book(case.joiner.key, sessions)
    kept = [session.model_dump(mode="json") for session in sessions]
    return booked.evidence, {"sequence": booked.sequence, "sessions": kept, "manager": people.manager}


_VERBS: dict[str, Callable[[Case, Hands], tuple[str, dict[str, Any]]]] = {
    "person": _person,
    "employee": _employee,
    "account": _account,
    "sensitive_groups": _sensitive,
    "licences": _licences,
    "calendar": _calendar,
}
