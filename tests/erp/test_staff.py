"""The demo's staff is consistent in itself and stands in the ERP; the HR bot may do what it needs and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.tryton.rpc import RpcFault, TrytonRpc
from tasks.demo_erp.program import COMPANY, STAFF
from tests.erp_fixture import Erp

DATA: dict[str, Any] = json.loads(STAFF.read_text(encoding="utf-8"))
EMPLOYEES = {employee["id"]: employee for employee in DATA["employees"]}


def test_references_within_the_staff_lead_somewhere() -> None:
    suppliers = {s["id"] for s in json.loads(COMPANY.read_text(encoding="utf-8"))["suppliers"]}
    groups = {group["name"] for group in DATA["groups"]}
    for employee in EMPLOYEES.values():
        assert employee["department"] in DATA["departments"]
        assert employee["role"] in DATA["roles"]
        assert employee["weekly_hours"] in DATA["weekly_hours"]
        assert employee["supervisor"] is None or employee["supervisor"] in EMPLOYEES
        assert set(employee["groups"]) <= groups
    assert {licence["supplier"] for licence in DATA["licences"]} <= suppliers


def test_somebody_has_left_and_oversees_nobody_any_more() -> None:
    left = {key for key, employee in EMPLOYEES.items() if employee["ends_on"]}
    assert left
    assert not {employee["supervisor"] for employee in EMPLOYEES.values()} & left
    assert not any(EMPLOYEES[key]["groups"] for key in left)


@pytest.fixture(scope="module")
def hr(erp: Erp) -> Iterator[TrytonRpc]:
    info = erp.info
    connection = TrytonRpc(info.url, info.database, info.hr_login, info.hr_password)
    yield connection
    connection.close()


@pytest.mark.erp
def test_the_staff_stands_in_the_erp_with_users_and_groups(hr: TrytonRpc) -> None:
    fields = ["party.name", "start_date", "end_date", "active", "supervisor.party.name"]
    read = {row["party."]["name"]: row for row in hr.read_all("company.employee", [], fields)}
    # other tests of the same ERP hire people of their own, in whatever order the files are run
    assert set(read) >= {employee["name"] for employee in EMPLOYEES.values()}
    users = {row["login"]: row for row in hr.read_all("res.user", [], ["login", "active", "groups.name", "employees"])}
    for employee in EMPLOYEES.values():
        row = read[employee["name"]]
        boss = (row["supervisor."] or {"party.": {"name": None}})["party."]["name"]
        assert boss == (EMPLOYEES[employee["supervisor"]]["name"] if employee["supervisor"] else None)
        assert row["start_date"].isoformat() == employee["starts_on"]
        user = users[employee["login"]]
        assert bool(user["active"]) == row["active"] == (employee["ends_on"] is None)
        assert sorted(group["name"] for group in user["groups."]) == sorted(employee["groups"])
        assert user["employees"] == [row["id"]]


def refused(hr: TrytonRpc, method: str, *params: Any) -> bool:
    try:
        hr.call(f"model.{method}", *params)
    except RpcFault:
        return True
    return False


@pytest.mark.erp
def test_the_hr_bot_cannot_help_itself_or_others_to_more(hr: TrytonRpc, erp: Erp) -> None:
    users = {row["login"]: row["id"] for row in hr.read_all("res.user", [], ["login"])}
    groups = {row["name"]: row["id"] for row in hr.read("res.group", [], ["name"])}
    for login, group in (("hr", "Administration"), ("hr", "Staff"), ("t.schneider", "Accounting")):
        assert refused(hr, "res.user.write", [users[login]], {"groups": [("add", [groups[group]])]})
    assert refused(hr, "res.user.write", [users["admin"]], {"password": "taken over 4711"})
    assert refused(
        hr, "res.user.create", [{"name": "X", "login": "x", "groups": [("add", [groups["Administration"]])]}]
    )
    assert refused(hr, "res.group.create", [{"name": "Mine"}])
    assert refused(hr, "account.invoice.read", [1], ["number"])
    assert refused(hr, "company.employee.delete", [1])


@pytest.mark.erp
def test_the_hr_bot_orders_nothing(hr: TrytonRpc, erp: Erp) -> None:
    (done, *_) = hr.read("purchase.purchase", [("state", "=", "processing")], ["id"])
    assert refused(hr, "purchase.purchase.write", [done["id"]], {"description": "changed"})
    party = hr.read("party.party", [("name", "like", "Systemhaus%")], ["id", "addresses"])[0]
    values = {"party": party["id"], "invoice_address": party["addresses"][0]}
    (draft,) = hr.call("model.purchase.purchase.create", [values])
    assert refused(hr, "purchase.purchase.write", [draft], {"state": "confirmed"})
