"""A file that seems to hold several documents: the desk proposes their pages, and a person says which they are."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.bots.fakes import paper
from tests.desk.conftest import Around, form_of
from workitems.items import Doubt, PageRange, Paper


def several() -> Paper:
    parts = (PageRange(first=1, last=1, confidence=0.8), PageRange(first=2, last=3, confidence=0.7))
    doubt = Doubt(code="several_documents", message="The file seems to hold 2 documents.", field="split")
    return paper().model_copy(update={"pages": 3, "parts": parts, "doubts": (doubt,)})


def test_the_pages_of_each_document_are_proposed(around: Around, client: TestClient) -> None:
    item = around.read(several())
    assert item.code == "several_documents"
    html = client.get(f"/item/{item.id}").text
    assert 'name="split" value=""' in html
    assert 'data-fill="f-split">1, 2-3</button>' in html
    assert 'data-fill="f-split">1-3</button>' in html


def test_another_answer_says_nothing_of_the_pages(around: Around, client: TestClient) -> None:
    item = around.read(several())
    client.post(f"/item/{item.id}/answer", data=form_of(item, split="", supplier_name="Hansen"))
    assert [a["field"] for a in around.get(item.id).payload["answers"]] == ["supplier_name"]


def test_a_person_says_that_it_is_one(around: Around, client: TestClient) -> None:
    item = around.read(several())
    client.post(f"/item/{item.id}/answer", data=form_of(item, split="1-3"))
    around.work()
    assert around.get(item.id).state == "done"


def test_pages_that_do_not_add_up_are_asked_again(around: Around, client: TestClient) -> None:
    item = around.read(several())
    client.post(f"/item/{item.id}/answer", data=form_of(item, split="1, 3"))
    around.work()
    assert around.get(item.id).code == "bad_answer"
    assert "entered by" in client.get(f"/item/{item.id}").text
