"""What answers teach the rankers of receipts."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.invoice.fields_learning import ENOUGH, TRAINABLE
from extractors.learning import Row, trainables
from workitems.items import Kind

_spec = importlib.util.spec_from_file_location("invoice_pages", Path(__file__).parent / "pages.py")
assert _spec is not None
assert _spec.loader is not None
pages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)

TOWNS = ("KLANG", "IPOH", "KULAI", "MELAKA", "SEREMBAN", "TAIPING")


def receipt(n: int, kind: Kind = "receipt") -> Row:
    """The operator's name stands below the brand and its slogan; the answer names the operator."""
    town, paid = TOWNS[n % len(TOWNS)], 10 + n
    text = f"""
                PASAR KITA
          SENTIASA SEGAR SETIAP HARI
       KITA OPERASI {n:03d} SDN BHD
        NO. {n + 1}, JALAN BESAR,
        41{n:03d} {town}, SELANGOR.
 Bill : A-{20100 + n}
 Date : {1 + n % 27:02d}/02/2018 17:21
 RICE             1     {paid}.00
 TOTAL                  {paid}.00
 CASH                   90.00
 CHANGE                 {90 - paid}.00
"""
    return Row(
        item=f"i{n}",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        group=f"g{n}",
        kind=kind,
        truth={
            "supplier_name": f"KITA OPERASI {n:03d} SDN BHD",
            "supplier_address": f"NO. {n + 1}, JALAN BESAR, 41{n:03d} {town}, SELANGOR.",
            "issued_on": f"2018-02-{1 + n % 27:02d}",
            "total": f"{paid}.00",
        },
        pages=tuple(pages.typed_pages(text, "ocr")),
    )


@pytest.fixture(scope="module")
def base() -> Any:
    return TRAINABLE.base().model


@pytest.fixture(scope="module")
def learnt(base: Any) -> Any:
    return TRAINABLE.fit([receipt(n) for n in range(ENOUGH + 4)], base)


def test_it_is_among_the_models_that_answers_train() -> None:
    assert trainables()[TRAINABLE.name] is TRAINABLE


def test_answers_make_the_rankers_surer_of_what_people_said(base: Any, learnt: Any) -> None:
    unseen = receipt(50)
    before, after = TRAINABLE.say(base, unseen), TRAINABLE.say(learnt, unseen)
    for field, label in unseen.truth.items():
        assert TRAINABLE.same(field, after[field].value, label)
    right = [f for f in unseen.truth if TRAINABLE.same(f, before[f].value, unseen.truth[f])]
    assert sum(after[f].confidence for f in right) > sum(before[f].confidence for f in right)


def test_a_few_answers_change_no_ranking(base: Any) -> None:
    model = TRAINABLE.fit([receipt(n) for n in range(ENOUGH - 1)], base)
    assert TRAINABLE.say(model, receipt(50)) == TRAINABLE.say(base, receipt(50))


def test_answers_about_other_papers_teach_nothing_about_receipts(base: Any) -> None:
    model = TRAINABLE.fit([receipt(n, "invoice") for n in range(ENOUGH + 4)], base)
    assert all(model[part] is base[part] for part in ("name", "address", "date", "place", "value"))
    assert TRAINABLE.say(base, receipt(50, "invoice")) == {}


def test_the_model_in_force_stays_as_it_is_and_the_same_answers_give_the_same_model(base: Any, learnt: Any) -> None:
    again = TRAINABLE.fit([receipt(n) for n in range(ENOUGH + 4)], learnt)
    assert "learnt" not in base["name"]
    assert TRAINABLE.say(again, receipt(50))["total"].value == TRAINABLE.say(learnt, receipt(50))["total"].value
    twice = TRAINABLE.fit([receipt(n) for n in range(ENOUGH + 4)], base)
    assert TRAINABLE.say(twice, receipt(50)) == TRAINABLE.say(learnt, receipt(50))


def test_a_shop_that_people_named_twice_is_spelt_as_they_spelt_it(base: Any) -> None:
    model = TRAINABLE.fit([receipt(7), receipt(7).model_copy(update={"item": "x"}), receipt(8)], base)
    added = [shop for shop in model["shops"] if shop.get("learnt")]
    assert [shop["name"] for shop in added] == ["KITA OPERASI 007 SDN BHD"]
    assert TRAINABLE.fit([], model)["shops"] == list(base["shops"])
