"""What is keyed so that Tryton computes what the paper says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from connectors.tryton.amounts import TaxShown, keyed, tax_corrections
from connectors.tryton.keying import product_of
from workitems.items import Document, Invoice, InvoiceLine, TaxLine

D = Decimal

LINES = [  # the line's quantity, unit price and amount on paper; what is keyed; why
    ("5", "4.29", "21.45", ("5", "4.29"), "as it stands"),
    ("5", "4.29", None, ("5", "4.29"), "without an amount"),
    (None, None, "372.00", ("1", "372.00"), "only an amount"),
    ("10", "2.00", "18.00", ("10", "1.8"), "a discount goes into the price"),
    ("3", "0.3333", "1.00", ("3", "0.3333"), "four decimals round to the amount"),
    ("-2", "4.29", "-8.58", ("-2", "4.29"), "a credit note"),
    ("2", "4.29", "-8.58", ("-2", "4.29"), "a credit note whose quantity is printed positive"),
    ("1", "-15.00", "-15.00", ("-1", "15.00"), "a deduction"),
    ("12.5", "0.8", "10.00", ("12.5", "0.8"), "a broken quantity"),
]


@pytest.mark.parametrize(("quantity", "price", "amount", "expected", "why"), LINES, ids=[row[-1] for row in LINES])
def test_quantity_and_price_give_the_papers_amount(
    quantity: str | None, price: str | None, amount: str | None, expected: tuple[str, str], why: str
) -> None:
    line = InvoiceLine.model_validate({"quantity": quantity, "unit_price": price, "amount": amount})
    found = keyed(line)
    assert found is not None
    assert (found.quantity, found.unit_price) == (D(expected[0]), D(expected[1]))
    assert found.amount == D(amount or "21.45")


def test_a_line_that_says_too_little_is_not_keyed() -> None:
    assert keyed(InvoiceLine(quantity=D(3))) is None
    assert keyed(InvoiceLine()) is None


def invoice(*taxes: tuple[str, str]) -> Invoice:
    return Invoice(
        document=Document(sha256="0" * 64, filename="a.pdf", media_type="application/pdf"),
        supplier_id="1",
        supplier_name="A",
        number="1",
        issued_on=date(2026, 1, 1),
        currency="EUR",
        total=D(1),
        taxes=tuple(TaxLine(base=D(base), tax=D(tax)) for base, tax in taxes),
    )


def test_one_tax_line_takes_the_whole_difference() -> None:
    assert tax_corrections([TaxShown(base=D("10"), amount=D("1.90"))], invoice(), D("0.01")) == {0: D("1.91")}


def test_several_tax_lines_take_the_papers_amounts_by_their_bases() -> None:
    shown = [TaxShown(base=D("10"), amount=D("1.90")), TaxShown(base=D("20"), amount=D("1.40"))]
    assert tax_corrections(shown, invoice(("10", "1.90"), ("20", "1.41")), D("0.01")) == {1: D("1.41")}


def test_a_difference_that_the_papers_taxes_do_not_explain_is_left_alone() -> None:
    shown = [TaxShown(base=D("10"), amount=D("1.90")), TaxShown(base=D("20"), amount=D("1.40"))]
    assert tax_corrections(shown, invoice(("10", "1.90"), ("20", "1.45")), D("0.01")) == {}
    assert tax_corrections(shown, invoice(), D("0.01")) == {}


NAMES = [  # the ERP's name of a purchase line, the product's name in it
    ("60\u00a0u [BM-1001] Copy paper A4 80 g, 500 sheets @ PO-2026-0101", "[BM-1001] Copy paper A4 80 g, 500 sheets"),
    ("1.234,5\u00a0kg Screws @ night @ PO-7 [ref]", "Screws @ night"),
    ("PO-2026-0101", None),
]


@pytest.mark.parametrize(("name", "product"), NAMES, ids=["code", "at sign", "no product"])
def test_the_product_is_read_from_the_purchase_lines_name(name: str, product: str | None) -> None:
    assert product_of(name) == product
