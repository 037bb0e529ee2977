"""The windows and menus that an invoice's form opens."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from connectors.tryton.pages.places import PANE, WINDOW, field, in_window
from connectors.tryton.waits import Act, Client, Completion, Wanted

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload


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
