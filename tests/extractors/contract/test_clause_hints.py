"""Rules by hand about the words of clauses, and what the words of a whole contract speak for."""

from __future__ import annotations

import numpy
import pytest

from extractors.contract.clause_hints import RULES, STRONG, hints_of, hits_of, rule_categories
from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.clause_whole import single_words, whole_of
from extractors.contract.clause_words import Vocabulary, said_by
from extractors.contract.document import ContractText


def hinted(text: str) -> set[str]:
    """Categories of which a sentence of the text has a strong hint."""
    found = hints_of(hits_of(said_by(ContractText.of_text(text))))
    return {CATEGORIES[n] for n in numpy.flatnonzero((found == STRONG).any(axis=0))}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Customer may use an unlimited number of copies of the Software.", "Unlimited/All-You-Can-Eat-License"),
        ("Prices shall be no less favorable than those of any other customer.", "Most Favored Nation"),
        ("Supplier may not increase the prices by more than three percent a year.", "Price Restrictions"),
        ("Neither party shall disparage the other.", "Non-Disparagement"),
        ("The license is perpetual and irrevocable.", "Irrevocable Or Perpetual License"),
        ("The source code shall be put into escrow.", "Source Code Escrow"),
        ("Affiliates are intended third party beneficiaries of this Agreement.", "Third Party Beneficiary"),
    ],
)
def test_a_clause_is_known_by_the_words_of_its_kind(text: str, category: str) -> None:
    assert category in hinted(text)


def test_words_in_two_sentences_are_no_hint() -> None:
    assert "No-Solicit Of Employees" in hinted("Nobody shall solicit an employee.")
    assert "No-Solicit Of Employees" not in hinted("Nobody shall solicit offers. An employee is paid.")


def test_a_word_that_must_not_be_there_ends_a_hint() -> None:
    assert "Irrevocable Or Perpetual License" in hinted("It is irrevocable.")
    assert "Irrevocable Or Perpetual License" not in hinted("It is an irrevocable power of attorney.")


def test_every_rule_has_a_category_and_is_of_words_that_sentences_can_have() -> None:
    lines = [line for line in RULES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert len(rule_categories()) == len(lines)
    words = {word for line in lines for group in line.removeprefix("~ ").split() for word in group.split("|")}
    assert not [word for word in words if word.count("_") > 2 or word != word.lower()]


def test_a_text_without_sentences_has_no_hints() -> None:
    assert hits_of([]).shape == (0, len(rule_categories()))
    assert hints_of(hits_of([])).shape == (0, len(CATEGORIES))


def test_of_a_whole_contract_only_its_single_words_count_and_chances_stay_inside() -> None:
    vocabulary = Vocabulary({"fee": 0, "fee_is": 1, "h:fee": 2, "due": 3}, numpy.ones(4, numpy.float32))
    words = single_words(vocabulary)
    assert list(words.column) == ["fee", "due"]
    weights = numpy.zeros((2, len(CATEGORIES)), numpy.float16)
    weights[:, 0], weights[0, 1] = 5, -5
    model = {"weights": weights, "shares": numpy.full(len(CATEGORIES), 0.2)}
    found = whole_of(words, said_by(ContractText.of_text("The fee is due.")), model)
    assert found[:3].tolist() == pytest.approx([0.995, 0.005, 0.2])
