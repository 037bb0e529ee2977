"""The joiners desk's page: a joiner with plan and papers, and what a person says there."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bots.joiners.file_joiners import handle as file_paper
from bots.joiners.nouns import JoinerTurn
from bots.joiners.office import joiner_of
from bots.joiners.onboard_joiners import steps_of
from desk.app import Backing, create_app
from desk.choices import Offers
from desk.invoices import InvoiceSheet
from desk.joiners import JoinerSheet, Plan
from tests.bots.joiners.conftest import CONTRACT, IDENTITY
from tests.bots.joiners.conftest import Around as Joiners
from tests.desk.conftest import BASE, TOKEN, Around, visitor
from workitems.reservations import Ending
from workitems.rows import ItemRow
from workitems.store import Store


@pytest.fixture
def joiners(around: Around) -> Joiners:
    return Joiners(around.store.home)


@pytest.fixture
def browser(around: Around, joiners: Joiners) -> TestClient:
    """Jörg, at a desk that knows joiners."""

    def look(key: str) -> Plan | None:
        dossier = joiners.dossiers.of_key(key)
        joiner = joiner_of(dossier) if dossier else None
        return Plan(joiner, steps_of(joiner, joiners.office), ("Payments",)) if joiner else None

    sheets = (JoinerSheet(look), InvoiceSheet())
    app = create_app(Backing(lambda: around.store, around.pictures, lambda _: Offers(), lambda: "", sheets), TOKEN)
    client = visitor(app)
    assert client.get("/", params={"token": TOKEN}).status_code == 303
    client.headers["origin"] = BASE
    client.post("/who", data={"name": "Jörg"})
    return client


def waiting(store: Store, queue: str, payload: object) -> ItemRow:
    item_id = store.put(queue, payload)
    worker = store.reservations("bot")
    hold = worker.reserve(queue, 60)
    assert hold is not None
    worker.release(hold, Ending("review", "odd", "It is odd."))
    found = store.get(item_id)
    assert found is not None
    return found


def turn_of(joiners: Joiners, store: Store, **changed: str) -> ItemRow:
    """A joiner whose turn waits for a person."""
    joiners.file("identity", IDENTITY)
    filed = joiners.file("contract", CONTRACT | changed)
    doubts = joiners.asked(filed)
    turn = filed.outputs[0].item
    assert isinstance(turn, JoinerTurn)
    return waiting(store, "joiner_turn", turn.model_copy(update={"doubts": doubts}).model_dump(mode="json"))


def test_a_joiners_page_shows_the_doubt_the_plan_and_what_the_papers_say(
    joiners: Joiners, around: Around, browser: TestClient
) -> None:
    item = turn_of(joiners, around.store, role="Astronaut")
    html = browser.get(f"/item/{item.id}").text
    assert "Anna Kern" in html
    assert "No checklist is known for the role Astronaut." in html
    assert 'name="role" value="Astronaut"' in html
    assert "What the papers say" in html
    assert "Anna Kern" in browser.get("/").text


def test_what_a_person_enters_and_ticks_goes_on(joiners: Joiners, around: Around, browser: TestClient) -> None:
    item = turn_of(joiners, around.store, employer="Nordlicht <Holding>")
    html = browser.get(f"/item/{item.id}").text
    assert "Nordlicht &lt;Holding&gt;" in html
    assert 'name="done:laptop"' in html
    assert 'name="done:account"' not in html  # the bots do that
    form = {"version": str(item.version), "action": "approve", "done:laptop": "1", "approve:Payments": "1"}
    assert browser.post(f"/item/{item.id}/answer", data=form).status_code == 303
    found = around.get(item.id).payload["answers"]
    assert [(a["field"], a["value"]) for a in found] == [
        ("confirm", "other_employer"),
        ("done", "laptop"),
        ("approve", "Payments"),
    ]


def test_a_date_that_is_none_is_said_at_once(joiners: Joiners, around: Around, browser: TestClient) -> None:
    item = turn_of(joiners, around.store, starts_on="2025-01-07")
    form = {"version": str(item.version), "action": "save", "starts_on": "next Monday"}
    reply = browser.post(f"/item/{item.id}/answer", data=form)
    assert (reply.status_code, "is not a date" in reply.text) == (422, True)


def test_whose_a_paper_is_is_asked(joiners: Joiners, around: Around, browser: TestClient, tmp_path: Path) -> None:
    joiners.file("identity", IDENTITY)
    read = joiners.read("application", {"surname": "Kern", "given_names": "Anna"})
    payload = read.outputs[0].item.model_dump(mode="json")
    with pytest.raises(Exception, match="doubtful_person") as caught:
        file_paper(joiners.work(payload), joiners.office)
    doubts = [d.model_dump(mode="json") for d in caught.value.doubts]  # type: ignore[attr-defined]
    item = waiting(around.store, "joiner", payload | {"doubts": doubts})
    assert "Whose paper is it?" in browser.get(f"/item/{item.id}").text
    browser.post(f"/item/{item.id}/answer", data={"version": str(item.version), "action": "save", "joiner": "new"})
    assert [a["value"] for a in around.get(item.id).payload["answers"]] == ["new"]
