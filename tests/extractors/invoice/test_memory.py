"""One correction of a supplier's layout helps with that supplier's next document, and with nobody else's."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.invoice import candidates_of, read_invoice
from extractors.invoice.memory import Lesson, learn
from extractors.lessons import LessonFiles
from extractors.model_keys import key_file
from tests.extractors.invoice.pages import typed_pages

ODD = """
Bolzenwerk Nordhafen GmbH
Kaistrasse 4, 20457 Hamburg         Tel 040 7766 5544
USt-IdNr. DE136695976

Rechnung

Zettelkennung   {number}
Gestempelt      {date}
Vorgang         77-1

Schrauben          4 Stk     10,00      40,00
Gesamtbetrag                            {total}
"""
FIRST = ODD.format(number="ZK-4711", date="03.02.2026", total="47,60")
SECOND = ODD.format(number="ZK-4802", date="05.03.2026", total="95,20")
AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path))
    return tmp_path


def taught(text: str, truth: dict[str, str], item: str = "1", at: datetime = AT) -> Lesson | None:
    context, candidates = candidates_of(typed_pages(text), "invoice", "de")
    return learn(context, candidates, truth, item, at)


def teach(home: Path, text: str, truth: dict[str, str], item: str = "1") -> None:
    lesson = taught(text, truth, item)
    assert lesson is not None
    LessonFiles(home).keep(lesson)


def number_of(text: str) -> tuple[str | None, str | None]:
    reading = read_invoice(typed_pages(text), "invoice", "de").fields.get("number")
    return (reading.value, reading.reader) if reading else (None, None)


def test_one_correction_finds_the_number_on_the_next_paper(home: Path) -> None:
    assert number_of(SECOND)[0] != "ZK-4802"
    teach(home, FIRST, {"number": "ZK-4711"})
    assert number_of(SECOND) == ("ZK-4802", "number:memory")
    reading = read_invoice(typed_pages(SECOND), "invoice", "de").fields["number"]
    assert reading.page == 1
    assert reading.box is not None
    assert 0.5 < reading.confidence < 0.95


def test_another_supplier_with_the_same_layout_gets_nothing(home: Path) -> None:
    teach(home, FIRST, {"number": "ZK-4711"})
    other = SECOND.replace("Bolzenwerk Nordhafen", "Taulager Ost").replace("DE136695976", "DE811907980")
    other = other.replace("040 7766 5544", "0341 99 88 77 66").replace(
        "Kaistrasse 4, 20457 Hamburg", "Gasse 1, 04109 Leipzig"
    )
    assert number_of(other)[1] != "number:memory"


def test_a_value_that_does_not_stand_on_the_paper_teaches_nothing() -> None:
    assert taught(FIRST, {"number": "9999"}) is None


def test_what_the_finders_had_right_is_never_changed(home: Path) -> None:
    teach(home, FIRST, {"total": "47.60"})
    assert read_invoice(typed_pages(SECOND), "invoice", "de").fields["total"].reader != "total:memory"


def test_lessons_that_disagree_are_silent(home: Path) -> None:
    teach(home, FIRST, {"number": "ZK-4711"}, "1")
    teach(home, FIRST, {"number": "77-1"}, "2")
    assert number_of(SECOND)[1] != "number:memory"


def test_two_values_in_the_same_surroundings_are_not_chosen_from(home: Path) -> None:
    teach(home, FIRST, {"number": "ZK-4711"})
    twice = SECOND.replace("Gestempelt ", "Zettelkennung   ZK-9999\nGestempelt ")
    assert number_of(twice)[1] != "number:memory"


def test_a_forgotten_item_teaches_no_longer(home: Path) -> None:
    teach(home, FIRST, {"number": "ZK-4711"}, "7")
    LessonFiles(home).forget("7")
    assert number_of(SECOND)[1] != "number:memory"
    assert not list((home / "memory" / "signs").iterdir())


def test_a_lesson_that_was_changed_is_left_out(home: Path) -> None:
    teach(home, FIRST, {"number": "ZK-4711"})
    (file,) = (home / "memory" / "lessons").iterdir()
    file.write_bytes(file.read_bytes().replace(b"zettelkennung", b"zettelkemmung"))
    os.utime(file, ns=(1, 1))
    assert number_of(SECOND)[1] != "number:memory"


def test_lessons_of_another_key_are_left_out(home: Path) -> None:
    teach(home, FIRST, {"number": "ZK-4711"})
    assert key_file(home).stat().st_mode & 0o777 == 0o600
    key_file(home).write_text("ab" * 32, encoding="ascii")
    assert number_of(SECOND)[1] != "number:memory"
