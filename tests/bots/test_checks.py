"""All checks together: what goes straight to the ERP, and what a person has to settle."""

from __future__ import annotations

from typing import Any

import pytest

from bots.invoices.assemble import Source
from bots.invoices.checks import check_invoice
from bots.invoices.draft import draft_from
from bots.invoices.duplicates import Earlier
from bots.invoices.facts import Facts
from bots.invoices.fields import kind_in_name
from bots.invoices.identity import identify
from connectors import Order
from tests.bots.fakes import (
    HANSEN,
    KESSLER,
    STRANGE_IBAN,
    SUPPLIERS,
    TODAY,
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
from tests.bots.judging import PO, blocking, judged
from workitems.items import Mail


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
