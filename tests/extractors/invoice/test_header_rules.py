"""Header fields where labels stand in sentences, names wrap, and papers say a thing twice."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from extractors.invoice import candidates_of
from workitems.items import Kind

_spec = importlib.util.spec_from_file_location("invoice_pages", Path(__file__).parent / "pages.py")
assert _spec is not None
assert _spec.loader is not None
pages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)

STYLESHEET = """
  Handelsrechnung (380) Nr. 7788-41 vom     05.06.2018
  Währung:                                  EUR
  Zahlungsreferenz:                         Kundennummer:. 8881 Rechnungsnummer:. 606999
  Bestellung Nr. Kunde:                     B-2013-47
  Bestellung Nr. Lieferant:                 L-99

  Verkäufer
  Hafterhilfe Nord
  Versicherungsverein Altstadt a.G.
  Hafenweg 12
  12345 Altstadt

  Käufer/Leistungsempfänger
  Herrn
  Jon Ohnesorg
  Feldstr. 11
  12346 Neustadt

  Bemerkung                                 Rechnung gemäß Bestellung Nr. 2018-47 vom 01.03.2018.
  Rechnungssumme ohne USt.                                  100,00
  Rechnungssumme Brutto (inkl. USt.)                        119,00
"""
RESPONSE = """
  BUYER: BUYER NAME                 ORDER RESPONSE:      R365-9
   1 AVENUE LEON                    Date :               10/01/2020
   01500 AMBERIEU
                                    PURCHASE ORDER ID: 186172
  Delivery                          Pick-up Date: 15/01/2020 09:00
  Lines                             Currency:            EUR
                                    Total Amount Without VAT:       450,15 EUR
"""
LETTER = """
 Invoice 88-103

 Adatum Corporation                                            KRONOS DE
 Station Road 21                                             Hofgasse 12
 48436 Neustadt                                                  Benrath

                                                          20097 Altstadt
                                                             Deutschland

 Altstadt, den 01.11.2024
 Pay $or by 3 transfers
 Total EUR 447,88



























 info@kronos.com          Datum: 30.10.2024  Zeit 04:59
"""


def first(text: str, kind: Kind, field: str) -> str | None:
    found = candidates_of(pages.typed_pages(text, "ocr"), kind, None)[1][field]
    return found[0].value if found else None


@pytest.mark.parametrize(
    ("text", "kind", "field", "value"),
    [
        (STYLESHEET, "invoice", "number", "7788-41"),
        (STYLESHEET, "invoice", "issued_on", "2018-06-05"),
        (STYLESHEET, "invoice", "order_number", "B-2013-47"),
        (STYLESHEET, "invoice", "supplier_name", "Hafterhilfe Nord Versicherungsverein Altstadt a.G."),
        (STYLESHEET, "invoice", "buyer_name", "Herrn Jon Ohnesorg"),
        (STYLESHEET, "invoice", "tax", None),
        (STYLESHEET, "invoice", "total", "119.00"),
        (RESPONSE, "order", "number", "R365-9"),
        (RESPONSE, "order", "issued_on", "2020-01-10"),
        (RESPONSE, "order", "buyer_name", "BUYER NAME"),
        (LETTER, "invoice", "supplier_name", "KRONOS DE"),
        (LETTER, "invoice", "buyer_name", "Adatum Corporation"),
        (LETTER, "invoice", "issued_on", "2024-11-01"),
        (LETTER, "invoice", "currency", "EUR"),
    ],
)
def test_the_paper_s_own_value_comes_first(text: str, kind: Kind, field: str, value: str | None) -> None:
    assert first(text, kind, field) == value


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Rechnung Nr. RE 2024 0017 vom 05.03.2024", "RE 2024 0017"),
        ("Teilrechnung Bau (875) Nr. 210111 mit LV vom 30.05.2026", "210111 mit LV"),
        ("Teilrechnung Bau (875) Nr. 210111 mit LV vom           30.05.2026", "210111 mit LV"),
        ("Rechnung Nr. 4711 zur Bestellung 99 vom 05.03.2024", "4711"),
        ("Rechnung Nr. 4711 vom 05.03.2024", "4711"),
        ("Facture n° F 2024 12 du 05/03/2024", "F 2024 12"),
    ],
)
def test_a_number_in_groups_goes_to_its_date_and_no_further(line: str, number: str) -> None:
    assert (
        first(f"  Muster GmbH\n  Weg 3\n  12345 Altstadt\n\n  {line}\n  Total  119,00\n", "invoice", "number") == number
    )


def test_a_code_that_a_field_names_first_is_no_part_of_the_name() -> None:
    form = """
  Verkäufer
                                    GLN 4333741000005
  Name:                             Lief-Nr: 549910
                                    MUSTERBAU GMBH
  Anschrift:                        BAHNHOFSTRASSE 99
                                    DE 99199 ALTSTADT
"""
    assert first(form, "invoice", "supplier_name") == "MUSTERBAU GMBH"


DELIVERY = """
  Kleine Mühle SARL - 1242 chemin de l'olive - 84340 Malval - France
  +33 4 50 44 68 99 - http://www.kleinemuehle.example

  Avoir AV-2017-0005
  Adresse de livraison
  Ma jolie place                                         Ma jolie place
  35 rue de la Paix                                      Alexandre Petit
  69001 Lyon                                             35 rue de la Paix
  +33 4 72 07 08 55                                      69001 Lyon
  sav@majolieplace.example                               France

  Date de facture          16/11/2017
  Total TTC                                              233,47
"""


def test_the_buyer_s_telephone_at_the_place_of_delivery_makes_no_seller() -> None:
    assert first(DELIVERY, "credit_note", "supplier_name") == "Kleine Mühle SARL"


def test_the_heading_above_a_name_is_no_part_of_it() -> None:
    paper = """
  Muster Baustoffe GmbH        Rechnungsempfänger
  Allee 28                     Erfurter Metallbau AG
  89073 Ulm                    Am Alten Hafen 68
  kontakt@muster.example       01067 Dresden

  Rechnung Nr. 77              Fällig am 04.01.2025
"""
    assert first(paper, "invoice", "buyer_name") == "Erfurter Metallbau AG"
