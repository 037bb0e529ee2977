"""Bad papers as files, through the real readers: a doubt with a reason, and nothing created."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image

from benchmarks.joiner_strangers import BEFALLS
from bots.joiners import file_joiners
from bots.joiners.intake import JoinerDesk
from devdata.joiners.papers import contract, form
from devdata.joiners.people import PEOPLE
from extractors.cascade import read_document
from tests.bots.joiners.conftest import ANNA, CONTRACT, IDENTITY, TODAY, Around
from workitems.errors import NeedsReview
from workitems.items import Document, DocumentItem, Mail
from workitems.work import Outcome

PICTURES = Path(__file__).parents[2] / "extractors" / "joiner" / "papers"
NORA = PEOPLE[0]
TYPES = {".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def arrives(around: Around, path: Path) -> Outcome:
    """A file is read as read_documents reads it, and goes to the desk."""
    paper = read_document(str(path), path.name)
    mail = Mail(received_at="2026-11-23T08:00:00Z")
    media = TYPES.get(path.suffix, "application/octet-stream")
    about = Document(sha256="a" * 64, filename=path.name, media_type=media, id=path.name, mail=mail)
    item = DocumentItem(document=about, paper=paper)
    return JoinerDesk(around.policy, TODAY).handle(around.work(item.model_dump(mode="json")), item)


def blocking(outcome: Outcome) -> set[str]:
    return {d.code for d in outcome.item.doubts if d.severity == "block"}


def kept(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def with_formula_and_macro(content: bytes) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    book.active["B12"] = "=TODAY()"  # type: ignore[index]
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return out.getvalue()


def test_a_wrong_check_digit_waits_for_a_person(around: Around) -> None:
    outcome = arrives(around, PICTURES / "changed_birth_date.jpg")
    assert (outcome.item.route, outcome.outputs) == ("review", ())
    assert "mrz_check_digit" in blocking(outcome)


def test_a_photograph_of_a_screen_is_read_rightly_or_waits(around: Around, tmp_path: Path) -> None:
    with Image.open(PICTURES / "passport.jpg") as picture:
        BEFALLS["moire"](picture.convert("RGB"), Random(3)).save(tmp_path / "screen.jpg")  # noqa: S311 - a test that can be repeated
    outcome = arrives(around, tmp_path / "screen.jpg")
    if outcome.item.route == "review":
        assert blocking(outcome)
        assert outcome.outputs == ()
        return
    (filed,) = outcome.outputs
    readings = filed.item.model_dump()["readings"]
    read = {name: readings[name]["value"] for name in ("surname", "born_on", "document_number", "expires_on")}
    assert tuple(read.values()) == ("MUELLER", "1991-03-12", "C01X00T47", "2031-05-04")


def test_a_form_with_formulas_and_macros_waits_for_a_person(around: Around, tmp_path: Path) -> None:
    path = kept(tmp_path, "form.xlsx", with_formula_and_macro(form(NORA, date(2026, 11, 23))))
    outcome = arrives(around, path)
    assert (outcome.item.route, outcome.outputs) == ("review", ())
    assert {"form_formulas", "form_macros"} <= blocking(outcome)


def test_a_birth_date_to_come_waits_for_a_person(around: Around, tmp_path: Path) -> None:
    path = kept(tmp_path, "form.xlsx", form(replace(NORA, born=date(2027, 3, 12)), date(2026, 11, 23)))
    outcome = arrives(around, path)
    assert (outcome.item.route, outcome.outputs) == ("review", ())
    assert "born_in_future" in blocking(outcome)


@pytest.mark.parametrize(
    ("changed", "starts", "code"),
    [
        ({}, date(2025, 11, 3), "starts_long_ago"),
        ({"role": "Astronaut"}, date(2026, 11, 23), "unknown_role"),
        ({"manager": "Karl Brandt"}, date(2026, 11, 23), "manager_left"),
        ({"manager": "Nobody Known"}, date(2026, 11, 23), "unknown_manager"),
    ],
)
def test_a_contract_that_cannot_be_right_creates_nothing(
    around: Around, tmp_path: Path, changed: dict[str, Any], starts: date, code: str
) -> None:
    person = replace(NORA, **{"role": "Sales Assistant", "department": "Sales", "manager": "Petra Vogel", **changed})
    outcome = arrives(around, kept(tmp_path, "contract.docx", contract(person, starts)))
    doubts = blocking(outcome)
    if outcome.outputs:
        around.file("identity", IDENTITY | {"surname": "Lindqvist", "given_names": "Nora", "born_on": "1993-03-12"})
        filed = file_joiners.handle(around.work(outcome.outputs[0].item.model_dump(mode="json")), around.office)
        doubts = {d.code for d in around.asked(filed)}
    assert code in doubts
    assert around.hr.calls == []


def test_a_name_that_two_joiners_have_is_asked_about(around: Around) -> None:
    around.file("identity", IDENTITY)
    around.file("identity", IDENTITY | {"born_on": "1971-02-03", "document_number": "L01X00T99"})
    assert len(around.dossiers.all()) == 2
    with pytest.raises(NeedsReview) as caught:
        around.file("application", {n: v for n, v in CONTRACT.items() if n in ANNA and n != "born_on"} | {"role": "x"})
    assert [d.code for d in caught.value.doubts] == ["several_of_that_name"]
    assert around.hr.calls == []
