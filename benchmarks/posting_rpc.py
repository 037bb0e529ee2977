"""The lower limit for a posting: the same invoice through Tryton's RPC, in as few calls as it takes."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from connectors.tryton.rpc import TrytonRpc
from workitems.items import Invoice


class RpcPosting:
    """Posts without screens. Master data is looked up once, as a program with a cache of its own would do."""

    def __init__(self, rpc: TrytonRpc, sample: Invoice) -> None:
        self._rpc = rpc
        party = int(sample.supplier_id)
        given = {"id": -1, "type": "in", "party": party, "company": self._one("company.company", [])}
        changes = rpc.call("model.account.invoice.on_change_party", given)
        self._header = {
            "type": "in",
            "party": party,
            "account": changes["account"],
            "invoice_address": changes["invoice_address"],
            "payment_term": changes["payment_term"],
            "currency": self._one("currency.currency", [("code", "=", sample.currency)]),
            "journal": self._one("account.journal", [("type", "=", "expense")]),
        }
        ids = [int(line.order_line or 0) for line in sample.lines]
        wanted = ["product", "unit", "taxes", "product.account_category.account_expense"]
        self._lines = {row["id"]: row for row in rpc.read("purchase.line", [("id", "in", ids)], wanted)}

    def _one(self, model: str, domain: list[Any]) -> int:
        (row,) = self._rpc.read(model, domain, ["id"], limit=1)
        return int(row["id"])

    def post(self, invoice: Invoice, scan: Path) -> str:
        """Searches, creates, attaches, validates, posts and reads back; returns the ERP's number."""
        call = self._rpc.call
        earlier = [("reference", "=", invoice.number), ("party", "=", self._header["party"])]
        if call("model.account.invoice.search", earlier, 0, 2, None):
            raise ValueError("posted already")
        lines = [self._line(line) for line in invoice.lines]
        values = {
            **self._header,
            "reference": invoice.number,
            "invoice_date": invoice.issued_on,
            "lines": [("create", lines)],
        }
        (number,) = call("model.account.invoice.create", [values])
        data = {"__class__": "bytes", "base64": base64.b64encode(scan.read_bytes()).decode("ascii")}
        attachment = {"resource": f"account.invoice,{number}", "name": invoice.document.filename, "data": data}
        call("model.ir.attachment.create", [attachment])
        call("model.account.invoice.validate_invoice", [number])
        call("model.account.invoice.post", [number])
        (shown,) = call("model.account.invoice.read", [number], ["number", "state", "total_amount"])
        if shown["state"] != "posted" or shown["total_amount"] != invoice.total:
            raise ValueError("not posted as it should be")
        return str(shown["number"])

    def _line(self, line: Any) -> dict[str, Any]:
        row = self._lines[int(line.order_line)]
        return {
            "type": "line",
            "origin": f"purchase.line,{row['id']}",
            "product": row["product"],
            "unit": row["unit"],
            "account": row["product."]["account_category."]["account_expense"],
            "taxes": [("add", row["taxes"])],
            "quantity": float(line.quantity),
            "unit_price": line.unit_price,
            "currency": self._header["currency"],
        }
