"""Invoices for the posting benchmark: two lines of one order each, the scan a small PDF."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

from connectors import Order, OrderLine, Supplier
from connectors.tryton.records import TrytonRecords
from connectors.tryton.rpc import TrytonRpc
from workitems.items import Document, Invoice, InvoiceLine

SCAN_BYTES = 60_000
CENT = Decimal("0.01")


class Papers:
    """Makes invoices for one unit of each of two order lines; the ERP lets an order be invoiced in many parts."""

    def __init__(self, rpc: TrytonRpc, folder: Path) -> None:
        records = TrytonRecords(rpc)
        self.supplier, self.order, self.lines = _two_lines(records)
        self.scan = folder / "scan.pdf"
        self.scan.write_bytes(b"%PDF-1.4\n%" + b"0" * SCAN_BYTES + b"\n%%EOF\n")

    def invoice(self, number: str) -> Invoice:
        """The next invoice; numbers must differ."""
        lines = tuple(self._line(line) for line in self.lines)
        net = sum((line.amount or Decimal(0) for line in lines), Decimal(0))
        rate = self.lines[0].tax_rate or Decimal(0)
        tax = (net * rate / 100).quantize(CENT)
        digest = hashlib.sha256(number.encode()).hexdigest()
        return Invoice(
            document=Document(sha256=digest, filename=f"{number}.pdf", media_type="application/pdf"),
            supplier_id=self.supplier.id,
            supplier_name=self.supplier.name,
            number=number,
            issued_on=self.order.ordered_on or date(2026, 1, 5),
            currency=self.order.currency,
            net=net,
            tax=tax,
            total=net + tax,
            order_number=self.order.number,
            lines=lines,
        )

    def _line(self, line: OrderLine) -> InvoiceLine:
        return InvoiceLine(
            quantity=Decimal(1),
            unit_price=line.unit_price,
            amount=line.unit_price.quantize(CENT),
            order_number=self.order.number,
            order_line=line.id,
        )


def _two_lines(records: TrytonRecords) -> tuple[Supplier, Order, list[OrderLine]]:
    """An open order with two lines of one tax rate in the company's currency."""
    for supplier in records.suppliers():
        for order in records.open_orders(supplier.id):
            lines = [
                line for line in order.lines if line.tax_rate and line.unit_price == line.unit_price.quantize(CENT)
            ]
            pair = [line for line in lines if line.tax_rate == lines[0].tax_rate][:2]
            if len(pair) == 2 and order.currency == "EUR":
                return supplier, order, pair
    raise LookupError("the ERP has no open order of two lines with one tax rate")
