"""The supplier invoices: the list and the form."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from connectors.tryton.pages.places import PANE, field, on_tab, yes
from connectors.tryton.pages.popups import AttachmentMenu, LinePopup, TaxPopup
from connectors.tryton.waits import Client, Completion, ScreenChanged, Wanted
from workitems.items import Noun

INVOICE = "account.invoice"
PROBE = "deskhand-{}-probe"  # stands for a value in the search text while its wording is learnt


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
    cancel_move: str = ""  # the entry that took it back


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
        names = {"number", "state", "reference", "party", "currency", "description", "cancel_move"}
        amounts = {"net": "untaxed_amount", "tax": "tax_amount", "total": "total_amount"}
        css = {name: field(name) for name in names} | {name: field(model) for name, model in amounts.items()}
        values = self._client.read(PANE, css)
        values["cancel_move"] = values["cancel_move"] or ""  # a company may have taken it off the form
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

    def cancel(self) -> None:
        """Cancels, and says yes to sao's question whether that is meant; a move then undoes what was posted."""
        self._client.perform(on_tab(what="click", at='button[name="cancel"]', expect="confirmation-dialog"), yes)

    def delete(self) -> None:
        """Deletes a draft."""
        self._client.perform(
            on_tab(what="click", at=".toolbar a.navbar-brand.dropdown-toggle"),
            on_tab(what="click", at="a#delete_", expect="confirmation-dialog"),
            yes,
        )
