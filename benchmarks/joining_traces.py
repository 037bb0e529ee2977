"""What a joiners desk has left behind in the ERP and in its folders, without ids that differ from run to run."""

from __future__ import annotations

import re
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from connectors.tryton.rpc import TrytonRpc

MARK = "Deskhand "
_KEY = re.compile(r"j-[0-9a-f]{8}")
Traces = dict[str, list[str]]


def traces(admin: TrytonRpc, home: Path) -> Traces:
    """A sentence for each party, employee, user, order, mail and calendar file, sorted."""
    parties = _parties(admin)
    names = {_key(row): row["name"] for row in parties}

    def known(text: str) -> str:
        return _KEY.sub(lambda found: names.get(found[0], "a joiner"), text)

    found = {
        "parties": [_party(row) for row in parties],
        "employees": [_employee(row) for row in admin.read_all("company.employee", *_EMPLOYEES)],
        "users": [_user(row) for row in admin.read_all("res.user", *_USERS)],
        "orders": [_order(row, known) for row in admin.read_all("purchase.purchase", *_ORDERS)],
        "mails": [_mail(file) for file in (home / "joiners" / "sent").glob("*.eml")],
        "calendars": [_calendar(file) for file in (home / "joiners" / "calendar").glob("*.ics")],
    }
    return {name: sorted(rows) for name, rows in found.items()}


_PARTIES = (
    [("identifiers.code", "like", f"{MARK}j-%"), ("active", "in", [True, False])],
    ["name", "active", "identifiers.code", "addresses.full_address", "contact_mechanisms.value", "categories.name"],
)
_EMPLOYEES = (
    [("active", "in", [True, False])],
    ["party.name", "active", "start_date", "end_date", "supervisor.party.name"],
)
_USERS = (
    [("active", "in", [True, False])],
    ["login", "name", "active", "groups.name", "employees.party", "employees.party.name"],
)
_ORDERS: tuple[list[Any], list[str]] = ([], ["description", "state", "party.name", "lines.quantity"])


def _parties(admin: TrytonRpc) -> list[dict[str, Any]]:
    return admin.read_all("party.party", *_PARTIES)


def _key(row: dict[str, Any]) -> str:
    return str(next(i["code"] for i in row["identifiers."] if i["code"].startswith(MARK))).removeprefix(MARK)


def _party(row: dict[str, Any]) -> str:
    told = (
        [a["full_address"] for a in row["addresses."]],
        [m["value"] for m in row["contact_mechanisms."]],
        [c["name"] for c in row["categories."]],
    )
    return f"{row['name']}: active {row['active']}; {'; '.join(str(sorted(values, key=str)) for values in told)}"


def _name(row: dict[str, Any] | None) -> str:
    return str(row["party."]["name"]) if row else "nobody"


def _employee(row: dict[str, Any]) -> str:
    days = f"{row['start_date']} to {row['end_date']}"
    return f"{_name(row)}: active {row['active']}; {days}; led by {_name(row['supervisor.'])}"


def _user(row: dict[str, Any]) -> str:
    groups, linked = sorted(g["name"] for g in row["groups."]), sorted(_name(e) for e in row["employees."])
    return f"{row['login']} {row['name']}: active {row['active']}; {groups}; {linked}"


def _order(row: dict[str, Any], known: Any) -> str:
    quantities = sorted(line["quantity"] for line in row["lines."])
    return f"{known(row['description'] or '')}: {row['state']}; {quantities}"


def _mail(file: Path) -> str:
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    parts = [part.get_content_type() for part in mail.walk()]
    return f"{mail['To']}: {mail['Subject']}; {parts}"


def _calendar(file: Path) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    return "; ".join(line for line in lines if line.startswith(("SUMMARY", "DTSTART", "DTEND", "STATUS", "ATTENDEE")))


def differences(one: Traces, other: Traces) -> list[str]:
    """Sentences on what only one of two has, or has more often."""
    found = []
    for name in one:
        left, right = Counter(one[name]), Counter(other[name])
        found += [f"{name}: missing {count} of {row}" for row, count in (left - right).items()]
        found += [f"{name}: {count} too many of {row}" for row, count in (right - left).items()]
    return found


def orphans(admin: TrytonRpc) -> list[str]:
    """Joiners' parties that are active without an employee, active accounts of nobody, employees twice."""
    employees = admin.read_all("company.employee", *_EMPLOYEES)
    count = Counter(_name(row) for row in employees)
    found = [
        f"orphan: {row['name']} is no employee" for row in _parties(admin) if row["active"] and not count[row["name"]]
    ]
    found += [f"employees: {name} stands there {n} times" for name, n in count.items() if n > 1]
    for row in admin.read_all("res.user", *_USERS):
        found += [
            f"orphan: the account {row['login']} is linked to nobody known"
            for e in row["employees."]
            if not count[_name(e)]
        ]
    return found
