"""sao's screens, a class each: the only place that knows a locator.

Fields are found by the model's field name, which sao puts on every input, and buttons by their id or name, so the
screens may be in any language. What a method does is done when it returns: `waits.Client` sees to that.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from connectors.tryton.waits import Client, Completion, DialogShown, ScreenChanged, Wanted
from workitems.items import Noun

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator

INVOICE = "account.invoice"
PROBE = "deskhand-{}-probe"  # stands for a value in the search text while its wording is learnt


def field(name: str) -> str:
    """CSS of a form's own field: not of a list inside the form, and of a number the input that is shown."""
    return f'[name="{name}"]:not([type="number"]):not(.form-one2many *, .form-many2many *)'


class LoginPage:
    """The login dialog, and the question for the password that also comes when a session was lost."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._dialog = client.page.locator(".login-dialog")
        self._question = client.page.locator(".ask-dialog.in")

    def enter(self, database: str, login: str, password: str) -> None:
        """Logs in. Raises DialogShown where the ERP refuses."""
        wanted = self._dialog.locator("input#database:visible:not([readonly])")
        if wanted.count():
            self._client.enter(wanted, database, inside="login-dialog")
        choice = self._dialog.locator("select#database:visible")
        if choice.count():
            self._client.enter(choice, database, "choose", inside="login-dialog")
        self._client.enter(self._dialog.locator("input#login"), login, inside="login-dialog")
        self._client.click(self._dialog.locator("button[type=submit]"), expect="ask-dialog")
        self._client.enter(self._question.locator("input[type=password]"), password, inside="ask-dialog")
        self._client.click(self._question.locator("button.btn-primary"))


class InvoiceTab:
    """The list of supplier invoices without its state tabs: what sao shows as "All"."""

    def __init__(self, client: Client, database: str) -> None:
        self._client = client
        self._database = database
        self._pane = client.page.locator("#tabcontent > .tab-pane.active")
        self._list = self._pane.locator(".content-box > .tree-container, .content-box > .treeview").first
        self._wording = ""

    def open(self) -> None:
        """Opens the tab by its address, searching for nothing, and learns how a search reads in the user's language."""
        probe = [["reference", "=", PROBE.format(1)], ["party.rec_name", "=", PROBE.format(2)]]
        given = {"domain": [["type", "=", "in"]], "search_value": probe}
        query = "&".join(f"{name}={quote(json.dumps(value))}" for name, value in given.items())
        self._client.page.evaluate("hash => { location.hash = hash }", f"{self._database}/model/{INVOICE};{query}")
        self._client.settle()
        self._pane.wait_for()
        self._wording = self._search.input_value()
        if PROBE.format(1) not in self._wording or PROBE.format(2) not in self._wording:
            raise ScreenChanged("the search of the invoice list does not show what was searched for")

    @property
    def _search(self) -> Locator:
        return self._pane.locator(".filter-box input.form-control").first

    def search(self, reference: str, party: str) -> int:
        """Shows the party's invoices of exactly that reference, in whatever state, and says how many there are."""
        if not self._search.is_visible():
            self._client.click(self._pane.locator("button#switch_"))
        text = self._wording.replace(PROBE.format(1), quoted(reference)).replace(PROBE.format(2), quoted(party))
        self._client.enter(self._search, text)
        self._client.click(self._pane.locator(".filter-box button[type=submit]"))
        return self._rows.count()

    @property
    def _rows(self) -> Locator:
        return self._pane.locator(".content-box tbody tr:visible")

    def new(self) -> InvoiceForm:
        """An empty invoice, its defaults already set."""
        self._client.click(self._pane.locator("button#new_"))
        return self._form()

    def show(self, index: int) -> InvoiceForm:
        """The invoice of that row of the list, from 0."""
        self._client.open(self._rows.nth(index).locator("td[headers]:visible").first)
        return self._form()

    def _form(self) -> InvoiceForm:
        return InvoiceForm(self._client, self._pane)


