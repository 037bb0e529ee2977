"""A posting is taken back on the real ERP's screens, once, whatever dies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from benchmarks.posting_rpc import RpcPosting
from connectors.tryton.erp import TrytonErp
from tests.connectors.tryton.paperwork import Paperwork, run_until_killed, site_of, try_as_the_queue_does
from tests.erp_fixture import Erp
from workitems.errors import NeedsReview
from workitems.items import Invoice, PostedEntry

pytestmark = pytest.mark.erp


@pytest.fixture(scope="module")
def paperwork(erp: Erp, tmp_path_factory: pytest.TempPathFactory) -> Paperwork:
    return Paperwork(erp, tmp_path_factory.mktemp("scans"))


@pytest.fixture(scope="module")
def screens(erp: Erp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonErp]:
    bot = TrytonErp(site_of(erp), tmp_path_factory.mktemp("evidence"))
    yield bot
    bot.close()


Post = Callable[..., tuple[Invoice, PostedEntry]]


@pytest.fixture(scope="module")
def post(paperwork: Paperwork) -> Post:
    """Somebody posts an invoice of one line; not on the screens, which takes a while and is tested elsewhere."""
    rpc = RpcPosting(paperwork.rpc, paperwork.one_line())

    def post(**fields: Any) -> tuple[Invoice, PostedEntry]:
        invoice = paperwork.one_line(**fields)
        told: dict[str, Any] = {"supplier": invoice.supplier_name, "number": invoice.number, "total": invoice.total}
        return invoice, PostedEntry(system="tryton", reference=rpc.post(invoice, paperwork.scan), **told)

    return post


def undoing(paperwork: Paperwork, invoice: Invoice) -> list[Any]:
    """The moves that undo the supplier's invoices of that number."""
    rows = paperwork.rpc.read("account.invoice", [("reference", "=", invoice.number)], ["cancel_move", "state"])
    return [row["cancel_move"] for row in rows if row["cancel_move"] is not None]


def code_of(screens: TrytonErp, entry: PostedEntry) -> str:
    with pytest.raises(NeedsReview) as failure:
        screens.reverse(entry)
    return failure.value.code


def test_a_posting_is_cancelled_once_and_can_then_be_posted_anew(
    screens: TrytonErp, paperwork: Paperwork, post: Post
) -> None:
    invoice, entry = post()
    reversed_as = screens.reverse(entry)
    assert (reversed_as.state, reversed_as.reference, reversed_as.total) == ("cancelled", entry.reference, entry.total)
    assert reversed_as.evidence  # the move that undid it
    (move,) = undoing(paperwork, invoice)
    again = screens.reverse(entry)
    assert (again.state, again.evidence) == ("cancelled", reversed_as.evidence)
    assert undoing(paperwork, invoice) == [move]
    assert screens.find_posting(invoice.supplier_name, invoice.number) is None
    with pytest.raises(NeedsReview) as similar:  # the ERP warns even of a cancelled one, and nobody has decided
        screens.post_invoice(invoice, paperwork.scan)
    assert similar.value.code == "erp_similar_invoice"
    anew = screens.post_invoice(invoice, paperwork.scan, again=True)
    assert anew.reference != entry.reference
    assert sorted(row["state"] for row in paperwork.standing(invoice)) == ["cancelled", "posted"]
    assert screens.reverse(entry).reference == entry.reference  # the one that was named
    assert len(undoing(paperwork, invoice)) == 1


def test_what_is_not_there_or_not_as_it_was_posted_goes_to_a_person(
    screens: TrytonErp, paperwork: Paperwork, post: Post
) -> None:
    invoice, entry = post()
    assert code_of(screens, entry.model_copy(update={"reference": "2026/999"})) == "reversal_not_found"
    assert code_of(screens, entry.model_copy(update={"total": invoice.total + 1})) == "reversal_differs"
    assert undoing(paperwork, invoice) == []


def test_what_is_paid_goes_to_a_person(screens: TrytonErp, paperwork: Paperwork, post: Post) -> None:
    invoice, entry = post()
    paid(paperwork, invoice)
    assert code_of(screens, entry) == "reversal_paid"
    assert undoing(paperwork, invoice) == []


def paid(paperwork: Paperwork, invoice: Invoice) -> None:
    """Somebody pays it: a move against the supplier's account that is reconciled with the invoice's."""
    call = paperwork.rpc.call
    (row,) = paperwork.rpc.read("account.invoice", [("reference", "=", invoice.number)], ["move", "account", "party"])
    domain = [("move", "=", row["move"]), ("account", "=", row["account"])]
    (line,) = paperwork.rpc.read("account.move.line", domain, ["credit"])
    (move,) = paperwork.rpc.read("account.move", [("id", "=", row["move"])], ["period", "date", "journal"])
    (bank,) = call("model.account.account.search", [("code", "=", "1800")]) or [None]
    if bank is None:
        accounts = [("type.assets", "=", True), ("party_required", "=", False), ("closed", "!=", True)]
        bank = call("model.account.account.search", accounts)[0]
    values = {"period": move["period"], "date": move["date"], "journal": move["journal"]}
    lines = [
        {"account": row["account"], "party": row["party"], "debit": line["credit"]},
        {"account": bank, "credit": line["credit"]},
    ]
    (payment,) = call("model.account.move.create", [values | {"lines": [("create", lines)]}])
    call("model.account.move.post", [payment])
    domain = [("move", "=", payment), ("account", "=", row["account"])]
    (of_payment,) = paperwork.rpc.read("account.move.line", domain, ["id"])
    reconciled = [{"company": call("model.company.company.search", [])[0], "date": move["date"]}]
    reconciled[0]["lines"] = [("add", [line["id"], of_payment["id"]])]
    call("model.account.move.reconciliation.create", reconciled)


def test_a_closed_period_is_a_persons(screens: TrytonErp, paperwork: Paperwork, post: Post) -> None:
    from datetime import date

    invoice, entry = post(issued_on=date(2026, 1, 20))
    (row,) = paperwork.rpc.read("account.invoice", [("reference", "=", invoice.number)], ["move.period"])
    period = row["move."]["period"]
    paperwork.rpc.call("model.account.period.close", [period])
    try:
        with pytest.raises(NeedsReview) as failure:
            screens.reverse(entry)
    finally:
        paperwork.rpc.call("model.account.period.reopen", [period])
    assert failure.value.code == "reversal_refused"
    assert "closed" in failure.value.doubts[0].message
    assert undoing(paperwork, invoice) == []


DEATHS = ["before call account.invoice.cancel", "during call account.invoice.cancel", "after cancel"]


@pytest.mark.parametrize("point", DEATHS)
def test_a_killed_bot_is_followed_by_one_that_cancels_nothing_twice(
    erp: Erp, paperwork: Paperwork, screens: TrytonErp, post: Post, point: str
) -> None:
    invoice, entry = post()
    run_until_killed(erp, point, invoice, paperwork.scan, entry)
    assert len(undoing(paperwork, invoice)) <= 1
    done = try_as_the_queue_does(lambda: screens.reverse(entry))
    assert done.state == "cancelled"
    assert len(undoing(paperwork, invoice)) == 1
    assert [row["state"] for row in paperwork.standing(invoice)] == ["cancelled"]
