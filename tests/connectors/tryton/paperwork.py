"""Invoices for the tests of the screens, and a look at what became of them from outside."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from connectors import Supplier
from connectors.tryton.erp import TrytonSite
from connectors.tryton.records import TrytonRecords
from connectors.tryton.rpc import TrytonRpc
from tests.erp_fixture import Erp
from workitems.errors import TryLater
from workitems.items import Document, Invoice, InvoiceLine, PostedEntry, Posting

ORDER = "PO-2026-0101"  # two lines of goods at 19 %: paper at 4.29, toner at 79.90
CENT = Decimal("0.01")
ROOT = Path(__file__).parents[3]
_numbers = itertools.count(1)


class Paperwork:
    """Makes invoices of one supplier, each with a number of its own, and knows where they stand in the ERP."""

    def __init__(self, erp: Erp, folder: Path) -> None:
        info = erp.info
        self.rpc = TrytonRpc(info.url, info.database, info.login, info.password)
        records = TrytonRecords(self.rpc)
        order = records.find_order(ORDER)
        assert order is not None
        self.order_lines = [line.id for line in order.lines]
        self.supplier: Supplier = next(s for s in records.suppliers() if s.id == order.supplier_id)
        self.scan = folder / "scan.pdf"
        self.scan.write_bytes(b"%PDF-1.4\n%%EOF\n")

    def line(self, quantity: str, price: str, order_line: int | None = None, **more: Any) -> InvoiceLine:
        """A line; `order_line` is the index of the order's line."""
        amount = (Decimal(quantity) * Decimal(price)).quantize(CENT)
        order = {} if order_line is None else {"order_number": ORDER, "order_line": self.order_lines[order_line]}
        values = {"quantity": quantity, "unit_price": price, "amount": amount, **order, **more}
        return InvoiceLine.model_validate(values)

    def invoice(self, *lines: InvoiceLine, tax: str, **more: Any) -> Invoice:
        """An invoice of these lines with a new number."""
        number = more.pop("number", f"SCR-{next(_numbers):04d}")
        net = sum((line.amount or Decimal(0) for line in lines), Decimal(0))
        values: dict[str, Any] = {
            "document": Document(
                sha256=hashlib.sha256(number.encode()).hexdigest(),
                filename=f"{number}.pdf",
                media_type="application/pdf",
            ),
            "supplier_id": self.supplier.id,
            "supplier_name": self.supplier.name,
            "vat_id": self.supplier.vat_id,
            "number": number,
            "issued_on": date(2026, 3, 5),
            "currency": "EUR",
            "net": net,
            "tax": Decimal(tax),
            "total": net + Decimal(tax),
            "lines": lines,
        }
        return Invoice.model_validate({**values, **more})

    def two_lines(self, **more: Any) -> Invoice:
        """Paper and toner: net 84.19, tax 16.00, total 100.19."""
        return self.invoice(self.line("1", "4.29", 0), self.line("1", "79.90", 1), **{"tax": "16.00", **more})

    def one_line(self, **more: Any) -> Invoice:
        """Toner: net 79.90, tax 15.18, total 95.08; quicker to key than two lines."""
        return self.invoice(self.line("1", "79.90", 1), **{"tax": "15.18", **more})

    def standing(self, invoice: Invoice) -> list[dict[str, Any]]:
        """The ERP's invoices of that number, with lines and attachments, whatever their state."""
        fields = ["number", "state", "reference", "description", "total_amount", "tax_amount", "currency.code"]
        fields += ["lines.origin", "lines.quantity", "lines.unit_price", "lines.account.code", "lines.taxes.rate"]
        rows = self.rpc.read("account.invoice", [("reference", "=", invoice.number)], fields)
        for row in rows:
            of_row = [("resource", "=", f"account.invoice,{row['id']}")]
            row["attachments"] = [a["name"] for a in self.rpc.read("ir.attachment", of_row, ["name"])]
        return rows


def site_of(erp: Erp) -> TrytonSite:
    """Where the bots key in this test."""
    info = erp.info
    return TrytonSite(url=info.url, database=info.database, login=info.bot_login, password=SecretStr(info.bot_password))


def run_until_killed(erp: Erp, point: str, invoice: Invoice, scan: Path, entry: PostedEntry | None = None) -> None:
    """A bot that posts the invoice, or takes the entry back, dies at that point (dying_bot.py)."""
    site = site_of(erp)
    given = {
        "site": {**site.model_dump(exclude={"password"}), "password": site.password.get_secret_value()},
        "invoice": invoice.model_dump(mode="json"),
        "scan": str(scan),
        "evidence": str(scan.parent),
        "entry": entry and entry.model_dump(mode="json"),
    }
    command = [sys.executable, str(Path(__file__).with_name("dying_bot.py")), point]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, input=json.dumps(given), env=environment, text=True, timeout=90, check=False)
    assert done.returncode == -signal.SIGKILL


def try_as_the_queue_does(act: Callable[[], Posting]) -> Posting:
    """Again where the ERP says that somebody else is busy: the dead bot's browser may go on for a moment."""
    with contextlib.suppress(TryLater):
        return act()
    return act()
