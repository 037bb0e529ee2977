"""What an invoice is checked against: the company, its rules, and what its records say at this moment."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from bots.invoices.duplicates import Earlier
from bots.invoices.identity import Identity
from bots.invoices.policy import Company, InvoicePolicy, SupplierPolicy
from connectors import Account, Order, Supplier
from workitems.items import Noun


class House(Noun):
    """The company and its rules."""

    company: Company
    policy: InvoicePolicy = InvoicePolicy()

    def own(self, supplier: Supplier | None) -> SupplierPolicy:
        """What is different for this supplier."""
        if supplier is None:
            return SupplierPolicy()
        return self.policy.supplier(supplier.id, supplier.vat_id, supplier.name)


class Facts(Noun):
    """What the company's records say about one draft, as of now."""

    today: date
    identity: Identity
    suppliers: tuple[Supplier, ...] = ()
    orders: dict[str, Order | None] = Field(default_factory=dict)  # by the number that the paper names
    open_orders: tuple[Order, ...] = ()  # the supplier's
    accounts: tuple[Account, ...] = ()
    earlier: Earlier = Earlier()
