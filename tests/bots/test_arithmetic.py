"""Sums: what adds up is confirmed, what does not is a doubt that names the amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.invoices.arithmetic import check_arithmetic
from bots.invoices.draft import draft_from
from bots.invoices.lines import cents, effective_price
from bots.invoices.policy import InvoicePolicy
from tests.bots.fakes import d, draft, line, paper, taxes
from workitems.items import InvoiceLine

POLICY = InvoicePolicy()
VAT = d("0.19")

# quantity, price, amount -> code. One line; the paper states no net amount, so that the line speaks for itself.
LINES = {
    "exact": ("10", "4.29", "42.90", None),
    "half a cent rounded up": ("3", "1.115", "3.35", None),
    "a cent off by rounding": ("3", "1.115", "3.34", None),
    "a price per hundred": ("250", "12.00", "30.00", None),
    "a price per thousand": ("250", "12.00", "3.00", None),
    "a price printed with two of its four decimals": ("100", "0.33", "33.33", None),
    "ten per cent off": ("10", "50.00", "450.00", "line_discount"),
    "less than that, and no whole percentage": ("10", "50.00", "443.21", "line_arithmetic"),
    "charged above quantity times price": ("10", "50.00", "510.00", "line_arithmetic"),
    "a digit misread": ("10", "4.29", "49.20", "line_arithmetic"),
    "returned goods": ("-2", "4.29", "-8.58", None),
    "a free line": ("1", "0.00", "0.00", None),
    "no price: nothing to compare": ("10", None, "42.90", None),
}


@pytest.mark.parametrize(("quantity", "price", "amount", "code"), LINES.values(), ids=LINES)
def test_a_line_is_quantity_times_price(quantity: str, price: str | None, amount: str, code: str | None) -> None:
    lines = [line("Anything", quantity, price, amount=amount)]
    found = check_arithmetic(draft(lines=lines, net=None, tax=None), POLICY)
    assert [x.code for x in found.doubts] == ([code] if code else [])


def test_a_line_is_only_remarked_where_the_sum_fits() -> None:
    above = check_arithmetic(draft(lines=[line(quantity="1", price="67.22", amount="80.00")]), POLICY)
    assert [(x.code, x.severity) for x in above.doubts] == [("line_arithmetic", "warn")]
    found = check_arithmetic(draft(lines=[line(quantity="10", price="50.00", amount="443.21")]), POLICY)
    assert [(x.code, x.severity) for x in found.doubts] == [("line_discount", "warn")]
    assert "500.00 EUR, but 443.21 EUR is charged" in found.doubts[0].message


# net, tax, total of a paper whose one line says 42.90 -> code
TOTALS = {
    "adds up": ("42.90", "8.15", "51.05", None),
    "a cent of rounding": ("42.90", "8.15", "51.06", None),
    "two cents are too much": ("42.90", "8.15", "51.07", "total_arithmetic"),
    "digits exchanged": ("42.90", "8.15", "15.05", "total_arithmetic"),
    "lines are not the net amount": ("41.90", "7.96", "49.86", "lines_sum"),
    "lines are the gross amount": ("36.05", "6.85", "42.90", "lines_gross"),
    "more tax than any country asks for": ("42.90", "42.90", "85.80", "tax_arithmetic"),
    "no net amount: it follows": (None, "8.15", "51.05", None),
    "no tax: it follows": ("42.90", None, "51.05", None),
    "no total: nothing to compare": ("42.90", "8.15", None, None),
}


@pytest.mark.parametrize(("net", "tax", "total", "code"), TOTALS.values(), ids=TOTALS)
def test_net_and_tax_are_the_total(net: str | None, tax: str | None, total: str | None, code: str | None) -> None:
    found = check_arithmetic(draft(net=net, tax=tax, total=total), POLICY)
    assert [x.code for x in found.doubts] == ([code] if code else [])


# rows of (rate, base, tax) of a paper with net 100.00, tax 15.40, total 115.40 -> code
TAXES = {
    "two rates": ([("19", "70.00", "13.30"), ("7", "30.00", "2.10")], None),
    "a rate that is not the printed tax": ([("19", "70.00", "12.00"), ("7", "30.00", "3.40")], "tax_arithmetic"),
    "a row is missing": ([("19", "70.00", "13.30")], "tax_sum"),
    "rounded row by row": ([("19", "70.00", "13.31"), ("7", "30.00", "2.09")], None),
}


@pytest.mark.parametrize(("rows", "code"), TAXES.values(), ids=TAXES)
def test_each_tax_row_is_rate_times_base(rows: list[tuple[str, str, str]], code: str | None) -> None:
    lines = [line("A", "1", "70.00"), line("B", "1", "30.00")]
    found = check_arithmetic(draft(lines=lines, tax="15.40", total="115.40", taxes=taxes(*rows)), POLICY)
    assert code in [x.code for x in found.doubts] if code else not found.doubts


def test_charges_below_the_lines_belong_to_the_sum() -> None:
    found = check_arithmetic(draft(adjustment=d("-2.90")), POLICY)
    assert not found.doubts
    assert "lines_add_up" in found.rules


# What the paper states -> whether net, tax and total are right whatever confidence they have
EVIDENCE = {
    "lines, and net with tax": ({}, True),
    "only net with tax: no lines to compare": ({"lines": (), "net": "42.90", "tax": "8.15", "total": "51.05"}, False),
    "lines, and tax from the total": ({"tax": None}, False),  # a total that is wrong would make a wrong tax
    "untaxed, and said so": ({"tax": "0.00", "total": "42.90"}, True),
    "untaxed, and not said: perhaps the gross amount": ({"tax": None, "total": "42.90"}, False),
    "lines, and tax rows": ({"net": None, "tax": None, "taxes": taxes(("19", "42.90", "8.15"))}, True),
    "nothing fits": ({"total": "99.00"}, False),
}


@pytest.mark.parametrize(("fields", "sure"), EVIDENCE.values(), ids=EVIDENCE)
def test_two_sums_that_agree_confirm_the_amounts(fields: dict[str, object], sure: bool) -> None:
    found = check_arithmetic(draft(**fields), POLICY)  # type: ignore[arg-type]
    assert ({"net", "tax", "total"} <= found.confirmed) is sure


def test_a_credit_note_adds_up_below_zero() -> None:
    credit = draft("credit_note")
    assert credit.total == d("-51.05")
    assert credit.lines[0].amount == d("-42.90")
    assert credit.lines[0].quantity == d("-10")
    found = check_arithmetic(credit, POLICY)
    assert not found.doubts
    assert "total" in found.confirmed


prices = st.decimals("0.01", "9999.99", places=2)
quantities = st.one_of(st.integers(1, 500).map(Decimal), st.decimals("0.001", "99.999", places=3))


@given(st.lists(st.tuples(quantities, prices), min_size=1, max_size=12))
def test_whatever_is_sold_a_correctly_computed_invoice_has_no_doubt(rows: list[tuple[Decimal, Decimal]]) -> None:
    lines = tuple(
        InvoiceLine(quantity=q, unit_price=p, amount=cents(q * p), confidence=0.9, description="x") for q, p in rows
    )
    net = sum((row.amount or Decimal(0) for row in lines), Decimal(0))
    tax = cents(net * VAT)
    right = paper(lines=lines, net=str(net), tax=str(tax), total=str(net + tax))
    assert not check_arithmetic(draft_from(right), POLICY).doubts


@given(st.lists(st.tuples(quantities, prices), min_size=1, max_size=8), st.integers(11, 10**6))
def test_a_total_that_is_wrong_by_more_than_rounding_is_never_confirmed(
    rows: list[tuple[Decimal, Decimal]], off: int
) -> None:
    lines = tuple(InvoiceLine(quantity=q, unit_price=p, amount=cents(q * p), confidence=0.9) for q, p in rows)
    net = sum((row.amount or Decimal(0) for row in lines), Decimal(0))
    tax = cents(net * VAT)
    wrong = paper(lines=lines, net=str(net), tax=str(tax), total=str(net + tax + Decimal(off) / 100))
    found = check_arithmetic(draft_from(wrong), POLICY)
    assert found.blocking
    assert "total" not in found.confirmed


@given(quantities, st.decimals("0.01", "99999.99", places=2))
def test_the_effective_price_gives_the_amount_again(quantity: Decimal, amount: Decimal) -> None:
    assert abs(effective_price(quantity, amount) * quantity - amount) <= Decimal("0.005")
