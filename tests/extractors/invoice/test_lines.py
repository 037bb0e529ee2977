"""Line items on typed pages: what no golden paper shows."""

from __future__ import annotations

import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest

from extractors.invoice import read_invoice
from workitems.items import InvoiceLine, Kind, Source

_spec = importlib.util.spec_from_file_location("invoice_pages", Path(__file__).parent / "pages.py")
assert _spec is not None
assert _spec.loader is not None
pages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)


def lines_of(text: str, kind: Kind = "invoice", source: Source = "text") -> tuple[InvoiceLine, ...]:
    return read_invoice(pages.typed_pages(text, source), kind, None).lines


def rows(lines: tuple[InvoiceLine, ...]) -> list[tuple[str | None, Decimal | None, Decimal | None, Decimal | None]]:
    return [(x.description, x.quantity, x.unit_price, x.amount) for x in lines]


TWO = [
    ("Blue widget", Decimal(3), Decimal("4.50"), Decimal("13.50")),
    ("Red widget", Decimal(2), Decimal("10.00"), Decimal("20.00")),
]


@pytest.mark.parametrize(
    "titles",
    [
        "Descrizione                   Quantità    Prezzo unitario    Importo",
        "Omschrijving                  Aantal      Prijs              Bedrag",
        "Opis                          Ilość       Cena               Wartość",
        "Artikel                       Menge       Einzelpreis        Gesamtpreis",
        "Désignation                   Qté         P.U. HT            Montant HT",
    ],
    ids=["it", "nl", "pl", "de", "fr"],
)
def test_titles_in_many_languages_name_the_columns(titles: str) -> None:
    text = f"""Invoice 4711

{titles}
Blue widget                   3           4.50               13.50
Red widget                    2           10.00              20.00

Total                                                        33.50
"""
    assert rows(lines_of(text)) == TWO


def test_without_titles_the_products_name_the_columns() -> None:
    text = """Invoice 4711

Blue widget                   3           4.50               13.50
Red widget                    2           10.00              20.00

Total                                                        33.50
"""
    assert rows(lines_of(text)) == TWO


def test_titles_that_name_the_wrong_columns_give_way_to_products() -> None:
    text = """Invoice 4711

Description                   Price       Quantity           Amount
Blue widget                   3           4.50               13.50
Red widget                    7           10.10              70.70

Total                                                        84.20
"""
    assert [x.amount for x in lines_of(text)] == [Decimal("13.50"), Decimal("70.70")]


def test_figures_at_half_the_height_of_their_text_take_all_of_it() -> None:
    text = """Invoice 4711

Description                   Quantity    Unit price         Amount

Blue widget made
of fine steel                 3           4.50               13.50
by hand

Red widget made
of old brass                  2           10.00              20.00
by machine

Total                                                        33.50
"""
    assert [x.description for x in lines_of(text)] == [
        "Blue widget made of fine steel by hand",
        "Red widget made of old brass by machine",
    ]


def test_a_discount_below_a_line_reduces_it_where_the_sum_says_so() -> None:
    text = """Rechnung 4711

Beschreibung                  Menge       Einzelpreis        Betrag
Blaue Schraube                3           4,50               13,50
                              abzgl. Rabatt                  -3,50
Rote Schraube                 2           10,00              20,00

Nettosumme                                                   30,00
zzgl. 19% USt                                                5,70
Gesamtbetrag                                                 35,70
"""
    assert [x.amount for x in lines_of(text)] == [Decimal("10.00"), Decimal("20.00")]


def test_freight_below_the_items_is_no_item() -> None:
    text = """Rechnung 4711

Beschreibung                  Menge       Einzelpreis        Betrag
Blaue Schraube                3           4,50               13,50
Rote Schraube                 2           10,00              20,00
Versandkosten                                                5,00

Nettosumme                                                   38,50
zzgl. 19% USt                                                7,32
Gesamtbetrag                                                 45,82
"""
    paper = read_invoice(pages.typed_pages(text), "invoice", None)
    assert [x.amount for x in paper.lines] == [Decimal("13.50"), Decimal("20.00")]
    assert paper.adjustment == Decimal("5.00")


def test_what_is_given_back_has_a_negative_quantity() -> None:
    text = """Invoice 4711

Description                   Quantity    Unit price         Amount
Blue widget                   3           4.50               -13.50

Total                                                        -13.50
"""
    assert rows(lines_of(text)) == [("Blue widget", Decimal(-3), Decimal("4.50"), Decimal("-13.50"))]


def test_a_unit_without_a_space_is_parted_from_its_quantity() -> None:
    text = """Invoice 4711

Description                   Quantity    Unit price         Amount
Flour                         3kg         4.50               13.50

Total                                                        13.50
"""
    (line,) = lines_of(text)
    assert (line.quantity, line.unit) == (Decimal(3), "kg")


MISREAD = """Invoice 4711

Description                   Quantity    Unit price         Amount
Blue widget                   3           4.50               13.50
Red widget                    2           10.00              {amount}

Subtotal                                                     33.50
Total                                                        33.50
"""


def test_a_misread_amount_is_put_right_where_product_and_sum_prove_it() -> None:
    lines = lines_of(MISREAD.format(amount="26.00"), source="ocr")
    assert [x.amount for x in lines] == [Decimal("13.50"), Decimal("20.00")]


def test_what_a_text_layer_says_is_never_put_right() -> None:
    assert [x.amount for x in lines_of(MISREAD.format(amount="28.00"))] == [Decimal("13.50"), Decimal("28.00")]


RECEIPT = """THE CORNER SHOP
RECEIPT

MILK FULL CREAM                          6.50
BREAD WHOLEMEAL                          3.20
2 X 1.40
EGGS                                     2.80

TOTAL                                    {total}
CASH                                     20.00
CHANGE                                   7.50
"""


def test_a_receipts_items_are_the_rows_that_make_its_total() -> None:
    lines = lines_of(RECEIPT.format(total="12.50"), kind="receipt")
    assert [(x.description, x.amount) for x in lines] == [
        ("MILK FULL CREAM", Decimal("6.50")),
        ("BREAD WHOLEMEAL", Decimal("3.20")),
        ("EGGS", Decimal("2.80")),
    ]
    assert (lines[2].quantity, lines[2].unit_price) == (Decimal(2), Decimal("1.40"))


def test_rows_that_do_not_make_the_total_are_no_items() -> None:
    assert not lines_of(RECEIPT.format(total="19.50"), kind="receipt")


def test_every_cell_has_a_probability_and_one_that_does_not_multiply_is_less_sure() -> None:
    right, wrong = lines_of(MISREAD.format(amount="99.00"))
    assert right.cells.keys() >= {"description", "quantity", "unit_price", "amount"}
    assert right.cells["amount"] > wrong.cells["amount"]
