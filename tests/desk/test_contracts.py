"""The contract desk's page: the clause beside the approved words, letters, reminders, and what a form says."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bots.contracts.nouns import ContractItem, Reminder
from bots.contracts.register_contracts import handle
from bots.contracts.remind_people import handle as remind
from desk.answers import NotUnderstood
from desk.app import Backing, create_app
from desk.choices import Offers
from desk.contract_words import differences
from desk.contracts import ContractSheet
from desk.invoices import InvoiceSheet
from tests.bots.contracts.conftest import THEM, USUAL, item, office_in, paper
from tests.bots.fakes import paper as bill
from tests.desk.conftest import BASE, TOKEN, Around
from workitems.items import Item
from workitems.reservations import Ending
from workitems.rows import ItemRow
from workitems.work import Work

CHANGED = USUAL["Cap On Liability"].replace("one hundred percent (100%)", "ten percent (10%)")
SHEET = ContractSheet()


class _NoFiles:
    files: tuple[str, ...] = ()

    def get_file(self, name: str, path: object = None) -> Path:
        raise FileNotFoundError(name)


def waiting(around: Around, of: Item, **files: bytes) -> ItemRow:
    """The item as it waits for a person."""
    item_id = around.store.put(of.kind, of.model_dump(mode="json"), {n.replace("__", "."): c for n, c in files.items()})
    worker = around.store.reservations("bot")
    hold = worker.reserve(of.kind, 60)
    assert hold is not None
    worker.release(hold, Ending("review", of.doubts[0].code, of.doubts[0].message))
    return around.get(item_id)


def checked(tmp_path: Path, of: ContractItem) -> ContractItem:
    office, ledger = office_in(tmp_path)
    work = Work("w1", of.model_dump(mode="json"), _NoFiles(), tmp_path)  # type: ignore[arg-type]
    done = handle(work, office).item
    ledger.close()
    assert isinstance(done, ContractItem)
    return done


@pytest.fixture
def page(around: Around) -> TestClient:
    backing = Backing(lambda: around.store, around.pictures, around.ask, lambda: "", (SHEET, InvoiceSheet()))
    client = TestClient(create_app(backing, TOKEN), base_url=BASE, follow_redirects=True)
    client.get("/", params={"token": TOKEN})
    client.post("/who", data={"name": "anna"}, headers={"Origin": BASE})
    return client


def test_a_clause_stands_beside_the_approved_words_with_what_differs(
    around: Around, page: TestClient, tmp_path: Path
) -> None:
    of = checked(tmp_path / "o", item(paper(USUAL | {"Cap On Liability": CHANGED})))
    row = waiting(around, of, contract__pdf=b"%PDF-1.7")
    text = html.unescape(page.get(f"/item/{row.id}").text)
    for told in ("<del>one hundred</del>", "<ins>ten</ins>", "The playbook says", 'href="#page-3"', "Legal decides"):
        assert told in text, told
    assert THEM in page.get("/").text


def test_a_desk_is_a_list_of_its_own_and_what_only_needs_accepting_has_the_focus(
    around: Around, page: TestClient, tmp_path: Path
) -> None:
    around.read(filename="bill.pdf", what=bill(order_number=None))
    of = waiting(around, checked(tmp_path / "o", item(paper(USUAL | {"Cap On Liability": CHANGED}))))
    everything = page.get("/").text
    assert "bill.pdf" in everything
    assert '<a href="/?reason=contracts">contracts <b>1</b></a>' in everything
    own = page.get("/?reason=contracts").text
    assert of.payload["document"]["filename"] in own
    assert "bill.pdf" not in own
    assert "no order" not in own
    text = page.get(f"/item/{of.id}").text
    assert re.search(r'name="confirm:deviation_number"[^>]* autofocus', text)
    assert text.count("autofocus") == 1


def test_what_a_form_says_becomes_answers(around: Around, tmp_path: Path) -> None:
    of = checked(tmp_path / "o", item(paper(USUAL | {"Cap On Liability": CHANGED})))
    shown = SHEET.view(waiting(around, of))
    form = {"expires_on": "2029-01-31", "clause:Cap On Liability": USUAL["Cap On Liability"]}
    form |= {"refuse:Anti-Assignment": " too  strict ", "confirm:deviation_number": "1"}
    form |= {"new-category": "Insurance", "new-clause": "Supplier is insured."}
    said = SHEET.answers(shown, form, Offers(), ("anna", datetime(2026, 11, 16, tzinfo=UTC)))
    assert {(a.field, a.value) for a in said} == {
        ("expires_on", "2029-01-31"),
        ("clause:Cap On Liability", USUAL["Cap On Liability"]),
        ("refuse:Anti-Assignment", "too strict"),
        ("clause:Insurance", "Supplier is insured."),
        ("confirm", "deviation_number"),
    }


@pytest.mark.parametrize("form", [{"expires_on": "soon"}, {"notice_period": "a while"}, {"side": "both"}])
def test_what_cannot_be_meant_is_said_at_once(form: dict[str, str], around: Around, tmp_path: Path) -> None:
    of = checked(tmp_path / "o", item(paper(USUAL | {"Cap On Liability": CHANGED})))
    shown = SHEET.view(waiting(around, of))
    with pytest.raises(NotUnderstood):
        SHEET.answers(shown, form, Offers(), ("anna", datetime(2026, 11, 16, tzinfo=UTC)))


def test_a_form_that_changes_nothing_says_nothing(around: Around, tmp_path: Path) -> None:
    of = checked(tmp_path / "o", item(paper(USUAL | {"Cap On Liability": CHANGED})))
    shown = SHEET.view(waiting(around, of))
    form = {f.spec.name: f.value for f in shown.fields} | {f"clause:{r.category}": r.text for r in shown.rows}
    assert SHEET.answers(shown, form, Offers(), ("anna", datetime(2026, 11, 16, tzinfo=UTC))) == ()


def test_a_reminder_shows_its_day_and_is_noted_by_one_click(around: Around, page: TestClient, tmp_path: Path) -> None:
    of = Reminder(
        dossier="d", title="Lease", parties=(THEM,), what="notice", due_on=date(2026, 12, 1), sentence="Soon."
    )
    done = remind(Work("w", of.model_dump(mode="json"), _NoFiles(), tmp_path)).item  # type: ignore[arg-type]
    row = waiting(around, done, notice__ics=b"BEGIN:VCALENDAR")
    text = page.get(f"/item/{row.id}").text
    assert "2026-12-01" in text
    assert 'href="/contracts/d"' in text
    assert "I take note of it" in text
    page.post(
        f"/item/{row.id}/answer", data={"version": str(row.version), "action": "approve"}, headers={"Origin": BASE}
    )
    assert around.get(row.id).payload["answers"][0]["value"] == "notice_due"


@pytest.mark.parametrize("payload", [{}, {"kind": "contract"}, [1, 2], "text", {"paper": 7, "doubts": "x"}])
def test_whatever_an_item_holds_the_page_shows_it(payload: object, around: Around, page: TestClient) -> None:
    item_id = around.store.put("contract", payload)
    worker = around.store.reservations("bot")
    hold = worker.reserve("contract", 60)
    assert hold is not None
    worker.release(hold, Ending("review", "bad_payload", "It is no contract."))
    assert "It is no contract." in page.get(f"/item/{item_id}").text


@pytest.mark.parametrize("payload", [[1, 2], "text", {"answers": 7}, {"answers": "abc"}])
def test_an_answer_to_what_takes_none_tries_it_again(payload: object, around: Around, page: TestClient) -> None:
    item_id = around.store.put("contract", payload)
    worker = around.store.reservations("bot")
    hold = worker.reserve("contract", 60)
    assert hold is not None
    worker.release(hold, Ending("review", "bad_payload", "It is no contract."))
    form = {"version": str(around.get(item_id).version), "new-category": "Insurance", "new-clause": "Insured."}
    assert page.post(f"/item/{item_id}/answer", data=form, headers={"Origin": BASE}).status_code == 200
    found = around.get(item_id)
    assert found.state == "ready"
    if isinstance(found.payload, dict):
        assert [answer["value"] for answer in found.payload["answers"]] == ["Insured."]


def test_differences_are_in_reading_order() -> None:
    pieces = differences("within thirty (30) days", "Within ninety (90) days, at most")
    assert [(p.what, p.text) for p in pieces] == [
        ("same", "Within"),
        ("gone", "thirty (30)"),
        ("new", "ninety (90)"),
        ("same", "days,"),
        ("new", "at most"),
    ]
