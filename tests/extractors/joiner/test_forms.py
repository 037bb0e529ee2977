"""HR forms, employment contracts, mails and messages of HR systems."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.joiner_forms import papers
from benchmarks.train_joiner_fields import figures, judged
from extractors.joiner import find_employment, read_joiner
from extractors.joiner.candidates import candidates_of
from extractors.joiner.countries import code_of
from extractors.joiner.labels import label_of
from extractors.joiner.people import day_in, hours_in, name_in, split_name
from extractors.joiner.phrases import said_in
from extractors.joiner.webhook import is_webhook, read_webhook
from extractors.joiner.workbook import workbook_doubts
from extractors.pdf_text import Pdf
from extractors.plain import text_pages
from extractors.refusal import Refused
from workitems.items import Page, Word

TODAY = date(2026, 11, 21)
FORM = """New starter form

Surname:         Kern
First name:      Anna Maria
Date of birth:   12.03.1991
Place of birth:  Ulm
Nationality:     German
Job title:       Data Analyst
Department:      Finance
Line manager:    Paul Weiss
Start date:      2027-03-01
Weekly hours:    37.5
Company:         Beispiel GmbH
Emergency contact: Petra Vogel
"""
RIGHT = {
    "surname": "Kern",
    "given_names": "Anna Maria",
    "born_on": "1991-03-12",
    "nationality": "DEU",
    "role": "Data Analyst",
    "department": "Finance",
    "manager": "Paul Weiss",
    "starts_on": "2027-03-01",
    "weekly_hours": "37.5",
    "employer": "Beispiel GmbH",
}
CONTRACT = (
    "Arbeitsvertrag\n\nzwischen der Beispiel Maschinenbau GmbH, Hauptstr. 1, 10115 Berlin (nachfolgend „Arbeitgeber“)\n"
    "und Herrn Jürgen von der Heide, geboren am 12.04.1990, wohnhaft in Seestr. 5, 13353 Berlin (nachfolgend\n"
    "„Arbeitnehmer“).\n\n§ 1 Herr von der Heide wird mit Wirkung zum 1. März 2027 als Buchhalter in der\n"
    "Abteilung Finanzen eingestellt. Er ist Frau Sabine Groß unterstellt.\n\n"
    "§ 2 Die wöchentliche Arbeitszeit beträgt 38,5 Stunden."
)


def test_a_form_is_read_by_its_labels() -> None:
    paper = read_joiner(text_pages(FORM), "application", "en", TODAY)
    assert {name: paper.fields[name].value for name in RIGHT} == RIGHT
    assert all(0.4 < reading.confidence <= 0.99 for reading in paper.fields.values())
    assert paper.fields["surname"].box is not None
    assert paper.doubts == ()


def test_an_employment_contract_is_read_by_its_sentences() -> None:
    found = {name: reading.value for name, reading in find_employment(text_pages(CONTRACT), "de", TODAY).items()}
    assert found["employer"] == "Beispiel Maschinenbau GmbH"
    assert (found["given_names"], found["surname"]) == ("Jürgen", "von der Heide")
    assert (found["born_on"], found["starts_on"]) == ("1990-04-12", "2027-03-01")
    assert (found["role"], found["department"], found["weekly_hours"]) == ("Buchhalter", "Finanzen", "38.5")
    assert found["manager"] == "Sabine Groß"


def test_a_mail_in_free_text_is_read() -> None:
    mail = "Hi,\n\nAnna Kern starts on 1 March as Data Analyst in the Finance team. She reports to Paul Weiss.\n\nTom"
    fields = read_joiner(text_pages(mail), "application", "en", TODAY).fields
    assert (fields["given_names"].value, fields["surname"].value) == ("Anna", "Kern")
    assert fields["starts_on"].value == "2027-03-01"  # the next first of March
    assert (fields["role"].value, fields["manager"].value) == ("Data Analyst", "Paul Weiss")


def test_layouts_that_the_ranker_has_not_seen_are_read() -> None:
    unseen = [(paper, candidates_of(paper.pages, TODAY)) for paper in papers(40, 1, start=5000)]
    metrics = figures(judged(unseen))
    wanted = ("surname", "given_names", "born_on", "employer", "department", "role", "manager", "starts_on")
    right = {name: metrics[name]["f1"] or 0.0 for name in wanted}
    assert min(right.values()) > 0.85, right
    assert sum(right.values()) / len(right) > 0.95, right


def test_a_birth_date_in_the_future_and_a_start_long_ago_are_doubts() -> None:
    form = FORM.replace("12.03.1991", "12.03.2027").replace("2027-03-01", "2025-03-01")
    paper = read_joiner(text_pages(form), "application", "en", TODAY)
    assert {d.code for d in paper.doubts} == {"born_in_future", "start_long_ago"}


@pytest.mark.parametrize(
    "message",
    [
        {"firstName": "Anna Maria", "lastName": "Kern", "startDate": "2027-03-01", "jobTitle": "Data Analyst"},
        {"first_name": "Anna Maria", "last_name": "Kern", "start_date": "2027-03-01", "job_title": "Data Analyst"},
        {
            "event": "employee.created",
            "data": {
                "employee": {"name": {"first_name": "Anna Maria", "last_name": "Kern"}},
                "job": {"title": "Data Analyst", "manager": {"id": 7, "firstName": "Paul", "lastName": "Weiss"}},
                "contract": {"startDate": "2027-03-01T00:00:00Z"},
            },
        },
        {
            "fields": [
                {"label": "First name", "value": "Anna Maria"},
                {"label": "Surname", "value": "Kern"},
                {"label": "Start date", "value": "01.03.2027"},
                {"label": "Position", "value": "Data Analyst"},
            ]
        },
    ],
)
def test_messages_of_hr_systems_are_read_whatever_their_shape(tmp_path: Path, message: dict[str, object]) -> None:
    file = tmp_path / "message.json"
    file.write_text(json.dumps(message), encoding="utf-8")
    assert is_webhook(file)
    fields = read_joiner(read_webhook(file), "application", "en", TODAY).fields
    found = {name: fields[name].value for name in ("surname", "given_names", "role", "starts_on")}
    assert found == {name: RIGHT[name] for name in found}
    assert "manager" not in fields or fields["manager"].value == "Paul Weiss"


def test_other_json_is_no_message_about_a_joiner(tmp_path: Path) -> None:
    file = tmp_path / "package.json"
    file.write_text('{"name": "left-pad", "version": "1.0", "license": "MIT"}', encoding="utf-8")
    assert not is_webhook(file)
    file.write_text("[" * 100_000, encoding="utf-8")
    assert not is_webhook(file)
    with pytest.raises(Refused):
        read_webhook(file)


def test_formulas_and_macros_in_a_form_are_doubts(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Surname", "Kern"])
    book.save(tmp_path / "plain.xlsx")
    assert workbook_doubts(tmp_path / "plain.xlsx") == ()
    book.active["B2"] = "=TODAY()"
    book.save(tmp_path / "form.xlsx")
    with zipfile.ZipFile(tmp_path / "form.xlsx", "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    assert {d.code for d in workbook_doubts(tmp_path / "form.xlsx")} == {"form_formulas", "form_macros"}
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a zip")
    assert workbook_doubts(tmp_path / "broken.xlsx") == ()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Surname", "surname"),
        ("Nom / Surname", "surname"),
        ("Vorname(n):", "given_names"),
        ("Name des Mitarbeiters", "name"),
        ("3. Geburtsdatum / Date of birth", "born_on"),
        ("Arbeitszeit (Std./Woche)", "weekly_hours"),
        ("Date d'entrée", "starts_on"),
        ("N° de passeport", "document_number"),
        ("Place of birth", "other"),
        ("Intitulé du poste", "role"),
    ],
)
def test_labels_are_known_in_three_languages(text: str, field: str) -> None:
    label = label_of(text)
    assert label is not None
    assert label.field == field


@pytest.mark.parametrize(
    ("text", "surname", "given"),
    [
        ("Herrn Dr. Jürgen von der Heide", "von der Heide", "Jürgen"),
        ("Kern, Anna Maria", "Kern", "Anna Maria"),
        ("KERN Anna", "KERN", "Anna"),
        ("Ms. Zoë O'Connor", "O'Connor", "Zoë"),
        ("Jean-Pierre DE LA TOUR", "DE LA TOUR", "Jean-Pierre"),
    ],
)
def test_whole_names_are_parted(text: str, surname: str, given: str) -> None:
    name = name_in(text)
    assert name is not None
    assert split_name(name) == (surname, given)


def test_what_is_no_name_is_none() -> None:
    assert name_in("12 Main Street") is None
    assert name_in("The Employee") is None


def test_hours_days_and_nationalities() -> None:
    assert (hours_in("38,5 Std."), hours_in("40"), hours_in("2027"), hours_in("1e400")) == ("38.5", "40", None, None)
    assert day_in("1er mars 2027") == "2027-03-01"
    assert day_in("1 November", TODAY) == "2026-11-01"
    assert [code_of(t) for t in ("deutsch", "British", "française", "Türkei", "nobody")] == [
        "DEU",
        "GBR",
        "FRA",
        "TUR",
        None,
    ]


def test_long_prose_takes_no_time() -> None:
    assert (
        list(said_in("The Employee Shall Not Disclose Any Confidential Information of The Company " * 2000)) is not None
    )


def test_a_value_of_a_pdf_form_is_read_whole_however_wide_its_field_is(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "form.pdf"), pagesize=A4)
    told = (("Name", "de la Fontaine"), ("Vorname", "José Luis"), ("Funktion", "Clerk"), ("Vorgesetzte(r)", "Ian Oko"))
    for n, (label, value) in enumerate(told):
        canvas.drawString(50, 742 - 46 * n, label)
        canvas.acroForm.textfield(value=value, x=50, y=720 - 46 * n, width=420, height=18, fontSize=9)
    canvas.save()
    with Pdf(tmp_path / "form.pdf") as opened:
        found = opened.text_layer(1)
    assert found is not None
    fields = read_joiner([found.page], "application", today=TODAY).fields
    assert {name: fields[name].value for name in ("surname", "given_names", "manager")} == {
        "surname": "de la Fontaine",
        "given_names": "José Luis",
        "manager": "Ian Oko",
    }


def test_a_name_that_may_go_on_beside_it_is_not_sure() -> None:
    """Wide room between two words of one name: whether it is one cell or two, nobody can tell."""

    def manager(*words: tuple[str, float]) -> float:
        labels = (
            Word(text=t, box=(x, 0.2, x + 0.1, 0.215), confidence=1.0) for t, x in (("Manager", 0.1), ("Role", 0.7))
        )
        values = (Word(text=t, box=(x, 0.22, x + 0.06, 0.235), confidence=1.0) for t, x in words)
        page = Page(number=1, width=595, height=842, words=(*labels, *values), source="text")
        return read_joiner([page], "application", today=TODAY).fields["manager"].confidence

    assert manager(("Ian", 0.1), ("Okonkwo", 0.2), ("Clerk", 0.7)) <= 0.7
    assert manager(("Ian", 0.1), ("Clerk", 0.7)) > 0.7
