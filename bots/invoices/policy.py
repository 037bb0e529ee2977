"""What a company decides about its supplier invoices: tolerances, thresholds, and what happens without an order.

Settings files spell these names; every value has a default that a careful accounts-payable department could start
with. Amounts are in the invoice's currency, percentages are per cent (2 means 2 %).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from bots.invoices.loss import Loss
from bots.invoices.precision import Targets, threshold
from workitems.items import Kind, Noun

Money = Annotated[Decimal, Field(ge=0)]
Percent = Annotated[Decimal, Field(ge=0)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Tolerance(Noun):
    """How far a value may be off. Each limit that is set must hold; with none set nothing may be off."""

    percent: Percent | None = None
    absolute: Money | None = None

    def allowance(self, expected: Decimal) -> Decimal:
        """The largest difference from `expected` that is still accepted, in the unit of `expected`."""
        limits = [self.absolute] if self.absolute is not None else []
        if self.percent is not None:
            limits.append(abs(expected) * self.percent / 100)
        return min(limits, default=Decimal(0))


class Thresholds(Noun):
    """Below this confidence a field is a doubt, unless a rule confirms it. None: what the target precision needs."""

    kind: Probability = 0.7
    number: Probability | None = None
    issued_on: Probability | None = None
    due_on: Probability | None = None
    currency: Probability | None = None
    net: Probability | None = None
    tax: Probability | None = None
    total: Probability | None = None
    supplier_name: Probability | None = None
    buyer_name: Probability | None = None
    order_number: Probability | None = None
    lines: Probability | None = None
    other: Probability = 0.5  # fields of which nothing was measured

    def of(self, field: str) -> float | None:
        """The threshold that the company set for a field."""
        found: float | None = getattr(self, field, None)
        return found


class NoOrder(Noun):
    """What happens to an invoice, or a line, without an order.

    `review`: a person decides. `match`: the supplier's open order is taken where just one fits in all, with every
    line, price and quantity; else a person decides. `account`: it is booked on the line's own account, else the
    supplier's, else `account`, up to `limit` gross (None: no limit).
    """

    mode: Literal["review", "match", "account"] = "review"
    account: str | None = None
    limit: Money | None = Decimal(250)


class Charges(Noun):
    """Freight and other charges that stand on the invoice but not on the order."""

    account: str | None = None  # None: a person chooses
    limit: Money = Decimal(25)  # net, all charges of an invoice together
    percent: Percent = Decimal(5)  # of the net amount


class SupplierPolicy(Noun):
    """What is different for one supplier; None: as for all."""

    price: Tolerance | None = None
    quantity: Tolerance | None = None
    no_order: NoOrder | None = None
    account: str | None = None  # expense account of lines without an order
    payment_days: Annotated[int, Field(ge=0)] | None = None  # agreed; an earlier due date is not followed
    review_above: Money | None = None
    risk: Annotated[float, Field(ge=0)] | None = None  # how much more is at risk than with others: 2 is twice


class InvoicePolicy(Noun):
    """Everything that decides between posting and asking."""

    currencies: tuple[str, ...] = ("EUR", "USD", "GBP", "CHF")
    rounding: Money = Decimal("0.01")  # what rounding may add for each line or tax row
    rounding_limit: Money = Decimal("0.10")  # and for all rows of an invoice together
    price: Tolerance = Tolerance(percent=Decimal(2), absolute=Decimal(10))  # above the order; absolute: for the line
    price_below: Percent = Decimal(25)  # below the order by more: a person looks whether it is the right line
    quantity: Tolerance = Tolerance()  # above what was received (services: ordered)
    precision: Targets = Targets()  # what has to be right of what passes unseen
    confidence: Thresholds = Thresholds()  # instead of what follows from `precision`
    loss: Loss = Loss()
    name_match: Annotated[float, Field(ge=0, le=100)] = 92  # similarity at which a name alone finds the supplier
    duplicate_days: Annotated[int, Field(ge=0)] = 20  # same supplier, same amount, dates closer than this
    no_order: NoOrder = NoOrder()
    charges: Charges = Charges()
    suppliers: dict[str, SupplierPolicy] = Field(default_factory=dict)  # by VAT id, name or ERP id
    iban_not_on_file: Literal["review", "ignore"] = "review"  # the ERP knows no IBAN of the supplier
    same_file: Literal["review", "reject"] = "review"  # the very same file once more
    max_age_months: Annotated[int, Field(ge=1)] = 12
    books_closed_until: date | None = None  # the last day of the last closed period
    due_on_holiday: Literal["next", "previous", "keep"] = "next"  # a due date on a day that is no working day
    max_discount: Percent = Decimal(10)  # cash discount; a higher one is unusual
    review_above: Money | None = None  # gross; None: no limit
    max_expected_loss: Money | None = None  # of posting unseen (see Loss); None: the price of a look
    max_lines: Annotated[int, Field(ge=1)] = 300

    def threshold(self, field: str, kind: Kind) -> float:
        """The confidence below which a field is a doubt: what the company set, else what its target needs."""
        own = self.confidence.of(field)
        found = threshold(field, self.precision.of(field), kind) if own is None else own
        return self.confidence.other if found is None else found

    @property
    def most_loss(self) -> Decimal:
        """The expected loss above which a person looks."""
        return self.loss.look if self.max_expected_loss is None else self.max_expected_loss

    def supplier(self, *names: str | None) -> SupplierPolicy:
        """The overrides for a supplier that is known by any of `names` (ERP id, VAT id, name)."""
        wanted = {_key(n) for n in names if n}
        return next((p for name, p in self.suppliers.items() if _key(name) in wanted), SupplierPolicy())


class Company(Noun):
    """Who we are, as far as invoices are concerned."""

    names: tuple[str, ...]  # legal name first, then other names that we go by
    vat_ids: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()  # our own accounts: on a direct debit the paper may print one
    country: str | None = None  # ISO 3166, for public holidays


def _key(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
