"""sao's screens, a class each: the only place that knows where things are.

Fields are found by the model's field name, which sao puts on every input, and buttons by their id or name, so the
screens may be in any language. What a method does is done when it returns: `waits.Client` sees to that.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from connectors.tryton.waits import Act, Client, Completion, ScreenChanged, Wanted
from workitems.items import Noun

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload

INVOICE = "account.invoice"
PROBE = "deskhand-{}-probe"  # stands for a value in the search text while its wording is learnt
PANE = "#tabcontent > .tab-pane.active"
WINDOW = ".window-form.in"
LOGIN = ".login-dialog"
QUESTION = ".ask-dialog.in"
CONFIRMATION = ".confirmation-dialog.in"
WARNING = ".user-warning-dialog.in"

on_tab = partial(Act, within=PANE)
in_window = partial(Act, within=WINDOW)
yes = Act(what="click", at=".modal-footer button.btn-primary", within=CONFIRMATION, optional=True)


def field(name: str) -> str:
    """CSS of a form's own field: not of a list inside the form, and of a number the input that is shown."""
    return f'[name="{name}"]:not([type="number"]):not(.form-one2many *, .form-many2many *)'


class LoginPage:
    """The login dialog and the question for the password."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def enter(self, database: str, login: str, password: str) -> None:
        """Logs in. Raises DialogShown where the ERP refuses."""
        here = partial(Act, within=LOGIN, expect="login-dialog")
        asked = partial(Act, within=QUESTION)
        self._client.perform(
            here(what="enter", at="input#database:not([readonly])", value=database, optional=True),
            here(what="choose", at="select#database", value=database, optional=True),
            here(what="enter", at="input#login", value=login),
            Act(what="click", at="button[type=submit]", within=LOGIN, expect="ask-dialog"),
            asked(what="enter", at="input[type=password]", value=password, expect="ask-dialog"),
            asked(what="click", at="button.btn-primary"),
        )


class InvoiceTab:
    """The list of supplier invoices without its state tabs: what sao shows as "All"."""

    SEARCH = ".filter-box input.form-control"
    ROWS = ".content-box tbody tr"

    def __init__(self, client: Client, database: str) -> None:
        self._client = client
        self._database = database
        self._wording = ""

    def open(self) -> None:
        """Opens the tab by its address, searching for nothing, and learns how a search reads in the user's language."""
        probe = [["reference", "=", PROBE.format(1)], ["party.rec_name", "=", PROBE.format(2)]]
        given = {"domain": [["type", "=", "in"]], "search_value": probe}
        query = "&".join(f"{name}={quote(json.dumps(value))}" for name, value in given.items())
        self._client.page.evaluate("hash => { location.hash = hash }", f"{self._database}/model/{INVOICE};{query}")
        self._client.page.wait_for_selector(PANE)
        self._client.settle()
        self._wording = self._client.read(PANE, {"search": self.SEARCH})["search"] or ""
        if PROBE.format(1) not in self._wording or PROBE.format(2) not in self._wording:
            raise ScreenChanged("the search of the invoice list does not show what was searched for")

    def search(self, reference: str, party: str) -> int:
        """Shows the party's invoices of exactly that reference, in whatever state, and says how many there are."""
        text = self._wording.replace(PROBE.format(1), quoted(reference)).replace(PROBE.format(2), quoted(party))
        if not self._client.texts(PANE, self.SEARCH):
            self._client.perform(on_tab(what="click", at="button#switch_"))
        self._client.perform(
            on_tab(what="enter", at=self.SEARCH, value=text),
            on_tab(what="click", at=".filter-box button[type=submit]"),
        )
        return len(self._client.texts(PANE, self.ROWS))

    def new(self) -> InvoiceForm:
        """An empty invoice, its defaults already set."""
        self._client.perform(on_tab(what="click", at="button#new_"))
        return InvoiceForm(self._client)

    def show(self, index: int) -> InvoiceForm:
        """The invoice of that row of the list, from 0."""
        self._client.perform(on_tab(what="open", at=f"{self.ROWS} @{index} >> td[headers]"))
        return InvoiceForm(self._client)


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

    TAXES = ".form-one2many @1"  # after the lines

    def __init__(self, client: Client) -> None:
        self._client = client

    def set_header(self, reference: str, issued_on: date, description: str) -> None:
        """The supplier's number, the invoice date, and a description."""
        self._client.perform(
            on_tab(what="enter", at=field("reference"), value=reference),
            on_tab(what="enter", at=field("description"), value=description),
            on_tab(what="date", at=field("invoice_date"), value=issued_on.isoformat()),
        )

    def take_party(self, name: str, party_id: int) -> Completion:
        """Chooses the supplier; the ERP then fills in its address, account and payment term."""
        act = on_tab(what="complete", at=field("party"), value=name, wanted=Wanted(id=party_id))
        return self._client.perform(act)[-1]

    def currency(self) -> str:
        """The name of the invoice's currency."""
        return self._client.read(PANE, {"currency": field("currency")})["currency"] or ""

    def take_currency(self, code: str) -> Completion:
        """Chooses the currency by its code; possible while there are no lines."""
        at = field("currency")
        return self._client.perform(
            on_tab(what="enter", at=at),
            on_tab(what="complete", at=at, value=code, wanted=Wanted(pattern=".")),
        )[-1]

    def new_line(self) -> LinePopup:
        """The window for a new line."""
        self._client.perform(on_tab(what="click", at=".form-one2many-toolbar button @3"))
        return LinePopup(self._client)

    def tax_count(self) -> int:
        """How many tax lines the invoice has."""
        return len(self._client.texts(PANE, f"{self.TAXES} >> tbody tr"))

    def tax_line(self, index: int) -> TaxPopup:
        """The window of one tax line, from 0."""
        self._client.perform(on_tab(what="open", at=f"{self.TAXES} >> tbody tr @{index} >> td[headers]"))
        return TaxPopup(self._client)

    def shown(self) -> InvoiceShown:
        """What the form shows."""
        names = {"number", "state", "reference", "party", "currency", "description"}
        amounts = {"net": "untaxed_amount", "tax": "tax_amount", "total": "total_amount"}
        css = {name: field(name) for name in names} | {name: field(model) for name, model in amounts.items()}
        values = self._client.read(PANE, css)
        missing = [name for name, value in values.items() if value is None]
        if missing:
            raise ScreenChanged(f"the invoice form has no field {', '.join(missing)}")
        given: dict[str, Any] = {**values, "state": json.loads(values["state"] or '""')}
        return InvoiceShown.model_validate({k: v if k not in amounts else v or "0" for k, v in given.items()})

    def attachments(self) -> AttachmentMenu:
        """The menu of the files that are attached."""
        self._client.perform(on_tab(what="click", at="button#attach"))
        return AttachmentMenu(self._client)

    def save(self) -> None:
        """Saves the invoice as a draft."""
        self._client.perform(on_tab(what="click", at="button#save"))

    def validate(self) -> None:
        """Saves what is not saved and validates; the ERP gives the invoice its number."""
        self._client.perform(on_tab(what="click", at='button[name="validate_invoice"]'))

    def post(self) -> None:
        """Posts, and says yes to sao's question whether that is meant."""
        self._client.perform(on_tab(what="click", at='button[name="post"]', expect="confirmation-dialog"), yes)

    def delete(self) -> None:
        """Deletes a draft."""
        self._client.perform(
            on_tab(what="click", at=".toolbar a.navbar-brand.dropdown-toggle"),
            on_tab(what="click", at="a#delete_", expect="confirmation-dialog"),
            yes,
        )


