"""What a person decides, and what the bots make of it: real store, real checks, real steps."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from tests.bots.fakes import HANSEN, STRANGE_IBAN, FakeRecords, line, order, order_line, paper, reading
from tests.desk.conftest import Around, form_of, refused
from workitems.rows import ItemRow


def decide(client: TestClient, item: ItemRow, **values: str) -> str:
    """Sends the form and returns where the desk goes."""
    reply = client.post(f"/item/{item.id}/answer", data=form_of(item, **values))
    assert reply.status_code == 303, re.findall(r'class="fault"[^>]*>([^<]*)', reply.text)
    return str(reply.headers["location"])


def postings(around: Around) -> list[str]:
    return [number for _, number in around.records.postings]


def test_a_corrected_value_goes_on_up_to_the_posting(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number="PO-2026-0110"))
    assert (item.state, item.code) == ("review", "unknown_order")
    decide(client, item, order_number="PO-2026-0101")
    assert around.get(item.id).state == "ready"
    around.work()
    assert postings(around) == ["RE-26-0815"]
    assert "Posted in Tryton as 2026/1." in client.get("/").text
    told = around.store.events(item.id)
    assert [(e.who, e.why) for e in told if e.to_state == "ready"][1:] == [("Jörg Müller", "order_number")]
    kept = around.get(item.id).payload
    assert kept["readings"]["order_number"]["reader"] == "person:Jörg Müller"


def test_accepting_all_goes_on_and_says_what_was_accepted(around: Around, client: TestClient) -> None:
    item = around.read(paper(lines=[line(price="4.99")]))
    assert item.code == "price_too_high"
    decide(client, item, action="approve")
    around.work()
    assert postings(around) == ["RE-26-0815"]
    why = [e.why for e in around.store.events(item.id) if e.who == "Jörg Müller"]
    assert why == ["confirm price_too_high"]


def test_enter_in_a_field_accepts_nothing(around: Around, client: TestClient) -> None:
    """The form's first button saves, and that is what the Enter key presses."""
    item = around.read(paper(lines=[line(price="4.99")]))
    buttons = re.findall(r'<button[^>]*value="(\w+)"', client.get(f"/item/{item.id}").text)
    assert buttons == ["save", "approve", "retry"]
    assert client.post(f"/item/{item.id}/answer", data=form_of(item)).status_code == 422


@pytest.mark.parametrize(
    "values",
    [
        {"action": "approve"},
        {"confirm__bank_details_changed": "1"},
        {"iban": HANSEN.ibans[0]},
        {"iban": ""},
        {"action": "approve", "confirm__bank_details_changed": "1", "iban": HANSEN.ibans[0]},
    ],
    ids=["approve", "forged tick", "the old account", "no account", "everything at once"],
)
def test_no_form_posts_a_changed_bank_account(around: Around, client: TestClient, values: dict[str, str]) -> None:
    item = around.read(paper(iban=STRANGE_IBAN))
    assert item.code == "bank_details_changed"
    client.post(f"/item/{item.id}/answer", data=form_of(item, **values))
    around.work()
    assert around.get(item.id).state == "review"
    assert postings(around) == []


def test_a_bank_account_in_the_records_lets_it_through(around: Around, client: TestClient) -> None:
    item = around.read(paper(iban=STRANGE_IBAN))
    page = client.get(f"/item/{item.id}").text
    assert "Nothing that is entered here settles this" in page
    assert 'type="checkbox"' not in page
    decide(client, item, action="retry")
    around.work()
    assert postings(around) == []
    known = HANSEN.model_copy(update={"ibans": (*HANSEN.ibans, STRANGE_IBAN)})
    around.records = FakeRecords(suppliers=[known])
    decide(client, around.get(item.id), action="retry")
    around.work()
    assert postings(around) == ["RE-26-0815"]


def test_a_rejection_needs_a_reason_and_carries_the_name(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None))
    assert client.post(f"/item/{item.id}/reject", data=form_of(item, why="  ")).status_code == 422
    assert around.get(item.id).state == "review"
    reply = client.post(f"/item/{item.id}/reject", data=form_of(item, why="doppelt,\n siehe 4711"))
    assert reply.headers["location"] == "/"
    last = around.store.events(item.id)[-1]
    assert (last.to_state, last.who, last.why) == ("cancelled", "Jörg Müller", "doppelt, siehe 4711")
    assert "Rejected: doppelt, siehe 4711" in client.get("/").text


