"""How sure the readers are of a clause, as people are told and as risks reckon with it."""

from __future__ import annotations

import pytest

from bots.contracts.draft import draft_of
from bots.contracts.readings import chance_of, how_sure, uncapped_by_words
from tests.bots.contracts.conftest import paper
from workitems.items import Clause, Paper

BEYOND = "The foregoing limitation of liability shall not apply to gross negligence."


def clause(confidence: float, probability: float | None = None) -> Clause:
    return Clause(
        category="Insurance", start=0, end=9, page=1, text="Insurance", confidence=confidence, probability=probability
    )


@pytest.mark.parametrize(
    ("confidence", "probability", "words"),
    [
        (0.6, 0.3, "30 % sure"),
        (0.999, 0.999, "99 % sure"),
        (0.2, 0.0, "0 % sure"),
        (1.0, None, "told by a person"),
        (0.98, None, "likely"),
        (0.5, None, "likely"),
        (0.49, None, "perhaps"),
    ],
)
def test_people_are_told_a_share_where_one_was_measured_and_else_a_word(
    confidence: float, probability: float | None, words: str
) -> None:
    assert how_sure(clause(confidence, probability)) == words


def test_a_risk_reckons_with_the_probability_and_without_one_with_the_confidence() -> None:
    assert chance_of(clause(0.6, 0.3)) == 0.3
    assert chance_of(clause(0.6)) == 0.6


def test_a_clause_that_was_stored_before_there_were_probabilities_has_none() -> None:
    old = paper().model_dump(mode="json")
    for told in old["clauses"]:
        del told["probability"]
    assert {c.probability for c in Paper.model_validate(old).clauses} == {None}


@pytest.mark.parametrize("category", ["Cap On Liability", "Uncapped Liability"])
def test_what_words_alone_speak_for_has_a_confidence_and_no_probability(category: str) -> None:
    of = paper({category: BEYOND}, confidence=0.3)
    read = of.model_copy(update={"clauses": tuple(c.model_copy(update={"probability": 0.1}) for c in of.clauses)})
    surest = uncapped_by_words(draft_of(read)).spans("Uncapped Liability")[0]
    assert (surest.confidence, surest.probability) == (0.7, None)


def test_words_add_nothing_to_what_is_surer_than_they_are() -> None:
    of = draft_of(paper({"Uncapped Liability": BEYOND}, confidence=0.9))
    assert uncapped_by_words(of) == of
