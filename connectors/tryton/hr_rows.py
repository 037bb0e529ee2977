"""What Tryton's rows mean in HR: which fields to ask for, and the nouns that they become.

Tryton's own modules know an employment's dates and supervisor. Department, role and working time are categories of the
person's party, each below a category that names the kind (`Trees`). A birth date has no place there at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from connectors.hr import Account, Address, Employee, Person, SeatOrder
from connectors.tryton.rpc import Row
from workitems.items import Noun

MARK = "Deskhand"
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:-]{2,60}")
EMAIL = "email"
PHONES = {"phone", "mobile"}
OrderState = Literal["draft", "open", "done", "cancelled"]
ORDER_STATES: dict[str, OrderState] = {
    "draft": "draft",
    "quotation": "open",
    "confirmed": "open",
    "processing": "open",
    "done": "done",
    "cancelled": "cancelled",
}

PERSON_FIELDS = [
    "name",
    "code",
    "active",
    "identifiers.type",
    "identifiers.code",
    "contact_mechanisms.type",
    "contact_mechanisms.value",
    "addresses.street",
    "addresses.postal_code",
    "addresses.city",
    "addresses.country.code",
    "categories.name",
    "categories.parent.name",
]
EMPLOYEE_FIELDS = [
    "party",
    "active",
    "start_date",
    "end_date",
    "supervisor",
    *(f"party.{field}" for field in PERSON_FIELDS if not field.startswith(("contact", "addresses"))),
]
ACCOUNT_FIELDS = ["login", "name", "email", "active", "groups.name", "employees"]
ORDER_FIELDS = [
    "number",
    "state",
    "description",
    "party.name",
    "lines.product.code",
    "lines.quantity",
]


class Trees(Noun):
    """The categories below which a company keeps its departments, roles and working times."""

    department: str = "Department"
    role: str = "Role"
    hours: str = "Working time"


class Labels(Noun):
    """A person's department, role and working time, as the categories say."""

    department: str | None = None
    role: str | None = None
    weekly_hours: Decimal | None = None


def mark_of(key: str) -> str:
    """What tells our people and orders from everybody else's. Raises ValueError for a key that is none."""
    if not KEY.fullmatch(key):
        raise ValueError("a key is of letters, digits, dots, colons and hyphens")
    return f"{MARK} {key}"


def key_in(text: str | None) -> str | None:
    """The key of the mark that ends a text."""
    found = re.search(rf"(?:^|\s){MARK} ({KEY.pattern})$", text or "")
    return found[1] if found else None


def key_of(party: Row) -> str | None:
    """The key under which a bot made the party."""
    keys = (key_in(i["code"]) for i in party["identifiers."] if not i["type"])
    return next((key for key in keys if key), None)


def person(row: Row) -> Person:
    contacts = [(contact["type"], contact["value"]) for contact in row["contact_mechanisms."]]
    return Person(
        id=str(row["id"]),
        name=row["name"] or "",
        key=key_of(row),
        emails=tuple(value for kind, value in contacts if kind == EMAIL and value),
        phones=tuple(value for kind, value in contacts if kind in PHONES and value),
        addresses=tuple(_address(place) for place in row["addresses."]),
        active=bool(row["active"]),
    )


def _address(place: Row) -> Address:
    country = (place["country."] or {}).get("code")
    return Address(
        street=place["street"] or "",
        postal_code=place["postal_code"] or "",
        city=place["city"] or "",
        country=country or "",
    )


def labels(party: Row, trees: Trees) -> Labels:
    """Department, role and working time of a party."""
    below = {(c["parent."] or {}).get("name"): c["name"] for c in party["categories."]}
    hours = below.get(trees.hours)
    return Labels(
        department=below.get(trees.department), role=below.get(trees.role), weekly_hours=hours_in(hours or "")
    )


def hours_in(name: str) -> Decimal | None:
    """The hours that a working time names: "38.5 h"."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,2})?) h", name)
    return Decimal(found[1]) if found else None


def hours_name(hours: Decimal) -> str:
    """How a working time is named: 38.50 is "38.5 h"."""
    return f"{hours.normalize():f} h"


def employee(row: Row, trees: Trees) -> Employee:
    party = row["party."]
    return Employee(
        id=str(row["id"]),
        person_id=str(party["id"]),
        name=party["name"] or "",
        key=key_of(party),
        active=bool(row["active"]),
        starts_on=row["start_date"],
        ends_on=row["end_date"],
        supervisor_id=_id(row["supervisor"]),
        **labels(party, trees).model_dump(),
    )


def account(row: Row) -> Account:
    return Account(
        id=str(row["id"]),
        login=row["login"],
        name=row["name"] or "",
        email=row["email"] or None,
        active=bool(row["active"]),
        groups=tuple(sorted(group["name"] for group in row["groups."])),
        employee_ids=tuple(str(number) for number in row["employees"]),
    )


def orders(rows: Iterable[Row]) -> list[SeatOrder]:
    """The requests for licences among the orders."""
    return [made for row in rows if (made := _order(row)) is not None]


def _order(row: Row) -> SeatOrder | None:
    key, lines = key_in(row["description"]), [line for line in row["lines."] if line["product."]]
    if key is None:
        return None
    return SeatOrder(
        id=str(row["id"]),
        key=key,
        product=lines[0]["product."]["code"] if lines else "",
        seats=int(sum(line["quantity"] or 0 for line in lines)),
        supplier=row["party."]["name"],
        state=ORDER_STATES[row["state"]],
        number=row["number"],
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
