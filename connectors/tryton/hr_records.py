"""Whom the company knows, employs and lets in, read through Tryton's JSON-RPC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from connectors.hr import Account, Candidate, Employee, Person, SeatOrder, Standing, Trait
from connectors.tryton import hr_rows as rows
from connectors.tryton.hr_names import SAME_PERSON, likeness, patterns
from connectors.tryton.refusals import review
from connectors.tryton.rpc import Row, TrytonRpc

MOST_PARTS = 6  # of a name that are searched for


class TrytonHrRecords:
    """Implements `HrRecords`. Everything is asked anew each time. Raises TryLater when the system is away."""

    def __init__(self, rpc: TrytonRpc, trees: rows.Trees | None = None) -> None:
        self._rpc, self._trees = rpc, trees or rows.Trees()

    def find_person(self, name: str, born_on: date | None = None, email: str | None = None) -> Sequence[Candidate]:
        """Among employees, former ones too, by likeness; among all others by a part of the name or the address.

        Tryton keeps no birth dates, so `born_on` never agrees or differs.
        """
        staff = [row["party"] for row in self._rpc.read_all("company.employee", [], ["party"])]
        words = [("name", "ilike", pattern) for pattern in patterns(name)[:MOST_PARTS]]
        mails = [("contact_mechanisms.value", "ilike", _literally(email))] if email else []
        found = self._people([["OR", ("id", "in", staff), *words, *mails]])
        candidates = [_candidate(person, name, email) for person in found]
        likely = [c for c in candidates if c.likeness >= SAME_PERSON or "email" in c.agrees]
        return sorted(likely, key=lambda c: (len(c.agrees) - len(c.differs), c.likeness, c.person.active), reverse=True)

    def person(self, key: str) -> Person | None:
        """By the mark among the person's identifiers."""
        row = self.party(key)
        return None if row is None else rows.person(row)

    def employee(self, employee_id: str) -> Employee | None:
        """By its id."""
        return next(iter(self._employees([("id", "=", int(employee_id))])), None)

    def employees(self, person_id: str) -> Sequence[Employee]:
        """By the person."""
        return self._employees([("party", "=", int(person_id))])

    def find_employee(self, name: str) -> Sequence[Employee]:
        """By likeness of the name; those who are there before those who are not."""
        ranked = [(likeness(name, found.name), found) for found in self._employees([])]
        likely = [(like, found.active, found) for like, found in ranked if like >= SAME_PERSON]
        return [found for *_, found in sorted(likely, key=lambda each: each[:2], reverse=True)]

    def find_user(self, login: str) -> Account | None:
        """By the login, capitals apart as the system compares them."""
        found = self._accounts([("login", "ilike", _literally(login))])
        return next((a for a in found if a.login.casefold() == login.casefold()), None)

    def account(self, account_id: str) -> Account | None:
        """By its id."""
        return next(iter(self._accounts([("id", "=", int(account_id))])), None)

    def accounts(self, employee_id: str) -> Sequence[Account]:
        """By the employment that they are linked to."""
        return self._accounts([("employees", "in", [int(employee_id)])])

    def groups(self) -> Sequence[str]:
        """By name."""
        return sorted(self.ids("res.group"))

    def departments(self) -> Sequence[str]:
        """By name."""
        return sorted(name for tree, name in self.labels() if tree == self._trees.department)

    def roles(self) -> Sequence[str]:
        """By name."""
        return sorted(name for tree, name in self.labels() if tree == self._trees.role)

    def seat_order(self, key: str) -> SeatOrder | None:
        """By the mark at the end of the order's description; one that was not cancelled before the others."""
        found = [order for order in self._orders(key) if order.key == key]
        if len([order for order in found if order.state != "cancelled"]) > 1:
            raise review("hr_twice", f"The licences of {key} are ordered twice.")
        return min(found, key=lambda order: (order.state == "cancelled", int(order.id)), default=None)

    def standing(self, key: str) -> Standing:
        """Person, employments, accounts and requests."""
        person = self.person(key)
        employees = tuple(self.employees(person.id)) if person else ()
        mine = [int(employee.id) for employee in employees]
        accounts = tuple(self._accounts([("employees", "in", mine)])) if mine else ()
        orders = tuple(o for o in self._orders(key) if o.key == key or o.key.startswith(f"{key}:"))
        return Standing(person=person, employees=employees, accounts=accounts, orders=orders)

    def close(self) -> None:
        """Ends the session."""
        self._rpc.close()

    # ---- what the screens' driver needs besides: rows and ids

    @property
    def trees(self) -> rows.Trees:
        """The categories below which departments, roles and working times stand."""
        return self._trees

    def party(self, key: str) -> Row | None:
        """The row of the person of that key. Raises NeedsReview where there are two."""
        domain = [("identifiers.code", "=", rows.mark_of(key))]
        read = self._rpc.read_all("party.party", domain, rows.PERSON_FIELDS)
        found = [row for row in read if rows.key_of(row) == key]
        if len(found) > 1:
            raise review(
                "hr_twice", f"The HR system has two people under {key}: {', '.join(str(r['id']) for r in found)}."
            )
        return found[0] if found else None

    def person_of(self, person_id: str) -> Person | None:
        """By its id."""
        return next(iter(self._people([("id", "=", int(person_id))])), None)

    def code(self, person_id: str) -> str:
        """The party's number, which finds it and few others; its name where it has none."""
        row = self.row("party.party", person_id, ["code", "name"])
        return str(row["code"] or row["name"]) if row else ""

    def row(self, model: str, number: str, fields: Sequence[str]) -> Row | None:
        """One record, active or not."""
        return next(iter(self._rpc.read_all(model, [("id", "=", int(number))], fields)), None)

    def ids(self, model: str, name: str = "name") -> dict[str, int]:
        """The model's active records by name, or by another field."""
        return {row[name]: row["id"] for row in self._rpc.read(model, [], [name]) if row[name]}

    def labels(self) -> dict[tuple[str, str], int]:
        """Ids of the categories by tree and name."""
        found = self._rpc.read("party.category", [("parent", "!=", None)], ["name", "parent.name"])
        return {(row["parent."]["name"], row["name"]): row["id"] for row in found}

    def seller(self, product: str) -> tuple[int, Row] | None:
        """The id of a product and the party (id, name, code) that sells it first."""
        fields = ["template.product_suppliers.party.name", "template.product_suppliers.party.code"]
        for row in self._rpc.read("product.product", [("code", "=", product)], fields):
            for supplied in row["template."]["product_suppliers."]:
                return row["id"], supplied["party."]
        return None

    def _people(self, domain: list[Any]) -> list[Person]:
        return [rows.person(row) for row in self._rpc.read_all("party.party", domain, rows.PERSON_FIELDS)]

    def _employees(self, domain: list[Any]) -> list[Employee]:
        found = self._rpc.read_all("company.employee", domain, rows.EMPLOYEE_FIELDS)
        return [rows.employee(row, self._trees) for row in found]

    def _accounts(self, domain: list[Any]) -> list[Account]:
        found = self._rpc.read_all("res.user", domain, rows.ACCOUNT_FIELDS)
        return [rows.account(row) for row in found]

    def _orders(self, key: str) -> list[SeatOrder]:
        domain = [("description", "like", f"%{_literally(rows.mark_of(key))}%")]
        return rows.orders(self._rpc.read("purchase.purchase", domain, rows.ORDER_FIELDS))


def _candidate(person: Person, name: str, email: str | None) -> Candidate:
    like = likeness(person.name, name)
    known: dict[Trait, bool] = {"name": like >= SAME_PERSON}
    if email and person.emails:
        known["email"] = email.casefold() in {mail.casefold() for mail in person.emails}
    return Candidate(
        person=person,
        agrees=tuple(trait for trait, same in known.items() if same),
        differs=tuple(trait for trait, same in known.items() if not same),
        likeness=round(like, 3),
    )


def _literally(text: str) -> str:
    """Without a meaning for LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
