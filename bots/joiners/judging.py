"""All that speaks against going on with a joiner, as of today. Pure: the records are given as facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bots.joiners.codes import confirmable, doubt
from bots.joiners.facts import Known, certainty, day, disagreements, hours, known, label, name_of
from bots.joiners.names import compare
from bots.joiners.nouns import Joiner
from bots.joiners.policy import JoinersPolicy
from bots.working_days import is_working_day
from connectors.hr import Employee
from workitems.items import Doubt, Noun

NEEDED = ("surname", "given_names", "born_on", "starts_on", "role", "manager")
ACTED_ON = (*NEEDED, "department", "weekly_hours", "employer", "nationality", "document_number", "expires_on")
"""Fields that something is done by."""
PAPERS = frozenset({"contract_missing", "identity_missing", "identity_expired"})
"""What the joiner has to send: a person here cannot settle it, a mail asks for it."""

OF_IDENTITY = PAPERS - {"contract_missing"} | {"right_to_work", "missing_expires_on", "missing_nationality"}
"""What speaks against the identity paper."""


class Company(Noun):
    """Who employs, and where: `country` is ISO 3166 alpha-2."""

    names: tuple[str, ...]
    country: str


class HrFacts(Noun):
    """What the HR system says, as of now."""

    today: date
    managers: tuple[Employee, ...] = ()  # whom the manager's name may mean, likeliest first
    namesakes: tuple[Employee, ...] = ()  # employees who may be this very person
    departments: tuple[str, ...] = ()


def judge(joiner: Joiner, facts: HrFacts, company: Company, policy: JoinersPolicy) -> tuple[Doubt, ...]:
    """The doubts, those that a person has accepted as remarks. None of them blocks: the plan may go on."""
    values = known(joiner)
    found = [
        *_missing(joiner, values),
        *_identity(joiner, values, facts.today, (company, policy)),
        *_dates(values, facts.today, company, policy),
        *_place(values, facts, company, policy),
        *disagreements(joiner),
        *_unsure(joiner, values, policy),
        *_namesakes(values, facts.namesakes),
    ]
    return tuple(_accepted(d, joiner) for d in found)


def blocking(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """Those that keep the plan from going on."""
    return tuple(d for d in doubts if d.severity == "block")


def _accepted(found: Doubt, joiner: Joiner) -> Doubt:
    """A person accepts a doubt word for word: another date or another name is asked again."""
    yes = confirmable(found.code) and f"{found.code}:{found.message}" in joiner.accepted
    return found.model_copy(update={"severity": "warn"}) if yes else found


def _missing(joiner: Joiner, values: Mapping[str, Known]) -> list[Doubt]:
    sources = {paper.source for paper in joiner.papers}
    found = []
    if not any(p.source == "contract" and p.signed for p in joiner.papers):
        found.append(doubt("contract_missing", "The signed contract has not come: nothing is created before."))
    if "identity" not in sources:
        found.append(doubt("identity_missing", "No passport or identity card has come."))
    if not sources - {"identity"}:
        return found  # the other papers say the rest
    return found + [doubt(f"missing_{f}", f"The {label(f)} stands on no paper.", f) for f in NEEDED if f not in values]


def _identity(
    joiner: Joiner, values: Mapping[str, Known], today: date, house: tuple[Company, JoinersPolicy]
) -> list[Doubt]:
    company, policy = house
    if not any(p.source == "identity" for p in joiner.papers):
        return []
    found = []
    expires = day(values["expires_on"].value) if "expires_on" in values else None
    if expires is None:
        found.append(doubt("missing_expires_on", "The identity paper's expiry was not read.", "expires_on"))
    elif expires < today:
        found.append(doubt("identity_expired", f"The identity paper expired on {expires}.", "expires_on"))
    rule, nationality = policy.work_rule(company.country), values.get("nationality")
    if nationality is None:
        found.append(doubt("missing_nationality", "The nationality was not read.", "nationality"))
    elif rule is None or nationality.value.upper() not in rule.free:
        message = f"The nationality {nationality.value} needs a permit to work in {company.country}."
        found.append(doubt("right_to_work", message, "nationality"))
    return found


def _dates(values: Mapping[str, Known], today: date, company: Company, policy: JoinersPolicy) -> list[Doubt]:
    found = []
    for field in ("born_on", "starts_on"):
        if field in values and day(values[field].value) is None:
            found.append(doubt(f"missing_{field}", f"The {label(field)} is no date: {values[field].value}.", field))
    born = day(values["born_on"].value) if "born_on" in values else None
    starts = day(values["starts_on"].value) if "starts_on" in values else None
    rule = policy.work_rule(company.country)
    if born is not None and born >= today:
        found.append(doubt("born_in_future", f"The birth date {born} lies in the future.", "born_on"))
    elif born is not None and rule is not None and _years(born, starts or today) < rule.youngest:
        found.append(doubt("too_young", f"Not yet {rule.youngest} years old on the first day.", "born_on"))
    if starts is not None and starts < today - timedelta(days=policy.longest_past_days):
        found.append(doubt("starts_long_ago", f"The first day, {starts}, is long past.", "starts_on"))
    if starts is not None and not is_working_day(starts, company.country):
        found.append(doubt("starts_on_holiday", f"The first day, {starts}, is no working day.", "starts_on"))
    if "weekly_hours" in values and hours(values["weekly_hours"].value) is None:
        message = f"The weekly hours are not understood: {values['weekly_hours'].value}."
        found.append(doubt("unsure_weekly_hours", message, "weekly_hours"))
    return found


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _place(values: Mapping[str, Known], facts: HrFacts, company: Company, policy: JoinersPolicy) -> list[Doubt]:
    found = []
    role, manager, department = (values.get(f) for f in ("role", "manager", "department"))
    if role is not None and policy.role(role.value) is None:
        found.append(doubt("unknown_role", f"No checklist is known for the role {role.value}.", "role"))
    if department is not None and facts.departments and department.value not in facts.departments:
        found.append(doubt("unknown_department", f"There is no department {department.value}.", "department"))
    if manager is not None:
        found += _manager(manager.value, facts.managers)
    employer = values.get("employer")
    if employer is not None and all(compare(employer.value, name) == "other" for name in company.names):
        found.append(doubt("other_employer", f"The contract names {employer.value} as the employer.", "employer"))
    return found


def _manager(name: str, candidates: Sequence[Employee]) -> list[Doubt]:
    meant = [e for e in candidates if compare(e.name, name) == "same"]
    active = [e for e in meant if e.active]
    if len(active) == 1:
        return []
    if meant and not active:
        return [doubt("manager_left", f"{name} no longer works here.", "manager")]
    if active:
        return [doubt("unknown_manager", f"{len(active)} colleagues are called {name}.", "manager")]
    alike = ", ".join(e.name for e in candidates if e.active)[:200]
    hint = f" Meant may be: {alike}." if alike else ""
    return [doubt("unknown_manager", f"The HR system knows no {name}.{hint}", "manager")]


def supervisor(name: str | None, candidates: Sequence[Employee]) -> Employee | None:
    """The one active colleague of that name."""
    active = [e for e in candidates if e.active and name and compare(e.name, name) == "same"]
    return active[0] if len(active) == 1 else None


def _unsure(joiner: Joiner, values: Mapping[str, Known], policy: JoinersPolicy) -> list[Doubt]:
    """Values that no paper says surely, and no two papers say together."""
    found = []
    for field, value in values.items():
        least = policy.sure_identity if value.fact.source == "identity" else policy.sure
        sure = certainty(field, joiner.facts[field])
        if field in ACTED_ON and sure < least:
            message = f"The {label(field)} reads {value.value}, but that is not sure ({sure:.0%})."
            found.append(doubt(f"unsure_{field}", message, field))
    return found


def _namesakes(values: Mapping[str, Known], namesakes: Sequence[Employee]) -> list[Doubt]:
    if not any(e.active for e in namesakes):
        return []
    name = name_of({field: found.value for field, found in values.items()})
    return [doubt("already_employed", f"Somebody called {name} is employed here already.", "person")]
