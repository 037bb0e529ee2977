"""sao's screens for HR: a form each for a party, an employee, a user and a purchase. `pages` says how places are told.

A form is opened by its record's address, so no list is searched; a new one from a list that shows nothing.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Self
from urllib.parse import quote

from connectors.hr import Address
from connectors.tryton.pages.places import PANE, field, in_window, on_tab, yes
from connectors.tryton.waits import Act, Client, Completion, Wanted

NEW = ".form-one2many-toolbar button @3"  # switch, previous, next, new
NOTHING = quote(json.dumps([["id", "=", -1]]))
_openings = itertools.count(1)


class RecordForm:
    """One record of a model, on a tab of its own."""

    MODEL: ClassVar[str]

    def __init__(self, client: Client, database: str) -> None:
        self._client = client
        self._at = f"{database}/model/{self.MODEL}"

    def new(self) -> Self:
        """An empty record, its defaults already set."""
        self._show(f"{self._at};domain={NOTHING}&")
        self._client.perform(on_tab(what="click", at="button#new_"))
        return self

    def open(self, record_id: str) -> Self:
        """A record that is there."""
        self._show(f"{self._at}/{int(record_id)};")
        return self

    def save(self) -> None:
        """Saves; a record that is new is made by this call alone."""
        self._client.perform(on_tab(what="click", at="button#save"))

    def close(self) -> None:
        """Closes the tab, of which nothing is unsaved; what stays open grows, and shows what it showed."""
        self._client.perform(
            on_tab(what="click", at=".toolbar a.navbar-brand.dropdown-toggle"), on_tab(what="click", at="a#close")
        )

    def set_active(self, active: bool) -> None:
        """Ticks the record as active or not, unless it is so."""
        state = ":not(:checked)" if active else ":checked"
        self._client.perform(on_tab(what="click", at=f"{field('active')}{state}", optional=True))

    def _show(self, address: str) -> None:
        """Opens a tab. sao shows an open one again where the address is the same, and that one may be out of date."""
        address = f"{address}opening={next(_openings)}"
        self._client.page.evaluate("hash => { location.hash = hash }", address)
        self._client.page.wait_for_selector(PANE)
        self._client.settle()

    def _turn_to(self, page: int) -> None:
        """Opens a page of the form, from 0."""
        self._client.perform(on_tab(what="click", at=f".nav-tabs a @{page}"))

    def _take(self, name: str, typed: str, record_id: int) -> Completion:
        empty = on_tab(what="enter", at=field(name))  # with a value in it, it would complete that
        return self._client.perform(
            empty, on_tab(what="complete", at=field(name), value=typed, wanted=Wanted(id=record_id))
        )[-1]

    def _add(self, name: str, typed: str, record_id: int) -> Completion:
        """Adds to a list of links."""
        act = on_tab(what="complete", at=f'input[name="{name}"]', value=typed, wanted=Wanted(id=record_id))
        return self._client.perform(act)[-1]

    def _take_out(self, box: str, names: Iterable[str]) -> None:
        """Takes the links of these names out of the list in that box, all at once."""
        wanted = set(names)
        marked = [text.strip() in wanted for text in self._client.texts(PANE, f"{box} >> tbody tr")]
        if not any(marked):
            return
        ticks = []
        for index, mark in enumerate(marked):  # sao itself ticks the row that it shows first
            state = ":not(:checked)" if mark else ":checked"
            row = f"{box} >> tbody tr @{index} >> td.selection-state input{state}"
            ticks.append(on_tab(what="click", at=row, optional=True))
        self._client.perform(*ticks, on_tab(what="click", at=f"{box} >> button @1"))


class PersonForm(RecordForm):
    """A party."""

    MODEL = "party.party"
    ADDRESS, CONTACTS, CATEGORIES = ".form-one2many @0", ".form-one2many @1", ".form-many2many @0"
    GENERAL, IDENTIFIERS = 0, 2  # its pages

    def set_name(self, name: str) -> None:
        """The whole name."""
        self._client.perform(on_tab(what="enter", at=field("name"), value=name))

    def add_address(self, address: Address, country_id: int, country: str) -> Completion:
        """One more address; a new party comes with an empty one. Returns what the field of the country offered."""
        here = f"{self.ADDRESS} >> "
        act = on_tab(what="complete", at=f'{here}input[name="country"]', value=country, wanted=Wanted(id=country_id))
        if self._has_address():
            self._client.perform(on_tab(what="click", at=here + NEW))
        return self._client.perform(
            on_tab(what="enter", at=f'{here}textarea[name="street"]', value=address.street),
            on_tab(what="enter", at=f'{here}input[name="postal_code"]', value=address.postal_code),
            on_tab(what="enter", at=f'{here}input[name="city"]', value=address.city),
            act,
        )[-1]

    def _has_address(self) -> bool:
        """Whether the address that is shown, if there is one, says anything."""
        parts = {name: f'.form-one2many [name="{name}"]' for name in ("street", "postal_code", "city")}
        return any(value != "" for value in self._client.read(PANE, parts).values())

    def add_contact(self, kind: str, value: str) -> None:
        """A mail address ("email") or a telephone number ("phone")."""
        row = f"{self.CONTACTS} >> tbody tr.selected >> "
        self._client.perform(
            on_tab(what="click", at=f"{self.CONTACTS} >> {NEW}"),
            on_tab(what="choose", at=f'{row}select[name="type"]', value=json.dumps(kind)),
            on_tab(what="enter", at=f'{row}input[name="value"]', value=value),
        )

    def turn_to_general(self) -> None:
        """Opens the page with addresses, contacts and categories."""
        self._turn_to(self.GENERAL)

    def add_identifier(self, code: str) -> None:
        """A number of no official kind."""
        self._turn_to(self.IDENTIFIERS)
        self._client.perform(
            on_tab(what="click", at=f".form-one2many @0 >> {NEW}"),
            in_window(what="enter", at='input[name="code"]', value=code),
            in_window(what="click", at=".modal-footer button#save"),
        )

    def add_category(self, name: str, category_id: int) -> Completion:
        """Department, role or working time; `name` is what finds it."""
        return self._add("categories", name, category_id)

    def remove_categories(self, names: Iterable[str]) -> None:
        """By their full names: "Department / Sales"."""
        self._take_out(self.CATEGORIES, names)


class EmployeeForm(RecordForm):
    """An employment."""

    MODEL = "company.employee"

    def take_person(self, typed: str, party_id: int) -> Completion:
        """Whose employment it is."""
        return self._take("party", typed, party_id)

    def take_supervisor(self, typed: str, employee_id: int) -> Completion:
        """The employee who oversees this one."""
        return self._take("supervisor", typed, employee_id)

    def set_dates(self, **days: date | None) -> None:
        """`start_date` and `end_date`; None empties the field. What is not named stays."""
        self._client.perform(*(self._day(name, day) for name, day in days.items()))

    def _day(self, name: str, day: date | None) -> Act:
        if day is None:
            return on_tab(what="enter", at=field(name))
        return on_tab(what="date", at=field(name), value=day.isoformat())


class AccountForm(RecordForm):
    """A user."""

    MODEL = "res.user"
    GROUPS = 2  # its page
    LIST = ".form-many2many @0"

    def set_header(self, login: str, name: str, email: str | None) -> None:
        """Login, name and mail address."""
        self._client.perform(
            on_tab(what="enter", at=field("name"), value=name),
            on_tab(what="enter", at=field("login"), value=login),
            on_tab(what="enter", at=field("email"), value=email or ""),
        )

    def add_employee(self, typed: str, employee_id: int) -> Completion:
        """Links an employee and makes it the current one. Those who have not begun or have left are not offered."""
        found = self._add("employees", typed, employee_id)
        if found.taken is not None:
            self._client.perform(on_tab(what="choose", at='select[name="employee"]', value=str(employee_id)))
        return found

    def turn_to_groups(self) -> None:
        """Opens the page with the groups."""
        self._turn_to(self.GROUPS)

    def add_group(self, name: str, group_id: int) -> Completion:
        """One more group."""
        return self._add("groups", name, group_id)

    def remove_groups(self, names: Iterable[str]) -> None:
        """By their names."""
        self._take_out(self.LIST, names)


class OrderForm(RecordForm):
    """A purchase."""

    MODEL = "purchase.purchase"

    def take_supplier(self, typed: str, party_id: int) -> Completion:
        """Who sells; address, payment term and currency follow from it."""
        return self._take("party", typed, party_id)

    def describe(self, description: str) -> None:
        """One line for whoever decides."""
        self._client.perform(on_tab(what="enter", at=field("description"), value=description))

    def add_line(self, code: str, product_id: int, quantity: int) -> Completion:
        """A product at the supplier's price."""
        found = self._client.perform(
            on_tab(what="click", at=f".form-one2many @0 >> {NEW}"),
            in_window(what="complete", at=field("product"), value=code, wanted=Wanted(id=product_id)),
        )[-1]
        if found.taken is not None:
            self._client.perform(
                in_window(what="enter", at=field("quantity"), value=str(quantity)),
                in_window(what="click", at=".modal-footer button#save"),
            )
        return found

    def cancel(self) -> None:
        """Cancels, and says yes where sao asks whether that is meant."""
        self._client.perform(on_tab(what="click", at='button[name="cancel"]', expect="confirmation-dialog"), yes)
