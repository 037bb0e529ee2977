"""The records reader on the real ERP: what it reads is what was seeded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connectors.tryton.records import TrytonRecords
from connectors.tryton.rows import order_line, supplier
from connectors.tryton.rpc import RpcFault, TrytonRpc
from tests.erp_fixture import Erp
from workitems.errors import TryLater

pytestmark = pytest.mark.erp


@pytest.fixture(scope="module", autouse=True)
def seeded_anew(erp: Erp) -> None:
    """Other tests post invoices on the same orders."""
    erp.reset()


@pytest.fixture
def rpc(erp: Erp) -> Iterator[TrytonRpc]:
    info = erp.info
    connection = TrytonRpc(info.url, info.database, info.records_login, info.records_password)
    yield connection
    connection.close()


@pytest.fixture
def records(rpc: TrytonRpc) -> TrytonRecords:
    return TrytonRecords(rpc)


def supplier_id(records: TrytonRecords, erp: Erp, key: str) -> str:
    name = next(s["name"] for s in erp.company["suppliers"] if s["id"] == key)
    return next(s.id for s in records.suppliers() if s.name == name)


def test_suppliers_come_with_vat_ids_and_ibans_and_without_the_company_itself(records: TrytonRecords, erp: Erp) -> None:
    read = {s.name: s for s in records.suppliers()}
    assert set(read) == {s["name"] for s in erp.company["suppliers"]}
    for seeded in erp.company["suppliers"]:
        supplier = read[seeded["name"]]
        assert supplier.vat_id == seeded["vat_id"]
        assert supplier.ibans == ((seeded["iban"],) if seeded["iban"] else ())
        assert seeded["address"]["street"] in (supplier.address or "")


def test_every_order_reads_as_it_was_seeded(records: TrytonRecords, erp: Erp) -> None:
    products = {p["code"]: p for p in erp.company["products"]}
    rates = {t["code"]: Decimal(t["rate"]) for t in erp.company["taxes"]}
    by_name = {s.name: s.id for s in records.suppliers()}
    suppliers = {s["id"]: by_name[s["name"]] for s in erp.company["suppliers"]}
    read = {order.number: order for party in suppliers.values() for order in records.open_orders(party)}
    for seeded in erp.company["orders"]:
        order = read.get(seeded["number"]) or records.find_order(seeded["number"])
        assert order is not None
        assert (order.state, order.currency, order.supplier_id) == (
            seeded["state"],
            seeded["currency"],
            suppliers[seeded["supplier"]],
        )
        assert order.ordered_on == date.fromisoformat(seeded["ordered_on"])
        assert len(order.lines) == len(seeded["lines"])
        for line, expected in zip(order.lines, seeded["lines"], strict=True):
            product = products[expected["product"]]
            assert line.product_code == product["supplier_code"]
            assert line.product_name == product["names"]["en"]
            assert line.is_service == (expected["kind"] == "service")
            assert line.account == expected["account"]
            assert line.tax_rate == rates[expected["tax"]]
            assert line.unit == expected["unit"]
            for name in ("quantity", "unit_price", "received", "invoiced"):
                assert getattr(line, name) == Decimal(expected[name]), (seeded["number"], expected["line"], name)


def test_open_orders_are_the_unfinished_ones_newest_first(records: TrytonRecords, erp: Erp) -> None:
    orders = records.open_orders(supplier_id(records, erp, "kessler"))
    seeded = [o for o in erp.company["orders"] if o["supplier"] == "kessler" and o["state"] == "open"]
    assert [o.number for o in orders] == [o["number"] for o in reversed(seeded)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("PO-2026-0101", True),
        ("po 2026 0101", True),
        ("PO/2026/0101", True),
        ("PO20260101", True),
        ("PO-2026-01011", False),
        ("PO-2026-010", False),
        ("2026-0101", False),
        ("%", False),
        ("", False),
        ("PO-2026-0101" + "1" * 5000, False),
    ],
)
def test_an_order_number_may_be_written_carelessly(records: TrytonRecords, asked: str, found: bool) -> None:
    order = records.find_order(asked)
    assert (order is not None and order.number == "PO-2026-0101") == found


def test_a_posting_is_found_by_its_exact_number_at_its_supplier_only(records: TrytonRecords, erp: Erp) -> None:
    seeded = erp.company["seed_invoices"][0]
    party = supplier_id(records, erp, seeded["supplier"])
    posting = records.find_posting(party, seeded["reference"])
    assert posting is not None
    assert (posting.number, posting.total, posting.state) == (seeded["reference"], Decimal(seeded["total"]), "posted")
    assert posting.reference == "SI-2026-00001"
    assert records.find_posting(party, seeded["reference"].lower()) is None
    assert records.find_posting(party, seeded["reference"][:-1]) is None
    assert records.find_posting(supplier_id(records, erp, "whitcombe"), seeded["reference"]) is None


def test_similar_postings_have_the_same_total_in_the_window(records: TrytonRecords, erp: Erp) -> None:
    seeded = erp.company["seed_invoices"][0]
    party, total = supplier_id(records, erp, seeded["supplier"]), Decimal(seeded["total"])
    day = date.fromisoformat(seeded["issued_on"])
    assert [p.number for p in records.similar_postings(party, total, day, 0)] == [seeded["reference"]]
    assert records.similar_postings(party, total, day.replace(year=2025), 30) == []
    assert records.similar_postings(party, total + Decimal("0.01"), day, 30) == []


def test_expense_accounts_come_with_code_and_name(records: TrytonRecords, erp: Erp) -> None:
    assert {(a.code, a.name) for a in records.accounts()} == {(a["code"], a["name"]) for a in erp.company["accounts"]}


def test_a_changed_bank_account_is_seen_after_a_refresh(records: TrytonRecords, erp: Erp) -> None:
    info = erp.info
    admin = TrytonRpc(info.url, info.database, info.login, info.password)
    before = next(s for s in records.suppliers() if s.name.startswith("Kessler"))
    (party,) = admin.read("party.party", [("id", "=", int(before.id))], ["bank_accounts"])
    number = {"type": "iban", "number": "DE89370400440532013000"}
    (new,) = admin.call("model.bank.account.create", [{"numbers": [("create", [number])]}])
    accounts = party["bank_accounts"]
    admin.call("model.party.party.write", [before.id], {"bank_accounts": [("add", [new])]})
    try:
        assert records.suppliers()[0] is not None
        assert next(s for s in records.suppliers() if s.id == before.id).ibans == before.ibans
        records.refresh()
        after = next(s for s in records.suppliers() if s.id == before.id)
        assert set(after.ibans) == {*before.ibans, "DE89370400440532013000"}
    finally:
        admin.call("model.bank.account.delete", [new])
        assert (
            admin.read("party.party", [("id", "=", int(before.id))], ["bank_accounts"])[0]["bank_accounts"] == accounts
        )
        admin.close()


def test_a_forgotten_session_is_renewed_once(rpc: TrytonRpc, records: TrytonRecords) -> None:
    records.accounts()
    rpc.call("model.res.user.read", [1], ["name"])
    rpc._session = "Zm9yZ290dGVuOjE6eA=="
    records.refresh()
    assert records.accounts()


def test_a_server_that_is_away_or_refuses_the_login_means_try_later(erp: Erp) -> None:
    with pytest.raises(TryLater) as away:
        TrytonRecords(TrytonRpc("http://127.0.0.1:9", "erp", "records", "x")).accounts()
    assert away.value.code == "erp_away"
    with pytest.raises(TryLater) as refused:
        TrytonRecords(TrytonRpc(erp.info.url, "erp", "records", "wrong")).accounts()
    assert refused.value.code == "erp_login"


@pytest.mark.parametrize("model", ["account.invoice", "purchase.purchase", "stock.move"])
def test_the_reading_login_may_not_write(rpc: TrytonRpc, model: str) -> None:
    (row, *_) = rpc.read(model, [], ["id"], limit=1)
    with pytest.raises(RpcFault):
        rpc.call(f"model.{model}.write", [row["id"]], {"company": 1})
    with pytest.raises(RpcFault):
        rpc.call(f"model.{model}.delete", [row["id"]])


def test_the_outside_reader_sees_the_seeded_invoices(erp: Erp) -> None:
    seeded = {i["reference"]: i for i in erp.company["seed_invoices"]}
    read = {p["reference"]: p for p in erp.postings() if p["reference"] in seeded}
    assert set(read) == set(seeded)
    for reference, posting in read.items():
        expected = seeded[reference]
        assert (posting["net"], posting["tax"], posting["total"]) == (
            expected["net"],
            expected["tax"],
            expected["total"],
        )
        assert [(line["order"], line["order_line"]) for line in posting["lines"]] == [
            (line["order"], line["line"]) for line in expected["lines"]
        ]


KILO, GRAM = {"id": 1, "name": "Kilogram", "factor": 1.0}, {"id": 2, "name": "Gram", "factor": 0.001}


def ordered(**more: Any) -> dict[str, Any]:
    """A row as Tryton sends it, of a line over 5 kg."""
    row = {
        "id": 7,
        "quantity": 5.0,
        "unit.": KILO,
        "unit_price": Decimal("2.50"),
        "description": None,
        "product.": None,
    }
    return row | {"product_supplier.": None, "taxes.": [], "moves.": [], "invoice_lines.": []} | more


def move(quantity: float, state: str = "done", to: str = "storage", unit: dict[str, Any] = KILO) -> dict[str, Any]:
    return {"quantity": quantity, "state": state, "to_location.": {"type": to}, "unit.": unit}


def invoiced(quantity: float, state: str | None = "posted") -> dict[str, Any]:
    return {"quantity": quantity, "unit.": KILO, "invoice.": {"state": state} if state else None}


def test_received_counts_done_moves_less_returns_in_the_lines_unit() -> None:
    moves = [move(2), move(500, unit=GRAM), move(9, state="draft"), move(0.25, to="supplier")]
    assert order_line(ordered(**{"moves.": moves})).received == Decimal("2.25")


def test_invoiced_counts_drafts_and_credit_notes_but_nothing_cancelled() -> None:
    lines = [invoiced(3), invoiced(1, "draft"), invoiced(-2), invoiced(5, "cancelled"), invoiced(0.5, None)]
    assert order_line(ordered(**{"invoice_lines.": lines})).invoiced == Decimal("2.5")


@pytest.mark.parametrize(
    ("kind", "code", "vat_id"),
    [
        ("eu_vat", "DE 291846309", "DE291846309"),
        ("gb_vat", "739418211", "GB739418211"),
        ("nl_btw", "817340208B01", "NL817340208B01"),
        ("gr_vat", "094259216", "EL094259216"),
        ("us_ein", "93-5550187", None),  # a tax number, but no VAT id
    ],
)
def test_vat_ids_read_as_they_stand_on_paper(kind: str, code: str, vat_id: str | None) -> None:
    row = {"id": 1, "name": "X", "active": True, "addresses.": [], "bank_accounts.": []}
    assert supplier(row | {"identifiers.": [{"type": kind, "code": code}]}).vat_id == vat_id
