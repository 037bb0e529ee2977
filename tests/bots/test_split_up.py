"""A file of several documents becomes an item for each, surely or by a person's word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bots.invoices.look_up import Office
from bots.reading.read_documents import handle
from tests.bots.fakes import TODAY, FakeRecords, answer, document, house, paper, work
from workitems.items import DocumentItem, Doubt, PageRange, Paper
from workitems.ledger import Ledger
from workitems.work import Outcome

DOUBTFUL = Doubt(code="several_documents", message="The file seems to hold 2 documents: page 1, pages 2-3.")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(FakeRecords(), Ledger.open(tmp_path / "home"), house(), lambda: TODAY)


def several(sure: bool) -> Paper:
    own = Paper(kind="invoice", kind_confidence=0.99, source="text", pages=1) if sure else None
    chance = 0.99 if sure else 0.7
    first = PageRange(first=1, last=1, confidence=chance, paper=own)
    second = PageRange(first=2, last=3, confidence=chance, paper=own)
    doubts = () if sure else (DOUBTFUL,)
    return paper().model_copy(update={"pages": 3, "parts": (first, second), "doubts": doubts})


def answered(said: str) -> DocumentItem:
    return DocumentItem(document=document(), paper=several(sure=False), answers=(answer("split", said),))


def cut(path: str, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    return [f"pages {first} to {last}".encode() for first, last in ranges]


def run(office: Office, folder: Path, item: DocumentItem, found: Paper, knife: object = cut) -> Outcome:
    return handle(work(item, folder), office, lambda *_: found, knife)  # type: ignore[arg-type]


def test_a_sure_file_of_two_documents_becomes_two_items(office: Office, tmp_path: Path) -> None:
    outcome = run(office, tmp_path, DocumentItem(document=document()), several(sure=True))
    assert outcome.item.route == "straight"
    parts = [o.item.document for o in outcome.outputs]
    assert [p.part for p in parts] == ["page 1", "pages 2-3"]
    assert {o.item.kind for o in outcome.outputs} == {"document"}
    assert [list(o.attach.values()) for o in outcome.outputs] == [[b"pages 1 to 1"], [b"pages 2 to 3"]]
    assert len({o.key for o in outcome.outputs}) == 2
    assert len({p.sha256 for p in parts}) == 2


def test_a_doubtful_one_waits_for_a_person(office: Office, tmp_path: Path) -> None:
    outcome = run(office, tmp_path, DocumentItem(document=document()), several(sure=False))
    assert outcome.item.route == "review"
    assert "several_documents" in {d.code for d in outcome.item.doubts}
    assert outcome.outputs == ()


def test_a_person_says_which_pages_belong_together(office: Office, tmp_path: Path) -> None:
    item = answered("1-2, 3")
    outcome = run(office, tmp_path, item, several(sure=False))
    assert [o.item.document.part for o in outcome.outputs] == ["pages 1-2", "page 3"]


@pytest.mark.parametrize("said", ["1-2", "1, 3", "2-3, 1", "x", "1-2, 2-3", "1-99999"])
def test_pages_that_do_not_add_up_are_asked_again(office: Office, tmp_path: Path, said: str) -> None:
    item = answered(said)
    outcome = run(office, tmp_path, item, several(sure=False))
    assert outcome.item.route == "review"
    assert "bad_answer" in {d.code for d in outcome.item.doubts}


def test_without_a_queue_for_the_parts_or_a_file_that_can_be_cut_a_person_does_it(
    office: Office, tmp_path: Path
) -> None:
    for knife in (None, lambda *_: []):
        folder = tmp_path / str(knife is None)
        folder.mkdir()
        outcome = run(office, folder, DocumentItem(document=document()), several(sure=True), knife)
        assert outcome.item.route == "review"
        assert [d.code for d in outcome.item.doubts] == ["several_documents"]
