"""What of an invoice's amounts is keyed, so that Tryton computes what the paper says. Pure functions."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from workitems.items import Invoice, InvoiceLine, Noun

PRICE_DIGITS = 4  # Tryton's default for unit prices
CENT = Decimal("0.01")


class Keyed(Noun):
    """Quantity (negative on credit notes) and net unit price as they are keyed."""

    quantity: Decimal
    unit_price: Decimal

    @property
    def amount(self) -> Decimal:
        """The line's net amount as Tryton computes it: rounded half to even."""
        return rounded(self.quantity * self.unit_price)


def rounded(amount: Decimal) -> Decimal:
    """To cents, as Tryton's currencies round."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def keyed(line: InvoiceLine) -> Keyed | None:
    """Quantity and price for one line; None where the line says too little.

    The amount has the last word: a discount on the line goes into the price, and the sign of the amount into the
    quantity (credit notes are negative quantities, prices stay positive).
    """
    amount = line.amount
    if amount is None:
        if line.quantity is None or line.unit_price is None:
            return None
        amount = rounded(line.quantity * line.unit_price)
    quantity = abs(line.quantity) if line.quantity else Decimal(1)
    price = abs(line.unit_price) if line.unit_price is not None else abs(amount) / quantity
    if rounded(quantity * price) != abs(amount):
        price = abs(amount) / quantity
    price = price.quantize(Decimal(1).scaleb(-PRICE_DIGITS)) if _digits(price) > PRICE_DIGITS else price
    return Keyed(quantity=-quantity if amount < 0 else quantity, unit_price=price)


def _digits(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


class TaxShown(Noun):
    """A tax line as Tryton computed it."""

    base: Decimal
    amount: Decimal


def tax_corrections(shown: list[TaxShown], invoice: Invoice, difference: Decimal) -> dict[int, Decimal]:
    """The tax amounts to key over Tryton's, by index, so that the taxes change by `difference`.

    The paper rounds per line or per rate, Tryton per tax: cents apart. With one tax line it takes the difference;
    with several, each takes the paper's amount for its base. Empty where that does not add up to `difference`.
    """
    if len(shown) == 1:
        return {0: shown[0].amount + difference}
    found: dict[int, Decimal] = {}
    for index, tax in enumerate(shown):
        same = [t for t in invoice.taxes if t.base == tax.base and t.tax is not None]
        amount = same[0].tax if len(same) == 1 else None
        if amount is not None and amount != tax.amount:
            found[index] = amount
    changed = sum((amount - shown[index].amount for index, amount in found.items()), Decimal(0))
    return found if changed == difference else {}
