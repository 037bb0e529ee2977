"""Which of the candidates are told as parties: each entity once, without words that only say who follows."""

from __future__ import annotations

import time

import pytest

from extractors.contract.parties import parties_of
from extractors.contract.parties_candidates import Candidate
from extractors.contract.parties_runs import core_of
from extractors.contract.parties_tokens import tokens_of, windows


def told(text: str, **chances: float) -> list[str]:
    """The parties of a text whose candidates are the words with these chances, `_` for a space."""
    weighed, last = [], 0
    for n, (name, chance) in enumerate(chances.items()):
        words = name.replace("_", " ")
        start = text.index(words, last)
        last = start + 1
        weighed.append((Candidate(n, n + 1, start, start + len(words)), chance))
    return [p.name for p in parties_of(text, weighed)]


def test_a_party_that_signs_in_another_spelling_is_told_once() -> None:
    text = "between Spōk Holdings and Birch Corp" + " word" * 200 + "\nSpok Holdings\nThe Birch Corporation\n"
    names = told(text, Spōk_Holdings=0.9, Birch_Corp=0.9, Spok_Holdings=0.8, The_Birch_Corporation=0.7)
    assert names == ["Spōk Holdings", "Birch Corp"]


def test_funds_with_almost_one_name_that_all_sign_are_told_each() -> None:
    text = "The undersigned agree." + " word" * 200 + "\nAlder Fund I LP\nAlder Fund II LP\n"
    assert told(text, Alder_Fund_I_LP=0.9, Alder_Fund_II_LP=0.8) == ["Alder Fund I LP", "Alder Fund II LP"]


def test_a_word_that_says_who_follows_is_none_of_the_name() -> None:
    text = "ATTEST ALDER INC and BIRCH LLC"
    weighed = [(Candidate(0, 3, 0, 16), 0.9), (Candidate(1, 3, 7, 16), 0.6), (Candidate(4, 6, 21, 30), 0.9)]
    assert [p.name for p in parties_of(text, weighed)] == ["ALDER INC", "BIRCH LLC"]


def test_a_name_goes_on_with_that_under_which_it_does_business() -> None:
    text = "between Alder LLC, d/b/a Alder Farms, and Birch LLC"
    weighed = [(Candidate(0, 2, 8, 17), 0.9), (Candidate(0, 6, 8, 36), 0.2), (Candidate(8, 10, 42, 51), 0.9)]
    assert [p.name for p in parties_of(text, weighed)] == ["Alder LLC, d/b/a Alder Farms", "Birch LLC"]


def test_what_kind_of_company_from_where_is_no_party() -> None:
    text = "between Alder Inc, a New York corporation, and Birch AG, a Swiss corporation, and the Company"
    names = told(text, Alder_Inc=0.9, New_York_corporation=0.4, Birch_AG=0.9, Swiss_corporation=0.6, the_Company=0.6)
    assert names == ["Alder Inc", "Birch AG"]


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("The Monsanto Company", "MONSANTO CO."),
        ("Société Générale S.A.", "Societe Generale SA"),
        ("DATEC (PNG) LIMITED", "Datec PNG Ltd"),
    ],
)
def test_two_spellings_of_one_name_have_one_core(name: str, same: str) -> None:
    assert core_of(name) == core_of(same)


def test_a_list_of_signatories_is_read_to_its_end_where_they_alone_are_the_parties() -> None:
    preamble = "This Agreement is made between the Parties signatory hereto.\n" + "word " * 2000
    signed = "".join(f"\nFor and on behalf of Alder {n} Ltd.\n\nBy:\n--------------\n" for n in range(80))
    text = f"{preamble}\nIN WITNESS WHEREOF they sign.\n{signed}"
    assert text[windows(text)[-1].start : windows(text)[-1].end].count("behalf of") == 80
    named = text.replace("the Parties signatory hereto", "Alder Ltd. and Birch Ltd.")
    assert named[windows(named)[-1].start : windows(named)[-1].end].count("behalf of") < 80


def test_endless_lines_to_sign_are_read_in_bounds() -> None:
    text = "made between the undersigned.\n" + "word " * 2000 + "\nIN WITNESS WHEREOF\n" + "By: ____________\n" * 20_000
    start = time.process_time()
    assert len(tokens_of(text)) < 20_000
    assert time.process_time() - start < 2
