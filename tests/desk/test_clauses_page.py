"""A lawyer with a real browser: refuses a clause, finds it a moment later with its reason, picks an earlier one."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from robocorp import workitems

from bots.contracts.judging import ContractOffice
from bots.contracts.own_clauses import DESK, OwnClauses
from bots.contracts.register_contracts import handle
from desk.app import Backing, create_app
from desk.contract_pages import Precedent, wordings
from desk.contracts import ContractSheet
from desk.invoices import InvoiceSheet
from extractors.precedents import Precedents
from extractors.precedents.picks import kept
from tasks.contract_clauses import IndexedClauses
from tasks.contract_search import SearchedClauses
from tests.bots.contracts.conftest import US, USUAL, item, office_of, paper
from tests.desk.conftest import TOKEN, Around
from tests.desk.test_browser import page  # noqa: F401 - a fixture
from workitems.dossiers import Dossiers
from workitems.ledger import Ledger
from workitems.loop import work_through

NAMES = {"London": "Lea Freight Ltd.", "Oslo": "Fjord Freight AS"}
EXCLUSIVE = "During the term the customer shall buy all transport in {place} from the supplier alone."


@pytest.fixture
def office(around: Around) -> Iterator[ContractOffice]:
    """The desk whose clauses go into the index, as in tasks.desks.contracts."""
    ledger = Ledger.open(around.store.home)
    own = OwnClauses(Dossiers(ledger.database, DESK))
    yield replace(office_of(ledger), precedents=IndexedClauses(own, around.store.home, [US]))
    ledger.close()


@pytest.fixture
def address(around: Around) -> Iterator[str]:
    sheets = (ContractSheet(SearchedClauses(around.store.home)), InvoiceSheet())
    app = create_app(Backing(lambda: around.store, around.pictures, around.ask, lambda: "", sheets), TOKEN)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def comes(around: Around, office: ContractOffice, number: int, place: str, **clauses: str) -> str:
    """A contract comes in and is checked."""
    told = USUAL | clauses
    of = item(paper(told, title=f"Freight {place}", parties=f'["{US}", "{NAMES[place]}"]'), f"{place}.pdf", number)
    item_id = around.store.put("contract", of.model_dump(mode="json"), {f"{place}.pdf": b"%PDF-1.7"})
    checked(around, office)
    return item_id


def checked(around: Around, office: ContractOffice) -> None:
    """The step register_contracts, until nothing is ready."""
    ledger = Ledger.open(around.store.home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RC_WORKITEM_ADAPTER", "workitems.adapter.StoreAdapter")
        patch.setenv("RC_WORKITEM_QUEUE_NAME", "contract")
        patch.setenv("RC_WORKITEM_OUTPUT_QUEUE_NAME", "none")
        workitems._ctx.clear_cache()  # type: ignore[attr-defined]
        work_through(lambda work: handle(work, office), ledger, "register_contracts")
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]
    ledger.close()


def test_the_same_words_are_shown_once_with_the_contracts_in_which_they_stand() -> None:
    def found(name: str, document: str, text: str, category: str, accepted: bool | None = True) -> Precedent:
        return Precedent(name, text, document, category, "Service", "Fjord", accepted, "")

    one, two, three = wordings(
        [
            found("1", "a.pdf", "Liability is  capped.", "Cap On Liability"),
            found("2", "a.pdf", "Liability is capped.", "Uncapped Liability"),
            found("3", "b.pdf", "LIABILITY is capped.", "Cap On Liability"),
            found("4", "c.pdf", "Liability is capped.", "Cap On Liability", accepted=False),
            found("5", "c.pdf", "Another.", ""),
            found("6", "d.pdf", "Liability is capped.", ""),
            found("7", "b.pdf", "Liability is capped.", ""),
        ]
    )
    assert (one.best.clause_id, one.categories) == ("1", "Cap On Liability, Uncapped Liability")
    assert [other.document for other in one.elsewhere] == ["b.pdf", "d.pdf"]
    assert (two.best.clause_id, two.elsewhere, three.categories) == ("4", (), "")


def test_refused_and_accepted_clauses_are_found_at_once_and_what_is_picked_teaches(
    around: Around,
    office: ContractOffice,
    address: str,
    page: Any,  # noqa: F811
) -> None:
    comes(around, office, 1, "Oslo")  # carries no risk: registered
    refused = comes(around, office, 2, "London", Exclusivity=EXCLUSIVE.format(place="London"))
    page.goto(f"{address}/?token={TOKEN}")
    page.fill("#name", "anna")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/clauses?q=transport")  # the first question loads what a search needs

    page.goto(f"{address}/item/{refused}")
    page.locator("input[name='refuse:Exclusivity']").fill("we buy from two carriers")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    checked(around, office)
    saved = time.perf_counter()
    page.goto(f"{address}/clauses?q=exclusive+transport&verdict=refused")
    found = page.locator("ol.found li")
    assert found.count() == 1
    assert time.perf_counter() - saved < 5  # on an idle machine well below one second
    assert "refused: we buy from two carriers" in found.first.inner_text()
    offered = page.locator("#partners option").evaluate_all("them => them.map(one => one.value)")
    assert offered == sorted(NAMES.values())
    assert page.locator("#kind option").all_inner_texts() == ["all", "Service"]
    page.goto(f"{address}/clauses?q=transport&kind=Service&counterparty=fjord+freight+as")
    assert "Oslo.pdf" in page.locator("ol.found").inner_text()
    assert "London.pdf" not in page.locator("ol.found").inner_text()

    page.goto(f"{address}/item/{refused}")
    page.locator("details:has(summary:has-text('Cap On Liability')) summary").click()
    page.locator("details[open]:has(summary:has-text('Cap On Liability')) .nearest:has-text('Oslo.pdf')").wait_for()
    page.locator("details[open]:has(summary:has-text('Cap On Liability')) .before a").click()
    page.wait_for_url("**/clauses?*")
    assert "the aggregate liability" in page.locator(".at-hand").inner_text()
    assert "Oslo.pdf" in page.locator("ol.found").inner_text()
    page.keyboard.press("Tab")
    page.locator("ol.found button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**chosen=**")
    assert "Compared with Oslo.pdf" in page.locator("#chosen").inner_text()
    (pick,) = kept(around.store.home)
    assert pick["query"].startswith("Except for wilful misconduct")
    hits = Precedents.open(around.store.home).search("cap on liability", 5, {"accepted": True})
    assert "Cap On Liability" in {hit.clause.category for hit in hits}
