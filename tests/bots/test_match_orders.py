"""The three-way match: which order line, at which price, and is there that much to invoice."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.invoices.allocation import Tolerances
from bots.invoices.match_orders import Match, match_orders
from bots.invoices.optimal import best_pairs
from bots.invoices.policy import Tolerance
from connectors import Order, OrderLine
from tests.bots.fakes import d, draft, line, order, order_line
from workitems.items import InvoiceLine

STRICT = Tolerances(price=Tolerance(), quantity=Tolerance(), price_below=d(25), rounding=d("0.01"))
PAPER = order_line("101", "Copy paper A4 80 g", "60", "4.29")
TONER = order_line("102", "Toner black LP-440", "2", "79.90")
CHAIR = order_line("103", "Office chair Ergo 3", "4", "289.00")
RENT = order_line("104", "Coffee machine rental, month", "12", "89.00", received="0", invoiced="3", is_service=True)


def match(
    lines: Sequence[InvoiceLine], *orders: Order, rules: Tolerances = STRICT, kind: Any = "invoice", **fields: Any
) -> Match:
    return match_orders(draft(kind, lines, **fields), orders or (order(lines=[PAPER, TONER, CHAIR]),), rules)


def codes(found: Match) -> list[str]:
    return [x.code for x in found.findings.doubts]


def links(found: Match) -> list[str | None]:
    return [row.order_line for row in found.lines]


def test_lines_are_booked_on_their_order_lines_whatever_their_order() -> None:
    found = match([line("Office chair Ergo 3", "4", "289.00"), line("Copy paper A4 80 g", "60", "4.29")])
    assert links(found) == ["103", "101"]
    assert [row.account for row in found.lines] == ["6815", "6815"]
    assert {"lines", "order_number", "net", "tax", "total"} <= found.findings.confirmed


# One invoice line against Hansen's order of 60 packs at 4.29, 2 toners at 79.90, 4 chairs at 289.00
# (all received) -> the order line, doubts
LINES: dict[str, tuple[InvoiceLine, str | None, list[str]]] = {
    "as ordered": (line("Copy paper A4 80 g", "60", "4.29"), "101", []),
    "a part of it": (line("Copy paper A4 80 g", "20", "4.29"), "101", []),
    "in another language, price and quantity fit": (line("Kopierpapier", "60", "4.29"), "101", ["line_description"]),
    "found by the seller's article number": (
        line("Art. 20455", "60", "4.29", product_code="101-A"),
        "101",
        ["line_description"],
    ),
    "too dear": (line("Copy paper A4 80 g", "60", "4.79"), "101", ["price_too_high"]),
    "cheaper": (line("Copy paper A4 80 g", "60", "3.99"), "101", ["price_below_order"]),
    "far cheaper: is it the right line?": (line("Copy paper A4 80 g", "60", "1.29"), "101", ["price_too_low"]),
    "more than ordered": (line("Copy paper A4 80 g", "61", "4.29"), "101", ["quantity_over_ordered"]),
    "another tax rate": (line("Copy paper A4 80 g", "60", "4.29", tax_rate="7"), "101", []),  # the order states none
    "no quantity: the price tells it": (line("Copy paper A4 80 g", None, None, amount="85.80"), "101", []),
    "no quantity, and the price does not fit": (
        line("Copy paper A4 80 g", None, None, amount="85.00"),
        "101",
        ["line_incomplete"],
    ),
    "per 100, discount worked in": (line("Copy paper A4 80 g", "60", "429.00", amount="257.40"), "101", []),
    "a box of ten": (line("Toner black LP-440 box", "1", "159.80", unit="box"), "102", ["unit_differs"]),
    "on no order line": (line("Espresso beans", "3", "18.50"), None, ["line_not_on_order"]),
    "freight": (line("Versandkosten", "1", "9.90"), None, []),
    "a person names the order line": (
        line("Whatever", "2", "1.00", order_line="id:102"),
        "102",
        ["line_description", "price_too_low"],
    ),
}


@pytest.mark.parametrize(("printed", "wanted", "doubts"), LINES.values(), ids=LINES)
def test_one_line_finds_its_order_line(printed: InvoiceLine, wanted: str | None, doubts: list[str]) -> None:
    found = match([printed])
    assert (links(found), codes(found)) == ([wanted], doubts)


def test_an_article_number_outweighs_a_foreign_wording() -> None:
    known = order_line("201", "Aluminium round bar", "100", "6.85", product_code="AL-6082-40")
    other = order_line("202", "Brass hexagon bar", "100", "6.85", product_code="MS-58-20")
    found = match([line("Messing-Sechskant", "10", "6.85", product_code="MS 58/20")], order(lines=[known, other]))
    assert (links(found), codes(found)) == (["202"], [])


# ordered, received, already invoiced, service -> largest quantity without a doubt, and the doubt above it
OPEN = {
    "all received": ("10", "10", "0", False, 10, "quantity_over_ordered"),
    "partly received": ("10", "6", "0", False, 6, "quantity_over_received"),
    "partly invoiced": ("10", "10", "7", False, 3, "quantity_over_ordered"),
    "nothing received": ("10", "0", "0", False, 0, "quantity_over_received"),
    "more delivered than ordered": ("10", "12", "0", False, 10, "quantity_over_ordered"),
    "a service is not received": ("12", "0", "3", True, 9, "quantity_over_ordered"),
    "all invoiced": ("10", "10", "10", False, 0, "quantity_over_ordered"),
}


@pytest.mark.parametrize("case", OPEN.values(), ids=OPEN)
def test_no_more_is_invoiced_than_is_open(case: tuple[str, str, str, bool, int, str]) -> None:
    ordered, received, invoiced, service, most, code = case
    of = order_line("1", "Copy paper", ordered, "4.29", received=received, invoiced=invoiced, is_service=service)
    if most:
        assert codes(match([line("Copy paper", str(most), "4.29")], order(lines=[of]))) == []
    assert codes(match([line("Copy paper", str(most + 1), "4.29")], order(lines=[of]))) == [code]


def test_the_clerk_reads_how_much_was_ordered_received_and_invoiced() -> None:
    of = order_line("1", "Copy paper", "100", "4.29", received="60", invoiced="20", unit="packs")
    found = match([line("Copy paper", "50", "4.29")], order("PO-7", [of]))
    assert found.findings.doubts[0].message == (
        "Line 1 of order PO-7 (“Copy paper”): 50 packs are invoiced (line 1), 20 were invoiced before, "
        "but only 60 were received of 100 ordered."
    )
    row = found.rows[0]
    assert (row.ordered, row.received, row.invoiced, row.agreed_price) == (d(100), d(60), d(20), d("4.29"))


def test_two_invoice_lines_on_one_order_line_count_together() -> None:
    deliveries = [line("Copy paper A4 80 g", "40", "4.29"), line("Copy paper A4 80 g", "20", "4.29")]
    assert links(match(deliveries)) == ["101", "101"]
    assert codes(match(deliveries)) == []
    too_much = match([*deliveries, line("Copy paper A4 80 g", "1", "4.29")])
    assert codes(too_much) == ["quantity_over_ordered"]
    assert "61 pieces are invoiced (line 1 and line 2 and line 3 together)" in too_much.findings.doubts[0].message


def test_a_collective_invoice_spends_both_orders() -> None:
    first = order("PO-1", [order_line("11", "Copy paper", "10", "4.29")])
    second = order("PO-2", [order_line("21", "Copy paper", "20", "4.29")])
    found = match([line("Copy paper", "20", "4.29"), line("Copy paper", "10", "4.29")], first, second)
    assert (links(found), codes(found)) == (["21", "11"], [])
    assert [row.order_number for row in found.lines] == ["PO-2", "PO-1"]


def test_a_line_that_names_an_order_of_its_own_goes_nowhere_else() -> None:
    first = order("PO-1", [order_line("11", "Copy paper", "10", "4.29")])
    second = order("PO-2", [order_line("21", "Copy paper", "10", "4.29")])
    rows = [line("Copy paper", "4", "4.29", order_number="PO 2"), line("Copy paper", "4", "4.29", order_number="PO-2")]
    assert links(match(rows, first, second)) == ["21", "21"]


def test_an_order_line_that_has_room_relieves_one_that_has_not() -> None:
    full = order("PO-1", [order_line("11", "Chair black", "4", "289.00", invoiced="4")])
    free = order("PO-2", [order_line("21", "Chair, black", "4", "289.00")])
    assert links(match([line("Chair black", "4", "289.00")], full, free)) == ["21"]


def test_the_last_line_is_taken_for_the_last_order_line_but_a_person_looks() -> None:
    rows = [
        line("Copy paper A4 80 g", "60", "4.29"),
        line("Toner black LP-440", "2", "79.90"),
        line("Drehstuhl", "4", "310.00"),
    ]
    found = match(rows)
    assert links(found) == ["101", "102", "103"]
    assert codes(found) == ["line_unclear", "price_too_high"]


def test_credit_notes_are_compared_with_what_was_invoiced() -> None:
    of = order_line("1", "Copy paper", "10", "4.29", invoiced="6")
    assert codes(match([line("Copy paper", "6", "4.29")], order(lines=[of]), kind="credit_note")) == []
    too_much = match([line("Copy paper", "7", "4.29")], order(lines=[of]), kind="credit_note")
    assert codes(too_much) == ["credit_over_invoiced"]
    assert too_much.lines[0].quantity == d(-7)
    lower = match([line("Copy paper", "6", "0.50")], order(lines=[of]), kind="credit_note")
    assert codes(lower) == ["price_too_low"]


def test_an_invoice_without_readable_lines_takes_those_of_the_order_where_the_amount_fits() -> None:
    found = match([], net="1573.20", tax="298.91", total="1872.11")
    assert links(found) == ["101", "102", "103"]
    assert codes(found) == ["lines_from_order"]
    assert match([], net="1573.21").lines == ()


def test_charges_below_the_lines_become_a_line_of_their_own() -> None:
    found = match([line("Copy paper A4 80 g", "60", "4.29")], adjustment=d("12.00"))
    assert [(row.amount, row.order_line) for row in found.lines] == [(d("257.40"), "101"), (d("12.00"), None)]
    assert found.charges == (1,)


# agreed price 100.00, quantity 10, tolerance (per cent, absolute for the line) -> highest price without a doubt
TOLERANCES = {
    "none": (None, None, "100.00", "100.01"),
    "two per cent": ("2", None, "102.00", "102.01"),
    "two per cent, but five at most": ("2", "5", "100.50", "100.51"),
    "five for the line": (None, "5", "100.50", "100.51"),
    "a hundredth per cent, though five": ("0.01", "5", "100.01", "100.02"),
}


@pytest.mark.parametrize(("percent", "absolute", "fits", "too_high"), TOLERANCES.values(), ids=TOLERANCES)
def test_every_limit_of_a_tolerance_holds(percent: str | None, absolute: str | None, fits: str, too_high: str) -> None:
    limits = Tolerance(percent=d(percent) if percent else None, absolute=d(absolute) if absolute else None)
    rules = STRICT.model_copy(update={"price": limits})
    of = order(lines=[order_line("1", "Pump", "10", "100.00")])
    assert codes(match([line("Pump", "10", fits)], of, rules=rules)) == []
    assert codes(match([line("Pump", "10", too_high)], of, rules=rules)) == ["price_too_high"]


def test_a_quantity_tolerance_allows_a_little_more_than_was_received() -> None:
    rules = STRICT.model_copy(update={"quantity": Tolerance(percent=d(10))})
    of = order(lines=[order_line("1", "Steel bar", "100", "6.85")])
    assert codes(match([line("Steel bar", "110", "6.85")], of, rules=rules)) == []
    assert codes(match([line("Steel bar", "111", "6.85")], of, rules=rules)) == ["quantity_over_ordered"]


WORDS = ("Copy paper", "Toner black", "Office chair", "Steel bar", "Saw cut", "Pump head")
order_lines = st.builds(
    lambda i, w, q, r, n, p: order_line(
        str(i), WORDS[w], str(q), f"{p}.50", received=str(min(q, r)), invoiced=str(min(q, r, n))
    ),
    st.integers(1, 9999),
    st.integers(0, len(WORDS) - 1),
    st.integers(1, 30),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(1, 9),
)
invoice_lines = st.builds(
    lambda w, q, p: line(WORDS[w], str(q), f"{p}.50"),
    st.integers(0, len(WORDS) - 1),
    st.integers(1, 30),
    st.integers(1, 9),
)


@given(st.lists(invoice_lines, max_size=6), st.lists(order_lines, min_size=1, max_size=6, unique_by=lambda ol: ol.id))
def test_what_is_booked_without_a_doubt_never_exceeds_what_is_open(
    rows: list[InvoiceLine], ordered: list[OrderLine]
) -> None:
    found = match(rows, order(lines=ordered))
    booked: Counter[str] = Counter()
    for row in found.lines:
        if row.order_line:
            booked[row.order_line] += int(row.quantity or 0)
    room = {ol.id: int(min(ol.received, ol.quantity) - ol.invoiced) for ol in ordered}
    if any(booked[id] > room[id] for id in booked):
        assert {"quantity_over_ordered", "quantity_over_received"} & set(codes(found))


@given(
    st.lists(invoice_lines, min_size=1, max_size=4),
    st.lists(order_lines, min_size=1, max_size=4, unique_by=lambda ol: ol.id),
)
def test_the_order_of_the_invoices_lines_does_not_matter(rows: list[InvoiceLine], ordered: list[OrderLine]) -> None:
    def booked(lines: Sequence[InvoiceLine]) -> Counter[tuple[object, ...]]:
        found = match(lines, order(lines=ordered))
        return Counter((r.description, r.quantity, r.amount, r.order_line) for r in found.lines)

    wanted = booked(rows)
    for shuffled in itertools.islice(itertools.permutations(rows), 6):
        assert booked(shuffled) == wanted


@given(
    st.integers(0, 4).flatmap(
        lambda n: st.lists(
            st.lists(st.sampled_from([0.0, 0.4, 0.5, 0.7, 0.9]), min_size=3, max_size=3), min_size=n, max_size=n
        )
    )
)
def test_the_assignment_is_the_best_there_is(scores: list[list[float]]) -> None:
    def best(row: int, taken: frozenset[int]) -> float:
        if row == len(scores):
            return 0.0
        free = [c for c in range(3) if c not in taken and scores[row][c] > 0]
        return max([best(row + 1, taken), *(scores[row][c] + best(row + 1, taken | {c}) for c in free)])

    pairs = best_pairs(scores)
    used = [c for c in pairs if c is not None]
    assert len(used) == len(set(used))
    assert sum(scores[r][c] for r, c in enumerate(pairs) if c is not None) == pytest.approx(best(0, frozenset()))


def test_many_lines_are_matched_in_bounded_time() -> None:
    rows = [line(f"Part {i:03} steel", "3", f"{i % 40 + 1}.10") for i in range(150)]
    ordered = [order_line(str(i), f"Part {i:03} steel", "3", f"{i % 40 + 1}.10") for i in range(150)]
    found = match(rows, order(lines=ordered))
    assert links(found) == [str(i) for i in range(150)]
    assert found.findings.doubts == ()
    assert Decimal(0) not in [row.amount for row in found.lines]
