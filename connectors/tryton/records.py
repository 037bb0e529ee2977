"""The company's records in Tryton, read only: suppliers, orders with receipts and invoices, postings, accounts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from connectors import Account, Order, Supplier
from connectors.tryton.rows import ORDER_FIELDS, POSTING_FIELDS, SUPPLIER_FIELDS, order, plain_number, posting, supplier
from connectors.tryton.rpc import Row, TrytonRpc
from workitems.items import Posting

LONGEST_NUMBER = 40  # of an order; what is longer was misread
PAGE = 1000  # parties read in one call


class TrytonRecords:
    """Implements `ErpRecords` with as few calls as the questions allow: one each.

    Suppliers and accounts are kept for `keep_seconds`; orders and postings are always asked anew. Raises TryLater when
    the ERP is away.
    """

    def __init__(self, rpc: TrytonRpc, keep_seconds: float = 30.0) -> None:
        self._rpc, self._keep_seconds = rpc, keep_seconds
        self._kept: dict[str, tuple[float, tuple[Any, ...]]] = {}

    def suppliers(self) -> Sequence[Supplier]:
        """All active parties but the company itself and its staff: Tryton has no mark for suppliers."""
        return self._keep("suppliers", self._read_suppliers)

    def find_order(self, number: str) -> Order | None:
        """The order of that number; signs, blanks and capitals do not matter where that leaves only one."""
        wanted = plain_number(number)
        if not 0 < len(wanted) <= LONGEST_NUMBER:
            return None
        rows = self._rpc.read("purchase.purchase", [("number", "ilike", "%".join(wanted))], ORDER_FIELDS)
        exact = [row for row in rows if row["number"] == number]
        found = exact or [row for row in rows if plain_number(row["number"]) == wanted]
        return order(found[0]) if len(found) == 1 else None

    def open_orders(self, supplier_id: str) -> Sequence[Order]:
        """Confirmed orders that Tryton has not finished: something is to be received, invoiced or paid."""
        domain = [("party", "=", int(supplier_id)), ("state", "in", ["confirmed", "processing"])]
        rows = self._rpc.read("purchase.purchase", domain, ORDER_FIELDS, "purchase_date DESC")
        return [order(row) for row in sorted(rows, key=lambda r: (r["purchase_date"], r["id"]), reverse=True)]

    def find_posting(self, supplier_id: str, number: str) -> Posting | None:
        """The supplier's invoice or credit note of exactly that number, draft to paid; cancelled ones do not count."""
        rows = self._postings(supplier_id, [("reference", "=", number)])
        rows = [row for row in rows if row["reference"] == number]
        return posting(max(rows, key=lambda r: (r["number"] is not None, -r["id"]))) if rows else None

    def similar_postings(self, supplier_id: str, total: Decimal, issued_on: date, days: int) -> Sequence[Posting]:
        """The supplier's invoices of the same gross amount, dated within `days` of that date, save cancelled ones."""
        window = [
            ("total_amount", "=", total),
            ("invoice_date", ">=", issued_on - timedelta(days=days)),
            ("invoice_date", "<=", issued_on + timedelta(days=days)),
        ]
        return [posting(row) for row in self._postings(supplier_id, window)]

    def accounts(self) -> Sequence[Account]:
        """Open expense accounts, by code."""
        return self._keep("accounts", self._read_accounts)

    def refresh(self) -> None:
        """Forgets what was kept: the next question sees the ERP as it is now."""
        self._kept.clear()

    def close(self) -> None:
        """Ends the session."""
        self._rpc.close()

    def _keep(self, name: str, read: Any) -> tuple[Any, ...]:
        kept = self._kept.get(name)
        if kept is None or kept[0] < time.monotonic():
            kept = self._kept[name] = (time.monotonic() + self._keep_seconds, tuple(read()))
        return kept[1]

    def _read_suppliers(self) -> list[Supplier]:
        own = {row["party"] for row in self._rpc.read("company.company", [], ["party"])}
        own |= {row["party"] for row in self._rpc.read_all("company.employee", [], ["party"])}
        found: list[Supplier] = []
        last = 0
        while True:
            rows = self._rpc.read("party.party", [("id", ">", last)], SUPPLIER_FIELDS, "id", PAGE)
            found += [supplier(row) for row in rows if row["id"] not in own]
            if len(rows) < PAGE:
                return found
            last = rows[-1]["id"]

    def _read_accounts(self) -> list[Account]:
        domain = [("type.expense", "=", True), ("closed", "!=", True)]
        rows = self._rpc.read("account.account", domain, ["code", "name"], "code")
        return [Account(id=str(row["id"]), code=row["code"] or "", name=row["name"]) for row in rows]

    def _postings(self, supplier_id: str, domain: list[Any]) -> list[Row]:
        mine = [("type", "=", "in"), ("party", "=", int(supplier_id)), ("state", "!=", "cancelled")]
        return self._rpc.read("account.invoice", [*mine, *domain], POSTING_FIELDS)
