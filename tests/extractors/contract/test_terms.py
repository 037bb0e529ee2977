"""Key terms of a contract, found by the shipped model and by rules, with page, box and confidence."""

from __future__ import annotations

import json
import time

import pytest

from extractors.contract.document import ContractText
from extractors.contract.terms import find_terms
from extractors.plain import text_pages
from workitems.items import Reading

SUPPLY = """Exhibit 10.4

SUPPLY AGREEMENT

This Supply Agreement (the "Agreement") is entered into as of March 3, 2021 (the "Effective Date") by and between
Alder Tools, Inc., a Delaware corporation with its principal office at 12 Main Street, Dover ("Supplier"), and
Birch Retail LLC, a Nevada limited liability company ("Customer").

WHEREAS, Supplier makes tools and Customer wishes to buy them;

1. Supply. Supplier shall sell and deliver the Products that Customer orders.

2. Term. The initial term of this Agreement shall commence on the Effective Date and shall continue for a period of
three (3) years. This Agreement shall automatically renew for successive one (1) year terms unless either party gives
written notice of non-renewal at least ninety (90) days prior to the end of the then current term.

3. Price. The total fees under this Agreement are $1,250,000.00.

4. Governing Law. This Agreement shall be governed by the laws of the State of New York, without regard to conflicts
of law.

IN WITNESS WHEREOF, the parties have signed.

ALDER TOOLS, INC.            BIRCH RETAIL LLC
By: ______________           By: ______________
"""


@pytest.fixture(scope="module")
def supply() -> dict[str, Reading]:
    return find_terms(ContractText(text_pages(SUPPLY)), "en")[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "SUPPLY AGREEMENT"),
        ("agreement_date", "2021-03-03"),
        ("effective_date", "2021-03-03"),
        ("term", "3 years"),
        ("expires_on", "2024-03-03"),
        ("renewal_term", "1 years"),
        ("notice_period", "90 days"),
        ("governing_law", "New York"),
        ("amount", "1250000.00"),
        ("currency", "USD"),
    ],
)
def test_each_key_term_is_found(supply: dict[str, Reading], name: str, value: str) -> None:
    assert supply[name].value == value


def test_parties_are_a_plain_list_of_names_with_their_roles(supply: dict[str, Reading]) -> None:
    assert json.loads(supply["parties"].value) == ["Alder Tools, Inc.", "Birch Retail LLC"]
    assert json.loads(supply["roles"].value) == ["Supplier", "Customer"]


def test_every_term_has_its_page_its_place_and_a_probability(supply: dict[str, Reading]) -> None:
    for reading in supply.values():
        assert reading.page == 1
        assert reading.box is not None
        assert 0 < reading.confidence < 1


def test_an_amendment_says_what_it_amends_and_that_it_is_one() -> None:
    text = """FIRST AMENDMENT TO SUPPLY AGREEMENT

This First Amendment amends that certain Supply Agreement between Alder Tools, Inc. ("Supplier") and Birch Retail LLC
("Customer") dated March 3, 2021. The price is raised."""
    readings, doubts = find_terms(ContractText(text_pages(text)), "en")
    assert readings["amendment_of"].value == "Supply Agreement dated 2021-03-03"
    assert "contract_amendment" in {d.code for d in doubts}


def test_a_contract_without_a_term_has_no_expiry() -> None:
    readings, _ = find_terms(ContractText(text_pages("LETTER AGREEMENT\n\nThe parties agree to be nice.")), "en")
    assert not {"expires_on", "term", "renewal_term", "notice_period"} & readings.keys()


def test_an_empty_text_has_no_terms_and_raises_nothing() -> None:
    readings, doubts = find_terms(ContractText([]), None)
    assert readings == {}
    assert "contract_parties" in {d.code for d in doubts}


def test_a_hostile_text_is_read_in_bounded_time() -> None:
    text = "THIS AGREEMENT " * 4000 + "AND BETWEEN " * 4000 + "laws of " * 4000 + "1 year " * 4000
    started = time.process_time()
    find_terms(ContractText(text_pages(text)), "en")
    assert time.process_time() - started < 12
