"""`read --why` adds where each field came from; without it the JSON stays as it is promised."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from extractors.invoice import read_invoice
from tasks.commands.read_table import show_line
from tasks.reading_desk import Line
from workitems.items import Clause, Page, Paper, Reading, Word

PROMISED = {"value", "confidence", "reader", "page", "box"}


def invoice() -> Paper:
    words: list[Word] = []
    for n, row in enumerate(("Hansen GmbH", "Rechnung Nr. R-4711", "Datum 14.04.2026", "Lieferdatum 10.04.2026")):
        words += [
            Word(text=text, box=(0.1 + 0.15 * i, 0.1 + 0.05 * n, 0.2 + 0.15 * i, 0.12 + 0.05 * n))
            for i, text in enumerate(row.split())
        ]
    paper = read_invoice([Page(number=1, width=595, height=842, words=tuple(words))], "invoice", "de")
    return paper.model_copy(update={"source": "text", "models": {"kind": "signs@2"}})


def line(paper: Paper) -> Line:
    return Line("a.pdf", None, paper, "review", (), 0.1)


def test_without_the_flag_nothing_is_added() -> None:
    fields: dict[str, Any] = line(invoice()).as_json()["fields"]
    assert fields
    assert all(set(field) == PROMISED for field in fields.values())


def test_with_the_flag_each_field_says_what_it_rests_on() -> None:
    fields: dict[str, Any] = line(invoice()).as_json(why=True)["fields"]
    assert all(set(field) == PROMISED | {"why"} for field in fields.values())
    why = fields["issued_on"]["why"]
    assert (why["page"], why["engine"], why["models"]) == (1, "text layer", {"kind": "signs@2"})
    assert {"value", "score", "page", "box"} == set(why["alternatives"][0])
    assert len(why["signs"]) <= 5


def test_a_value_of_the_xml_needs_no_reason() -> None:
    reading = Reading(value="R-1", confidence=1.0, reader="cii")
    paper = Paper(kind="invoice", kind_confidence=1.0, source="xml", fields={"number": reading})
    why = line(paper).as_json(why=True)["fields"]["number"]["why"]
    assert (why["engine"], why["signs"], why["alternatives"]) == ("the XML inside", [], [])


def test_people_see_the_clauses_that_are_there_with_their_probability() -> None:
    there = Clause(category="Insurance", start=0, end=9, page=2, text="Insurance", confidence=0.6, probability=0.3)
    guess = there.model_copy(update={"category": "Exclusivity", "confidence": 0.4, "probability": 0.2})
    paper = Paper(kind="contract", kind_confidence=1.0, source="text", clauses=(there, guess))
    out = io.StringIO()
    show_line(line(paper), Console(file=out, width=100), why=True)
    assert "30 % sure, page 2" in out.getvalue()
    assert "Exclusivity" not in out.getvalue()
    assert [c["probability"] for c in line(paper).as_json()["clauses"]] == [0.3, 0.2]


def test_people_see_the_alternatives() -> None:
    out = io.StringIO()
    show_line(line(invoice()), Console(file=out, width=100), why=True)
    assert "or 2026-04-10" in out.getvalue()
    assert "text layer" in out.getvalue()
