"""Items that hold what no page may hold: the desk shows them all the same, bounded, and the list stays usable."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from desk.invoices import MOST_LINES
from tests.bots.fakes import line, paper
from tests.desk.conftest import Around
from workitems.items import Doubt


@pytest.mark.parametrize(
    "odd", ["\u202eHbmG\u202c", "a\x00b\x07\x1b[31m\x08", "x\ud800y", "<script>alert(1)</script>", "{{ 7*7 }}"]
)
def test_odd_characters_are_shown_harmless(odd: str, around: Around, client: TestClient) -> None:
    what = paper(order_number=None, supplier_name=odd, number=odd, lines=[line(odd)])
    item = around.read(what.model_copy(update={"doubts": (Doubt(code="poor_scan", message=odd),)}))
    for path in ("/", f"/item/{item.id}"):
        reply = client.get(path)
        assert reply.status_code == 200
        assert not {"\x00", "\x07", "\x1b", "\u202e"} & set(reply.text)
        assert "<script>alert" not in reply.text
        assert ">49<" not in reply.text


def test_a_file_name_cannot_turn_what_stands_around_it(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None), filename="invoice\u202efdp.exe")
    assert "invoicefdp.exe" in client.get(f"/item/{item.id}").text


def test_of_very_many_lines_the_page_says_how_many(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None, lines=[line()] * (MOST_LINES + 1)))
    page = client.get(f"/item/{item.id}").text
    assert f"{MOST_LINES + 1} lines: too many to be shown" in page
    assert len(page) < 100_000
