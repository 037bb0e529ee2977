"""The page contradicts the XML only where it clearly shows something else."""

from __future__ import annotations

import pytest

from extractors.einvoice import read_einvoice
from tests.extractors.einvoice.documents import cii
from workitems.items import Doubt, Page, Word

FILLER = " ".join(["Wir liefern zu unseren allgemeinen Bedingungen."] * 6)
PAGE = """Papierwelt GmbH Kai 1 20537 Hamburg
{filler}
Rechnung Nr. {number}
Rechnungsdatum: {day}
Summe netto {net}
zzgl. 19 % USt 19,00
Gesamtbetrag {total} EUR
IBAN {account}
"""
USUAL = {
    "filler": FILLER,
    "number": "R-1",
    "day": "05.03.2026",
    "net": "100,00",
    "total": "119,00",
    "account": "DE02 1203 0000 0000 2020 51",
}


def page(**parts: str) -> Page:
    words = [
        Word(text=text, box=(0.01 * i, 0.05 * row, 0.01 * i + 0.005, 0.05 * row + 0.02))
        for row, line in enumerate(PAGE.format(**(USUAL | parts)).splitlines())
        for i, text in enumerate(line.split())
    ]
    return Page(number=1, width=595, height=842, words=tuple(words))


def doubts(*pages: Page, **parts: str) -> list[Doubt]:
    return list(read_einvoice(cii(**parts), "application/xml", list(pages)).doubts)


def test_a_page_that_shows_the_same_is_no_doubt() -> None:
    assert doubts(page()) == []


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("total", {"total": "1.190,00"}),
        ("iban", {"account": "DE89 3704 0044 0532 0130 00"}),
        ("number", {"number": "R-2777"}),
    ],
)
def test_another_total_account_or_number_on_the_page_blocks(field: str, parts: dict[str, str]) -> None:
    [doubt] = doubts(page(**parts))
    assert (doubt.code, doubt.field, doubt.severity) == ("xml_page_mismatch", field, "block")


def test_another_date_on_the_page_is_a_warning() -> None:
    [doubt] = doubts(page(day="17.03.2026"))
    assert (doubt.field, doubt.severity) == ("issued_on", "warn")


@pytest.mark.parametrize(
    "shown",
    ["11.900,00", "11,900.00", "11 900,00", "11'900.00", "11900,00", "11900.00", "11.900,--", "11 900 €", "-11.900,00"],
)
def test_amounts_are_recognised_as_people_write_them(shown: str) -> None:
    assert doubts(page(total=shown), total="11900.00") == []


@pytest.mark.parametrize(
    "day", ["5.3.26", "2026-03-05", "5 March 2026", "March 5th, 2026", "5. März 2026", "5 mars 2026"]
)
def test_dates_are_recognised_as_people_write_them(day: str) -> None:
    assert doubts(page(day=day)) == []


def test_an_amount_inside_a_longer_number_is_not_taken_for_it() -> None:
    assert [d.field for d in doubts(page(total="2.119,00"))] == ["total"]


def test_pages_without_text_of_their_own_say_nothing() -> None:
    blank = Page(number=1, width=595, height=842)
    recognised = page(total="1.190,00").model_copy(update={"source": "ocr"})
    assert doubts(blank) == doubts(recognised) == doubts() == []


def test_a_page_where_no_sum_is_labelled_says_nothing() -> None:
    assert doubts(page(total="siehe Anlage")) == []
