"""Purchase orders, goods receipts and the invoices of the past."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from seed_rpc import Values, call, create, find, read


def seed_orders(data: Values, ids: Values) -> dict[tuple[str, int], int]:
    """All orders in the order of their numbers, which the ERP assigns; returns order line ids by (number, line)."""
    company, units = ids["company"], {row["name"]: row["id"] for row in read("product.uom", [], ["name"])}
    (address_of,) = ({row["party"]: row["id"] for row in read("party.address", [], ["party"])},)
    tax_of = {p["code"]: p["tax"] for p in data["products"]}
    supplier_products = {
        row["template."]["code"]: row["id"] for row in read("purchase.product_supplier", [], ["template.code"])
    }
    rows = []
    for order in data["orders"]:
        party = ids["suppliers"][order["supplier"]]
        term = next(s["payment_term"] for s in data["suppliers"] if s["id"] == order["supplier"])
        lines = [
            {
                "type": "line",
                "sequence": line["line"],
                "product": ids["products"][line["product"]],
                "product_supplier": supplier_products[line["product"]],
                "quantity": float(line["quantity"]),
                "unit": units[line["unit"]],
                "unit_price": Decimal(line["unit_price"]),
                "description": line["description"],
                "taxes": [("add", [ids["taxes"][tax_of[line["product"]]]])],
            }
            for line in order["lines"]
        ]
        rows.append(
            {
                "company": company,
                "party": party,
                "invoice_party": party,
                "invoice_address": address_of[party],
                "payment_term": ids["terms"][term],
                "currency": ids["currencies"][order["currency"]],
                "purchase_date": date.fromisoformat(order["ordered_on"]),
                "warehouse": ids["warehouse"],
                "invoice_method": "manual",
                "lines": [("create", lines)],
            }
        )
    orders = create("purchase.purchase", rows)
    _number(data["orders"], orders)
    _advance(data["orders"], orders)
    lines = read("purchase.line", [("purchase", "in", orders)], ["purchase.number", "sequence"])
    return {(row["purchase."]["number"], row["sequence"]): row["id"] for row in lines}


def _number(wanted: list[Values], orders: list[int]) -> None:
    """Quotes all orders, which numbers them in the order given, and holds the numbers against the data."""
    call("purchase.purchase", "quote", orders)
    numbers = {row["id"]: row["number"] for row in read("purchase.purchase", [("id", "in", orders)], ["number"])}
    for want, order in zip(wanted, orders, strict=True):
        if numbers[order] != want["number"]:
            raise SystemExit(f"the ERP numbered {numbers[order]} what the data calls {want['number']}")


def _advance(wanted: list[Values], orders: list[int]) -> None:
    by_state: dict[str, list[int]] = {}
    for want, order in zip(wanted, orders, strict=True):
        by_state.setdefault(want["state"], []).append(order)
    call("purchase.purchase", "confirm", by_state.get("open", []) + by_state.get("done", []))
    call("purchase.purchase", "cancel", by_state.get("cancelled", []))
    call("purchase.purchase", "draft", by_state.get("draft", []))


def seed_receipts(data: Values, ids: Values) -> None:
    """Goods receipts, first all first ones, then all second ones: the ERP says each time what is still due."""
    turns = max(len(order["receipts"]) for order in data["orders"])
    for turn in range(turns):
        expected = {
            int(row["origin"].split(",")[1]): row["id"]
            for row in read("stock.move", [("state", "=", "draft")], ["origin"])
        }
        due = [(order, order["receipts"][turn]) for order in data["orders"] if turn < len(order["receipts"])]
        shipments = create("stock.shipment.in", [_shipment(order, receipt, ids) for order, receipt in due])
        moves, values = [], []
        for shipment, (order, receipt) in zip(shipments, due, strict=True):
            for line in receipt["lines"]:
                moves.append([expected[ids["order_lines"][order["number"], line["line"]]]])
                values.append({"shipment": f"stock.shipment.in,{shipment}", "quantity": float(line["quantity"])})
        call("stock.move", "write", *(part for pair in zip(moves, values, strict=True) for part in pair))
        call("stock.shipment.in", "receive", shipments)  # done at once: the input zone is the storage zone


def _shipment(order: Values, receipt: Values, ids: Values) -> Values:
    on = date.fromisoformat(receipt["date"])
    return {
        "company": ids["company"],
        "supplier": ids["suppliers"][order["supplier"]],
        "warehouse": ids["warehouse"],
        "warehouse_input": ids["input"],
        "warehouse_storage": ids["input"],
        "reference": receipt["delivery_note"],
        "planned_date": on,
        "effective_date": on,
    }


def seed_invoices(data: Values, ids: Values) -> None:
    """Posts the invoices of the past, linked to their order lines."""
    journal = find("account.journal", ("type", "=", "expense"))
    units = {row["name"]: row["id"] for row in read("product.uom", [], ["name"])}
    address_of = {row["party"]: row["id"] for row in read("party.address", [], ["party"])}
    terms = {s["id"]: s["payment_term"] for s in data["suppliers"]}
    rows = []
    for invoice in data["seed_invoices"]:
        party = ids["suppliers"][invoice["supplier"]]
        rows.append(
            {
                "type": "in",
                "company": ids["company"],
                "party": party,
                "invoice_address": address_of[party],
                "reference": invoice["reference"],
                "invoice_date": date.fromisoformat(invoice["issued_on"]),
                "currency": ids["currencies"][invoice["currency"]],
                "journal": journal,
                "account": ids["accounts"]["3300"],
                "payment_term": ids["terms"][terms[invoice["supplier"]]],
                "lines": [("create", [_invoice_line(line, party, ids, units) for line in invoice["lines"]])],
            }
        )
    invoices = create("account.invoice", rows)
    call("account.invoice", "post", invoices)
    totals = read("account.invoice", [("id", "in", invoices)], ["reference", "total_amount", "state"])
    for want, got in zip(data["seed_invoices"], totals, strict=True):
        if (got["reference"], got["total_amount"], got["state"]) != (
            want["reference"],
            Decimal(want["total"]),
            "posted",
        ):
            raise SystemExit(f"seed invoice {want['reference']}: the ERP has {got}")


def _invoice_line(line: Values, party: int, ids: Values, units: dict[str, int]) -> Values:
    values: Values = {
        "type": "line",
        "party": party,
        "description": line["description"],
        "quantity": float(line["quantity"]),
        "unit_price": Decimal(line["unit_price"]),
        "account": ids["accounts"][line["account"]],
        "taxes": [("add", [ids["taxes"][line["tax"]]])],
        "company": ids["company"],
        "currency": ids["currencies"][ids["currency_of"][party]],
    }
    if line["order"]:
        values["product"] = ids["products"][line["product"]]
        values["unit"] = units[line["unit"]]
        values["origin"] = f"purchase.line,{ids['order_lines'][line['order'], line['line']]}"
    return values