class LinePopup:
    """The window of an invoice line."""

    TAXES = ".form-many2many"

    def __init__(self, client: Client) -> None:
        self._client = client

    def take_order_line(self, order_number: str, line_id: int) -> Completion:
        """Links the line to the purchase line of that id, which is among those that the order's number finds."""
        return self._client.perform(
            in_window(what="choose", at=".form-reference select", value="purchase.line"),
            in_window(what="complete", at=field("origin"), value=order_number, wanted=Wanted(id=line_id)),
        )[-1]

    def take_product(self, typed: str, name: str, quantity: Decimal, unit_price: Decimal) -> Completion:
        """The product of exactly that name (the ERP fills in account, unit and taxes), quantity and net unit price."""
        product = in_window(what="complete", at=field("product"), value=typed, wanted=Wanted(name=name))
        return self._client.perform(product, *self._amounts(quantity, unit_price))[-1]

    def take_account(self, typed: str, wanted: Wanted) -> Completion:
        """Chooses an account; the ERP fills in the account's own taxes."""
        return self._client.perform(in_window(what="complete", at=field("account"), value=typed, wanted=wanted))[-1]

    def set_amounts(self, quantity: Decimal, unit_price: Decimal) -> None:
        """Quantity (negative on credit notes) and net price of one unit."""
        self._client.perform(*self._amounts(quantity, unit_price))

    def _amounts(self, quantity: Decimal, unit_price: Decimal) -> tuple[Act, Act]:
        return (
            in_window(what="enter", at=field("quantity"), value=format(quantity, "f")),
            in_window(what="enter", at=field("unit_price"), value=format(unit_price, "f")),
        )

    def taxes(self) -> list[str]:
        """What the line's list of taxes shows."""
        return self._client.texts(WINDOW, f"{self.TAXES} tbody tr")

    def add_tax(self, typed: str, wanted: Wanted) -> Completion:
        """Adds a tax."""
        at = f'{self.TAXES} input[name="taxes"]'
        return self._client.perform(in_window(what="complete", at=at, value=typed, wanted=wanted))[-1]

    def describe(self, description: str) -> None:
        """Writes the line's description, which stands on a page of its own."""
        self._client.perform(
            in_window(what="click", at=".nav-tabs a @1"),
            in_window(what="enter", at='textarea[name="description"]', value=description),
            in_window(what="click", at=".nav-tabs a"),
        )

    def add(self, then: Literal["close", "next"]) -> None:
        """Puts the line on the invoice, and closes the window or empties it for the next line."""
        self._client.perform(
            in_window(what="click", at=f".modal-footer button#{'save' if then == 'close' else 'new_'}")
        )