def test_a_supplier_is_chosen_from_the_records(around: Around, client: TestClient) -> None:
    item = around.read(paper(supplier_name="H.B.P. Vertrieb", vat_id=None, iban=None))
    assert item.code == "unknown_supplier"
    page = client.get(f"/item/{item.id}").text
    assert '<option value="Hansen Büro &amp; Papier GmbH (7)"' in page
    wrong = client.post(f"/item/{item.id}/answer", data=form_of(item, supplier_id="Nobody Ltd"))
    assert wrong.status_code == 422
    assert "the ERP has no “Nobody Ltd”" in wrong.text
    decide(client, item, supplier_id="Hansen Büro & Papier GmbH (7)")
    around.work()
    assert postings(around) == ["RE-26-0815"]


def test_a_choice_is_understood_while_the_records_are_away(around: Around, client: TestClient) -> None:
    item = around.read(paper(supplier_name="H.B.P. Vertrieb", vat_id=None, iban=None))
    around.away = True
    assert "The ERP does not give its suppliers" in client.get(f"/item/{item.id}").text
    decide(client, item, supplier_id="Hansen Büro & Papier GmbH (7)")
    assert around.get(item.id).payload["answers"][0]["value"] == "7"


def test_an_account_is_chosen_for_lines_without_an_order(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None))
    assert 'label="6815 – Office supplies"' in client.get(f"/item/{item.id}").text
    decide(client, item, account="6815", confirm__no_order="1")
    around.work()
    assert postings(around) == ["RE-26-0815"]


def test_lines_are_corrected_added_and_taken_out(around: Around, client: TestClient) -> None:
    records = FakeRecords(order(lines=[order_line(), order_line("102", "Envelopes", "2", "5.00")]))
    around.records = records
    item = around.read(
        paper(lines=[line(amount="90.00"), line("A remark", None, None)], net="52.90", tax="10.05", total="62.95")
    )
    assert item.state == "review"
    cells = {"lines__0__amount": "42,90", "lines__1__description": ""}
    shown = {"description": "Copy paper A4", "quantity": "10", "unit_price": "4.29"}
    cells |= {f"lines__0__{name}": value for name, value in shown.items()}
    new = {
        "description": "Envelopes",
        "quantity": "2",
        "unit_price": "5",
        "amount": "10.00",
        "order_line": "PO-2026-0101/2 (id:102)",
    }
    cells |= {f"lines__2__{name}": value for name, value in new.items()}
    decide(client, item, **cells)
    said = json.loads(around.get(item.id).payload["answers"][0]["value"])
    assert [(row["description"], row["amount"], row["order_line"]) for row in said] == [
        ("Copy paper A4", "42.90", None),
        ("Envelopes", "10.00", "id:102"),
    ]
    around.work()
    assert postings(around) == ["RE-26-0815"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"total": "1.234.50"}, "Total: “1.234.50” is not an amount; write 1234.50."),
        ({"issued_on": "31/02/2026"}, "Issued on: “31/02/2026” is not a date; write 2026-03-31."),
        ({"lines__0__quantity": "ten"}, "Line 1, Quantity: “ten” is not an amount"),
        ({"lines__7__account": "1", "lines__7__amount": "x"}, "Line 8, Amount: “x” is not an amount"),
        ({"taxes__0__rate": "19%"}, "Tax row 1, Rate %: “19%” is not an amount"),
        ({"account": "9999"}, "the ERP has no “9999”"),
    ],
)
def test_what_cannot_be_meant_is_said_at_once_and_kept(
    around: Around, client: TestClient, values: dict[str, str], sentence: str
) -> None:
    item = around.read(paper(order_number=None))
    reply = client.post(f"/item/{item.id}/answer", data=form_of(item, number="RE-NEW", **values))
    assert reply.status_code == 422
    assert sentence in reply.text
    assert 'value="RE-NEW"' in reply.text
    assert 'aria-invalid="true"' in reply.text
    assert around.get(item.id).state == "review"


def test_a_kind_that_was_read_unsurely_is_confirmed_by_choosing_it(around: Around, client: TestClient) -> None:
    item = around.read(paper(kind="letter", kind_confidence=0.2), "scan 17.pdf")
    assert item.code == "unknown_kind"
    assert client.post(f"/item/{item.id}/answer", data=form_of(item, kind="")).status_code == 422
    decide(client, item, kind="letter")
    around.work()
    assert around.get(item.id).code == "no_desk"  # a letter it is, and nobody works on that
    decide(client, around.get(item.id), kind="invoice")
    around.work()
    assert postings(around) == ["RE-26-0815"]