def quoted(value: str) -> str:
    """A value as the search text takes it literally."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class InvoiceShown(Noun):
    """What an invoice's form shows; amounts in the invoice's currency, negative on credit notes."""

    number: str
    state: str
    reference: str
    party: str
    currency: str
    description: str
    net: Decimal
    tax: Decimal
    total: Decimal


class InvoiceForm:
    """One supplier invoice."""

    def __init__(self, client: Client, pane: Locator) -> None:
        self._client = client
        self._pane = pane
        self._lists = pane.locator(".form-one2many")  # the first is the lines, the second the taxes

    def take_party(self, name: str, party_id: int) -> Completion:
        """Chooses the supplier; the ERP then fills in its address, account and payment term."""
        return self._client.complete(self._pane.locator(field("party")), name, Wanted(id=party_id))

    def currency(self) -> str:
        """The name of the invoice's currency."""
        return self._pane.locator(field("currency")).input_value()

    def take_currency(self, code: str) -> Completion:
        """Chooses the currency by its code; possible while there are no lines."""
        entry = self._pane.locator(field("currency"))
        self._client.enter(entry, "")
        return self._client.complete(entry, code, Wanted(pattern="."))

    def set_header(self, reference: str, issued_on: date, description: str) -> None:
        """The supplier's number, the invoice date, and a description."""
        self._client.enter(self._pane.locator(field("reference")), reference)
        self._client.enter(self._pane.locator(field("description")), description)
        self._client.enter(self._pane.locator(field("invoice_date")), issued_on.isoformat(), "date")

    def new_line(self) -> LinePopup:
        """The window for a new line."""
        self._client.click(self._lists.nth(0).locator(".form-one2many-toolbar button:has(img)").nth(3))
        return LinePopup(self._client)

    def tax_count(self) -> int:
        """How many tax lines the invoice has."""
        return self._lists.nth(1).locator("tbody tr:visible").count()

    def tax_line(self, index: int) -> TaxPopup:
        """The window of one tax line, from 0."""
        self._client.open(
            self._lists.nth(1).locator("tbody tr:visible").nth(index).locator("td[headers]:visible").first
        )
        return TaxPopup(self._client)

    def shown(self) -> InvoiceShown:
        """What the form shows."""
        names = {"number", "state", "reference", "party", "currency", "description"}
        amounts = {"net": "untaxed_amount", "tax": "tax_amount", "total": "total_amount"}
        css = {name: field(name) for name in names} | {name: field(model) for name, model in amounts.items()}
        values = self._client.read(self._pane, css)
        missing = [name for name, value in values.items() if value is None]
        if missing:
            raise ScreenChanged(f"the invoice form has no field {', '.join(missing)}")
        given: dict[str, Any] = {**values, "state": json.loads(values["state"] or '""')}
        return InvoiceShown.model_validate({k: v if k not in amounts else v or "0" for k, v in given.items()})

    def attachments(self) -> AttachmentMenu:
        """The menu of the files that are attached."""
        button = self._pane.locator("button#attach")
        self._client.click(button)
        return AttachmentMenu(self._client, self._pane.locator(".btn-group.open, .dropdown.open").last)

    def save(self) -> None:
        """Saves the invoice as a draft."""
        self._client.click(self._pane.locator("button#save"))

    def validate(self) -> None:
        """Saves what is not saved and validates; the ERP gives the invoice its number."""
        self._client.click(self._pane.locator('button[name="validate_invoice"]'))

    def post(self) -> None:
        """Posts, and says yes to sao's question whether that is meant."""
        if self._client.click(self._pane.locator('button[name="post"]'), expect="confirmation-dialog"):
            self._client.click(Confirmation(self._client).yes)

    def delete(self) -> None:
        """Deletes a draft."""
        self._client.click(self._pane.locator(".toolbar a.navbar-brand.dropdown-toggle"))
        if self._client.click(self._pane.locator("a#delete_"), expect="confirmation-dialog"):
            self._client.click(Confirmation(self._client).yes)


