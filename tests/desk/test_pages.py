"""What the pages show of every sort of item."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from desk.texts import ago
from desk.waiting import money
from tests.bots.fakes import document, line, paper, taxes
from tests.desk.conftest import Around
from workitems.items import DocumentItem


def test_the_list_says_what_why_and_how_long(around: Around, client: TestClient) -> None:
    around.read(paper(order_number=None), "Rechnung Müller & Söhne.pdf")
    page = client.get("/").text
    for text in (
        "1 document waits",
        "Rechnung Müller &amp; Söhne.pdf",
        "Hansen Büro",
        "51.05 EUR",
        "names no order",
        "0 min",
    ):
        assert text in page, text


def test_an_empty_list_says_so(client: TestClient) -> None:
    assert "Nothing waits for a person" in client.get("/").text
    assert "Nothing waits" in client.get("/", params={"reason": "no_order"}).text


def test_the_list_is_narrowed_to_a_reason(around: Around, client: TestClient) -> None:
    around.read(paper(order_number=None), "one.pdf")
    around.read(paper(order_number="PO-2026-0110", number="2"), "two.pdf", sha256="cd" * 32)
    page = client.get("/", params={"reason": "unknown_order"}).text
    assert ">two.pdf<" in page
    assert ">one.pdf<" not in page


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "text",
        7,
        [1, 2],
        {},
        {"document": "no document", "paper": [], "answers": "x", "doubts": {"a": 1}},
        {"document": {"filename": 5}, "paper": {"kind": "nonsense"}, "answers": [1], "doubts": [None, {"code": 1}]},
        {"paper": {"kind": "other", "kind_confidence": "x"}},
    ],
    ids=repr,
)
def test_any_payload_is_shown_retried_and_rejected(around: Around, client: TestClient, payload: Any) -> None:
    item = around.put_waiting(payload, message="The item is <odd>.")
    assert "The item is &lt;odd&gt;." in client.get("/").text
    assert "The item is &lt;odd&gt;." in client.get(f"/item/{item.id}").text
    form = {"version": str(item.version)}
    assert client.post(f"/item/{item.id}/answer", data=form | {"action": "save", "total": "1"}).status_code == 422
    assert client.post(f"/item/{item.id}/answer", data=form | {"action": "retry"}).status_code == 303
    assert around.get(item.id).payload == payload
    again = client.post(f"/item/{item.id}/reject", data={"version": str(around.get(item.id).version), "why": "odd"})
    assert again.status_code == 303


def test_pages_are_pictures_with_boxes(around: Around, client: TestClient) -> None:
    read = paper(order_number=None)
    boxed = read.fields["total"].model_copy(update={"page": 1, "box": (0.5, 0.25, 0.75, 0.3)})
    item = around.read(read.model_copy(update={"pages": 2, "fields": read.fields | {"total": boxed}}))
    page = client.get(f"/item/{item.id}").text
    assert page.count("<img ") == 2
    assert 'id="box-total" x="49.6"' in page
    assert 'data-box="box-total"' in page
    assert client.get(f"/item/{item.id}/page/1.png").headers["content-type"] == "image/png"
    for number in ("0", "601", "9" * 40):
        assert client.get(f"/item/{item.id}/page/{number}.png").status_code == 404


def test_a_page_that_cannot_be_drawn_says_so(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None))
    around.pictures.broken = True
    reply = client.get(f"/item/{item.id}/page/1.png")
    assert reply.status_code == 404
    assert "cannot be shown" in reply.text


def test_an_electronic_invoice_is_shown_as_what_it_says(around: Around, client: TestClient) -> None:
    read = paper(order_number=None, source="xml", lines=[line("Weiße Umschläge")], taxes=taxes(("19", "42.90", "8.15")))
    item = around.read(read.model_copy(update={"pages": 0}), "r.xml", media_type="application/xml")
    page = client.get(f"/item/{item.id}").text
    assert "This is an electronic invoice" in page
    assert "<td>Weiße Umschläge</td>" in page
    assert "<img" not in page


def test_a_mail_is_shown_as_its_text(around: Around, client: TestClient) -> None:
    item = DocumentItem(document=document("Frage.txt", media_type="text/plain"))
    text = "Grüße\n<b>fett</b>".encode() + b"\xff" + b"x" * 70_000
    row = around.put_waiting(item.model_dump(mode="json"), Frage__txt=text)
    page = client.get(f"/item/{row.id}").text
    assert "Grüße\n&lt;b&gt;fett&lt;/b&gt;\ufffd" in page
    assert "[...]" in page


def test_a_part_of_an_archive_names_the_archive(around: Around, client: TestClient) -> None:
    around.read(paper(order_number=None), "März.pdf", part="Rechnungen.zip/2026/März.pdf")
    assert "in Rechnungen.zip/2026</span>" in client.get("/").text


def test_an_item_without_a_document_shows_what_it_holds(around: Around, client: TestClient) -> None:
    item = around.put_waiting({"wish": "<hello>"})
    assert "&#34;wish&#34;: &#34;&lt;hello&gt;&#34;" in client.get(f"/item/{item.id}").text


def test_what_was_ordered_stands_beside_the_lines(around: Around, client: TestClient) -> None:
    item = around.read(paper(lines=[line(price="4.99")]))
    page = client.get(f"/item/{item.id}").text
    assert "What was ordered" in page
    assert "PO-2026-0101: Hansen Büro &amp; Papier GmbH, open" in page


def test_the_history_names_who_did_what(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number="PO-2026-0110"))
    client.post(f"/item/{item.id}/answer", data={"version": str(item.version), "number": "7", "action": "save"})
    page = client.get(f"/item/{item.id}").text
    assert "<td>Jörg Müller</td><td><b>ready</b> number</td>" in page
    assert "What the machine decided" in page
    assert "<td>read documents</td><td>review" in page


def test_a_reading_beyond_all_sense_takes_no_page_down(around: Around, client: TestClient) -> None:
    item = DocumentItem(document=document("odd.pdf"), paper=paper(order_number="[" * 100_000, total="1e50000000"))
    payload = item.model_dump(mode="json")
    payload["paper"]["lines"] = [{"description": "Paper", "amount": "1E+50000000"}]
    row = around.put_waiting(payload)
    for address in ("/", f"/item/{row.id}"):
        reply = client.get(address)
        assert (reply.status_code, len(reply.content) < 1_000_000) == (200, True)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (-5, "0 min"), (59, "59 min"), (60, "1 h"), (47 * 60, "47 h"), (48 * 60, "2 days")],
)
def test_ages_are_words(minutes: int, text: str) -> None:
    now = datetime(2026, 4, 20, tzinfo=UTC)
    assert ago(now - timedelta(minutes=minutes), now) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1234.5", "1,234.50"),
        ("-2", "-2.00"),
        ("", ""),
        ("about 5", "about 5"),
        ("NaN", "NaN"),
        ("1e3", "1,000.00"),
        ("1e99", "1e99"),
    ],
)
def test_amounts_are_set_in_thousands(value: str, text: str) -> None:
    assert money(value) == text
