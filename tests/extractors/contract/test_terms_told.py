"""Terms that follow from what a contract says elsewhere: its signatures, its definitions, its obligations."""

from __future__ import annotations

import time
from datetime import date

import pytest

from extractors.contract.dates import dates_in
from extractors.contract.dates_defined import from_its_date, last_signed, named_effective
from extractors.contract.parties import signers_in
from extractors.contract.periods_ranked import Sentence, expiry_of, terms_in
from extractors.contract.periods_secrecy import secrecy_in
from extractors.contract.terms_title import title_of


@pytest.mark.parametrize(
    "text",
    [
        '"Effective Date" shall mean December 5, 2014.',
        "made as of May 2, 2013 but effective as of December 5, 2014 (the “Effective Date”)",
        "The commencement date for this contract will be December 5, 2014.",
        "The term of this Agreement shall commence December 5, 2014 and continue for a year.",
    ],
)
def test_a_date_that_the_contract_calls_its_beginning_is_that_of_effect(text: str) -> None:
    found = named_effective(text, dates_in(text))
    assert found is not None
    assert found.value == date(2014, 12, 5)


SIGNED = """This Agreement shall become effective on the {when} ("Effective Date").

IN WITNESS WHEREOF, the parties have signed.
By: A. Alder                 By: B. Birch
Date: August 7, 2018         Date: August 8, 2018
"""


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("last date of signature", date(2018, 8, 8)),
        ("later of the two signature dates below", date(2018, 8, 8)),
        ("date it is signed by both parties", date(2018, 8, 8)),
        ("day after the date of last signature", date(2018, 8, 9)),
    ],
)
def test_the_last_signature_makes_a_contract_effective_where_it_says_so(when: str, day: date) -> None:
    text = SIGNED.format(when=when)
    signed = last_signed(text, dates_in(text), text.index("IN WITNESS"))
    assert signed is not None
    assert (signed[0].value, signed[1].value) == (date(2018, 8, 8), day)


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("The term of this Agreement shall commence on the date hereof.", True),
        ("This Agreement shall become effective as of the day and year first above written.", True),
        ("The parties represent that the agreement in effect on the date hereof is known.", False),
        ("This Agreement shall commence on the Effective Date of this Agreement.", False),
    ],
)
def test_the_date_hereof_counts_only_where_the_contract_begins_on_it(text: str, is_so: bool) -> None:
    assert from_its_date(text) is is_so


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("The term of this Agreement shall be two years from the Effective Date.", date(2022, 4, 1)),
        ("This Agreement shall continue for two years from the first commercial sale of the Product.", None),
        (
            "The term of this Agreement begins April 1, 2020 and ends one year after the date of this Agreement.",
            date(2021, 3, 1),
        ),
        ("The initial term of this Agreement: April 1, 2020 through October 15, 2020.", date(2020, 10, 15)),
        ("During the term of this Agreement and for a period of two years thereafter nobody shall tell.", None),
    ],
)
def test_an_end_is_computed_from_the_day_that_the_sentence_names(text: str, ends: date | None) -> None:
    best = next(iter(terms_in(text, [Sentence(0, len(text), "Term")])), None)
    assert (expiry_of(best, date(2020, 4, 1), date(2020, 3, 1)) if best else None) == ends


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("This Agreement and all obligations hereunder shall terminate two (2) years from the date hereof.", "2 years"),
        ("The Recipient's obligations expire five years following receipt of the information.", "5 years"),
        ("The obligations shall remain in force for two years after termination of employment.", None),
        ("Notices take effect one business day after dispatch.", None),
    ],
)
def test_secrecy_binds_for_the_period_after_which_its_obligations_end(text: str, period: str | None) -> None:
    found = secrecy_in(text)
    assert (str(found.value) if found else None) == period


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Exhibit 13\n\nAMENDED AND RESTATED REMARKETING AGREEMENT\n\nMay 5, 2011",
            "AMENDED AND RESTATED REMARKETING AGREEMENT",
        ),
        ("Exhibit 9\n\nDOMAIN NAME AND CONTENT LICENSE AGREEMENT\n\nThis", "DOMAIN NAME AND CONTENT LICENSE AGREEMENT"),
        ("AMENDMENT NO. 3\n\nDated as of May 5, 2011", "AMENDMENT NO. 3"),
        ("Contract No.: 1513\n\nCooperation Agreement\n\nThis Cooperation Agreement is made", "Cooperation Agreement"),
        (
            "DDCX S DG 2018 Exhibit 10.5\n\nCollaboration Agreement\n\nThis Collaboration Agreement (hereinafter",
            "Collaboration Agreement",
        ),
    ],
)
def test_a_title_is_told_as_a_whole(text: str, title: str) -> None:
    found = title_of(text, ())
    assert found is not None
    assert found.value == title


def test_who_signs_for_nobody_else_is_a_party() -> None:
    text = "x" * 200 + "\nALDER, INC.\nBy: /s/ Ann Alder\nTitle: President\n\n/s/ Bert B. Birch\nBert B. Birch\n"
    assert [p.name for p in signers_in(text)] == ["Bert B. Birch"]


def test_hostile_words_are_searched_in_bounded_time() -> None:
    text = "this agreement term effective obligations date of the " * 8000
    start = time.process_time()
    from_its_date(text)
    last_signed(text, [], 0)
    secrecy_in(text)
    signers_in("/s/ Aa " * 50_000)
    assert time.process_time() - start < 10