class LinePopup:
    """The window of an invoice line."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._window = client.page.locator(".window-form.in").last

    def _field(self, name: str) -> Locator:
        return self._window.locator(field(name))

    def take_order_line(self, order_number: str, line_id: int) -> Completion:
        """Links the line to the purchase line of that id, which is among those that the order's number finds."""
        self._client.enter(self._window.locator(".form-reference select"), "purchase.line", "choose")
        return self._client.complete(self._field("origin"), order_number, Wanted(id=line_id))

    def take_product(self, typed: str, name: str) -> Completion:
        """Chooses the product of exactly that name; the ERP fills in account, unit and taxes."""
        return self._client.complete(self._field("product"), typed, Wanted(name=name))

    def take_account(self, typed: str, wanted: Wanted) -> Completion:
        """Chooses an account; the ERP fills in the account's own taxes."""
        return self._client.complete(self._field("account"), typed, wanted)

    def take_unit(self, symbol: str) -> Completion:
        """Chooses the unit of that symbol or name."""
        entry = self._field("unit")
        self._client.enter(entry, "")
        return self._client.complete(entry, symbol, Wanted(pattern="."))

    def unit(self) -> str:
        """The name of the line's unit."""
        return self._field("unit").input_value()

    def taxes(self) -> list[str]:
        """Names of the taxes that the line has."""
        return [name.strip() for name in self._taxes.locator("tbody tr:visible td[headers]").all_inner_texts()]

    def add_tax(self, typed: str, wanted: Wanted) -> Completion:
        """Adds a tax."""
        return self._client.complete(self._taxes.locator('input[name="taxes"]'), typed, wanted)

    @property
    def _taxes(self) -> Locator:
        return self._window.locator(".form-many2many")

    def describe(self, description: str) -> None:
        """Writes the line's description, which stands on a page of its own."""
        page = self._window.locator('.tab-pane:has([name="description"])').get_attribute("id")
        self._client.click(self._window.locator(f'.nav-tabs a[href="#{page}"]'))
        self._client.enter(self._window.locator('textarea[name="description"]'), description)
        self._client.click(self._window.locator(".nav-tabs a").first)

    def set_amounts(self, quantity: Decimal, unit_price: Decimal) -> None:
        """Quantity (negative on credit notes) and net price of one unit."""
        self._client.enter(self._field("quantity"), format(quantity, "f"))
        self._client.enter(self._field("unit_price"), format(unit_price, "f"))

    def add(self) -> None:
        """Puts the line on the invoice and closes the window."""
        self._client.click(self._window.locator(".modal-footer button#save"))

    def add_and_new(self) -> None:
        """Puts the line on the invoice and empties the window for the next."""
        self._client.click(self._window.locator(".modal-footer button#new_"))


class TaxPopup:
    """The window of one tax line of an invoice."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._window = client.page.locator(".window-form.in").last

    def amounts(self) -> tuple[Decimal, Decimal]:
        """Base and amount."""
        values = self._client.read(self._window, {"base": field("base"), "amount": field("amount")})
        return Decimal(values["base"] or "0"), Decimal(values["amount"] or "0")

    def set_amount(self, amount: Decimal) -> None:
        """Replaces the tax that the ERP computed."""
        self._client.enter(self._window.locator(field("amount")), format(amount, "f"))

    def close(self) -> None:
        """Takes the change over."""
        self._client.click(self._window.locator(".modal-footer button#save"))


class AttachmentMenu:
    """The open menu of an invoice's attachments."""

    def __init__(self, client: Client, menu: Locator) -> None:
        self._client = client
        self._menu = menu

    def names(self) -> list[str]:
        """File names that are attached already."""
        return self._menu.locator("ul > li[role=presentation]:not(.divider ~ *) a").all_inner_texts()

    def add(self, file: FilePayload) -> None:
        """Attaches a file; sao saves it when its window is closed."""
        self._menu.locator("input[type=file]").set_input_files(file)
        self._client.settle()
        self._client.click(self._client.page.locator(".window-form.in .modal-footer button#save"))


class Confirmation:
    """A question of sao."""

    def __init__(self, client: Client) -> None:
        dialog = client.page.locator(".confirmation-dialog.in")
        self.yes = dialog.locator(".modal-footer button.btn-primary")


class WarningQuestion:
    """A warning of the ERP that asks whether to go on all the same."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def decline(self) -> None:
        """Answers No; nothing is done."""
        no = self._client.page.locator(".user-warning-dialog.in .modal-footer button.btn-link")
        try:
            self._client.click(no)
        except DialogShown:  # sao may tell that nothing was done
            return
