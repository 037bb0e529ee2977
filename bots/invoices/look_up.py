"""Asks the company's records and the ledger what an invoice is to be checked against. No decision is made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bots.invoices.draft import Draft
from bots.invoices.duplicates import Earlier, came_before, fingerprints, normal_number, search_keys
from bots.invoices.facts import Facts, House
from bots.invoices.identity import identify
from bots.invoices.order_numbers import wanted_numbers
from connectors import ErpRecords, Supplier
from workitems.items import Document
from workitems.rows import Twin

_MOST_ORDERS = 50  # that one invoice may name; each costs a question to the ERP


class Memory(Protocol):
    """What is needed of the ledger to recognise duplicates."""

    def remember(self, item_id: str, document_id: str, keys: Mapping[str, str], filename: str = "") -> None:
        """Remembers search keys of an item's document."""
        ...

    def twins(self, keys: Mapping[str, str], exclude_root: str, document_id: str = "") -> list[Twin]:
        """Documents that were remembered under one of the keys."""
        ...


@dataclass(frozen=True)
class Office:
    """What the invoice bots work with, whichever step they do. `today` is the date where the company is."""

    records: ErpRecords
    memory: Memory
    house: House
    today: Callable[[], date]


def look_up(item_id: str, document: Document, draft: Draft, office: Office) -> Facts:
    """The facts for one draft; also remembers the document, so that its twins find it. Raises TryLater."""
    suppliers = tuple(office.records.suppliers())
    identity = identify(draft, suppliers, office.house.policy)
    supplier = identity.supplier
    earlier = earlier_documents(item_id, document, draft, supplier, office)
    if supplier is None:
        return Facts(today=office.today(), identity=identity, suppliers=suppliers, earlier=earlier)
    return Facts(
        today=office.today(),
        identity=identity,
        suppliers=suppliers,
        orders={n: office.records.find_order(n) for n in wanted_numbers(draft)[:_MOST_ORDERS]},
        open_orders=tuple(office.records.open_orders(supplier.id)),
        accounts=tuple(office.records.accounts()),
        earlier=_with_postings(earlier, draft, supplier, office),
    )


def earlier_documents(
    item_id: str, document: Document, draft: Draft | None, supplier: Supplier | None, office: Office
) -> Earlier:
    """What the ledger knows of the document's twins that came before it."""
    own = document_id(document, item_id)
    days = office.house.policy.duplicate_days
    office.memory.remember(item_id, own, fingerprints(document, draft, supplier), document.filename)
    # All rows are asked for, the document's own too: they tell who came first.
    rows = office.memory.twins(search_keys(document, draft, supplier, days), exclude_root="")
    return came_before(rows, own)


def document_id(document: Document, item_id: str) -> str:
    """What names the document across steps and attempts: the item that it came in as."""
    return document.id or item_id


def _with_postings(earlier: Earlier, draft: Draft, supplier: Supplier, office: Office) -> Earlier:
    """With what stands in the ERP already."""
    posted = office.records.find_posting(supplier.id, draft.number) if draft.number else None
    similar = []
    if draft.total and draft.issued_on:
        days = office.house.policy.duplicate_days
        found = office.records.similar_postings(supplier.id, draft.total, draft.issued_on, days)
        own_number = normal_number(draft.number or "")
        similar = [p for p in found if not p.number or normal_number(p.number) != own_number]
    return earlier.model_copy(update={"posted": posted, "similar": tuple(similar)})
