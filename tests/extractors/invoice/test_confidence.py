"""Confidences: more evidence makes a reading surer, nothing is surer than what was proven; second looks move them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.invoice.candidates import Candidate
from extractors.invoice.confidence import HIGHEST, LOWEST, curved, fitted, is_measured, judged, probability
from extractors.invoice.confidence_signs import logit, sigmoid, told_by_items
from extractors.invoice.second_look import Seen, after_look, look, looked_twice, moved, outcome_of, worth
from extractors.ocr import engine_in_use, engine_named, second
from extractors.ocr.second import Look
from extractors.settings import ReadingSettings
from extractors.views import MOST_PAGES, View, Views
from workitems.items import InvoiceLine, Page, Paper, Reading, Word

CURVE = {"slope": 1.0, "offset": 0.0, "most": 0.96}
MOVES = {"slope": 1.0, "agrees": 1.0, "near": 0.2, "differs": -1.5, "most": 0.99}


def candidate(value: str) -> Candidate:
    return Candidate(value, 0.9, 1, (), "total")


def line(amount: str | None) -> InvoiceLine:
    return InvoiceLine(amount=Decimal(amount) if amount else None)


def reading(value: str, confidence: float = 0.7, **more: Any) -> Reading:
    return Reading(value=value, confidence=confidence, reader="x", page=1, box=(0.1, 0.1, 0.5, 0.14), **more)


def page(*words: str, engine: str = "paddle") -> Page:
    found = tuple(
        Word(text=w, box=(0.1, 0.1 + n / 20, 0.5, 0.14 + n / 20), confidence=0.9) for n, w in enumerate(words)
    )
    return Page(number=1, width=800, height=1000, source="ocr", words=found, engine=engine)


def test_more_evidence_is_never_less_sure_and_never_surer_than_what_was_proven() -> None:
    found = [curved(CURVE, odds / 10) for odds in range(-100, 200)]
    assert found == sorted(found)
    assert LOWEST <= min(found) < max(found) <= CURVE["most"] + 1e-9
    assert curved(CURVE, 1.0) == pytest.approx(sigmoid(1.0), abs=0.001)  # only the top is bent


def test_a_curve_of_which_little_is_proven_keeps_the_order() -> None:
    found = [curved(CURVE | {"most": 0.7}, odds / 10) for odds in range(-30, 60)]
    assert found == sorted(found)


def test_each_kind_of_paper_has_its_own_curve() -> None:
    model = {
        "weights": {"total": {"score": 1.0}},
        "curves": {"total": {"receipt": CURVE, "all": CURVE | {"offset": 1}}},
    }
    assert judged(model, "total", {"score": 1.0, "receipt": 1.0}) == pytest.approx(sigmoid(1.0), abs=0.001)
    assert judged(model, "total", {"score": 1.0}) == pytest.approx(sigmoid(2.0), abs=0.01)
    assert judged(model, "colour", {"score": 1.0}) is None


def test_the_shipped_model_knows_the_fields_lines_and_cells() -> None:
    model = fitted()
    assert model is not None
    assert {"total", "number", "supplier_name", "issued_on", "line", "cell amount"} <= set(model["weights"])
    assert is_measured(model, "cell quantity")
    assert not is_measured(model, "cell discount")


def test_without_a_model_a_reading_is_less_sure_than_its_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.invoice.confidence.NAME", "no_such_model")
    assert probability("total", {}, 0.9) == pytest.approx(0.765)
    assert is_measured(fitted(), "cell discount")


def test_log_odds_and_probabilities_are_each_others_inverse() -> None:
    assert [sigmoid(logit(p)) for p in (0.1, 0.5, 0.9)] == pytest.approx([0.1, 0.5, 0.9])


# amounts of a receipt's items -> what they say of a total of 10.00
ITEMS = {("4.00", "6.00"): "items", ("4.00", "5.97"): "items, rounded", ("4.00",): "other items", (): "no items"}


@pytest.mark.parametrize(("amounts", "note"), ITEMS.items(), ids=ITEMS.values())
def test_a_receipts_items_speak_for_or_against_its_total(amounts: tuple[str, ...], note: str) -> None:
    found = told_by_items([candidate("10.00"), candidate("4.00")], [line(a) for a in amounts])
    assert [note in c.notes for c in found] == [True, False]


# field, value, what the second engine saw -> outcome
SEEN = {
    "the same amount in another form": ("total", "1234.50", "1.234,50", "agrees"),
    "a credit note's amount": ("total", "-12.00", "12.00", "agrees"),
    "another amount": ("total", "12.50", "12.80", "differs"),
    "no amount at all": ("total", "12.50", "Total", "silent"),
    "nothing": ("total", "12.50", "", "silent"),
    "the same day": ("issued_on", "2018-03-04", "04/03/2018", "agrees"),
    "another day": ("issued_on", "2018-03-04", "05/03/2018", "differs"),
    "a number inside its words": ("number", "RE-1017", "Nr RE-1O17", "agrees"),
    "a shop's name": ("supplier_name", "Mr. D.I.Y. (M) Sdn Bhd", "MR D.I.Y. (M) SDN BHD", "agrees"),
    "a shop's name but for a letter": ("supplier_name", "GARDENIA BAKERIES", "GARDENIA BAKERLES", "near"),
    "another name": ("supplier_name", "GARDENIA BAKERIES", "TAX INVOICE", "differs"),
}


@pytest.mark.parametrize(("name", "value", "text", "outcome"), SEEN.values(), ids=SEEN)
def test_what_a_second_look_says(name: str, value: str, text: str, outcome: str) -> None:
    assert outcome_of(name, value, Look(text, 0.9, "tesseract")) == outcome


def test_agreement_makes_surer_and_difference_less_sure() -> None:
    assert after_look(0.7, MOVES, "agrees") > 0.7 > after_look(0.7, MOVES, "differs")
    assert after_look(0.7, MOVES, "silent") == 0.7
    assert after_look(0.995, MOVES, "agrees") == 0.995  # it never makes less sure
    assert after_look(0.98, MOVES, "agrees") <= max(0.98, MOVES["most"]) <= HIGHEST


def test_what_the_second_engine_read_instead_is_offered() -> None:
    after = moved(reading("12.50"), MOVES, "total", Seen("differs", "12.80", "tesseract"))
    assert after.value == "12.50"
    assert after.confidence < 0.7
    assert after.why is not None
    assert after.why.alternatives[0].value == "12.80"
    assert after.why.signs[0][0] == "second look differs"


def test_the_most_doubtful_values_of_the_weightiest_fields_are_looked_at_first() -> None:
    views = Views(3, {1: View(page("x"), Image.new("L", (8, 8)), 0.0)})
    fields = {"total": reading("1.00", 0.8), "number": reading("7", 0.55), "net": reading("1.00", 0.999)}
    paper = Paper(kind="invoice", kind_confidence=1, fields=fields | {"currency": reading("EUR", 0.5)})
    assert worth(paper, views, dict.fromkeys(fields)) == ["number", "total"]


def test_pages_are_kept_for_second_looks_the_first_ones_and_the_last() -> None:
    views = Views(1)
    for number in range(1, 9):
        views.keep(page("x").model_copy(update={"number": number}), Image.new("RGB", (30, 40)), 0.0)
    assert sorted(views.kept) == [*range(1, MOST_PAGES), 8]
    nothing = Views(0)
    nothing.keep(page("x"), Image.new("RGB", (30, 40)), 0.0)
    assert not nothing.kept


@pytest.mark.skipif(not second.has_second_eyes(), reason="no Tesseract is installed")
def test_a_second_look_reads_what_stands_in_the_place() -> None:
    image = Image.new("L", (800, 1000), 250)
    ImageDraw.Draw(image).text((90, 105), "Total 1234.50", fill=10, font=ImageFont.load_default(28))
    views = Views(3, {1: View(page("Total 1234.50"), image, 0.0)})
    assert look("total", reading("1234.50"), views) == Seen("agrees", "1234.50", second.SECOND)
    tall = reading("1234.50").model_copy(update={"box": (0.1, 0.1, 0.5, 0.4)})
    assert look("total", tall, views) is None  # several lines at once
    same_eyes = Views(3, {1: View(page("x", engine=second.SECOND), image, 0.0)})
    assert look("total", reading("1234.50"), same_eyes) is None


@pytest.mark.skipif(not second.has_second_eyes(), reason="no Tesseract is installed")
@pytest.mark.skipif(engine_in_use(ReadingSettings())[0] != "openvino", reason="no OpenVINO is installed")
def test_a_name_that_its_own_engine_now_reads_otherwise_is_unsteady() -> None:
    engine_named(ReadingSettings())
    image = Image.new("L", (800, 1000), 250)
    ImageDraw.Draw(image).text((90, 105), "HIJAU DAUN TRADING", fill=10, font=ImageFont.load_default(28))
    for printed, steady in (("HIJAU DAUN TRADING", True), ("HIJAU DAVN TRADING", False)):
        views = Views(3, {1: View(page(printed, engine="openvino"), image, 0.0)})
        seen = look("supplier_name", reading(printed), views)
        assert seen is not None
        assert (seen.outcome != "unsteady") is steady
        assert seen.text == "HIJAU DAUN TRADING"


def test_a_text_layer_is_not_looked_at_again() -> None:
    paper = Paper(kind="invoice", kind_confidence=1, fields={"total": reading("1.00", 0.6)})
    assert looked_twice(paper, Views(3)) == paper
