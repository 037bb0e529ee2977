"""All checks together: what goes straight to the ERP, and what a person has to settle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bots.invoices.accounts import suggest
from bots.invoices.assemble import Source
from bots.invoices.checks import Verdict, check_invoice
from bots.invoices.draft import draft_from
from bots.invoices.duplicates import Earlier
from bots.invoices.facts import Facts
from bots.invoices.fields import kind_in_name
from bots.invoices.identity import identify
from bots.invoices.order_numbers import wanted_numbers
from connectors import Order
from tests.bots.fakes import (
    ACCOUNTS,
    HANSEN,
    KESSLER,
    STRANGE_IBAN,
    SUPPLIERS,
    TODAY,
    FakeRecords,
    answer,
    d,
    document,
    house,
    line,
    order,
    order_line,
    paper,
    posting,
    reading,
)
from workitems.items import Answer, Doubt, Mail, Paper

PO = "PO-2026-0101"
NEVER_SEEN = Earlier()


def judged(
    read: Paper,
    orders: Sequence[Order] = (order(),),
    answers: Sequence[Answer] = (),
    shown: Sequence[Doubt] = (),
    earlier: Earlier = NEVER_SEEN,
    **policy: Any,
) -> Verdict:
    """The verdict with records that hold `orders`."""
    records, draft, rules = FakeRecords(*orders), draft_from(read, answers), house(**policy)
    facts = Facts(
        today=TODAY,
        identity=identify(draft, SUPPLIERS, rules.policy),
        suppliers=SUPPLIERS,
        orders={n: records.find_order(n) for n in wanted_numbers(draft)},
        open_orders=tuple(records.open_orders(HANSEN.id)),
        accounts=ACCOUNTS,
        earlier=earlier,
    )
    return check_invoice(Source(document=document(), paper=read, answers=tuple(answers)), draft, facts, rules, shown)


def blocking(found: Verdict) -> list[str]:
    return [x.code for x in found.blocking]


def test_an_invoice_that_fits_its_order_needs_nobody() -> None:
    found = judged(paper())
    assert found.findings.doubts == ()
    assert found.invoice is not None
    assert (found.invoice.supplier_id, found.invoice.number, found.invoice.total) == ("7", "RE-26-0815", d("51.05"))
    assert (found.invoice.lines[0].order_line, found.invoice.lines[0].tax_rate) == ("101", d(19))


# what is different about Hansen's invoice -> what it waits for. One row per trouble of real life.
TROUBLE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a number that was not found": ({"number": None}, ["missing_number"]),
    "no date": ({"issued_on": None}, ["missing_issued_on"]),
    "no total": ({"total": None}, ["missing_total"]),
    "no tax, and none follows": ({"net": None, "tax": None}, ["missing_tax"]),
    "no tax, and it would be zero": ({"tax": None, "total": "42.90"}, ["missing_tax"]),
    "a number read badly": ({"number": reading("RE-26-0815", 0.6)}, ["unsure_number"]),
    "a date read badly": ({"issued_on": reading("2026-04-14", 0.6)}, ["unsure_issued_on"]),
    "a total read badly, but it adds up": ({"total": reading("51.05", 0.3)}, []),
    "lines read badly, but they are the order's": ({"lines": [line(confidence=0.2)]}, []),
    "a name read badly, but the VAT id is known": ({"supplier_name": reading("H ns n", 0.2)}, []),
    "a currency read badly, but it is the order's": ({"currency": reading("EUR", 0.3)}, []),
    "no currency: it is the order's": ({"currency": None}, []),
    "a currency that nobody posts": (
        {"currency": "JPY", "order_number": None},
        ["currency_not_supported", "no_order", "missing_account"],
    ),
    "another currency than the order's": ({"currency": "USD"}, ["order_currency"]),
    "a wrong total": ({"total": "50.15"}, ["total_arithmetic"]),
    "a changed IBAN": ({"iban": STRANGE_IBAN}, ["bank_details_changed"]),
    "an unknown supplier": ({"supplier_name": "Neu OHG", "vat_id": None, "iban": None}, ["unknown_supplier"]),
    "somebody else's invoice": ({"buyer_name": "Saarland Pumpen AG"}, ["other_buyer"]),
    "over-delivered": ({"lines": [line(quantity="12")]}, ["quantity_over_ordered"]),
    "too dear": ({"lines": [line(price="4.99")]}, ["price_too_high"]),
    "an order number that OCR got wrong": ({"order_number": "PO-2O26-O1O1"}, ["unknown_order"]),
    "no order": ({"order_number": None}, ["no_order", "missing_account"]),
    "a line that nobody ordered": ({"lines": [line(), line("Espresso beans", "1", "18.50")]}, ["line_not_on_order"]),
    "freight that nobody ordered": ({"lines": [line(), line("Versandkosten", "1", "9.90")]}, ["charge_not_ordered"]),
    "a total below zero on an invoice": ({"lines": [line(quantity="-1")]}, ["negative_total"]),
    "dated next year": ({"issued_on": "2027-04-14"}, ["issued_in_future"]),
}


@pytest.mark.parametrize(("fields", "codes"), TROUBLE.values(), ids=TROUBLE)
def test_trouble_of_real_life(fields: dict[str, Any], codes: list[str]) -> None:
    found = judged(paper(**fields))
    assert blocking(found) == codes
    assert (found.invoice is None) is bool(found.blocking)


# the state of the order that the invoice names -> what it waits for
ORDERS = {
    "cancelled": (order(state="cancelled"), "order_cancelled"),
    "a draft": (order(state="draft"), "order_draft"),
    "given to somebody else": (order(supplier_id=KESSLER.id), "order_of_other_supplier"),
    "invoiced already": (order(lines=[order_line(invoiced="10")]), "quantity_over_ordered"),
    "nothing received yet": (order(lines=[order_line(received="0")]), "quantity_over_received"),
}


@pytest.mark.parametrize(("of", "code"), ORDERS.values(), ids=ORDERS)
def test_an_order_that_may_not_be_invoiced(of: Order, code: str) -> None:
    assert blocking(judged(paper(), [of])) == [code]


def test_an_unknown_order_number_comes_with_the_one_that_was_meant() -> None:
    sentence = judged(paper(order_number="PO-2O26-O1O1")).blocking[0].message
    assert sentence == "The ERP has no order PO-2O26-O1O1. Did you mean PO-2026-0101?"


def test_what_a_person_entered_is_sure_and_goes_on() -> None:
    read = paper(number=None, order_number="4711")
    assert blocking(judged(read)) == ["missing_number", "unknown_order"]
    found = judged(read, answers=[answer("number", "RE-26-0815"), answer("order_number", PO)])
    assert found.invoice is not None
    assert found.invoice.answers[0].who == "anna"


def test_a_file_name_that_repeats_the_number_confirms_it() -> None:
    read = paper(number=reading("RE-26-0815", 0.5))
    draft = draft_from(read)
    identity = identify(draft, SUPPLIERS, house().policy)
    facts = Facts(today=TODAY, identity=identity, suppliers=SUPPLIERS, orders={PO: order()})
    named = Source(document=document("Rechnung_RE-26-0815.pdf"), paper=read)
    assert check_invoice(named, draft, facts, house()).invoice


def test_an_exact_name_whose_order_is_named_is_the_supplier() -> None:
    unsure = reading(HANSEN.name, 0.5)
    assert judged(paper(supplier_name=unsure, vat_id=None, iban=None)).invoice
    alone = paper(supplier_name=unsure, vat_id=None, iban=None, order_number=None)
    assert "unsure_supplier_name" in blocking(judged(alone))


def test_the_currency_of_the_suppliers_country_is_right_however_it_was_read() -> None:
    cheap = {"no_order": {"mode": "account", "account": "6815"}}
    assert judged(paper(currency=reading("EUR", 0.4), order_number=None), **cheap).invoice
    assert blocking(judged(paper(currency=reading("USD", 0.4), order_number=None), **cheap)) == ["unsure_currency"]


# file name, subject, kind -> whether the name confirms the kind
NAMES = {
    "an invoice": ("Rechnung_4711.pdf", None, "invoice", True),
    "in French": ("Facture F-12.pdf", "Votre commande", "invoice", True),
    "a credit note": ("Gutschrift_12.pdf", None, "credit_note", True),
    "a credit note that was read as an invoice": ("Gutschrift zur Rechnung 4711.pdf", None, "invoice", False),
    "a reminder": ("Rechnung_4711.pdf", "Mahnung", "invoice", False),
    "an order confirmation": ("Auftragsbestaetigung.pdf", "Rechnung folgt", "invoice", False),
    "a number alone": ("Scan_20260924.pdf", "Rechnung", "invoice", False),
    "a letter": ("Rechnung.pdf", None, "letter", False),
}


@pytest.mark.parametrize(("name", "subject", "kind", "sure"), NAMES.values(), ids=NAMES)
def test_a_file_that_is_called_an_invoice_is_one(name: str, subject: str | None, kind: Any, sure: bool) -> None:
    about = document(name).model_copy(update={"mail": Mail(subject=subject)})
    read = draft_from(paper().model_copy(update={"kind": kind}))
    assert (kind_in_name(read, about).confirmed == {"kind"}) is sure


def test_goods_that_were_received_and_are_open_make_it_an_invoice() -> None:
    unsure = paper(kind_confidence=0.6)
    goods = judged(unsure).findings
    assert "goods_were_received" in goods.rules
    service = order(lines=[order_line(is_service=True, received="0")])
    assert "goods_were_received" not in judged(unsure, [service]).findings.rules


def test_what_was_hardly_read_was_not_read() -> None:
    found = judged(paper(tax=reading("49651", 0.02)))
    assert found.invoice is not None
    assert found.invoice.tax == d("8.15")


def test_the_suppliers_own_name_is_no_buyer() -> None:
    assert judged(paper(buyer_name="Hansen Büro & Papier GmbH · Süderstraße 112 · Hamburg")).invoice


def test_a_person_accepts_a_price_and_the_invoice_goes_on() -> None:
    read = paper(lines=[line(price="4.99")])
    shown = judged(read).findings.doubts
    found = judged(read, answers=[answer("confirm", "price_too_high")], shown=shown)
    assert found.invoice is not None
    assert [(x.code, x.severity) for x in found.findings.doubts] == [("price_too_high", "warn")]
    assert "accepted:price_too_high:anna" in found.findings.rules


def test_what_was_accepted_is_not_accepted_when_it_got_worse() -> None:
    read = paper(lines=[line(quantity="12")])
    yes = [answer("confirm", "quantity_over_ordered")]
    shown = judged(read).findings.doubts
    assert judged(read, answers=yes, shown=shown).invoice
    meanwhile = order(lines=[order_line(invoiced="6")])
    assert blocking(judged(read, [meanwhile], answers=yes, shown=shown)) == ["quantity_over_ordered"]


@pytest.mark.parametrize("code", ["bank_details_changed", "total_arithmetic", "duplicate_in_erp", "order_cancelled"])
def test_some_doubts_no_click_accepts(code: str) -> None:
    fields = {"bank_details_changed": {"iban": STRANGE_IBAN}, "total_arithmetic": {"total": "50.15"}}.get(code, {})
    orders = [order(state="cancelled")] if code == "order_cancelled" else [order()]
    earlier = Earlier(posted=posting()) if code == "duplicate_in_erp" else Earlier()
    shown = judged(paper(**fields), orders, earlier=earlier).findings.doubts
    assert blocking(judged(paper(**fields), orders, [answer("confirm", code)], shown, earlier)) == [code]


def test_the_weightiest_doubt_comes_first() -> None:
    found = judged(paper(lines=[line(price="4.99")], iban=STRANGE_IBAN), earlier=Earlier(posted=posting()))
    assert blocking(found) == ["duplicate_in_erp", "bank_details_changed", "price_too_high"]


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


def test_tolerances_may_differ_for_a_supplier() -> None:
    read = paper(lines=[line(price="4.49")])
    assert blocking(judged(read)) == ["price_too_high"]
    assert judged(read, suppliers={"DE291846309": {"price": {"percent": 5}}}).invoice


# limits above which a person approves
LIMITS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "none by default": ({}, []),
    "for everybody": ({"review_above": 50}, ["large_amount"]),
    "raised for the supplier": ({"review_above": 50, "suppliers": {"7": {"review_above": 60}}}, []),
    "expected loss": ({"max_expected_loss": "0.01"}, ["high_risk"]),
    "expected loss within the limit": ({"max_expected_loss": 1}, []),
    "a look that costs next to nothing": ({"loss": {"look": "0.01"}}, ["high_risk"]),
    "much at stake with the supplier": ({"suppliers": {"7": {"risk": 1000}}}, ["high_risk"]),
    "more lines than are matched": ({"max_lines": 1}, ["too_many_lines"]),
}


@pytest.mark.parametrize(("policy", "codes"), LIMITS.values(), ids=LIMITS)
def test_limits(policy: dict[str, Any], codes: list[str]) -> None:
    lines = [line(quantity="5"), line(quantity="5")]
    assert blocking(judged(paper(lines=lines), **policy)) == codes


def test_expected_loss_is_the_chance_of_a_misreading_times_what_it_loses() -> None:
    sure = judged(paper(number=reading("RE-1-2345", 0.9), issued_on=reading("2026-04-14", 1.0)))
    assert sure.wrong == pytest.approx(1 - 0.9 * 0.999**3, abs=1e-3)
    assert sure.cost == pytest.approx(51.05 * (0.1 * 0.01 + 3 * 0.001 * 0.1), abs=0.01)


def test_the_currency_of_the_order_is_right_however_badly_it_was_read() -> None:
    abroad = HANSEN.model_copy(update={"vat_id": None, "ibans": ()})
    draft, rules = draft_from(paper(currency=reading("EUR", 0.4), vat_id=None, iban=None)), house()
    facts = Facts(today=TODAY, identity=identify(draft, (abroad,), rules.policy), orders={PO: order()})
    found = check_invoice(Source(document=document(), paper=paper()), draft, facts, rules)
    assert "currency" in found.findings.confirmed


def test_a_supplier_abroad_need_not_state_a_tax() -> None:
    abroad = HANSEN.model_copy(update={"vat_id": "FR40303265045"})
    read = paper(vat_id="FR40303265045", tax=None, total="42.90")
    draft, rules = draft_from(read), house()
    facts = Facts(
        today=TODAY, identity=identify(draft, (abroad,), rules.policy), suppliers=(abroad,), orders={PO: order()}
    )
    found = check_invoice(Source(document=document(), paper=read), draft, facts, rules)
    assert found.invoice is not None
    assert found.invoice.lines[0].tax_rate == 0
