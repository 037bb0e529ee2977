"""The screens on the real ERP with a real browser: what is keyed is what stands in the ERP, once."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.tryton import session, waits
from connectors.tryton.erp import TrytonErp, TrytonSite
from connectors.tryton.pages import InvoiceForm
from tests.connectors.tryton.paperwork import Paperwork, site_of
from tests.erp_fixture import Erp
from workitems.errors import NeedsReview, TryLater
from workitems.items import Invoice, Posting

pytestmark = pytest.mark.erp


@pytest.fixture(scope="module")
def paperwork(erp: Erp, tmp_path_factory: pytest.TempPathFactory) -> Paperwork:
    return Paperwork(erp, tmp_path_factory.mktemp("scans"))


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture(scope="module")
def screens(erp: Erp, evidence: Path) -> Iterator[TrytonErp]:
    """One session for the whole batch of tests, as a bot has for its batch of invoices."""
    bot = TrytonErp(site_of(erp), evidence)
    yield bot
    bot.close()


def code_of(failure: pytest.ExceptionInfo[NeedsReview]) -> str:
    return failure.value.code


@pytest.fixture(scope="module")
def posted(screens: TrytonErp, paperwork: Paperwork) -> tuple[Invoice, Posting]:
    invoice = paperwork.two_lines()
    return invoice, screens.post_invoice(invoice, paperwork.scan)


def test_an_order_matched_invoice_is_posted_with_links_pdf_and_totals(
    posted: tuple[Invoice, Posting], paperwork: Paperwork
) -> None:
    invoice, posting = posted
    (row,) = paperwork.standing(invoice)
    assert (posting.reference, posting.state) == (row["number"], "posted") == (row["number"], row["state"])
    assert (posting.total, posting.currency, posting.number) == (Decimal("100.19"), "EUR", invoice.number)
    assert row["total_amount"] == Decimal("100.19")
    origins = {line["origin"] for line in row["lines."]}
    assert origins == {f"purchase.line,{line}" for line in paperwork.order_lines[:2]}
    assert row["attachments"] == [f"{invoice.number}.pdf"]


def test_an_invoice_that_is_posted_already_is_returned_and_not_posted_again(
    posted: tuple[Invoice, Posting], screens: TrytonErp, paperwork: Paperwork
) -> None:
    invoice, posting = posted
    assert screens.post_invoice(invoice, paperwork.scan).reference == posting.reference
    assert len(paperwork.standing(invoice)) == 1


def test_find_posting_sees_exactly_that_number_of_that_supplier(screens: TrytonErp, paperwork: Paperwork) -> None:
    number = 'F "1" \\ %;x..y'  # every sign that the search text gives a meaning
    invoice = paperwork.one_line(number=number)
    posted = screens.post_invoice(invoice, paperwork.scan)
    found = screens.find_posting(invoice.supplier_name, number)
    assert found is not None
    assert (found.reference, found.number, found.total) == (posted.reference, number, invoice.total)
    assert screens.find_posting(invoice.supplier_name, "F") is None
    assert screens.find_posting("Nobody & Sons", number) is None


def test_a_credit_note_is_keyed_with_negative_quantities(screens: TrytonErp, paperwork: Paperwork) -> None:
    credit = paperwork.invoice(paperwork.line("-2", "4.29", 0), tax="-1.63", is_credit_note=True)
    posting = screens.post_invoice(credit, paperwork.scan)
    (row,) = paperwork.standing(credit)
    assert posting.total == row["total_amount"] == Decimal("-10.21")
    assert [line["quantity"] for line in row["lines."]] == [-2]


def test_lines_without_order_take_account_and_tax_by_rate(screens: TrytonErp, paperwork: Paperwork) -> None:
    book = paperwork.line("1", "58.88", account="6820", tax_rate=Decimal(7), description="Fachbuch")
    invoice = paperwork.invoice(book, tax="4.12")
    screens.post_invoice(invoice, paperwork.scan)
    (row,) = paperwork.standing(invoice)
    (line,) = row["lines."]
    assert line["account."]["code"] == "6820"
    assert [tax["rate"] for tax in line["taxes."]] == [Decimal("0.07")]


def test_another_currency_is_keyed(screens: TrytonErp, paperwork: Paperwork) -> None:
    invoice = paperwork.one_line(currency="USD")
    assert screens.post_invoice(invoice, paperwork.scan).currency == "USD"
    (row,) = paperwork.standing(invoice)
    assert row["currency."]["code"] == "USD"


def test_cents_of_rounding_are_taken_from_the_paper(screens: TrytonErp, paperwork: Paperwork) -> None:
    invoice = paperwork.one_line(tax="15.19")
    assert screens.post_invoice(invoice, paperwork.scan).total == Decimal("95.09")
    (row,) = paperwork.standing(invoice)
    assert row["tax_amount"] == Decimal("15.19")


REFUSED = [  # what is wrong, the invoice's fields, the doubt
    ("total", {"tax": "17.00"}, "erp_total_differs"),
    ("closed year", {"issued_on": date(2019, 1, 5)}, "erp_refused"),
    ("currency", {"currency": "JPY"}, "erp_currency_unknown"),
]


@pytest.mark.parametrize(("what", "fields", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_the_erp_does_not_take_goes_to_a_person_and_leaves_nothing_behind(
    screens: TrytonErp, paperwork: Paperwork, what: str, fields: dict[str, Any], code: str
) -> None:
    invoice = paperwork.one_line(**fields)
    with pytest.raises(NeedsReview) as failure:
        screens.post_invoice(invoice, paperwork.scan)
    assert code_of(failure) == code
    assert invoice.supplier_name not in str(failure.value)
    assert paperwork.standing(invoice) == []


UNKNOWN = [
    ("account", {"account": "9999"}, "unknown_account"),
    ("tax", {"account": "6820", "tax_rate": Decimal(20)}, "erp_tax_unclear"),
    ("nothing", {}, "missing_account"),
]


@pytest.mark.parametrize(("what", "fields", "code"), UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_a_line_that_cannot_be_booked_goes_to_a_person(
    screens: TrytonErp, paperwork: Paperwork, what: str, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(NeedsReview) as failure:
        screens.post_invoice(paperwork.invoice(paperwork.line("1", "10.00", **fields), tax="2.00"), paperwork.scan)
    assert code_of(failure) == code


class Overtaken(TrytonErp):
    """Between our search and our keying somebody else enters the same invoice."""

    def __init__(self, site: TrytonSite, evidence: Path, paperwork: Paperwork) -> None:
        super().__init__(site, evidence)
        self._paperwork = paperwork

    def _earlier(self, invoice: Invoice) -> InvoiceForm | None:
        found = super()._earlier(invoice)
        somebody(self._paperwork, invoice)
        return found


def somebody(paperwork: Paperwork, invoice: Invoice) -> None:
    """A person enters a draft of the same number."""
    party = int(invoice.supplier_id)
    call = paperwork.rpc.call
    (company,) = call("model.company.company.search", [])
    given = {"id": -1, "type": "in", "party": party, "company": company}
    defaults = call("model.account.invoice.on_change_party", given)
    wanted = ("account", "invoice_address", "payment_term")
    values = {name: defaults[name] for name in wanted} | {"type": "in", "party": party, "reference": invoice.number}
    call("model.account.invoice.create", [values | {"invoice_date": invoice.issued_on}])


def test_the_erps_warning_of_a_similar_invoice_is_answered_no(
    erp: Erp, paperwork: Paperwork, evidence: Path, screens: TrytonErp
) -> None:
    overtaken = Overtaken(site_of(erp), evidence, paperwork)
    invoice = paperwork.one_line()
    screens.close()  # Playwright allows one session a thread
    try:
        with pytest.raises(NeedsReview) as failure:
            overtaken.post_invoice(invoice, paperwork.scan)
    finally:
        overtaken.close()
    assert code_of(failure) == "erp_similar_invoice"
    (row,) = paperwork.standing(invoice)
    assert (row["state"], row["description"]) == ("draft", None)


def test_somebody_elses_entry_of_that_number_goes_to_a_person(screens: TrytonErp, paperwork: Paperwork) -> None:
    invoice = paperwork.one_line()
    somebody(paperwork, invoice)
    with pytest.raises(NeedsReview) as failure:
        screens.post_invoice(invoice, paperwork.scan)
    assert code_of(failure) == "duplicate_in_erp"
    assert len(paperwork.standing(invoice)) == 1


def test_a_lost_session_is_renewed_within_the_batch(screens: TrytonErp, paperwork: Paperwork, erp: Erp) -> None:
    screens.find_posting("Nobody", "1")
    users = paperwork.rpc.call("model.res.user.search", [("login", "=", erp.info.bot_login)])
    paperwork.rpc.call("model.res.user.write", users, {"password": erp.info.bot_password})  # ends the user's sessions
    end = len(screens.recorder.events)
    invoice = paperwork.one_line()
    screens.post_invoice(invoice, paperwork.scan)
    (row,) = paperwork.standing(invoice)
    assert (row["state"], row["attachments"]) == ("posted", [f"{invoice.number}.pdf"])
    assert "login" in {event["step"] for event in list(screens.recorder.events)[end:]}


def test_a_long_batch_goes_on_a_fresh_page_now_and_then(screens: TrytonErp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "BATCH", 1)
    pages = set()
    for number in ("1", "2"):
        assert screens.find_posting("Nobody", number) is None
        pages.add(id(screens.session.browser.page))
    assert len(pages) == 2


def test_evidence_of_a_failure_names_steps_and_no_values(
    screens: TrytonErp, paperwork: Paperwork, evidence: Path
) -> None:
    invoice = paperwork.one_line(tax="17.00")
    with pytest.raises(NeedsReview):
        screens.post_invoice(invoice, paperwork.scan)
    (folder,) = evidence.glob(f"*-{invoice.document.sha256[:16]}")
    trace = (folder / "trace.jsonl").read_text(encoding="utf-8")
    assert '"step": "lines"' in trace
    assert "on_change_product" in trace
    for value in (invoice.number, invoice.supplier_name, "79.90", site_password(screens)):
        assert value not in trace
    assert (folder / "screen.png").stat().st_size > 1000


def site_password(screens: TrytonErp) -> str:
    return screens.session._site.password.get_secret_value()


def test_an_erp_that_hangs_is_tried_later_and_the_next_invoice_goes_on(
    screens: TrytonErp, paperwork: Paperwork, erp: Erp, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens.find_posting("Nobody", "1")  # logged in
    server = json.loads((erp.home / "erp" / "server.json").read_text())["pid"]
    monkeypatch.setattr(waits, "LIMIT_MS", 3000)
    invoice = paperwork.one_line()
    os.kill(server, signal.SIGSTOP)
    try:
        with pytest.raises(TryLater) as failure:
            screens.post_invoice(invoice, paperwork.scan)
    finally:
        os.kill(server, signal.SIGCONT)
    assert failure.value.code == "erp_away"
    monkeypatch.undo()
    assert screens.post_invoice(invoice, paperwork.scan).state == "posted"


def test_an_erp_that_is_away_is_tried_later(erp: Erp, paperwork: Paperwork, evidence: Path, screens: TrytonErp) -> None:
    screens.close()
    nowhere = TrytonErp(site_of(erp).model_copy(update={"url": "http://127.0.0.1:9"}), evidence)
    try:
        with pytest.raises(TryLater) as failure:
            nowhere.post_invoice(paperwork.one_line(), paperwork.scan)
    finally:
        nowhere.close()
    assert failure.value.code == "erp_away"


def test_a_wrong_password_is_tried_later_and_told_to_nobody(
    erp: Erp, paperwork: Paperwork, evidence: Path, screens: TrytonErp
) -> None:
    screens.close()
    stranger = TrytonErp(site_of(erp).model_copy(update={"login": "nobody"}), evidence)
    try:
        with pytest.raises(TryLater) as failure:
            stranger.post_invoice(paperwork.one_line(), paperwork.scan)
    finally:
        stranger.close()
    assert failure.value.code == "erp_login"
    assert site_password(stranger) not in str(failure.value)
