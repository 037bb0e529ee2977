"""Receipts read by fitted rankers, and what they may and may not put right."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from extractors import model_files
from extractors.invoice import read_invoice
from extractors.invoice.context import context_of
from extractors.invoice.head import head_of
from extractors.invoice.ranking import NAME, READER, using
from extractors.invoice.shops import KNOWN, known_address, known_name
from extractors.invoice.span_places import place_signs, printed
from extractors.invoice.spans import Span
from extractors.invoice.spelling import mend_address, mend_name
from extractors.invoice.trees import of_boosting, of_forest, probabilities

_spec = importlib.util.spec_from_file_location("invoice_pages", Path(__file__).parent / "pages.py")
assert _spec is not None
assert _spec.loader is not None
pages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)

RECEIPT = """
                 WELCOME
       HIJAU DAUN TRADING SDN BHD
             (998877-W)
        NO. 21, JALAN MERANTI 4,
        TAMAN SERI MERANTI,
       81200 JOHOR BAHRU, JOHOR.
          TEL: 07-2331122
            TAX INVOICE
 Invoice No : A-20177
 Date : 14/02/2018 17:21
 Item           Qty   Price  Amount
 PAINT BRUSH      2    4.50    9.00
 MASKING TAPE     1    3.20    3.20
 TOTAL                        12.20
 CASH                         20.00
 CHANGE                        7.80
           THANK YOU
"""
HEAD = """
              HIJAU DAUN
       TRADING SDN BHD (998877-W)
        NO. 21, JALAN MERANTI 4,
