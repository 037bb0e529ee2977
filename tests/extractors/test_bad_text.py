"""Texts that nobody writes by hand: endless words and lines, characters that are not seen. They are read in time."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from extractors.cascade import read_document
from extractors.odd_words import LONGEST, without_odd_words
from workitems.items import Page, Word

INVOICE = (
    "Muster GmbH\nHauptstr. 1\n12345 Berlin\n\nRechnung Nr. 2024-17\nRechnungsdatum: 12.03.2024\n"
    "Netto 100,00 EUR\nMwSt 19% 19,00 EUR\nGesamtbetrag 119,00 EUR\n"
)
CONTRACT = (
    "SERVICES AGREEMENT\n\nThis Services Agreement is made as of January 5, 2020 between Alpha Inc., a Delaware "
    "corporation, and Beta LLC.\n\n1. Term. This Agreement shall remain in effect for two (2) years.\n"
)


@pytest.mark.parametrize("run", ["1", "a", "$ ", "AB ", "1,"])
def test_an_invoice_with_an_endless_line_is_read_in_time(run: str, tmp_path: Path) -> None:
    path = tmp_path / "invoice.txt"
    path.write_text(INVOICE + run * (60_000 // len(run)) + "\n" + INVOICE)
    began = process_time()
    paper = read_document(str(path), path.name)
    assert process_time() - began < 12
    assert paper.fields["total"].value == "119.00"


@pytest.mark.parametrize("run", [" ", "a", "1"])
def test_a_contract_with_an_endless_run_is_read_in_time_and_its_places_stay_true(run: str, tmp_path: Path) -> None:
    text = CONTRACT + "x" + run * 100_000 + " y\n\n2. Law. This Agreement is governed by the laws of Delaware.\n"
    path = tmp_path / "agreement.txt"
    path.write_text(text)
    began = process_time()
    paper = read_document(str(path), path.name)
    assert process_time() - began < 25
    assert paper.kind == "contract"
    law = [c for c in paper.clauses if c.category == "Governing Law"]
    assert law
    assert all("laws of Delaware" in text[c.start : c.end] for c in law if c.confidence >= 0.5)


def test_a_zone_without_end_is_no_zone(tmp_path: Path) -> None:
    path = tmp_path / "passport.txt"
    path.write_text("P<" + "<" * 50_000 + "\n" + "L898902C3" * 5_000)
    began = process_time()
    read_document(str(path), path.name)
    assert process_time() - began < 12


def test_control_characters_and_marks_of_direction_are_no_part_of_a_value(tmp_path: Path) -> None:
    path = tmp_path / "invoice.txt"
    path.write_text(INVOICE.replace("Muster GmbH", "\u202eMus\x07ter\x1b[31m GmbH\u202c"))
    values = [reading.value for reading in read_document(str(path), path.name).fields.values()]
    assert values
    assert all(value.isprintable() for value in values)


def test_long_words_are_cut_where_they_stand() -> None:
    word = Word(text="ab" * LONGEST, box=(0.2, 0.1, 0.6, 0.2), start=10)
    (page,) = without_odd_words([Page(number=1, width=600, height=800, words=(word, Word(text="\x07", box=word.box)))])
    first, second = page.words
    assert first.text + second.text == word.text
    assert (first.start, second.start) == (10, 10 + LONGEST)
    assert first.box[2] == pytest.approx(0.4)
    assert second.box[2] == pytest.approx(0.6)
