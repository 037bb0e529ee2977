"""The order lines that an invoice line may belong to, and how much of each may still be invoiced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bots.invoices.lines import cents
from connectors import Order, OrderLine


@dataclass(frozen=True)
class Target:
    """One order line; `position` counts from 1 within its order."""

    order: Order
    position: int
    line: OrderLine

    @property
    def key(self) -> tuple[str, int]:
        """What names the order line among those of all orders."""
        return self.order.number, self.position

    @property
    def name(self) -> str:
        """The order line in a sentence."""
        text = self.line.product_name or self.line.description
        return f"line {self.position} of order {self.order.number}" + (f" (“{text}”)" if text else "")

    def open(self, credit: bool = False) -> Decimal:
        """The quantity that may still be invoiced; for credit notes: that was invoiced and may be credited.

        Goods: what was received (three-way match), but never more than was ordered. Services: what was ordered.
        """
        if credit:
            return self.line.invoiced
        due = self.line.quantity if self.line.is_service else min(self.line.received, self.line.quantity)
        return due - self.line.invoiced


def targets_of(orders: Sequence[Order]) -> list[Target]:
    """All lines of the orders, in an order that depends on nothing but their numbers."""
    found = [Target(order, i, line) for order in orders for i, line in enumerate(order.lines, 1)]
    return sorted(found, key=lambda t: t.key)


def open_value(orders: Sequence[Order], credit: bool = False) -> Decimal:
    """The net value of all that is open on the orders, in their currency."""
    lines = (t for t in targets_of(orders) if t.open(credit) > 0)
    return sum((cents(t.open(credit) * t.line.unit_price) for t in lines), Decimal(0))
