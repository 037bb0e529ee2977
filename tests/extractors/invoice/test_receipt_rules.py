"""What rules put right on receipts before rankers choose: amounts, names across lines, misread words."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from benchmarks.fields_fit import Receipt, known_shops
from extractors.invoice.context import context_of
from extractors.invoice.head import Head, head_of
from extractors.invoice.receipt_sums import sum_places
from extractors.invoice.spans import name_spans
from extractors.invoice.spelling import legible, mend_address, mend_name

_spec = importlib.util.spec_from_file_location("invoice_pages", Path(__file__).parent / "pages.py")
assert _spec is not None
assert _spec.loader is not None
pages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)


def _head(text: str) -> Head:
    return head_of(context_of(pages.typed_pages(text, "ocr"), "receipt", None))


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("Grand TotalRM15.40", "15.40"),
        ("ROUNDING RMO.02", "0.02"),
        ("AMT PAID INCL GST: RMI11.90", "111.90"),
        ("Grand Tota1RM14.20", "14.20"),
        ("RM 170. 00", "170.00"),
        ("TOTAL:12.50", "12.50"),
        ("TOTAL RM 1O.5O", "10.50"),
    ],
)
def test_an_amount_is_read_though_it_is_glued_torn_or_written_with_letters(row: str, value: str) -> None:
    assert len(legible(row)) == len(row)
    places = sum_places(context_of(pages.typed_pages(f"KEDAI\n{row}\n", "ocr"), "receipt", None))
    assert [str(p.value) for p in places] == [value]


@pytest.mark.parametrize("row", ["FARMER 12", "Tel:03-5542.10", "10:30:15.20", "CODE RMO", "1. 00 PCS OF 2"])
def test_what_is_no_amount_stays_none(row: str) -> None:
    assert not sum_places(context_of(pages.typed_pages(f"KEDAI\n{row}\n", "ocr"), "receipt", None))


def test_a_name_neither_ends_with_an_ampersand_nor_begins_with_one() -> None:
    head = _head("HIJAU HARDWARE &\nELECTRICAL\nNO. 21, JALAN MERANTI 4\n")
    texts = {s.text for s in name_spans(head)}
    assert "HIJAU HARDWARE & ELECTRICAL" in texts
    assert not {"HIJAU HARDWARE &", "HIJAU HARDWARE", "ELECTRICAL"} & texts
    head = _head("TAX INVOICE\n& BEST CAFE\n")  # the letter before it was not read: nothing above belongs to it
    assert "& BEST CAFE" in {s.text for s in name_spans(head)}


@pytest.mark.parametrize("owner", ["Dimiliki oleh : ", "OWN BY: ", "Owned by "])
def test_words_for_an_owner_are_no_part_of_his_name(owner: str) -> None:
    texts = {s.text for s in name_spans(_head(f"OLD CAFE\n{owner}CHEF LIM SDN BHD\n"))}
    assert "CHEF LIM SDN BHD" in texts
    assert not any(owner.strip() in t for t in texts if t.startswith(owner.strip()))


def test_a_company_that_ends_in_co_keeps_it_before_its_number() -> None:
    texts = {s.text for s in name_spans(_head("SENG SENG TRADING CO (742016-W)\n"))}
    assert "SENG SENG TRADING CO" in texts
    assert "SENG SENG TRADING" not in texts
    texts = {s.text for s in name_spans(_head("SENG SENG TRADING (CO. REG. NO. 742016-W)\n"))}
    assert "SENG SENG TRADING" in texts


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("DAUN CONFECTIUNERY SO BHD", "DAUN CONFECTIONERY SDN BHD"),
        ("Hijau Pharhacy", "Hijau Pharmacy"),
        ("HIJAU STATIONARY", "HIJAU STATIONARY"),
        ("HIJAU STATIONERS", "HIJAU STATIONERS"),
    ],
)
def test_words_of_trades_are_known_by_all_letters_but_one(read: str, meant: str) -> None:
    assert mend_name(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Block B, Nol, Jalan Utama", "Block B, No1, Jalan Utama"),
        ("No.S, Jalan Utama", "No.5, Jalan Utama"),
        ("SEKSYEN US, JALAN NOVA US/N", "SEKSYEN U5, JALAN NOVA U5/N"),
        ("4600D PETALING JAYA", "46000 PETALING JAYA"),
        ("NO. 46 USJ 1", "NO. 46 USJ 1"),
    ],
)
def test_numbers_of_houses_and_sections_are_read_as_they_are_written(read: str, meant: str) -> None:
    assert mend_address(read) == meant


def test_an_address_that_is_a_slip_of_a_far_more_frequent_one_is_not_known() -> None:
    right, slip, other = (
        "12, JALAN TAMPOI 7/4, 81200 JOHOR BAHRU",
        "12, JALAN TAMPOL 7/4, 81200 JOHOR BAHRU",
        "LOT 3, KLANG",
    )
    context = context_of(pages.typed_pages("KEDAI\n", "ocr"), "receipt", None)
    head = head_of(context)
    papers = [
        Receipt(str(n), "ocr", "kedai", context, head, "KEDAI", address, None, None)
        for n, address in enumerate([right] * 4 + [slip, other])
    ]
    assert known_shops(papers) == [{"name": "KEDAI", "addresses": [right, other]}]
