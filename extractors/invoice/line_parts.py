"""What a table's body is taken apart into: rows, items in the making, charges between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from extractors.invoice.columns import Chunk
from extractors.invoice.layout import Piece, Row
from extractors.invoice.sums import CENT


@dataclass
class Body:
    """A row of a table's body: its chunks, and what it is."""

    row: Row
    parts: list[Chunk]
    is_anchor: bool = False
    reduction: Chunk | None = None

    def texts(self) -> list[Chunk]:
        """What stands in the description's column, numbers that begin it (an article's) included."""
        return [c for c in self.parts if c.role == "description"]


@dataclass
class Item:
    """A line in the making: its chunks by role, and the rows of text around it."""

    row: Row
    parts: list[Chunk]
    description: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    reductions: list[Chunk] = field(default_factory=list)
    given: dict[str, Decimal] = field(default_factory=dict)  # numbers that stand in no column
    mended: dict[str, Decimal] = field(default_factory=dict)  # figures put right by arithmetic
    is_borrowed: bool = False  # the description stands above or below the figures

    def number(self, role: str) -> Decimal | None:
        """The number in a column; of several the one that fits the item's arithmetic (a gross and a net price)."""
        if role in self.mended:
            return self.mended[role]
        chunk = self.chunk(role)
        return chunk.amount.value if chunk and chunk.amount else self.given.get(role)

    def chunk(self, role: str) -> Chunk | None:
        """The words behind `number`."""
        found = [c for c in self.parts if c.role == role and c.amount]
        if role == "unit_price" and len(found) > 1:
            quantity, amount = self.number("quantity"), self.number("amount")
            fitting = [
                c
                for c in found
                if c.amount and quantity and amount and abs(c.amount.value * quantity - amount) <= Decimal("0.02")
            ]
            return (fitting or found)[0]
        return found[0] if found else None

    def is_product(self) -> bool:
        """Quantity x price = amount, before or after the line's discount, whatever the signs; the price may be that
        of a hundred or a thousand."""
        quantity, price, amount = (self.number(r) for r in ("quantity", "unit_price", "amount"))
        if quantity is None or price is None or amount is None:
            return False
        discount = self.number("discount") or Decimal(0)
        full = abs(quantity) * abs(price)
        reduced = full * (1 - abs(discount) / 100) if abs(discount) <= 100 else full - abs(discount)
        tolerance = max(CENT, abs(quantity) * Decimal("0.005"))
        return any(
            abs(p / per - abs(amount)) <= tolerance / per + CENT for p in (full, reduced) for per in (1, 100, 1000)
        )

    def text(self, role: str) -> str | None:
        """The text in a column."""
        return " ".join(c.text for c in self.parts if c.role == role and not c.amount) or None

    def code(self) -> str | None:
        """The article number, which may be a mere number."""
        return " ".join(c.text for c in self.parts if c.role == "code") or None


@dataclass
class Charge:
    """A row that adds or takes off something without being an item (freight, discount): the words of its amount."""

    row: Row
    chunk: Chunk
