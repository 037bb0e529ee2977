"""The date of an agreement where its own words say which it is, whatever a ranker of mentions would choose."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.contract.dates_agreed import agreed_in
from extractors.contract.dates_defined import Defined
from extractors.contract.dates_ranked import Setting, setting_of

OTHER = 'Supply Agreement dated May 1, 2011 (the "Supply Agreement")'


def ranked(setting: Setting, day: date, score: float = 0.8) -> Defined:
    found = next(d for d in setting.found if d.value == day)
    return Defined(found.value, found.start, found.end, score)


@pytest.mark.parametrize(
    "text",
    [
        'This Supply Agreement (this "Agreement") is made and entered into as of March 3, 2012 by and between',
        f'This First Amendment ("Amendment") to the {OTHER} is made this 3rd day of March, 2012. RECITALS',
        "THIS LEASE is dated March 3, 2012 and amends nothing. The lease of May 1, 2011 has ended.",
    ],
)
def test_the_sentence_that_says_when_this_contract_was_made_leaves_no_choice(text: str) -> None:
    setting = setting_of(text, None, (0, len(text)))
    other = next((d.value for d in setting.found if d.value != date(2012, 3, 3)), date(2012, 3, 3))
    found = agreed_in(setting, ranked(setting, other, 0.99), None)
    assert found is not None
    assert found.value == date(2012, 3, 3)


def test_another_paper_that_is_named_with_its_date_is_not_this_one() -> None:
    text = f"The parties have entered into the {OTHER} and wish to go on."
    setting = setting_of(text, None, None)
    found = agreed_in(setting, ranked(setting, date(2011, 5, 1), 0.4), None)
    assert found is not None
    assert found.score == 0.4


def test_of_the_dates_beside_signatures_the_last_one_counts() -> None:
    text = "x" * 900 + "\nBy: A. Alder\nDate: 7/1/98\n\nBy: B. Birch\nDate: 7/7/98\n"
    setting = setting_of(text, 900, None)
    found = agreed_in(setting, ranked(setting, date(1998, 7, 1)), None)
    assert found is not None
    assert found.value == date(1998, 7, 7)


def test_the_day_of_execution_counts_where_the_ranker_is_in_doubt() -> None:
    text = (
        "A note dated May 1, 2011 is repaid. "
        + "x " * 300
        + "IN WITNESS WHEREOF, the parties have executed this Agreement as of this 3rd day of March, 2012."
    )
    setting = setting_of(text, None, None)
    found = agreed_in(setting, ranked(setting, date(2011, 5, 1), 0.5), None)
    assert found is not None
    assert found.value == date(2012, 3, 3)


def test_a_date_that_was_left_open_is_none() -> None:
    text = f"AGENCY AGREEMENT\n\n_________, 2012\n\nReference is made to the {OTHER}."
    setting = setting_of(text, None, None)
    assert agreed_in(setting, ranked(setting, date(2011, 5, 1), 0.6), None) is None


def test_the_date_of_a_filing_in_the_footer_is_no_date_of_the_contract() -> None:
    text = "SUPPLY AGREEMENT dated March 3, 2012\n\nSource: ALDER TOOLS INC, 10-K, 5/1/2013\n"
    assert [d.value for d in setting_of(text, None, None).found] == [date(2012, 3, 3)]