def test_a_stale_form_changes_nothing(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number="PO-2026-0110"))
    around.store.retry(item.id, "somebody else")
    around.work()
    for path, values in (("answer", {"total": "1"}), ("reject", {"why": "x"})):
        reply = client.post(f"/item/{item.id}/{path}", data=form_of(item, **values))
        assert reply.status_code == 409
        assert "Somebody else has changed this item" in reply.text
    for version in ("", "x", "-1", "9" * 30):
        assert (
            client.post(f"/item/{item.id}/answer", data=form_of(item, total="1") | {"version": version}).status_code
            == 409
        )
    assert around.get(item.id).state == "review"


def test_an_item_that_waits_no_longer_is_not_answered(around: Around, client: TestClient) -> None:
    item = around.read()
    assert item.state == "done"
    page = client.get(f"/item/{item.id}").text
    assert "no longer waits" in page
    assert "<button" not in page
    assert client.post(f"/item/{item.id}/answer", data=form_of(item, total="1")).status_code == 409
    assert client.post(f"/item/{item.id}/reject", data=form_of(item, why="x")).status_code == 409


def test_a_dead_item_is_shown_and_tried_again(around: Around, client: TestClient) -> None:
    item_id = around.store.put("document", {"kind": "odd"})
    for _ in range(5):  # five workers die over it
        worker = around.store.reservations("reader")
        assert worker.reserve("document", 0.0) is not None
    assert around.store.reservations("reader").reserve("document", 0.0) is None
    item = around.get(item_id)
    assert item.state == "dead"
    page = client.get("/").text
    assert "given up" in page
    assert "Try again" in client.get(f"/item/{item_id}").text
    decide(client, item, action="retry")
    assert around.get(item_id).state == "ready"


def test_a_file_that_cannot_be_read_is_entered_by_hand(around: Around, client: TestClient) -> None:
    item = around.read(refused())
    assert item.code == "encrypted"
    said = {"kind": "invoice", "number": "RE-1", "issued_on": "14.04.2026", "currency": "EUR", "net": "42.90"}
    said |= {"tax": "8,15", "total": "51,05", "supplier_id": "7", "order_number": "PO-2026-0101"}
    row = {"description": "Copy paper A4", "quantity": "10", "unit_price": "4.29", "amount": "42.90"}
    decide(client, item, **said, **{f"lines__0__{name}": value for name, value in row.items()})
    around.work()
    assert postings(around) == ["RE-1"], around.get(item.id).payload["doubts"]


def test_after_a_decision_comes_the_next_one_of_the_list(around: Around, client: TestClient) -> None:
    first, second, third = (
        around.read(paper(order_number=None, number=f"N-{n}"), f"{n}.pdf", sha256=f"{n}" * 64) for n in (1, 2, 3)
    )
    at = decide(client, second, account="6815")
    assert at == f"/item/{third.id}"
    page = client.get(at).text
    assert "2.pdf</a> <span>Saved. It waits to be checked." in page
    reply = client.post(f"/item/{third.id}/reject?reason=no_order", data=form_of(third, why="x"))
    assert reply.headers["location"] == f"/item/{first.id}?reason=no_order"
    assert decide(client, first, account="6815") == "/"


def test_the_strip_tells_how_it_goes_on(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number="PO-2026-0110"))
    decide(client, item, order_number="PO-2026-0111")
    strip = client.get("/going").text
    assert "data-going" in strip
    around.work()
    strip = client.get("/going").text
    assert "It waits for a person again: The ERP has no order PO-2026-0111." in strip
    assert "data-going" not in strip


def test_two_accounts_on_one_paper_stay_two(around: Around, client: TestClient) -> None:
    both = json.dumps([HANSEN.ibans[0], "DE02120300000000202051"])
    item = around.read(paper(iban=reading(both), order_number="PO-2026-0110"))
    page = client.get(f"/item/{item.id}").text
    shown = f"{HANSEN.ibans[0]}, DE02120300000000202051"
    assert f'value="{shown}"' in page
    decide(client, item, iban=shown, order_number="PO-2026-0101")
    assert [a["field"] for a in around.get(item.id).payload["answers"]] == ["order_number"]
