"""The register at the desk: what is due next stands on top, words find contracts, and changes are seen at once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from desk.app import Backing, create_app
from desk.contracts import ContractSheet
from desk.invoices import InvoiceSheet
from tasks.contract_list import HomeRegister
from tests.bots.contracts.conftest import US
from tests.desk.conftest import BASE, TOKEN, Around
from workitems.dossiers import By, Dossier, Dossiers
from workitems.ledger import Ledger

BY = By("item1", "register_contracts", "registered")
TODAY = datetime.now(UTC).astimezone().date()


@pytest.fixture
def register(around: Around) -> Iterator[Dossiers]:
    ledger = Ledger.open(around.store.home)
    yield Dossiers(ledger.database, "contracts")
    ledger.close()


@pytest.fixture
def page(around: Around) -> TestClient:
    sheets = (ContractSheet(register=HomeRegister(around.store.home, "contracts", lambda: [US])), InvoiceSheet())
    client = TestClient(
        create_app(Backing(lambda: around.store, around.pictures, around.ask, lambda: "", sheets), TOKEN),
        base_url=BASE,
        follow_redirects=True,
    )
    client.get("/", params={"token": TOKEN})
    client.post("/who", data={"name": "anna"}, headers={"Origin": BASE})
    return client


def registered(register: Dossiers, title: str, days: int | None, **more: Any) -> Dossier:
    """A contract whose next day is so many days from now."""
    ends = (TODAY + timedelta(days=days)).isoformat() if days is not None else None
    body = {"title": title, "expires_on": ends, "document": f"{title}.pdf", "item": f"of {title}", **more}
    return register.open(title, body, "active", BY)


def titles(page: TestClient, words: str = "") -> list[str]:
    text = page.get("/contracts", params={"q": words} if words else {}).text
    return [html.unescape(found) for found in re.findall(r'<a class="row" href="[^"]*">([^<]*)</a>', text)]


def test_what_is_due_next_stands_first_and_what_is_over_last(page: TestClient, register: Dossiers) -> None:
    assert "once they are registered" in page.get("/contracts").text
    registered(register, "Lease", 400)
    registered(register, "Supply", 12, notice_deadline=(TODAY + timedelta(days=5)).isoformat(), renews=True)
    registered(register, "Past", -3)
    registered(register, "For ever", None)
    over = registered(register, "Ended", 2)
    register.save(over, over.body, "ended", BY)
    assert titles(page) == ["Supply", "Lease", "For ever", "Past", "Ended"]
    text = page.get("/contracts").text
    for told in ("last day for notice", "in 5 days", "gone by", "none known", "not in force any more", "renews itself"):
        assert told in text, told
    assert 'href="/item/of%20Supply"' in text


def test_a_contract_is_found_by_its_place_in_the_register(page: TestClient, register: Dossiers) -> None:
    of = registered(register, "Lease", 9)
    reply = page.get(f"/contracts/{of.id}", follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, "/item/of%20Lease")
    gone = page.get("/contracts/none")
    assert gone.status_code == 404
    assert "no such contract in the register" in gone.text


def test_words_find_contracts_by_what_they_are_about(page: TestClient, register: Dossiers) -> None:
    registered(register, "Lease <Hafen>", 9, parties=[US.upper(), "Hafen Immobilien GmbH"], governing_law="Germany")
    registered(register, "Supply", 9, parties=["Ostra Stahlwerke AG"], contract_type="Supply", expected_loss="1234.5")
    assert titles(page, "HAFEN germany") == ["Lease <Hafen>"]
    assert titles(page, "supply") == ["Supply"]
    assert "<td>Hafen Immobilien GmbH</td>" in page.get("/contracts").text
    assert "1,234.50" in page.get("/contracts?q=ostra").text
    assert "No contract tells of “&lt;b&gt;”" in page.get("/contracts?q=<b>").text


def test_a_change_is_seen_at_once_and_only_what_changed_is_read_again(page: TestClient, register: Dossiers) -> None:
    first, other = registered(register, "Lease", 9), registered(register, "Supply", 10)
    assert titles(page) == ["Lease", "Supply"]
    register.save(first, first.body | {"title": "Lease, amended", "amendments": [{"document": "a.pdf"}]}, "active", BY)
    assert titles(page) == ["Lease, amended", "Supply"]
    assert "amended once" in page.get("/contracts").text
    register.forget(other.id)
    assert titles(page) == ["Lease, amended"]
    assert register.versions() == {first.id: 2}


def test_more_than_a_page_holds_is_said(page: TestClient, register: Dossiers) -> None:
    for number in range(205):
        registered(register, f"Lease {number}", number)
    assert len(titles(page)) == 200
    assert "5 more: search for them." in page.get("/contracts").text
