"""What rules put right on receipts before rankers choose: amounts, names across lines, misread words."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from benchmarks.fields_fit import Receipt, known_shops
from extractors.invoice.context import context_of
from extractors.invoice.head import Head, head_of
from extractors.invoice.receipt_dates import date_places
from extractors.invoice.receipt_sums import sum_places
from extractors.invoice.shops import known_address, known_name
from extractors.invoice.spans import address_spans, name_spans
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
        ("GOLDEN RESTAURANTS SDN BHD", "GOLDEN RESTAURANTS SDN BHD"),
        ("Taste Of The Wor Id Sdn Bhd", "Taste Of The World Sdn Bhd"),
        ("HIJAU ST TIONERY", "HIJAU STATIONERY"),
        ("PASAR RAYA HIJAU", "PASAR RAYA HIJAU"),
        ("URBAN 1DEA SDN BHD", "URBAN IDEA SDN BHD"),
        ("1UTAMA CAFE", "1UTAMA CAFE"),
        ("MENTA[ CAFE", "MENTAI CAFE"),
        ("CASH & CARRY SBN 3HD", "CASH & CARRY SDN BHD"),
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


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("12, Jalan SS15/4B, 47500 Subang Jaga, Selangor", "12, Jalan SS15/4B, 47500 Subang Jaya, Selangor"),
        ("JALAN RAJA 5, 50200 Kuals Lumpur", "JALAN RAJA 5, 50200 Kuala Lumpur"),
        ("JALAN PERMAS 3, 91750 PLENTONG, JOHOR", "JALAN PERMAS 3, 81750 PLENTONG, JOHOR"),
        ("LOT 11995, JALAN KAPAR 41400 KLANG, SELANGOR", "LOT 11995, JALAN KAPAR 41400 KLANG, SELANGOR"),
        ("JLN TSJ2, 40000 SHAH Al AM.SEL", "JLN TSJ2, 40000 SHAH Al AM.SEL"),
        ("BANDAR SRI DAMANSARA, 52000 XL", "BANDAR SRI DAMANSARA, 52000 KL"),
        ("12, JALAN SATU, 40150 ULU, JOHOR", "12, JALAN SATU, 40150 ULU, JOHOR"),  # two digits apart: who knows which
    ],
)
def test_town_postcode_and_state_vouch_for_each_other(read: str, meant: str) -> None:
    assert mend_address(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("88 Jalan Ibrahia Sultan", "88 Jalan Ibrahim Sultan"),
        ("0ATU 4 JALAN KAPAR", "BATU 4 JALAN KAPAR"),
        ("LUT 1504, BATU 8", "LOT 1504, BATU 8"),
        ("JALAN EURO 1 Cff Jalan Batu Tiga", "JALAN EURO 1 off Jalan Batu Tiga"),
        ('JALAN TEBRAU, TAMAN "EBRAU', "JALAN TEBRAU, TAMAN TEBRAU"),
        ("LAMAN RIMBUNAN, KUALA SELANGOR.O", "LAMAN RIMBUNAN, KUALA SELANGOR"),
    ],
)
def test_words_of_addresses_are_known_by_the_letters_that_are_left(read: str, meant: str) -> None:
    assert mend_address(read) == meant


def test_an_address_ends_before_a_telephone_and_a_tax_number() -> None:
    head = _head("KEDAI HIJAU\n12, JALAN SATU\n40150 SHAH ALAM 03-7845 8155\nGST NO. 0012\n")
    assert {s.text for s in address_spans(head) if s.first == 1 and s.last > 1} == {"12, JALAN SATU 40150 SHAH ALAM"}


def test_a_legal_form_alone_is_no_name() -> None:
    texts = {s.text for s in name_spans(_head("Hijau Chickenland\nSdn Bhd\nUnit G-13\n"))}
    assert "Hijau Chickenland Sdn Bhd" in texts
    assert "Sdn Bhd" not in texts


@pytest.mark.parametrize("row", ["01:34PM 568017 05 02-18", "#19536005/02/2018 6:31", "Date; 05-02 18"])
def test_a_date_that_lost_a_dash_or_a_space_is_found_where_there_is_no_other(row: str) -> None:
    rows = f"KEDAI\n{row}\n"
    places = date_places(context_of(pages.typed_pages(rows, "ocr"), "receipt", None))
    assert [p.value.isoformat() for p in places] == ["2018-02-05"]
    places = date_places(context_of(pages.typed_pages(f"{rows}Date: 07/03/2018\n", "ocr"), "receipt", None))
    assert [p.value.isoformat() for p in places] == ["2018-03-07"]


def test_a_month_that_begins_with_a_zero_is_october() -> None:
    places = date_places(context_of(pages.typed_pages("KEDAI\nDate; 0ct 3, 2016\n", "ocr"), "receipt", None))
    assert [p.value.isoformat() for p in places] == ["2016-10-03"]


def test_a_known_address_puts_a_digit_right_but_no_other_words() -> None:
    shops = [{"name": "KEDAI", "addresses": ["LOT 1851-A & 1851-B, JALAN KPB 6, 43300 SERI KEMBANGAN, SELANGOR"]}]
    read = "LOT 1851-A & 1351-B, JALAN KPB 6, 43300 SERI KEMBANGAN, SELANGOR"
    assert known_address(read, "KEDAI", shops)[0] == shops[0]["addresses"][0]
    shops = [{"name": "KEDAI", "addresses": ["3RD FLR, TAMAN MALURI, JALAN JEJAKA, 55100 KUALA LUMPUR"]}]
    assert known_address("3 FLOOR, TAMAN MALURI, JALAN JEJAKA, 55100 KUALA LUMPUR", "KEDAI", shops)[1] == ""


def test_a_known_address_has_its_lost_letters_back_but_no_branch_more() -> None:
    whole = "NO.12, JALAN SS4C/5, PETALING JAYA SELANGOR DARUL EHSAN"
    shops = [{"name": "KEDAI", "addresses": [whole, f"{whole} 1237-TMN INDAH"]}]
    assert known_address("NO . AN SS4C/5, PETALING JAYA ANGOR DARUL EHSAN", "KEDAI", shops)[0] == whole
    shops = [{"name": "KEDAI", "addresses": [f"{whole} 1237-TMN INDAH"]}]
    assert known_address(whole, "KEDAI", shops) == (whole, "")


def test_a_known_name_has_its_ampersand_back() -> None:
    shops = [{"name": "FIVE STAR CASH & CARRY", "addresses": []}]
    assert known_name("FIVE STAR CASH CARRY", shops)[0] == "FIVE STAR CASH & CARRY"


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
