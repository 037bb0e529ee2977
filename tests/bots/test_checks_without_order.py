"""Invoices that name no order, or one that was only found: what the policy says, and what a person is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bots.invoices.accounts import suggest
from bots.invoices.duplicates import Earlier
from connectors import Order
from tests.bots.fakes import (
    ACCOUNTS,
    answer,
    line,
    order,
    order_line,
    paper,
)
from tests.bots.judging import blocking, judged

TWO = (order("PO-2026-0101"), order("PO-2026-0102", [order_line("201", "Toner black LP-440", "2", "79.90")]))
SAME = (order("PO-2026-0101"), order("PO-2026-0102", [order_line("201")]))


# open orders, what is different about the invoice -> what it waits for, where the policy looks for the order itself
UNNAMED: dict[str, tuple[Sequence[Order], dict[str, Any], list[str]]] = {
    "one order fits in all": (TWO, {}, []),
    "two orders fit": (SAME, {}, ["no_order", "missing_account"]),
    "a part of an order": (TWO, {"lines": [line(quantity="5")]}, ["no_order", "missing_account"]),
    "another price": (TWO, {"lines": [line(price="4.25")]}, ["no_order", "missing_account"]),
    "no lines": (TWO, {"lines": [], "net": "42.90", "tax": "8.15", "total": "51.05"}, ["no_order", "missing_account"]),
}


@pytest.mark.parametrize(("orders", "fields", "codes"), UNNAMED.values(), ids=UNNAMED)
def test_an_order_that_nobody_named_is_taken_only_where_all_of_it_fits(
    orders: Sequence[Order], fields: dict[str, Any], codes: list[str]
) -> None:
    found = judged(paper(order_number=None, **fields), orders, no_order={"mode": "match"})
    assert blocking(found) == codes
    if not codes:
        assert [x.code for x in found.findings.doubts] == ["order_found"]
        assert found.invoice is not None
        assert found.invoice.lines[0].order_line == "101"


def test_where_an_order_was_only_found_an_equal_amount_is_a_question() -> None:
    read, twin = paper(order_number=None), Earlier(same_amount=("a.pdf of 2026-04-18",))
    assert blocking(judged(read, TWO, earlier=twin, no_order={"mode": "match"})) == ["duplicate_amount"]


# policy for invoices without an order -> what an invoice over 51.05 waits for, and the account it is booked on
NO_ORDER: dict[str, tuple[dict[str, Any], list[str], str | None]] = {
    "a person decides": ({}, ["no_order", "missing_account"], None),
    "an account, up to a limit": ({"no_order": {"mode": "account", "account": "6815"}}, [], "6815"),
    "above the limit": (
        {"no_order": {"mode": "account", "account": "6815", "limit": 50}},
        ["no_order_limit", "missing_account"],
        None,
    ),
    "without a limit": ({"no_order": {"mode": "account", "account": "6815", "limit": None}}, [], "6815"),
    "the supplier's own account": (
        {"no_order": {"mode": "account"}, "suppliers": {"DE291846309": {"account": "6330"}}},
        [],
        "6330",
    ),
    "only this supplier": (
        {"suppliers": {"hansen büro & papier gmbh": {"no_order": {"mode": "account"}, "account": "6330"}}},
        [],
        "6330",
    ),
    "an account that the ERP has not": (
        {"no_order": {"mode": "account", "account": "5.2.2"}},
        ["unknown_account"],
        None,
    ),
}


@pytest.mark.parametrize(("policy", "codes", "account"), NO_ORDER.values(), ids=NO_ORDER)
def test_without_an_order_the_policy_decides(policy: dict[str, Any], codes: list[str], account: str | None) -> None:
    found = judged(paper(order_number=None), **policy)
    assert blocking(found) == codes
    assert (found.invoice.lines[0].account if found.invoice else None) == account


def test_without_an_order_a_person_chooses_the_accounts() -> None:
    chosen = json.dumps([{"description": "Copy paper A4", "quantity": "10", "unit_price": "4.29", "account": "6815"}])
    for said in ([answer("lines", chosen)], [answer("account", "6815")]):
        found = judged(paper(order_number=None), answers=said)
        assert found.invoice is not None
        assert found.invoice.lines[0].account == "6815"


def test_the_doubt_about_an_account_names_the_likeliest() -> None:
    read = paper(order_number=None, lines=[line("Cleaning of the office, April", "1", "42.90")])
    assert "Likely: 6330 Cleaning" in judged(read).blocking[1].message


def test_suggestions_learn_from_what_was_ordered_before() -> None:
    before = order(lines=[order_line("1", "Bürodrehstuhl Ergo 3", account="6845")])
    assert suggest(line("Drehstuhl Ergo 3"), ACCOUNTS, [before])[0].account.code == "6845"
    assert len(suggest(line("Office supplies and cleaning and freight tools"), ACCOUNTS, [])) <= 3
    assert suggest(line("Xylophone"), ACCOUNTS, []) == []


@pytest.mark.parametrize(
    ("text", "code"), [("Glasreinigung Quartal", "6330"), ("Frais de nettoyage", "6330"), ("Bürobedarf", "6815")]
)
def test_suggestions_know_what_things_are_called_in_other_languages(text: str, code: str) -> None:
    assert suggest(line(text), ACCOUNTS, [])[0].account.code == code


def test_small_freight_is_booked_where_the_policy_says() -> None:
    read = paper(lines=[line(quantity="60"), line("Versandkosten", "1", "9.90")])
    orders = [order(lines=[order_line(quantity="60")])]
    found = judged(read, orders, charges={"account": "6740"})
    assert found.invoice is not None
    assert [row.account for row in found.invoice.lines] == ["6815", "6740"]
    assert blocking(judged(read, orders, charges={"account": "6740", "limit": 5})) == ["charge_not_ordered"]
