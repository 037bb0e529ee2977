"""Names in several spellings, and whose a paper is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bots.joiners.facts import with_facts
from bots.joiners.linking import link, marks
from bots.joiners.logins import login_for
from bots.joiners.names import compare
from bots.joiners.nouns import Fact, Joiner

AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("Jürgen Müller", "JUERGEN MUELLER", "same"),  # as a machine-readable zone writes it
        ("Jürgen Müller", "Jurgen Muller", "same"),  # as some forms do
        ("Søren Åberg", "Soeren Aaberg", "same"),
        ("Weiß, Anna", "Anna Weiss", "same"),  # surname first
        ("Anna Maria Kern", "Anna Kern", "same"),  # a second given name that one paper leaves out
        ("Анна Петрова", "Anna Petrova", "same"),
        ("Anna Kern", "Anna Kernova", "alike"),
        ("Mohammed Al-Sayed", "Muhammad Alsayed", "alike"),
        ("Anna Kern", "Peter Kern", "other"),
        ("Anna Kern", "Anna Berger", "other"),
        ("Kern", "Anna Kern", "alike"),  # a surname alone says little
        ("", "Anna Kern", "other"),
    ],
)
def test_two_ways_of_writing_a_name(one: str, other: str, verdict: str) -> None:
    found = compare(one, other)
    assert found == verdict
    assert compare(other, one) == found


def known(**values: str) -> tuple[str, Joiner]:
    facts = [(n, Fact(value=v, confidence=1.0, source="form", document="d1", at=AT)) for n, v in values.items()]
    return "j-1", with_facts(Joiner(key="j-1"), facts)


ANNA = {"given_names": "Anna", "surname": "Kern", "born_on": "1994-05-17", "email": "anna@example.org"}


@pytest.mark.parametrize(
    ("paper", "verdict"),
    [
        ({"given_names": "Anna", "surname": "Kern", "born_on": "1994-05-17"}, "same"),
        ({"given_names": "Anna", "surname": "Kern", "email": "ANNA@example.org"}, "same"),
        ({"given_names": "Anna", "surname": "Kern"}, "ask"),  # the name alone
        ({"given_names": "Anna", "surname": "Kern", "born_on": "1980-01-01"}, "new"),  # two people of one name
        ({"given_names": "Anna", "surname": "Kernova", "born_on": "1994-05-17"}, "ask"),
        ({"given_names": "Peter", "surname": "Kern", "born_on": "1994-05-17"}, "new"),  # a twin, say
        ({"given_names": "Anna", "surname": "Kern", "born_on": "1980-01-01", "email": "anna@example.org"}, "ask"),
    ],
)
def test_whose_a_paper_is(paper: dict[str, str], verdict: str) -> None:
    found = link(paper, [known(**ANNA)])
    assert found.verdict == verdict
    assert found.joiner == ("j-1" if verdict == "same" else None)


def test_nobody_known_is_somebody_new() -> None:
    assert link(ANNA, []).verdict == "new"


def test_a_paper_that_fits_two_is_asked_about() -> None:
    first, second = known(**ANNA), ("j-2", known(**ANNA)[1])
    assert link(ANNA, [first, second]).candidates == ("j-1", "j-2")


def test_marks_find_every_spelling_and_never_hold_a_birth_date() -> None:
    found = marks({**ANNA, "surname": "Müller"})
    assert {"name:mueller", "name:muller", "name:anna", "email:anna@example.org"} == found


def test_a_taken_login_gets_a_number() -> None:
    taken = {"jmueller", "jmueller2"}
    assert login_for("Jürgen", "Müller", taken.__contains__) == "jmueller3"
    assert login_for("Anna", "von der Tann", set().__contains__) == "avondertann"
    with pytest.raises(ValueError, match="letters"):
        login_for("", "", set().__contains__)
