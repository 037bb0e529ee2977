"""Papers of houses that nobody looked at while finders were made: what all of them have in common."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from benchmarks.confidence_papers import Paper, same, text_pages
from benchmarks.invoice_papers import HALVES, made_bills, paper_of
from extractors.invoice import read_invoice

_spec = importlib.util.spec_from_file_location("invoice_pages", Path(__file__).parent / "pages.py")
assert _spec is not None
assert _spec.loader is not None
pages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)

LETTER = """
  Muster Technik KG, Zur Mühle 7, 83022 Rosenheim

  Beispielhaus GmbH                                     Rosenheim, 5. Mai 2024
  z. Hd. Anna Vogel
  Gewerbepark Nord 4
  86150 Augsburg

  Rechnung Nr. 4711

  Pos.   Artikelbezeichnung             Menge     Einzelpreis     Gesamtpreis
  1      Trennscheibe                       2           50,00          100,00
  2      Fachbuch                           1           20,00           20,00

  Summe netto                                                         120,00
  zzgl. 7 % MwSt.                                                       1,40
  zzgl. 19 % MwSt.                                                     19,00
  Endsumme                                                            140,40 EUR

  Der Rechnungsbetrag ist bis 04.06.2024 fällig.
"""
FACTURE = """
  Claire Fontaine EI
  ZA des Peupliers
  44000 Nantes

  Adressé à
  Mairie de Metz
  12 place du Marché
  57000 Metz

  Facture n° : 2024-118
  Date facture : 03/06/2024
  Commande n° : 88712

  Désignation                             Qté     P.U. HT      Total HT
  Sable 0/4 lavé                        1 250       10,00     12 500,00

  Net HT                                                      12 500,00 €
  TVA 20 %                                                     2 500,00 €
  TOTAL TTC                                                   15 000,00 €

  À régler avant le 03/07/2024 par virement bancaire.
  N° TVA : FR34250810422 - SARL au capital de 8 000 €
"""


def fields_of(text: str) -> dict[str, str]:
    paper = read_invoice(pages.typed_pages(text), "invoice", None)
    return {name: reading.value for name, reading in paper.fields.items()}


def test_a_german_letter_is_read_by_its_places() -> None:
    found = fields_of(LETTER)
    assert found["supplier_name"] == "Muster Technik KG"
    assert found["supplier_address"] == "Zur Mühle 7, 83022 Rosenheim"
    assert found["buyer_name"] == "Beispielhaus GmbH"
    assert (found["number"], found["issued_on"], found["due_on"]) == ("4711", "2024-05-05", "2024-06-04")


def test_a_telephone_in_the_line_of_the_address_is_no_part_of_it() -> None:
    sender = "  Muster Technik KG, Zur Mühle 7, 83022 Rosenheim\n"
    assert sender in LETTER
    two_lines = "  Muster Technik KG\n  Zur Mühle 7 · 83022 Rosenheim · +49 8031 5550 412\n"
    found = fields_of(LETTER.replace(sender, two_lines))
    assert (found["supplier_name"], found["supplier_address"]) == ("Muster Technik KG", "Zur Mühle 7 · 83022 Rosenheim")


def test_taxes_that_are_printed_apart_are_one_tax_where_they_make_the_total() -> None:
    found = fields_of(LETTER)
    assert (found["net"], found["tax"], found["total"]) == ("120.00", "20.40", "140.40")


def test_taxes_that_do_not_make_the_total_are_not_added_up() -> None:
    assert fields_of(LETTER.replace("140,40", "150,40")).get("tax") != "20.40"


def test_a_french_invoice_is_read_by_its_places() -> None:
    found = fields_of(FACTURE)
    assert found["supplier_name"] == "Claire Fontaine EI"
    assert found["supplier_address"] == "ZA des Peupliers, 44000 Nantes"
    assert found["buyer_name"] == "Mairie de Metz"
    assert (found["number"], found["order_number"]) == ("2024-118", "88712")
    assert (found["issued_on"], found["due_on"]) == ("2024-06-03", "2024-07-03")
    assert (found["net"], found["tax"], found["total"]) == ("12500.00", "2500.00", "15000.00")


def papers(folder: Path, half: int) -> list[Paper]:
    """The first paper of one seller of each house."""
    found = []
    for name, house, sale, content in made_bills(half, sellers=1, bills=1):
        path = folder / f"{name}.pdf"
        path.write_bytes(content)
        found.append(paper_of(name, house, sale, text_pages(path)))
    return found


@pytest.mark.parametrize("half", [0, 1])
def test_made_invoices_of_all_houses_are_read(tmp_path: Path, half: int) -> None:
    made = papers(tmp_path, half)
    assert len(made) == len(HALVES[half])
    right = wrong = rows = 0
    for paper in made:
        read = read_invoice(paper.pages, paper.kind, None)
        for name, label in paper.truth.items():
            reading = read.fields.get(name)
            good = reading is not None and same(paper, name, reading.value, str(label))
            right, wrong = right + good, wrong + (not good)
        rows += len(read.lines) == len(paper.lines)
    assert right / (right + wrong) >= 0.97
    assert rows >= 0.9 * len(made)
