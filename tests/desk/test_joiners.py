"""The joiners desk's page: a joiner with plan and papers, and what a person says there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bots.joiners.file_joiners import handle as file_paper
from bots.joiners.mailbag import Kept, Mailbags
from bots.joiners.nouns import JoinerTurn
from bots.joiners.office import joiner_of
from bots.joiners.onboard_joiners import steps_of
from bots.joiners.people import Person, PersonFile, people, person_file
from bots.joiners.todo import Todo, todos
from bots.joiners.wording import shipped_wordings
from bots.joiners.writing import Post, write_letters
from desk.app import Backing, create_app
from desk.choices import Offers
from desk.invoices import InvoiceSheet
from desk.joiners import JoinerSheet, Plan
from tests.bots.joiners.conftest import CONTRACT, IDENTITY
from tests.bots.joiners.conftest import Around as Joiners
from tests.desk.conftest import BASE, TOKEN, Around, visitor
from workitems.dossiers import By
from workitems.reservations import Ending
from workitems.rows import ItemRow
from workitems.store import Store


@dataclass
class FakeBook:
    """The pages' book on the tests' own joiners; `said` are the changes."""

    joiners: Joiners
    said: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def bags(self) -> Mailbags:
        return Mailbags(self.joiners.ledger.database)

    def todos(self) -> Sequence[Todo]:
        return todos(self.joiners.office, self.bags)

    def people(self) -> Sequence[Person]:
        return people(self.joiners.office)

    def person(self, key: str) -> PersonFile | None:
        return person_file(key, self.joiners.office, self.bags)

    def mail(self, bag: str, key: str) -> Kept | None:
        return self.bags.of(bag).mails.get(key)

    def done(self, joiner: str, task: str, who: str, evidence: str) -> bool:
        self.said.append((joiner, task, who, evidence))
        return task == "laptop"

    def enter_address(self, joiner: str, address: str, who: str) -> bool:
        self.said.append((joiner, address, who))
        return True

    def decide_mail(self, about: tuple[str, str], seen: Kept, state: str, who: str) -> bool:
        self.said.append((*about, state, who))
        return True


@pytest.fixture
def book(browser: TestClient) -> FakeBook:
    """What stands behind the pages that the browser shows."""
    found: FakeBook = browser.book  # type: ignore[attr-defined]
    return found


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

    sheets = (JoinerSheet(look, FakeBook(joiners)), InvoiceSheet())
    app = create_app(Backing(lambda: around.store, around.pictures, lambda _: Offers(), lambda: "", sheets), TOKEN)
    client = visitor(app)
    assert client.get("/", params={"token": TOKEN}).status_code == 303
    client.headers["origin"] = BASE
    client.post("/who", data={"name": "Jörg"})
    client.book = sheets[0]._book  # type: ignore[attr-defined]
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


def test_everything_about_a_joiner_stands_on_one_page_with_the_evidence(
    joiners: Joiners, around: Around, browser: TestClient
) -> None:
    item = turn_of(joiners, around.store, employer="Nordlicht Holding")
    key = joiners.joiner().key
    everybody = browser.get("/joiners/people").text
    assert f'href="/joiners/people/{key}"' in everybody
    assert "not ready yet" in everybody
    html = browser.get(f"/joiners/people/{key}").text
    assert f"done {joiners.office.today}: " in html  # what proves it
    assert "What happened" in html
    assert 'type="checkbox"' not in html
    assert f'href="/joiners/people/{key}"' in browser.get("/joiners").text
    assert f'href="/joiners/people/{key}"' in browser.get(f"/item/{item.id}").text
    assert browser.get("/joiners/people/j-nobody").status_code == 404


def test_who_is_ready_and_who_has_withdrawn_is_told(joiners: Joiners, browser: TestClient) -> None:
    assert "Nobody is known yet" in browser.get("/joiners/people").text
    joiners.file("contract", CONTRACT)
    dossier = joiners.dossiers.of_key(joiners.joiner().key)
    assert dossier is not None
    joiners.dossiers.save(dossier, dossier.body, "withdrawn", By("item", "Hanna", "does not come"), ())
    assert "has withdrawn" in browser.get("/joiners/people").text
    html = browser.get(f"/joiners/people/{dossier.key}").text
    assert "has withdrawn" in html
    assert "does not come" in html
    assert "The plan" not in html


def written(joiners: Joiners) -> str:
    """The drafts of today; the joiner's key."""
    post = Post(joiners.office, Mailbags(joiners.ledger.database), shipped_wordings())
    write_letters(post, By("item", "bot", "test"))
    return joiners.joiner().key


def test_the_list_of_all_joiners_has_late_ones_first_and_a_filter_by_owner(
    joiners: Joiners, browser: TestClient
) -> None:
    joiners.turn(joiners.anna())
    html = browser.get("/joiners").text
    assert html.index("A desk and a key are ready") < html.index("The trainings of the role are recorded")
    assert "tasks are open for joiners, 2 of them are late" in html
    only_it = browser.get("/joiners?owner=it").text
    assert "The laptop is set up" in only_it
    assert "A desk and a key are ready" not in only_it
    assert '<a href="/joiners">Joiners</a>' in browser.get("/").text


def test_done_with_its_evidence_goes_on_and_what_is_not_open_is_said(
    joiners: Joiners, browser: TestClient, book: FakeBook
) -> None:
    joiners.turn(joiners.anna())
    form = {"joiner": joiners.joiner().key, "task": "laptop", "evidence": " inventory\n4711 ", "owner": "it"}
    reply = browser.post("/joiners/done", data=form)
    assert (reply.status_code, reply.headers["location"]) == (303, "/joiners?owner=it")
    assert book.said == [(form["joiner"], "laptop", "Jörg", "inventory 4711")]
    assert browser.post("/joiners/done", data=form | {"task": "account"}).status_code == 422


def test_an_address_is_entered_and_no_list_of_them(joiners: Joiners, browser: TestClient, book: FakeBook) -> None:
    joiners.file("identity", IDENTITY)
    joiners.turn(joiners.file("contract", {k: v for k, v in CONTRACT.items() if k != "email"}))
    assert "Enter or confirm the joiner" in browser.get("/joiners?owner=hr").text
    form = {"joiner": joiners.joiner().key, "address": "anna@post.example, all@post.example"}
    assert browser.post("/joiners/address", data=form).status_code == 422
    assert browser.post("/joiners/address", data=form | {"address": "anna@post.example"}).status_code == 303
    assert book.said == [(form["joiner"], "anna@post.example", "Jörg")]


def test_a_draft_is_read_and_released_as_it_was_seen(joiners: Joiners, browser: TestClient, book: FakeBook) -> None:
    joiners.turn(joiners.file("contract", CONTRACT | {"starts_on": "2026-12-14", "given_names": "<b>Anna</b>"}))
    key = written(joiners)
    at = f"/joiners/mail/{key}/missing%3Aidentity_missing%3A1"
    assert at in browser.get("/joiners").text
    assert at in browser.get(f"/joiners/people/{key}").text
    html = browser.get(at).text
    assert "&lt;b&gt;Anna&lt;/b&gt;" in html
    seen = html.partition('name="seen" value="')[2].partition('"')[0]
    assert browser.post(at, data={"seen": "other", "action": "release"}).status_code == 409
    assert browser.post(at, data={"seen": seen, "action": "sent"}).status_code == 409  # not of a draft
    assert browser.post(at, data={"seen": seen, "action": "release"}).status_code == 303
    assert book.said == [(key, "missing:identity_missing:1", "released", "Jörg")]
    assert browser.get(f"/joiners/mail/{key}/nothing").status_code == 404
