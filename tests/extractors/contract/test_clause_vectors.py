"""Which sentences of a contract are read for their meaning, and what that says of spans."""

from __future__ import annotations

import numpy
import pytest

from extractors.contract.clause_gains import SIGNS, gain_signs, in_order
from extractors.contract.clause_hints import STRONG, WEAK
from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.clause_vectors import MOST, READ, held_by, hinted, inputs_of, meant_by, spread, worth_reading
from extractors.contract.document import ContractText

DOC = ContractText.of_text("The fee is due. The law of Ohio governs. No one may assign this.")
LAW, ASSIGNING = CATEGORIES.index("Governing Law"), CATEGORIES.index("Anti-Assignment")


def ends(n: int) -> tuple[int, int]:
    return DOC.sentences[n].start, DOC.sentences[n].end


PLACES = numpy.array([(LAW, *ends(1)), (LAW, ends(0)[0], ends(1)[1]), (ASSIGNING, *ends(2))])


def test_a_sentence_has_the_chance_of_the_likeliest_span_that_holds_it() -> None:
    held = held_by(DOC, PLACES, numpy.array([0.7, 0.2, 0.4]))
    assert held[:, LAW].tolist() == [0.2, 0.7, 0]
    assert held[:, ASSIGNING].tolist() == [0, 0, 0.4]


def test_sentences_that_may_be_clauses_of_many_categories_are_read_first() -> None:
    held = numpy.zeros((3, len(CATEGORIES)))
    held[0, READ[0]], held[1, READ[:3]] = 0.9, 0.3
    assert worth_reading(held).tolist() == [1, 0]


def test_no_more_sentences_are_read_than_time_allows() -> None:
    assert len(worth_reading(numpy.full((5000, len(CATEGORIES)), 0.3))) == MOST


def test_a_long_contract_without_anything_likely_is_not_read() -> None:
    assert len(worth_reading(numpy.zeros((500, len(CATEGORIES))))) == 0


def test_a_span_means_what_its_best_sentence_means_and_nothing_is_known_of_others() -> None:
    meant = numpy.zeros((2, len(CATEGORIES)))
    meant[0, LAW], meant[1, LAW] = 0.2, 0.8
    found = spread(DOC, PLACES, numpy.array([0, 1]), meant)
    assert found[:2].tolist() == [0.8, 0.8]
    assert numpy.isnan(found[2])


def test_names_and_dates_are_not_judged_by_meaning() -> None:
    places = numpy.array([(CATEGORIES.index("Parties"), *ends(0))])
    assert numpy.isnan(spread(DOC, places, numpy.array([0]), numpy.full((1, len(CATEGORIES)), 0.9))).all()


def test_the_network_gives_chances_for_each_sentence_that_was_read() -> None:
    rows = numpy.array([2, 0])
    scores, vectors = numpy.zeros((3, len(CATEGORIES))), numpy.ones((2, 384), numpy.float32)
    inputs = inputs_of(DOC, rows, (scores, scores), scores, vectors)
    network = {
        "first": numpy.ones((inputs.shape[1], 5)),
        "first_bias": numpy.zeros(5),
        "last": numpy.zeros((5, len(CATEGORIES))),
        "last_bias": numpy.zeros(len(CATEGORIES)),
    }
    assert (meant_by(inputs, network) == 0.5).all()


def test_what_was_not_read_is_told_apart_from_what_means_something_else() -> None:
    chances, meant = numpy.array([0.7, 0.2, 0.4]), numpy.array([0.1, numpy.nan, 0.6])
    heard = numpy.column_stack([meant, numpy.zeros((3, 2))])
    signs = gain_signs(DOC, PLACES, chances, in_order(PLACES, chances), heard)
    told = {SIGNS[n]: signs[:, n] for n in range(len(SIGNS))}
    by_law = told["category"] == LAW
    assert told["meant"][by_law].tolist() == pytest.approx([0.1, numpy.nan], nan_ok=True)
    assert told["meant_best"].tolist() == pytest.approx([0.6, 0.1, 0.1])


def test_a_span_has_the_strongest_hint_in_it_and_the_contract_s_number() -> None:
    hints = numpy.zeros((3, len(CATEGORIES)))
    hints[1, LAW], hints[2, ASSIGNING] = STRONG, WEAK
    assert hinted(DOC, PLACES, hints).tolist() == [[STRONG, numpy.log(2)], [STRONG, numpy.log(2)], [WEAK, 0]]
