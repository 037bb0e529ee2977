"""Answers become models: promoted where they are better, kept back where they are not, whatever ends the training."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from robocorp.workitems import State

from bots.training.compare import TrainingPolicy, compare
from extractors import model_files
from extractors.invoice.confidence_learning import NAME, READER
from extractors.learning import Row, Scored
from extractors.model_files import load, pointed, versions
from tasks.commands.models import main
from tasks.model_history import events, is_whole
from tasks.settings import ROOT, CompanySettings, FolderSettings, Settings
from tasks.training import train_all
from tasks.training_rows import rows_of
from tests.bots.fakes import reading
from workitems.adapter import StoreAdapter
from workitems.items import Answer, Document, Invoice, Paper, Posting, Shadowed
from workitems.store import Store

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = """Firma {group} Handels GmbH
Rechnung Nr. {number}
Rechnungsdatum 03.03.2026
Gesamtbetrag 119,00 EUR
"""


def invoice(n: int, group: int, right: bool, shadow: tuple[Shadowed, ...] = ()) -> tuple[Invoice, str]:
    """A posted invoice; where the reading was not right a person put another number in its place."""
    printed, at = f"R-{1000 + n}", BEGAN + timedelta(minutes=n)
    fields = {"number": reading(printed, 0.9), "issued_on": reading("2026-03-03"), "total": reading("119.00")}
    said = Answer(field="number", value=printed if right else f"K{n}", who="anna", at=at)
    made = Invoice(
        document=Document(sha256=f"{n:064}", filename="a.txt", media_type="text/plain", id=f"doc{n}"),
        answers=(said,),
        supplier_id=f"s{group}",
        supplier_name=f"S{group}",
        number=printed,
        issued_on=BEGAN.date(),
        currency="EUR",
        total=Decimal("119.00"),
        posting=Posting(system="erp", reference=str(n), state="posted", posted_at=at),
        paper=Paper(kind="invoice", kind_confidence=0.9, source="text", fields=fields, shadow=shadow),
    )
    return made, TEXT.format(group=group, number=printed)


OURS = ("DESKHAND_SETTINGS", "DESKHAND_DATABASE", "RC_VAULT_SECRET_MANAGER", "DESKHAND_ENGINE")


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with 100 answered documents, whose pages were read in the bounded child."""
    folder = tmp_path_factory.mktemp("answered")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESKHAND_HOME", str(folder))
        for name in OURS:
            patch.delenv(name, raising=False)
        fill(folder)
        store = Store.open(folder)
        try:
            assert len(rows_of(store, settings(folder), lambda _: None)) == 100
        finally:
            store.close()
    return folder


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "home"))
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


@pytest.fixture
def home(answered: Path, bare: Path) -> Path:
    shutil.copytree(answered, bare)
    return bare


