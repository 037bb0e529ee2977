"""The staff of the demo's company: departments, roles, employees with their users and groups, licences for sale.

Tryton's own modules know an employee's supervisor and dates. Department, role and working time are categories of the
employee's party, one below "Department", one below "Role", one below "Working time".
"""

from __future__ import annotations

import json
from datetime import date

from seed_masters import party_values, seed_products
from seed_rpc import Values, call, create

TREES = {"Department": "departments", "Role": "roles", "Working time": "weekly_hours"}
LABELS = ("department", "role", "weekly_hours")

# What the HR bot may write besides people, which every user of a plain Tryton may: employments, accounts, draft orders.
HR_GROUP = "Deskhand HR"
WRITES = ("company.employee", "res.user", "purchase.purchase", "purchase.line")
READS = ("stock.move",)  # the form of an order shows what came of it


def seed_staff(data: Values, ids: Values, company: int) -> None:
    """Everything of the staff; `ids` has countries, suppliers, accounts, taxes and currencies by their keys."""
    categories = seed_categories(data)
    names = [g["name"] for g in data["groups"]]
    groups = dict(zip(names, create("res.group", [{"name": name} for name in names]), strict=True))
    seed_employees(data, {**ids, "categories": categories, "groups": groups}, company)
    seed_licences(data, ids)


def seed_categories(data: Values) -> dict[tuple[str, str], int]:
    """The three trees; returns ids by tree and name."""
    tops = dict(zip(TREES, create("party.category", [{"name": name} for name in TREES]), strict=True))
    rows = [(tree, name) for tree, key in TREES.items() for name in data[key]]
    made = create(
        "party.category",
        [{"name": f"{name} h" if tree == "Working time" else name, "parent": tops[tree]} for tree, name in rows],
    )
    return dict(zip(rows, made, strict=True))


def seed_employees(data: Values, ids: Values, company: int) -> None:
    """Parties, employees with supervisors, and a user for each; who has left has no active user."""
    who = {e["id"]: e for e in data["employees"]}
    rows = []
    for employee in who.values():
        labels = ((tree, employee[field]) for tree, field in zip(TREES, LABELS, strict=True))
        chosen = [ids["categories"][label] for label in labels]
        rows.append({**party_values(employee, ids["countries"]), "categories": [("add", chosen)]})
    parties = create("party.party", rows)
    employments = [
        {
            "party": party,
            "company": company,
            "start_date": date.fromisoformat(e["starts_on"]),
            "end_date": date.fromisoformat(e["ends_on"]) if e["ends_on"] else None,
        }
        for party, e in zip(parties, who.values(), strict=True)
    ]
    made = dict(zip(who, create("company.employee", employments), strict=True))
    for key, employee in who.items():
        if employee["supervisor"]:
            call("company.employee", "write", [made[key]], {"supervisor": made[employee["supervisor"]]})
    create("res.user", [_user(e, made[key], ids["groups"], company) for key, e in who.items()])


def _user(employee: Values, number: int, groups: dict[str, int], company: int) -> Values:
    here = employee["ends_on"] is None
    return {
        "name": employee["name"],
        "login": employee["login"],
        "email": employee["email"],
        "active": here,
        "companies": [("add", [company])],
        "company": company,
        "employees": [("add", [number])],
        "employee": number if here else None,
        "groups": [("add", [groups[name] for name in employee["groups"]])],
    }


def seed_licences(data: Values, ids: Values) -> None:
    """What a licence costs and who sells it."""
    more = {"kind": "service", "unit": "Unit", "currency": "EUR"}
    products = [
        {**licence, **more, "names": {"en": licence["name"]}, "supplier_code": licence["code"]}
        for licence in data["licences"]
    ]
    seed_products({"products": products}, ids)


def hr_group(data: Values) -> int:
    """The HR bot's group, with what keeps it from helping itself or others to more.

    It may write no account that has, or would get, a group which is none of the staff's: neither its own nor an
    administrator's. Of orders it may write drafts, so a person decides on them.
    """
    writing = {"perm_read": True, "perm_write": True, "perm_create": True, "perm_delete": False}
    reading = {**writing, "perm_write": False, "perm_create": False}
    access = [{"model": model, **writing} for model in WRITES] + [{"model": model, **reading} for model in READS]
    (group,) = create("res.group", [{"name": HR_GROUP, "model_access": [("create", access)]}])
    staff = [g["name"] for g in data["groups"]]
    rules = {
        "res.user": ("Accounts of the staff", [["groups", "not where", [["name", "not in", staff]]]]),
        "purchase.purchase": ("Draft orders", [["state", "in", ["draft", "cancelled"]]]),
    }
    more = {"global_p": False, "perm_read": False, "perm_write": True, "perm_create": True, "perm_delete": True}
    rows = [
        {"name": name, "model": model, "groups": [("add", [group])], **more}
        | {"rules": [("create", [{"domain": json.dumps(domain)}])]}
        for model, (name, domain) in rules.items()
    ]
    create("ir.rule.group", rows)
    return group
