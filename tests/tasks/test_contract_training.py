"""Answers about contracts become models: read once more in the bounded child, judged, signed, promoted, in force."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from robocorp.workitems import State

from bots.contracts.nouns import ContractItem
from bots.training.compare import TrainingPolicy
from extractors.cascade import read_document
from extractors.model_files import pointed, versions
from tasks.commands.models import main
from tasks.model_history import events, is_whole
from tasks.settings import CompanySettings, FolderSettings, Settings
from tasks.training import train_all
from workitems.adapter import StoreAdapter
from workitems.items import Answer, Document, Paper, Reading, Shadowed
from workitems.store import Store

COUNT = 8
NAMES = ("Velbert", "Ostra", "Hansen", "Lindqvist")
OURS, WRITTEN = "Moselbrück Apparatebau GmbH", "Moselbrück Apparatebau GmbH & Co. KG"
TEXT = """SERVICES AGREEMENT

This Services Agreement (the "Agreement") is made as of March {day}, 2026 between {ours} ("Customer")
and {them} ("Supplier").

1. Services. Supplier shall provide the services described in each order.

2. Term. This Agreement begins on March {day}, 2026 and ends on February 28, 2028.

3. Governing Law. This Agreement is governed by the laws of England and Wales.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with registered contracts: people wrote the company's name as it is in the register of companies."""
    folder = tmp_path_factory.mktemp("answered")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DESKHAND_SETTINGS", "DESKHAND_DATABASE", "RC_VAULT_SECRET_MANAGER"):
            patch.delenv(name, raising=False)
        patch.setenv("DESKHAND_HOME", str(folder))
        patch.setenv("RC_WORKITEM_QUEUE_NAME", "contract")
        store = Store.open(folder)
        adapter = StoreAdapter()
        for n in range(COUNT):
            made, text = contract(n)
            store.put("contract", made.model_dump(mode="json"), {"a.txt": text.encode()})
            adapter.release_input(adapter.reserve_input(), State.DONE)
        store.close()
        patch.delenv("RC_WORKITEM_QUEUE_NAME")
        yield folder


def contract(n: int, shadow: tuple[Shadowed, ...] = ()) -> tuple[ContractItem, str]:
    """A contract as it was read, with what a person entered."""
    them = f"{NAMES[n % len(NAMES)]} Logistics Inc."
    text = TEXT.format(day=n + 1, ours=OURS, them=them)
    said = Answer(
        field="parties",
        value=f"{WRITTEN}; {them}",
        who="anna",
        at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=n),
    )
    about = Document(sha256=f"{n:064}", filename="a.txt", media_type="text/plain", id=f"doc{n}")
    parties = Reading(value=json.dumps([OURS, them], ensure_ascii=False), confidence=0.9, reader="contract_terms@1")
    read = Paper(kind="contract", kind_confidence=1.0, fields={"parties": parties}, shadow=shadow)
    made = ContractItem(document=about, answers=(said,), paper=read, others=(them,), ended="registered")
    return made, text


def as_read(text: str, folder: Path) -> Paper:
    """A reading by the models in force."""
    file = folder / "contract.txt"
    file.write_text(text, encoding="utf-8")
    return read_document(str(file), "contract.txt", "text/plain")


def settings(home: Path, **policy: int) -> Settings:
    box = FolderSettings(kind="folder", name="in", path=home / "inbox")
    learning = TrainingPolicy(documents=8, suppliers=4, **policy)
    return Settings(company=CompanySettings(name=OURS), mailboxes=(box,), learning=learning)


def test_answers_are_learnt_in_the_shadow_first_then_promoted_and_read_so(home: Path) -> None:
    told: list[str] = []
    (done,) = train_all(home, settings(home, shadow_documents=1), "test", told.append, "term_answers")
    assert (done.state, done.rows) == ("waits", COUNT), done.message
    assert f"{COUNT} answered contracts can be learnt from." in told
    assert done.comparison is not None
    assert done.comparison.right_after > done.comparison.right_before
    text = TEXT.format(day=25, ours=OURS, them="Kestrel Shipping Ltd.")
    before = as_read(text, home)
    assert json.loads(before.fields["parties"].value)[0] == OURS
    assert WRITTEN in before.shadow[0].values["parties"]

    (waits,) = train_all(home, settings(home, shadow_documents=1), "test", told.append, "term_answers")
    assert waits.state == "waits"  # it has been in the shadow of no answered contract yet
    add_one(home, before.shadow)
    (done,) = train_all(home, settings(home, shadow_documents=1), "test", told.append, "term_answers")
    assert done.state == "promoted", done.message
    assert pointed("term_answers", "current", home) == done.version
    after = as_read(text, home)
    assert json.loads(after.fields["parties"].value) == [WRITTEN, "Kestrel Shipping Ltd."]
    assert after.models["term_answers"] == f"learnt:{done.version}"
    assert [row["event"] for row in events("term_answers", home)] == ["shadow", "promoted"]
    assert is_whole("term_answers", home)


def test_what_people_picked_is_learnt_by_the_same_step(home: Path) -> None:
    (done,) = train_all(home, settings(home), "test", lambda _: None, "precedents")
    assert (done.state, done.rows) == ("too_few", 0)
    assert "20 different queries" in done.message


def test_what_is_no_better_is_kept_back_and_the_same_answers_are_learnt_once(home: Path) -> None:
    (done,) = train_all(home, settings(home), "test", lambda _: None, "clause_answers")
    assert done.state == "kept", done.message
    (again,) = train_all(home, settings(home), "test", lambda _: None, "clause_answers")
    assert again.message == "No answer is new since the last training."
    assert len(versions("clause_answers", home)) == 1
    assert pointed("clause_answers", "current", home) is None


def test_models_are_listed_shown_and_taken_back_by_the_same_commands(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "--json"]) == 0
    listed = {row["name"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert listed["term_answers"]["origin"] == "learnt"
    assert listed["clause_answers"]["warning"] is None
    assert main(["show", "term_answers"]) == 0
    assert "parties" in capsys.readouterr().out
    assert main(["rollback", "term_answers"]) == 0
    assert pointed("term_answers", "current", home) is None


def test_readings_of_contracts_that_were_deleted_are_deleted(home: Path) -> None:
    from tasks.training_rows import forget_deleted

    store = Store.open(home)
    try:
        assert len(list((home / "training").glob("*.gz"))) == COUNT + 1
        assert forget_deleted(store) == 0
        (home / "training" / "x.json.gz").write_bytes(b"half")
        assert forget_deleted(store) == 1
    finally:
        store.close()


def add_one(home: Path, shadow: tuple[Shadowed, ...]) -> None:
    """One more contract, which the candidate in the shadow has read."""
    made, text = contract(COUNT, shadow)
    os.environ["RC_WORKITEM_QUEUE_NAME"] = "contract"
    store = Store.open(home)
    try:
        adapter = StoreAdapter()
        store.put("contract", made.model_dump(mode="json"), {"a.txt": text.encode()})
        adapter.release_input(adapter.reserve_input(), State.DONE)
    finally:
        del os.environ["RC_WORKITEM_QUEUE_NAME"]
        store.close()