def fill(home: Path, count: int = 100, shadow: tuple[Shadowed, ...] = ()) -> None:
    """Posted invoices of ten suppliers; half of the numbers were wrong."""
    store = Store.open(home)
    os.environ["RC_WORKITEM_QUEUE_NAME"] = "invoice"
    try:
        adapter = StoreAdapter()
        for n in range(count):
            made, text = invoice(n, n % 10, n // 10 % 2 == 0, shadow)
            store.put("document", {"n": n})
            store.put("invoice", made.model_dump(mode="json"), {"a.txt": text.encode()})
            adapter.release_input(adapter.reserve_input(), State.DONE)
    finally:
        del os.environ["RC_WORKITEM_QUEUE_NAME"]
        store.close()


def settings(home: Path, **policy: Any) -> Settings:
    box = FolderSettings(kind="folder", name="in", path=home / "inbox")
    return Settings(company=CompanySettings(name="We"), mailboxes=(box,), learning=TrainingPolicy(**policy))


@pytest.fixture
def known_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """The documents' own items count as there: these tests put invoices alone."""
    monkeypatch.setattr(Store, "exists", lambda self, item: item.startswith("doc"))


def train(home: Path, **policy: Any) -> Any:
    (done,) = train_all(home, settings(home, **policy), "test", lambda _: None, NAME)
    return done


pytestmark = pytest.mark.usefixtures("known_documents")


def test_a_better_model_is_promoted_and_the_history_says_why(home: Path) -> None:
    done = train(home)
    assert (done.state, done.rows) == ("promoted", 100)
    loaded = load(NAME, READER, home)
    assert loaded.origin == "learnt"
    assert loaded.model["number"]["offset"] < 0 or loaded.model["number"]["slope"] < 1
    card = loaded.card
    assert card.data[-1].documents == 100
    assert card.data[-1].licence == "own"
    assert card.metrics["number"]["unknown_n"] == card.metrics["number"]["known_n"] == 100
    (row,) = events(NAME, home)
    assert (row["event"], row["version"], row["who"]) == ("promoted", card.version, "test")
    assert row["figures"]["gain"] > 0
    assert is_whole(NAME, home)


def test_the_same_answers_make_the_same_model(home: Path) -> None:
    train(home)
    first = model_files.version_folder(NAME, versions(NAME, home)[0], home) / "model.skops"
    before = first.read_bytes()
    model_files.point(NAME, "current", None, home)
    (model_files.version_folder(NAME, versions(NAME, home)[0], home)).rename(home / "aside")
    train(home)
    again = model_files.version_folder(NAME, versions(NAME, home)[0], home) / "model.skops"
    assert again.read_bytes() == before


def test_too_few_answers_are_said_and_change_nothing(home: Path) -> None:
    done = train(home, documents=101)
    assert done.state == "too_few"
    assert "100 documents of 10 suppliers" in done.message
    assert versions(NAME, home) == []


def test_without_new_answers_nothing_is_trained_anew(home: Path) -> None:
    train(home)
    assert train(home).message == "No answer is new since the last training."
    assert len(versions(NAME, home)) == 1


def test_what_is_not_better_by_enough_is_kept_back_with_its_card(home: Path) -> None:
    done = train(home, margin=0.9)
    assert done.state == "kept"
    assert pointed(NAME, "current", home) is None
    assert len(versions(NAME, home)) == 1


def test_a_candidate_waits_in_the_shadow_for_its_documents(home: Path) -> None:
    done = train(home, shadow_documents=5)
    assert done.state == "waits"
    assert pointed(NAME, "shadow", home) == done.version
    assert pointed(NAME, "current", home) is None
    assert train(home, shadow_documents=5).state == "waits"
    said = Shadowed(model=NAME, version=str(done.version), values={"number": "K1"}, confidences={"number": 0.5})
    fill(home, 6, (said,))
    assert train(home, shadow_documents=5).state == "kept"  # it was right less often
    assert pointed(NAME, "shadow", home) is None


def test_people_promote_and_roll_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    version = train(home).version
    assert main(["rollback", NAME, "--who", "anna", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] is None
    assert main(["promote", NAME, version, "--who", "bert"]) == 0
    assert load(NAME, READER, home).version == version
    assert [(e["event"], e["who"]) for e in events(NAME, home)] == [
        ("promoted", "test"),
        ("rolled_back", "anna"),
        ("promoted", "bert"),
    ]
    assert main(["promote", NAME, "20200101t000000"]) == 1
    assert "refused" in capsys.readouterr().err


def test_the_list_and_the_card_tell_what_was_tampered_with(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    version = str(train(home).version)
    (model_files.version_folder(NAME, version, home) / "model.skops").write_bytes(b"PK")
    assert main(["list", "--json"]) == 0
    rows = {row["name"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert "changed after it was signed" in rows[NAME]["warning"]
    assert main(["show", NAME]) == 0
    assert "WARNING" in capsys.readouterr().out


def test_a_history_that_somebody_changed_is_noticed(home: Path) -> None:
    train(home)
    file = home / "models" / NAME / "history.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"test"', b'"anna"'))
    assert not is_whole(NAME, home)


def test_a_killed_training_leaves_a_model_in_force_that_is_whole(home: Path) -> None:
    model_files.write({}, load_card("1"), home)
    model_files.point(NAME, "current", "1", home)
    program = [sys.executable, str(Path(__file__).with_name("programs") / "training_without_end.py"), str(home)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    for turns, seconds in ((1, 0.03), (2, 0.07)):
        child = subprocess.Popen(program, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        for _ in range(turns):
            assert child.stdout.readline() in ("promoted\n", "kept\n")
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert load(NAME, READER, home).origin == "learnt"
        for version in versions(NAME, home):
            model_files.look(NAME, version, home)
    assert train(home, documents=10).state in ("kept", "promoted")
    assert not list((home / "models" / NAME).glob(".new-*"))


def load_card(version: str) -> Any:
    from extractors.model_cards import Card

    return Card(name=NAME, version=version, reader=READER, made_at=BEGAN, made_by="test")


def scored(group: int, n: int, confidence: float, right: bool = True, field: str = "total") -> Scored:
    return Scored(item=f"{group}-{n}", field=field, right=right, confidence=confidence)


ROWS = [
    Row(item=f"{g}-{n}", at=BEGAN, group=str(g), kind="invoice", truth={"total": "1"})
    for g in range(10)
    for n in range(6)
]
BEFORE = [scored(g, n, 0.7) for g in range(10) for n in range(6)]


@pytest.mark.parametrize(
    ("after", "better", "why"),
    [
        ([scored(g, n, 0.9) for g in range(10) for n in range(6)], True, "better by more than chance"),
        ([scored(g, n, 0.7) for g in range(10) for n in range(6)], False, "not better"),
        (
            [scored(g, n, 0.99 if g == 0 else 0.69) for g in range(10) for n in range(6)],
            False,
            "may be chance|not better",
        ),
        ([scored(g, n, 0.99, right=n != 0) for g in range(10) for n in range(6)], False, "not better|worse"),
    ],
    ids=["surer everywhere", "the same", "one supplier alone", "wrong more often"],
)
def test_only_what_is_better_by_more_than_chance_is_better(after: list[Scored], better: bool, why: str) -> None:
    import re

    found = compare(BEFORE, after, ROWS, TrainingPolicy())
    assert found.better is better
    assert re.search(why, found.why)
