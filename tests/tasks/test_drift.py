"""The counts of drift follow the store, in bounded steps, and the report and the command show them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tasks import drift
from tasks.commands import models
from tasks.reports import write_report
from tasks.settings import load
from tests.bots.fakes import document, paper
from workitems import decided
from workitems.items import Decision, DocumentItem
from workitems.ledger import Ledger
from workitems.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path))
    monkeypatch.delenv("DESKHAND_DATABASE", raising=False)
    monkeypatch.setattr(decided, "SETTLED_SECONDS", -5.0)
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


def put(store: Store, *routes: str) -> None:
    item = DocumentItem(document=document("a.pdf"), paper=paper())
    item_id = store.put("document", item.model_dump(mode="json"))
    for route in routes:
        Ledger(store.database).decide(item_id, Decision(step="read_documents", input_hash="x", route=route))


def test_a_document_is_read_once_and_ends_once(store: Store) -> None:
    put(store, "review", "review", "straight")
    put(store, "review")
    (day,) = drift.counted(store, store.home).days.values()
    assert (day.read, day.ended) == (2, 1)


def test_counting_goes_on_where_it_ended(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "AT_ONCE", 2)
    monkeypatch.setattr(drift, "MOST", 4)
    for _ in range(5):
        put(store, "straight")
    assert [sum(d.read for d in drift.counted(store, store.home).days.values()) for _ in range(3)] == [4, 5, 5]
    (store.home / drift.NAME).write_text("{")
    assert sum(d.read for d in drift.counted(store, store.home).days.values()) == 4


def test_a_store_that_began_anew_is_counted_anew(store: Store) -> None:
    put(store, "straight")
    (store.home / drift.NAME).write_text('{"seq": 99, "days": {"2026-01-01": {"read": 7}}}')
    assert sum(d.read for d in drift.counted(store, store.home).days.values()) == 1


def test_the_report_is_written_and_the_command_prints_json_only(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    put(store, "straight")
    assert all(file.stat().st_size for file in write_report(store.home, load()))
    assert models.main(["drift", "--json"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == []
    assert models.main(["drift"]) == 0
    assert "Too few documents" in capsys.readouterr().out
