"""The kind of a document, in three languages, with a probability that can be trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devdata.kinds.make import MAKERS, paper
from extractors import kind_signs, kinds, plain
from extractors.kinds import chances_of, kind_of
from extractors.kinds_learning import TRAINABLE
from extractors.language import language_of
from extractors.learning import Row
from workitems.items import Kind, Page

CASES: dict[str, tuple[Kind, str]] = {
    "german invoice": (
        "invoice",
        "Muster GmbH\nRechnung\nRechnungsnummer: 4711\nRechnungsdatum: 12.03.2024\nUSt-IdNr: DE136695976\n"
        "Pos Bezeichnung Menge Preis\n1 Schrauben 10 1,00\nNetto 10,00\nMwSt 19% 1,90\nGesamt 11,90\n"
        "Zahlbar bis 30.03.2024\nIBAN DE75512108001245126199",
    ),
    "french invoice": (
        "invoice",
        "Dupont SARL\nFacture\nFacture n° 2024-17\nDate de facture 12/03/2024\nTVA intracom FR40303265045\n"
        "Total HT 100,00\nTVA 20% 20,00\nNet à payer 120,00\nÉchéance 30/04/2024\nIBAN FR7630006000011234567890189",
    ),
    "english credit note": (
        "credit_note",
        "Acme Ltd\nCREDIT NOTE\nCredit note no: CN-77\nDate: 12 March 2024\nOriginal invoice: 4711\nCredited 50.00",
    ),
    "german credit note": (
        "credit_note",
        "Muster GmbH\nGutschrift\nGutschrift-Nr. 12\nzu Rechnung 4711\nBetrag -11,90",
    ),
    "till receipt": (
        "receipt",
        "SUPER MART SDN BHD\nRECEIPT\nCashier: Ann 12:44:03\nMILK 1 x 4.50\nTOTAL 4.50\nCASH 5.00\n"
        "CHANGE 0.50\nTHANK YOU",
    ),
    "purchase order": (
        "order",
        "Acme Ltd\nPurchase Order\nPO number: 45001234\nOrder date: 12 March 2024\nVendor: Bolts Inc\n"
        "Ship to: 1 Main Street\nDelivery date: 30 March 2024\n10 bolts 1.00 10.00",
    ),
    "delivery note": (
        "delivery_note",
        "Muster GmbH\nLieferschein\nLieferschein-Nr. 55\n10 Packstücke Schrauben\nWare erhalten: ____",
    ),
    "contract": (
        "contract",
        "SERVICES AGREEMENT\nThis Services Agreement is entered into by and between Acme Ltd and Bolts Inc.\n"
        "WHEREAS the parties wish to agree; the Receiving Party shall keep Confidential Information secret.\n"
        "Section 1 Termination. Section 2 This Agreement is governed by the law of Delaware.",
    ),
    "identity paper": (
        "identity",
        "PASSPORT\nSurname MUSTERMANN\nGiven names ERIKA\nNationality GERMAN\nDate of expiry 01.01.2030\n"
        "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<",
    ),
    "application": (
        "application",
        "Application form\nApplicant: Erika Mustermann\nDate of birth: 12.08.1964\nWork experience: none",
    ),
    "letter": (
        "letter",
        "Sehr geehrte Frau Muster,\n\nvielen Dank für Ihr Schreiben.\n\nMit freundlichen Grüßen\nE. Beispiel",
    ),
    "newsletter": ("other", "Spring offers!\nView in browser\nAll shoes half price\nUnsubscribe here\nPrivacy policy"),
}


def pages(text: str) -> list[Page]:
    return plain.text_pages(text)


@pytest.mark.parametrize("case", CASES)
def test_the_kind_is_told_by_its_signs(case: str) -> None:
    wanted, text = CASES[case]
    kind, chance = kind_of(pages(text))
    assert kind == wanted
    assert chance > 0.5


def test_chances_sum_to_one_and_an_empty_document_is_nothing_surely() -> None:
    for text in ("", "x", CASES["contract"][1]):
        assert sum(chances_of(pages(text)).values()) == pytest.approx(1.0)
    kind, chance = kind_of([])
    assert kind == "other"
    assert chance < 0.7


def test_an_invoice_that_names_its_delivery_note_stays_an_invoice() -> None:
    text = CASES["german invoice"][1].replace("Pos Bez", "Lieferschein: 8812\nBestellung: 4500\nPos Bez")
    assert kind_of(pages(text))[0] == "invoice"
    labels = "Rechnungsnummer Ihre Bestellung\nLieferschein Lieferdatum Zahlbar bis\nLS-1 12.03.2024"
    assert kind_of(pages(text.replace("Rechnungsnummer: 4711", labels)))[0] == "invoice"


@pytest.mark.parametrize(("case", "language"), [("german invoice", "de"), ("french invoice", "fr"), ("contract", "en")])
def test_the_language_is_told_by_small_words(case: str, language: str) -> None:
    assert language_of(CASES[case][1].split()) == language
    assert language_of(["4711", "EUR"]) is None


def sample(rows: Sequence[str], count: int) -> list[str]:
    return list(rows[:: max(len(rows) // count, 1)])


def test_real_contracts_and_orders_are_known(real_data: Path) -> None:
    rows = (real_data / "cuad" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    files = [real_data / "cuad" / json.loads(row)["file"] for row in sample(rows, 25)]
    told = [kind_of(plain.read_text(file))[0] for file in files if file.suffix == ".txt"]
    assert len(told) > 10
    assert sum(kind == "contract" for kind in told) >= 0.92 * len(told)


def test_made_up_papers_of_unused_numbers_are_told_and_hardly_ever_surely_wrong() -> None:
    kinds = [(kind, kind_of(paper(kind, n))) for kind in MAKERS for n in range(90_000, 90_008)]
    right = sum(told == kind for kind, (told, _) in kinds)
    surely_wrong = [(kind, told) for kind, (told, chance) in kinds if told != kind and chance >= 0.9]
    assert right >= 0.85 * len(kinds)
    assert len(surely_wrong) <= 2, surely_wrong


def test_what_is_no_paper_at_all_is_no_sure_invoice() -> None:
    novel = (
        "It was a cold morning when she opened the door. The order of things had changed, and nobody knew why. " * 30
    )
    code = "def invoice(total: int) -> None:\n    for order in orders:\n        print(order, total)\n" * 20
    spam = "CONGRATULATIONS!!! You are a winner. Claim your receipt of $1,000,000 now, no invoice, no contract! " * 8
    for text in (novel, code, spam, "4711 0815", "lorem ipsum dolor sit amet"):
        kind, chance = kind_of(pages(text))
        assert kind in ("other", "letter") or chance < 0.9


def test_the_same_model_says_the_same_and_learns_without_forgetting() -> None:
    base = TRAINABLE.base()
    rows = [row(kind, n) for kind in ("invoice", "credit_note") for n in range(91_000, 91_006)]
    model = TRAINABLE.fit(rows, base.model)
    assert (model["weights"] == TRAINABLE.fit(rows, base.model)["weights"]).all()
    for other in ("letter", "contract", "receipt"):
        before, after = (TRAINABLE.say(m, row(other, 91_000)).get("kind") for m in (base.model, model))
        assert before is not None
        assert after is not None
        assert before.value == after.value


def row(kind: Kind, number: int) -> Row:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Row(item=f"{kind}-{number}", at=at, group="g", kind=kind, truth={}, pages=tuple(paper(kind, number)))


def test_a_new_kind_is_told_by_its_signs_until_the_model_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    title = kind_signs.Sign(re.compile("gehaltsabrechnung"), 8.0, 5.0, 3.0)
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, "payslip"))
    monkeypatch.setitem(kind_signs.SIGNS, "payslip", (title,))  # type: ignore[misc]
    pages = plain.text_pages("Gehaltsabrechnung\nFrau Anna Muster\nBrutto 3.000,00\nNetto 2.100,00")
    assert kinds.kind_of(pages)[0] == "payslip"
    assert "knows other kinds" in caplog.text
