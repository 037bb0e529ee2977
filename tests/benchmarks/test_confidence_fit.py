"""Confidences are fitted as they say: calibrated out of fold, drawn to the rest, no surer than the papers prove."""

from __future__ import annotations

import random

import pytest

from benchmarks.confidence_figures import beyond_chance, chance_by_seller, threshold, thresholds
from benchmarks.confidence_fit import Sample, fit, highest, unseen
from benchmarks.confidence_second import Pair, fit_moves, fit_second
from benchmarks.reading_score import calibration
from extractors.invoice.confidence import judged
from extractors.invoice.confidence_signs import sigmoid
from extractors.invoice.second_look import Outcome


def papers(count: int, seed: int = 1, source: str = "receipt", shift: float = 1.0) -> list[Sample]:
    """Readings of `count` suppliers whose score tells how probable it is that they are right."""
    chance = random.Random(seed)  # noqa: S311
    found = []
    for n in range(count):
        score = chance.uniform(-2.0, 4.0)
        right = chance.random() < sigmoid(0.8 * score + shift)
        found.append(Sample("sroie", f"shop {n}", {"one": 1.0, "score": score, source: 1.0}, right, 1.0, f"{n}.jpg"))
    return found


def test_probabilities_of_unseen_suppliers_are_calibrated() -> None:
    pairs = unseen({"total": papers(500)})["total"]
    assert beyond_chance([(p, s.right) for s, p in pairs]) <= 0.02
    assert len(pairs) == 500


def test_chance_is_greater_where_one_seller_s_papers_fail_together() -> None:
    apart = [(Sample("x", str(n), {}, True), 0.9) for n in range(100)]
    together = [(Sample("x", str(n // 10), {}, True), 0.9) for n in range(100)]
    assert chance_by_seller(apart) == pytest.approx(calibration([(p, s.right) for s, p in apart])[1])
    assert chance_by_seller(together) == pytest.approx(10**0.5 * chance_by_seller(apart))


def test_a_surer_score_gives_a_surer_probability() -> None:
    model = fit({"total": papers(300)})
    low, high = (judged(model, "total", {"one": 1.0, "score": s, "receipt": 1.0}) for s in (-1.0, 3.0))
    assert low is not None
    assert high is not None
    assert low < high


def test_a_field_with_few_papers_follows_the_others() -> None:
    model = fit({"total": papers(400), "tax": papers(8, seed=2)})
    features = {"one": 1.0, "score": 2.0, "receipt": 1.0}
    few, many = judged(model, "tax", features), judged(model, "total", features)
    assert few == pytest.approx(many, abs=0.15)


def test_few_papers_without_a_mistake_prove_little() -> None:
    right = [Sample("x", str(n), {}, True) for n in range(43)]
    assert highest(right, right) == pytest.approx(44 / 45, abs=1e-4)
    assert highest(right[:8], right[:8]) == pytest.approx(0.9)


def test_what_the_surest_readings_got_wrong_limits_all() -> None:
    every = [Sample("x", str(n), {}, n >= 10) for n in range(200)]
    assert highest(every, every) == pytest.approx(191 / 201.5, abs=1e-3)


def test_a_threshold_is_the_lowest_confidence_above_which_the_target_holds() -> None:
    pairs = [(Sample("x", str(n), {}, n >= 20), n / 100) for n in range(100)]
    assert 0.15 < threshold(pairs, 0.99) <= 0.21
    assert threshold([(s, p) for s, p in pairs if not s.right], 0.9) == pytest.approx(1.0, abs=1e-3)


def test_thresholds_are_by_kind_target_and_field() -> None:
    pairs = [(s, 0.9) for s in papers(60)]
    found = thresholds({"total": pairs})
    assert set(found) == {"invoice", "receipt"}
    assert "total" in found["receipt"]["0.99"]
    assert found["invoice"]["0.99"] == {}


def test_a_second_look_that_knows_moves_the_probability_and_one_that_does_not_leaves_it() -> None:
    knows: list[Pair] = []
    knows_nothing: list[Pair] = []
    for n, sample in enumerate(papers(300, shift=0.0)):
        told: Outcome = "agrees" if sample.right else "differs"
        knows.append(Pair(sample, 0.6, told))
        knows_nothing.append(Pair(sample, 0.6, "agrees" if n % 2 else "differs"))
    good, bad = fit_moves(knows), fit_moves(knows_nothing)
    assert good["agrees"] > 1.0 > -1.0 > good["differs"]
    assert abs(bad["agrees"] - bad["differs"]) < 0.5
    assert fit_second({"total": knows[:10]}) == {}


def test_a_field_that_second_looks_make_no_truer_gets_none() -> None:
    samples = papers(300, shift=0.0)
    often = sum(s.right for s in samples) / len(samples)
    knows = [Pair(s, often, "agrees" if s.right else "differs") for s in samples]
    says_nothing = [Pair(s, often, "agrees" if n % 2 else "differs") for n, s in enumerate(samples)]
    assert set(fit_second({"total": knows, "net": says_nothing})) == {"total"}
