"""Kinds of contracts: what the shipped model tells, and that it stays silent where it knows none."""

from __future__ import annotations

import time

import pytest

from extractors.contract.document import ContractText
from extractors.contract.kind import UNTITLED_MOST, contract_kind
from extractors.contract.kind_features import names_of, signs_of, titled
from extractors.contract.kind_title import heading_of
from extractors.contract.kind_words import SIGNS, TOPICS, Stems
from extractors.plain import text_pages

CLAUSES = """
1. Term. The term begins on the Effective Date and ends after two years.
2. Notices. Notices shall be in writing.
3. Governing Law. This Agreement is governed by the laws of Delaware."""
HEADS = {
    "Franchise": """FRANCHISE AGREEMENT

This Franchise Agreement is made between Alder Grill, Inc. ("Franchisor") and Birch LLC ("Franchisee"). Franchisor
grants Franchisee the right to operate a franchised restaurant under the Marks. Franchisee pays royalty fees.""",
    "Joint Venture": """JOINT VENTURE AGREEMENT

This Joint Venture Agreement is made between Alder, Inc. and Birch LLC. The parties form a joint venture company and
contribute capital to the joint venture.""",
    "NDA": """MUTUAL NON-DISCLOSURE AGREEMENT

This Non-Disclosure Agreement is made between Alder, Inc. and Birch LLC. The Receiving Party shall keep the Confidential
Information of the Disclosing Party secret and shall use it for the Purpose alone.""",
    "Employment": """EMPLOYMENT AGREEMENT

This Employment Agreement is made between Alder, Inc. ("Employer") and Ann Birch ("Employee"). The Employee shall
serve as engineer at a base salary of $90,000 per year with 25 days of annual vacation.""",
}


@pytest.mark.parametrize("kind", HEADS)
def test_the_kind_of_a_plain_contract_is_told(kind: str) -> None:
    told, sure = contract_kind(ContractText(text_pages(HEADS[kind] + CLAUSES)))
    assert told == kind
    assert 0.35 <= sure <= 0.995


@pytest.mark.parametrize(
    "text", ["", "Invoice number 4711\n\nTotal net amount 90.00. Please transfer the amount. Kind regards"]
)
def test_what_is_no_contract_has_no_kind(text: str) -> None:
    assert contract_kind(ContractText(text_pages(text)))[0] is None


BODY = """1. Grant. Franchisor grants to Franchisee the right to operate one franchised restaurant under the Marks and
the System at the Location. Franchisee shall pay Franchisor a royalty fee of 5% of Gross Sales.

2. Duties. Franchisee shall operate the Restaurant by the Operations Manual and the System Standards. Franchisor may
inspect the Restaurant. Franchisee shall contribute to the advertising fund of all franchisees.

3. Transfer. Franchisee shall not transfer the franchise without the consent of Franchisor."""


def test_a_kind_is_told_by_the_body_alone_but_never_surely() -> None:
    told, sure = contract_kind(ContractText(text_pages(BODY)))
    assert told == "Franchise"
    assert sure <= UNTITLED_MOST


def test_a_title_that_names_two_kinds_is_not_told_surely() -> None:
    text = """MARKETING AND DISTRIBUTION AGREEMENT

This Marketing and Distribution Agreement is made between Alder, Inc. ("Supplier") and Birch LLC ("Distributor").
Distributor shall distribute and market the Products in the Territory."""
    told, sure = contract_kind(ContractText(text_pages(text + CLAUSES)))
    assert told in ("Marketing", "Distributor")
    assert sure <= UNTITLED_MOST


@pytest.mark.parametrize(
    ("start", "heading"),
    [
        ("EXECUTION COPY\n\nSPONSORSHIP AGREEMENT\n\nThis Agreement", "EXECUTION COPY SPONSORSHIP AGREEMENT"),
        ("as defined in the License Agreement.\n\nThis Reseller Agreement is made", "Reseller Agreement"),
        ("AGREEMENT FOR CONSULTING SERVICES\n\nbetween", "AGREEMENT FOR CONSULTING SERVICES"),
        ("subject to any other Supply Agreement of the parties", ""),
        ("", ""),
    ],
)
def test_the_heading_is_the_first_name_that_is_no_mention(start: str, heading: str) -> None:
    assert heading_of(start) == heading


def test_a_heading_names_a_kind_only_where_it_names_no_other() -> None:
    assert titled("SUPPLY AGREEMENT\n\nbetween") == "Supply"
    assert titled("MANUFACTURING AND SUPPLY AGREEMENT\n\nbetween") == ""
    assert titled("AGREEMENT\n\nbetween") == ""


def test_words_pairs_and_stems_are_counted_in_one_run() -> None:
    signs = Stems(("host*", "joint venture*|partner", "service level*", "art"))
    told = "the hosting partner hosts a joint venture and two joint ventures with service levels and party"
    words = told.split()
    assert signs.counts_in(words) == [2, 3, 1, 0]
    assert signs.places_in(words) == [1, 2, 12, -1]


@pytest.mark.parametrize("text", ["A-" * 40_000, "this " * 20_000, "A" * 80_000, "THE " * 20_000, '"(A ' * 20_000])
def test_no_text_holds_up_the_signs(text: str) -> None:
    began = time.process_time()
    signs_of(text)
    names_of(text)
    assert time.process_time() - began < 2.0


def test_signs_are_the_same_number_whatever_the_text() -> None:
    assert len(signs_of("")) == len(signs_of("x" * 9000)) == 8 * len(SIGNS) + len(TOPICS)


def test_what_stands_about_redactions_is_not_looked_at() -> None:
    told = signs_of("[***] Certain confidential information about hosting was omitted.\n\nSUPPLY AGREEMENT")
    place = 8 * list(SIGNS).index("Hosting")
    assert told[place] == 0.0
