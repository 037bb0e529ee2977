"""After a person's answers the document is looked at once more, and the supplier's next one is read right."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.cascade import read_document
from extractors.lessons import LessonFiles
from tasks.commands.models import main
from tasks.lessons import learn_from
from tasks.settings import CompanySettings, FolderSettings, Settings
from tests.bots.fakes import work
from workitems.items import Answer, Document, DocumentItem, Route
from workitems.work import Outcome

ODD = """Bolzenwerk Nordhafen GmbH
Kaistrasse 4, 20457 Hamburg
USt-IdNr. DE136695976

Rechnung

Zettelkennung   {number}
Rechnungsdatum  {date}

Gesamtbetrag       {total} EUR
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path))
    return tmp_path


def paper_at(folder: Path, number: str) -> Path:
    path = folder / f"{number}.txt"
    path.write_text(ODD.format(number=number, date="03.02.2026", total="47,60"), encoding="utf-8")
    return path


def answered(home: Path, route: Route, value: str = "ZK-4711") -> None:
    """A person answers the first paper, and the step ends with that route."""
    file = paper_at(home, "ZK-4711")
    about = Document(sha256="0" * 64, filename=file.name, media_type="text/plain", id="1")
    said = Answer(field="number", value=value, who="anna", at=datetime(2026, 3, 1, tzinfo=UTC))
    item = DocumentItem(document=about, paper=read_document(str(file), file.name), answers=(said,), route=route)
    box = FolderSettings(kind="folder", name="in", path=home / "inbox")
    settings = Settings(company=CompanySettings(name="We"), mailboxes=(box,))
    learn_from(work(item, home, content=file.read_bytes()), Outcome(item=item), settings, home)


def number_of_the_next(home: Path) -> str | None:
    file = paper_at(home, "ZK-4802")
    reading = read_document(str(file), file.name).fields.get("number")
    return reading.value if reading else None


def test_an_answer_helps_with_the_next_document(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert number_of_the_next(home) != "ZK-4802"
    answered(home, "straight")
    assert number_of_the_next(home) == "ZK-4802"
    assert main(["show", "suppliers"]) == 0
    assert "number x1" in capsys.readouterr().out


def test_what_still_waits_for_a_person_teaches_nothing(home: Path) -> None:
    answered(home, "review")
    assert list(LessonFiles(home).all()) == []
