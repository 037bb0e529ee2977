"""The demo's company is consistent in itself: what its paper and its ERP rest on."""

from __future__ import annotations

import json
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from schwifty import IBAN
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat

from tasks.demo_erp.program import COMPANY

DATA: dict[str, Any] = json.loads(COMPANY.read_text(encoding="utf-8"))
EVERYBODY = [DATA["company"], *DATA["suppliers"]]
WHOLE_UNITS = {"Unit"}  # the ERP refuses fractions of these


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who["name"])
def test_vat_ids_and_ibans_have_valid_checksums(who: dict[str, Any]) -> None:
    if who["iban"]:
        IBAN(who["iban"]).validate(validate_bban=True)
        assert who["iban"] == IBAN(who["iban"]).compact
    if who["vat_id"]:
        check = gb_vat if who["address"]["country"] == "GB" else eu_vat
        assert check.is_valid(who["vat_id"])


def test_vat_ids_ibans_and_names_belong_to_one_party_each() -> None:
    for key in ("name", "vat_id", "iban"):
        seen = Counter(who[key] for who in EVERYBODY if who[key])
        assert [value for value, times in seen.items() if times > 1] == []


def test_references_within_the_data_lead_somewhere() -> None:
    known = {key: {row[name] for row in DATA[key]} for key, name in (("suppliers", "id"), ("products", "code"))}
    accounts, taxes = ({row["code"] for row in DATA[key]} for key in ("accounts", "taxes"))
    for product in DATA["products"]:
        assert product["supplier"] in known["suppliers"]
        assert product["account"] in accounts
        assert product["tax"] in taxes
    for order in DATA["orders"]:
        assert order["supplier"] in known["suppliers"]
        products = {p["code"]: p for p in DATA["products"]}
        assert all(products[line["product"]]["supplier"] == order["supplier"] for line in order["lines"])


def test_order_lines_add_up_and_follow_their_receipts_and_invoices() -> None:
    for order in DATA["orders"]:
        assert sum(Decimal(line["amount"]) for line in order["lines"]) == Decimal(order["net"])
        for line in order["lines"]:
            assert Decimal(line["amount"]) == cents(Decimal(line["quantity"]) * Decimal(line["unit_price"]))
            came = [part for r in order["receipts"] for part in r["lines"] if part["line"] == line["line"]]
            assert sum((Decimal(part["quantity"]) for part in came), Decimal(0)) == Decimal(line["received"])
            mine = (order["number"], line["line"])
            booked = [row for i in DATA["seed_invoices"] for row in i["lines"] if (row["order"], row["line"]) == mine]
            assert sum((Decimal(row["quantity"]) for row in booked), Decimal(0)) == Decimal(line["invoiced"])
            assert line["unit"] not in WHOLE_UNITS or Decimal(line["quantity"]) % 1 == 0


def test_seed_invoices_add_up_and_have_references_of_their_own() -> None:
    rates = {tax["code"]: Decimal(tax["rate"]) for tax in DATA["taxes"]}
    for invoice in DATA["seed_invoices"]:
        bases: dict[str, Decimal] = {}
        for line in invoice["lines"]:
            bases[line["tax"]] = bases.get(line["tax"], Decimal(0)) + Decimal(line["amount"])
        tax = sum((cents(base * rates[code] / 100) for code, base in bases.items()), Decimal(0))
        assert (sum(bases.values()), tax) == (Decimal(invoice["net"]), Decimal(invoice["tax"]))
        assert Decimal(invoice["total"]) == Decimal(invoice["net"]) + tax
    references = [invoice["reference"] for invoice in DATA["seed_invoices"]]
    assert len(set(references)) == len(references)
    assert max(invoice["issued_on"] for invoice in DATA["seed_invoices"]) <= "2026-03-31"


def test_enough_is_received_and_not_invoiced_for_the_demo() -> None:
    def ready(order: dict[str, Any]) -> bool:
        due = [line for line in order["lines"] if line["invoiced"] == "0"]
        came = all(line["kind"] == "service" or line["received"] == line["quantity"] for line in due)
        return order["state"] == "open" and len(due) == len(order["lines"]) and came

    orders = [order for order in DATA["orders"] if ready(order)]
    assert len(orders) >= 25
    assert len({order["supplier"] for order in orders}) >= 14
