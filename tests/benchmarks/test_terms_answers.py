"""What the benchmark takes for the entities that CUAD's answer names."""

from __future__ import annotations

import pytest

from benchmarks.contract_terms_parties import entities_in, spellings_of


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ('Alder, Inc. ("Alder"); Birch LLC ("Supplier")', ["Alder, Inc.", "Birch LLC"]),
        ('(Alder, Inc. ("Alder"); Birch LLC ("Supplier"))', ["Alder, Inc.", "Birch LLC"]),
        ('Bank of America, N.A. ("Bank of America"); Supplier ("Supplier")', ["Bank of America, N.A."]),
        ('Alder, Inc. ("A"); Birch LLC; Alder, Inc. and Birch LLC (each a "Party")', ["Alder, Inc.", "Birch LLC"]),
        ('Alder, Inc ("Company"); Birch LLC ("Consultant"); Company and Consultant', ["Alder, Inc", "Birch LLC"]),
        ('Monsanto Company ("Monsanto"); Scotts LLC', ["Monsanto Company", "Scotts LLC"]),
    ],
)
def test_what_the_contract_calls_its_parties_is_no_entity(answer: str, names: list[str]) -> None:
    assert list(entities_in(answer, ()).values()) == names


def test_a_list_falls_into_the_names_that_are_marked() -> None:
    answer = 'Alder Life Insurance Company and Birch Securities, Inc. (collectively "Agent")'
    marked = ["Alder Life Insurance Company", "Birch Securities, Inc."]
    assert sorted(entities_in(answer, marked).values()) == marked
    assert len(entities_in(answer, ())) == 1


def test_a_marked_name_is_a_spelling_of_the_answer_that_it_resembles() -> None:
    entities = entities_in('Staarar Surgical AG ("Staar"); Birch Ltd. and its affiliates', ())
    found = spellings_of(entities, ["STAAR SURGICAL AG", "Staarar Surgical", "Birch Ltd.", "Cedar LLC"])
    assert found == {
        "staararsurgicalag": {"staararsurgicalag", "staarsurgicalag"},
        "birchltdanditsaffiliates": {"birchltdanditsaffiliates", "birchltd"},
    }