"""
SHOPS = [
    {"name": "99 KEDAI MART S/B", "addresses": ["LOT 12, JALAN ANGSA, 41150 KLANG, SELANGOR"]},
    {"name": "HARDWARE CENTRE (M) SDN BHD", "addresses": []},
]


def test_the_shipped_rankers_read_a_receipt_of_a_shop_that_they_have_not_seen() -> None:
    paper = read_invoice(pages.typed_pages(RECEIPT, "ocr"), "receipt", None)
    values = {f: paper.fields[f].value for f in ("supplier_name", "issued_on", "total", "supplier_address")}
    assert values == {
        "supplier_name": "HIJAU DAUN TRADING SDN BHD",
        "issued_on": "2018-02-14",
        "total": "12.20",
        "supplier_address": "NO. 21, JALAN MERANTI 4, TAMAN SERI MERANTI, 81200 JOHOR BAHRU, JOHOR.",
    }
    assert {paper.fields[f].reader for f in values} == {f"{f}:ranked" for f in values}


def test_without_a_model_the_rules_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(name: str, *_: Any) -> None:
        raise model_files.ModelRefused("missing", f"no {name}")

    monkeypatch.setattr(model_files, "load", refused)
    paper = read_invoice(pages.typed_pages(RECEIPT, "ocr"), "receipt", None)
    assert paper.fields["supplier_name"].value == "HIJAU DAUN TRADING SDN BHD"
    assert paper.fields["supplier_name"].reader == "supplier_name:head"
    assert paper.fields["total"].value == "12.20"


def test_another_model_reads_only_where_it_is_asked_for() -> None:
    shipped = model_files.load(NAME, READER).model
    shop = {"name": "HIJAU DAUN TRADING SDN BHD.", "addresses": []}
    with using(shipped | {"shops": [shop]}, "trial"):
        paper = read_invoice(pages.typed_pages(RECEIPT.replace("HIJAU", "HIJAV"), "ocr"), "receipt", None)
    assert paper.fields["supplier_name"].value == shop["name"]


@pytest.mark.parametrize("kept", ["", "\n", "x", "1.00", "\n".join(["TOTAL 1.00"] * 3000)])
def test_odd_receipts_end_without_an_error(kept: str) -> None:
    read_invoice(pages.typed_pages(kept, "ocr"), "receipt", None)


def test_a_name_stands_on_its_own_words_without_the_number_and_the_street_behind_it() -> None:
    head = head_of(context_of(pages.typed_pages(HEAD, "ocr"), "receipt", None))
    whole = Span(0, 2, "HIJAU DAUN TRADING SDN BHD", "plain legal")
    assert [p.text for p in printed(head, whole)] == ["HIJAU", "DAUN", "TRADING", "SDN", "BHD"]
    misread = Span(0, 0, "HIJAU DAVN", "plain")
    assert [p.text for p in printed(head, misread)] == ["HIJAU", "DAUN"]  # what is not printed so has its lines
    signs = dict(place_signs(head, whole))
    assert (signs["late"], signs["under title"], signs["over list"]) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("AMANO MALAYSIA SON BHD", "AMANO MALAYSIA SDN BHD"),
        ("99 SPEED MART 5/8", "99 SPEED MART S/B"),
        ("Kedai Sdhn Bhd", "Kedai Sdn Bhd"),
        ("C0FFEE HOUSE", "COFFEE HOUSE"),
        ("Taste Of The WorId", "Taste Of The World"),
        ("7-ELEVEN", "7-ELEVEN"),
        ("SOON BHD", "SOON BHD"),
        ("U5/13", "U5/13"),
    ],
)
def test_names_are_spelt_right_where_only_one_reading_makes_sense(read: str, meant: str) -> None:
    assert mend_name(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("4115O KLANG", "41150 KLANG"),
        ("LOT G3O, Ma11", "LOT G30, Mall"),
        ("JIn 7/1l8B, TANAN SETTA", "Jln 7/118B, TAMAN SETIA"),
        ("JALAN UTARA, SINAR, KELANG", "JALAN UTARA, SINAR, KELANG"),
        ("NO. 1351-B", "NO. 1351-B"),
        ("JALAN OMEGA", "JALAN OMEGA"),
    ],
)
def test_addresses_are_spelt_right_but_their_digits_are_left_alone(read: str, meant: str) -> None:
    assert mend_address(read, {"setia", "omegan"}) == meant


def test_a_known_shop_is_spelt_as_on_its_other_receipts() -> None:
    assert known_name("99 KEDAI MART 5/B", SHOPS) == ("99 KEDAI MART S/B", KNOWN)
    assert known_address("LOT 12, JALAN ANG5A, 41150 KIANG, SELANGOR", "99 KEDAI MART S/B", SHOPS) == (
        "LOT 12, JALAN ANGSA, 41150 KLANG, SELANGOR",
        KNOWN,
    )


def test_a_bracket_that_a_paper_lacks_or_has_is_no_misread_letter() -> None:
    shops = [{"name": "TN. A.B.C. (M) SDN BHD", "addresses": []}]
    assert known_name("TN. A.B.C. SDN BHD", shops) == ("TN. A.B.C. SDN BHD", "")
    assert known_name("TN. A.B.G. (M) SDN BHD", shops) == ("TN. A.B.C. (M) SDN BHD", KNOWN)


def test_an_unknown_shop_is_left_alone_and_so_are_other_digits() -> None:
    assert known_name("HIJAU DAUN TRADING SDN BHD", SHOPS) == ("HIJAU DAUN TRADING SDN BHD", "")
    assert known_name("98 KEDAI MART S/B", SHOPS) == ("98 KEDAI MART S/B", "")
    other = "LOT 13, JALAN ANGSA, 41150 KLANG, SELANGOR"
    assert known_address(other, "99 KEDAI MART S/B", SHOPS) == (other, "")
    assert known_address(other, "HIJAU DAUN", SHOPS) == (other, "")


def test_trees_as_arrays_say_what_the_estimators_say() -> None:
    import numpy
    from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

    rows = numpy.random.default_rng(1).integers(0, 9, (400, 6)).astype("float32") / 8
    right = rows[:, 0] + rows[:, 3] > 1
    boost = HistGradientBoostingClassifier(max_iter=20, early_stopping=False, random_state=1).fit(rows, right)
    forest = ExtraTreesClassifier(10, random_state=1).fit(rows, right)
    assert abs(probabilities(of_boosting(boost), rows) - boost.predict_proba(rows)[:, 1]).max() < 1e-5
    assert abs(probabilities(of_forest(forest), rows) - forest.predict_proba(rows)[:, 1]).max() < 1e-5
