"""Invoice lines made ready for the checks: gaps that arithmetic fills, and the signs of credit notes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from workitems.items import InvoiceLine

CENT = Decimal("0.01")
PRICE_BASES = (Decimal(1), Decimal(10), Decimal(100), Decimal(1000))


def cents(amount: Decimal) -> Decimal:
    """Commercially rounded to two decimals."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def amount_sum(lines: Iterable[InvoiceLine]) -> Decimal:
    """The sum of the lines' amounts; a line without one counts as zero."""
    return sum((line.amount for line in lines if line.amount is not None), Decimal(0))


def completed(line: InvoiceLine) -> InvoiceLine:
    """The line with the third of quantity, unit price and amount, where two are known and it follows without doubt."""
    quantity, price, amount = line.quantity, line.unit_price, line.amount
    if amount is None and quantity is not None and price is not None:
        return line.model_copy(update={"amount": cents(quantity * price)})
    if price is None and quantity and amount is not None:
        return line.model_copy(update={"unit_price": effective_price(quantity, amount)})
    if quantity is None and price and amount is not None:
        found = (amount / price).quantize(Decimal(1))
        if found and cents(found * price) == cents(amount):
            return line.model_copy(update={"quantity": found})
    return line


def effective_price(quantity: Decimal, amount: Decimal) -> Decimal:
    """The price per unit that was really charged: the one with the fewest decimals (two at least) that gives `amount`.

    `quantity` must not be zero. Up to eight decimals; the closest then.
    """
    exact = amount / quantity
    for decimals in range(2, 8):
        price = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        if cents(price * quantity) == cents(amount):
            return price
    return exact.quantize(Decimal(1).scaleb(-8), rounding=ROUND_HALF_UP)


def priced(line: InvoiceLine) -> InvoiceLine:
    """The line with the price that really gives its amount: discounts and price bases ("per 100") worked in."""
    if not line.quantity or line.amount is None:
        return line
    if line.unit_price is not None and cents(line.quantity * line.unit_price) == cents(line.amount):
        return line
    return line.model_copy(update={"unit_price": effective_price(line.quantity, line.amount)})


def signed(line: InvoiceLine) -> InvoiceLine:
    """The line with its sign in the quantity: returned goods have a negative quantity and a positive price."""
    quantity, price, amount = line.quantity, line.unit_price, line.amount
    if amount is None or quantity is None:
        return line
    update: dict[str, Decimal] = {}
    if price is not None and price < 0:
        update["unit_price"] = -price
    if quantity and (quantity < 0) != (amount < 0) and amount:
        update["quantity"] = -quantity
    return line.model_copy(update=update) if update else line


def flipped(line: InvoiceLine) -> InvoiceLine:
    """The line with the opposite sign: what a credit note prints as positive is negative for us."""
    quantity = -line.quantity if line.quantity is not None else None
    amount = -line.amount if line.amount is not None else None
    return line.model_copy(update={"quantity": quantity, "amount": amount})
