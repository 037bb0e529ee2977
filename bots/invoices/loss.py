"""What posting an invoice unseen may cost, against the price of a person's look at it.

A misreading seldom loses the whole amount: what was paid too much mostly comes back. So the loss is the chance that a
field is wrong, times the share of the gross amount that is lost for good where it is, times what is special about the
supplier.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from bots.invoices.draft import Draft
from connectors import Supplier
from workitems.items import Noun

Share = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=0)]
CONFIRMED = 0.999  # what a rule's word counts as a probability


class Loss(Noun):
    """The prices behind the decision who looks at an invoice: a bot alone, or a person. Careful guesses by default."""

    look: Annotated[Decimal, Field(ge=0)] = Decimal(5)  # a person's look at one invoice, in its currency
    total: Share = 0.1  # of the gross amount, lost for good where the total is wrong
    currency: Share = 0.1
    supplier_name: Share = 0.1  # paid to somebody else
    number: Share = 0.01  # paid twice, or a payment that the supplier cannot assign
    issued_on: Share = 0.01  # discount or term missed, wrong period
    new_supplier: Factor = 3.0  # how much more is at risk where the records have no bank account of the supplier

    @property
    def shares(self) -> dict[str, float]:
        """The share that is lost, by field."""
        return {f: getattr(self, f) for f in ("total", "currency", "supplier_name", "number", "issued_on")}


def probability_wrong(draft: Draft, confirmed: Collection[str]) -> float:
    """The probability that at least one of the fields that decide the posting is wrong, were they independent."""
    right = 1.0
    for field in Loss().shares:
        right *= _sure(draft, field, confirmed)
    return 1.0 - right


def expected_loss(draft: Draft, confirmed: Collection[str], loss: Loss, factor: float = 1.0) -> Decimal:
    """What posting unseen is expected to cost, in the invoice's currency. `factor`: the supplier's risk."""
    share = sum(share * (1 - _sure(draft, field, confirmed)) for field, share in loss.shares.items())
    return abs(draft.total or Decimal(0)) * Decimal(str(round(factor * share, 6)))


def supplier_risk(supplier: Supplier | None, own: float | None, loss: Loss) -> float:
    """How much more (or less) than usual is at risk with a supplier; `own` is what the settings say of it."""
    if own is not None:
        return own
    return 1.0 if supplier is not None and supplier.ibans else loss.new_supplier


def _sure(draft: Draft, field: str, confirmed: Collection[str]) -> float:
    reading = draft.readings.get(field)
    sure = reading.confidence if reading else 1.0
    return max(sure, CONFIRMED) if field in confirmed else sure
