"""A query says what a clause is about, what it carves out, what it lacks, and whom it favours."""

from __future__ import annotations

import pytest

from extractors.precedents.clause_view import view
from extractors.precedents.lexicon import NAMES, NUMBER
from extractors.precedents.query import understand
from tests.extractors.precedents.clauses_at_hand import CAP, CARVED


def names(numbers: tuple[int, ...]) -> set[str]:
    return {NAMES[number] for number in numbers}


@pytest.mark.parametrize(
    ("query", "about", "carved", "lacking"),
    [
        ("cap on liability", {"cap"}, set(), set()),
        ("IP infringement exception to cap on liability", {"cap"}, {"infringe"}, set()),
        ("injury exception to waiver of lost profits via indemnification carveout", {"nliab"}, {"indemnity"}, set()),
        ("governing law excluding UCC", {"governing_law"}, {"ucc"}, set()),
        ("indemnification that does not include hold harmless", {"indemnity"}, set(), {"harmless"}),
        ("Covenant Not To Sue", {"not_to_sue"}, set(), set()),
        ("zebra crossing", set(), set(), set()),
    ],
)  # fmt: skip
def test_the_parts_of_a_query_are_told_apart(query: str, about: set[str], carved: set[str], lacking: set[str]) -> None:
    wanted = understand(query)
    assert about <= names(wanted.about)
    assert carved <= names(wanted.carved)
    assert lacking == names(wanted.lacking)
    assert not lacking & names(wanted.about)


def test_sides_and_carve_outs_are_signs_of_their_own() -> None:
    assert understand("seller-favorable warranty disclaimer").favours == 1
    assert understand("cap on liability that favors the customer").favours == -1
    assert understand("mutual waiver of damages").mutual == 1
    assert understand("liability cap without carve-outs").without_carve_outs
    assert understand("liability cap with carveouts").with_carve_outs


def test_a_clause_says_what_it_carves_out() -> None:
    plain, carved = (view(clause.text, clause.heading)[0] for clause in (CAP, CARVED))
    cap, gross = NUMBER["cap"], NUMBER["gross"]
    assert plain[0, cap]
    assert carved[0, cap]
    assert not plain[1].any()
    assert carved[1, gross]


@pytest.mark.parametrize("text", ["", " ", "except " * 30_000, "liability " * 30_000, "\x00\ud800", "a" * 500_000])
def test_any_text_has_a_view_in_bounded_time(text: str) -> None:
    said, shape = view(text)
    assert said.shape == (3, len(NAMES))
    assert shape[0] >= 1
    understand(text)
