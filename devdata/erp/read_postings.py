"""Prints what stands in a running ERP as supplier invoices: the outside check of what the bots say they did.

python read_postings.py FOLDER [--all]    (FOLDER: the home's `erp` folder; the ERP's own Python runs this)

One JSON object a line, by number: number, reference, state, party, dates, currency, totals, lines with the order line
that they are linked to, attachments with size and SHA-256. Posted ones; `--all`: drafts and cancelled ones too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from proteus import config

Row = dict[str, Any]

INVOICE = [
    "number", "reference", "state", "party.name", "invoice_date", "accounting_date", "currency.code",
    "untaxed_amount", "tax_amount", "total_amount", "move.lines.maturity_date",
    *(f"lines.{name}" for name in (
        "type", "sequence", "product.code", "description", "quantity", "unit.name", "unit_price", "amount",
        "account.code", "taxes.name", "origin",
    )),
]  # fmt: skip


def session(folder: Path) -> AbstractContextManager[Any]:
    """A session of the administrator at the server that runs on the folder."""
    state = json.loads((folder / "server.json").read_text("utf-8"))
    password = json.loads((folder / "logins.json").read_text("utf-8"))["admin"]
    return config.set_xmlrpc_session(f"http://127.0.0.1:{state['port']}/erp/rpc/", "admin", password)


def read(model: str, domain: list[Any], fields: list[str]) -> list[Row]:
    """Fields of the records that fit, by id."""
    here = config.get_config()
    return here.get_proxy(model).search_read(domain, 0, None, [("id", "ASC")], fields, here.context)


def postings(everything: bool) -> list[Row]:
    """The invoices with everything that a posting consists of."""
    domain: list[Any] = [("type", "=", "in")]
    if not everything:
        domain.append(("state", "in", ["posted", "paid"]))
    invoices = read("account.invoice", domain, INVOICE)
    resources = [f"account.invoice,{invoice['id']}" for invoice in invoices]
    files: dict[str, list[Row]] = {}
    for file in read("ir.attachment", [("resource", "in", resources)], ["resource", "name", "data"]):
        files.setdefault(file["resource"], []).append(_file(file))
    order_lines = {
        f"purchase.line,{line['id']}": line for line in read("purchase.line", [], ["purchase.number", "sequence"])
    }
    rows = [_invoice(row, order_lines, files.get(f"account.invoice,{row['id']}", [])) for row in invoices]
    return sorted(rows, key=lambda row: (row["number"] is None, row["number"], row["id"]))


def _invoice(row: Row, order_lines: dict[str, Row], files: list[Row]) -> Row:
    dues = [line["maturity_date"] for line in (row["move."] or {"lines.": []})["lines."]]
    return {
        "id": row["id"],
        "number": row["number"],
        "reference": row["reference"],
        "state": row["state"],
        "party": row["party."]["name"],
        "invoice_date": _iso(row["invoice_date"]),
        "accounting_date": _iso(row["accounting_date"]),
        "due_dates": sorted(day.isoformat() for day in dues if day),
        "currency": row["currency."]["code"],
        "net": str(row["untaxed_amount"]),
        "tax": str(row["tax_amount"]),
        "total": str(row["total_amount"]),
        "lines": [_line(line, order_lines) for line in row["lines."] if line["type"] == "line"],
        "attachments": files,
    }


def _line(line: Row, order_lines: dict[str, Row]) -> Row:
    ordered = order_lines.get(line["origin"] or "")
    return {
        "product": line["product."]["code"] if line["product."] else None,
        "description": line["description"],
        "quantity": line["quantity"],
        "unit": line["unit."]["name"] if line["unit."] else None,
        "unit_price": str(line["unit_price"]),
        "amount": str(line["amount"]),
        "account": line["account."]["code"] if line["account."] else None,
        "taxes": [tax["name"] for tax in line["taxes."]],
        "order": ordered["purchase."]["number"] if ordered else None,
        "order_line": ordered["sequence"] if ordered else None,
        "order_line_id": ordered["id"] if ordered else None,
    }


def _file(file: Row) -> Row:
    data = bytes(file["data"] or b"")
    return {"name": file["name"], "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def main() -> None:
    """Prints the invoices."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="drafts, validated and cancelled ones too")
    args = parser.parse_args()
    with session(args.folder):
        for row in postings(args.all):
            print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
