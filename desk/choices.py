"""What the company's records offer to choose from: suppliers, accounts, and the lines of the orders that are named."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from connectors import Account, Order, Supplier

_NAMED = re.compile(r".*\(((?:id:)?[^()\s]+)\)")


class Choice(NamedTuple):
    """One value that an answer may have, how it stands in the form, and what explains it in the list.

    A label that is not the value itself ends with the value in brackets, so that it is understood while the records
    are away.
    """

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Offers:
    """The records as far as they are known now; `away`: the ERP did not answer, so nothing can be offered."""

    suppliers: tuple[Supplier, ...] = ()
    accounts: tuple[Account, ...] = ()
    orders: tuple[Order, ...] = ()
    away: bool = False

    def choices(self, field: str) -> tuple[Choice, ...]:
        """What may be chosen for a field; nothing where anything may be typed."""
        if field == "supplier_id":
            return tuple(Choice(s.id, f"{s.name} ({s.id})") for s in self.suppliers)
        if field == "account":
            return tuple(Choice(a.code, a.code, a.name) for a in self.accounts)
        if field == "order_line":
            return tuple(
                Choice(f"id:{line.id}", f"{order.number}/{n} (id:{line.id})", line.product_name or line.description)
                for order in self.orders
                for n, line in enumerate(order.lines, 1)
            )
        return ()

    def label(self, field: str, value: str) -> str:
        """How a person sees a value."""
        return next((c.label for c in self.choices(field) if c.value == value), value)

    def value(self, field: str, text: str) -> str:
        """The value of what was chosen or typed; what is no choice stays as it is."""
        chosen = next((c.value for c in self.choices(field) if text in (c.label, c.value)), None)
        named = _NAMED.fullmatch(text) if field in ("supplier_id", "order_line") else None
        return chosen or (named[1] if named else text)

    def knows(self, field: str, value: str) -> bool:
        """Whether a value is among the choices; true where there are none to compare with."""
        offered = self.choices(field)
        return not offered or any(c.value == value for c in offered)

    def supplier_name(self, supplier_id: str) -> str:
        """The name of a supplier by the ERP's id."""
        return next((s.name for s in self.suppliers if s.id == supplier_id), "")


Ask = Callable[[Sequence[str]], Offers]
"""Asks the records, with the order numbers that matter. Returns soon, and never raises: records that are away offer
nothing."""