class TaxPopup:
    """The window of one tax line of an invoice."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def amounts(self) -> tuple[Decimal, Decimal]:
        """Base and amount."""
        values = self._client.read(WINDOW, {"base": field("base"), "amount": field("amount")})
        return Decimal(values["base"] or "0"), Decimal(values["amount"] or "0")

    def set_amount(self, amount: Decimal) -> None:
        """Replaces the tax that the ERP computed."""
        self._client.perform(in_window(what="enter", at=field("amount"), value=format(amount, "f")))

    def close(self) -> None:
        """Takes the change over."""
        self._client.perform(in_window(what="click", at=".modal-footer button#save"))


class AttachmentMenu:
    """The open menu of an invoice's attachments."""

    MENU = f"{PANE} .btn-group:has(> button#attach), {PANE} .dropdown:has(> button#attach)"

    def __init__(self, client: Client) -> None:
        self._client = client

    def names(self) -> list[str]:
        """File names that are attached already: what stands in the menu above its line."""
        return self._client.texts(self.MENU, "ul > li[role=presentation]:not(.divider ~ *)")

    def add(self, file: FilePayload) -> None:
        """Attaches a file; sao saves it when its window is closed."""
        self._client.page.locator(self.MENU).locator("input[type=file]").set_input_files(file)
        self._client.settle()
        self._client.perform(in_window(what="click", at=".modal-footer button#save"))


class WarningQuestion:
    """A warning of the ERP that asks whether to go on all the same."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def decline(self) -> None:
        """Answers No; nothing is done."""
        self._client.perform(Act(what="click", at=".modal-footer button.btn-link", within=WARNING))
