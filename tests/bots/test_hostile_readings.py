"""Whatever stands on a paper, the checks end with a verdict: no value makes them raise or run away."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.invoices.assemble import Source
from bots.invoices.checks import Verdict, check_invoice
from bots.invoices.draft import draft_from
from bots.invoices.facts import Facts
from bots.invoices.identity import identify
from bots.invoices.order_numbers import wanted_numbers
from bots.reading.route import judge_alone
from tests.bots.fakes import ACCOUNTS, SUPPLIERS, TODAY, FakeRecords, document, house, line, order, paper
from workitems.items import DiscountTerm, InvoiceLine, Paper, TaxLine

FIELDS = (
    "number",
    "issued_on",
    "due_on",
    "currency",
    "net",
    "tax",
    "total",
    "order_number",
    "iban",
    "vat_id",
    "buyer_name",
)
texts = st.text(max_size=60)
numbers = st.one_of(
    st.none(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from([Decimal("1E+300"), Decimal("1E-300"), Decimal("-0"), Decimal(10) ** 12]),
)
rows = st.builds(
    InvoiceLine,
    description=st.none() | texts,
    quantity=numbers,
    unit=st.none() | texts,
    unit_price=numbers,
    tax_rate=numbers,
    amount=numbers,
    order_number=st.none() | texts,
    order_line=st.none() | texts,
    confidence=st.floats(0, 1),
)
taxes = st.builds(TaxLine, rate=numbers, base=numbers, tax=numbers)
discounts = st.builds(DiscountTerm, percent=numbers.filter(lambda n: n is not None), days=st.none() | st.integers())


def verdict(read: Paper) -> Verdict:
    records, draft, rules = FakeRecords(order()), draft_from(read), house()
    facts = Facts(
        today=TODAY,
        identity=identify(draft, SUPPLIERS, rules.policy),
        suppliers=SUPPLIERS,
        orders={n: records.find_order(n) for n in wanted_numbers(draft)},
        open_orders=tuple(records.open_orders("7")),
        accounts=ACCOUNTS,
    )
    return check_invoice(Source(document=document(), paper=read), draft, facts, rules)


@given(
    st.sampled_from(["invoice", "credit_note"]),
    st.dictionaries(st.sampled_from(FIELDS), texts, max_size=4),
    st.lists(rows, max_size=3),
    st.lists(taxes, max_size=2),
    st.lists(discounts, max_size=2),
)
def test_no_reading_makes_the_checks_raise(
    kind: Any, fields: dict[str, str], lines: list[InvoiceLine], rates: list[TaxLine], terms: list[DiscountTerm]
) -> None:
    read = paper(kind, lines=[line()], **fields)
    read = read.model_copy(update={"lines": tuple(lines), "taxes": tuple(rates), "discounts": tuple(terms)})
    found = verdict(read)
    assert (found.invoice is None) is bool(found.blocking)
    assert judge_alone(read, house().policy)[0] in ("straight", "review")


# papers made to cost time, each with the seconds that they may take on a busy machine
COSTLY: dict[str, Any] = {
    "a thousand order numbers": {"order_number": ",".join(f"PO-{n}" for n in range(1000))},
    "an endless name": {"supplier_name": "Hansen " * 20_000, "vat_id": None, "iban": None},
    "an endless number": {"number": "9" * 200_000},
    "endless descriptions": {"lines": [line("steel bar " * 10_000) for _ in range(40)]},
    "three hundred lines alike": {"lines": [line("Copy paper A4", "1", "4.29") for _ in range(300)]},
    "ten thousand lines": {"lines": [line() for _ in range(10_000)]},
}


@pytest.mark.parametrize("fields", COSTLY.values(), ids=COSTLY)
def test_no_paper_costs_more_than_seconds(fields: dict[str, Any]) -> None:
    read, started = paper(**fields), time.perf_counter()
    assert verdict(read).blocking
    assert time.perf_counter() - started < 10


def test_a_number_beyond_all_sense_is_a_doubt_and_no_crash() -> None:
    rows = (line(), line().model_copy(update={"amount": Decimal("1E+40")}))
    huge = paper().model_copy(update={"lines": rows})
    assert "invalid_lines" in [x.code for x in verdict(huge).blocking]


def test_control_characters_never_reach_a_sentence() -> None:
    found = verdict(paper(order_number="PO\x00\u202e-1\n2"))
    assert "\x00" not in found.blocking[0].message
    assert "\u202e" not in found.blocking[0].message
