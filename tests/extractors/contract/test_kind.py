"""Kinds of contracts: what the shipped model tells, and that it stays silent where it knows none."""

from __future__ import annotations

import pytest

from extractors.contract.document import ContractText
from extractors.contract.kind import contract_kind
from extractors.contract.kind_features import SIGNS, signs_of
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


def test_signs_are_the_same_number_whatever_the_text() -> None:
    assert len(signs_of("")) == len(signs_of("x" * 9000)) == 4 * len(SIGNS)


def test_what_stands_about_redactions_is_not_looked_at() -> None:
    told = signs_of("[***] Certain confidential information about hosting was omitted.\n\nSUPPLY AGREEMENT")
    place = 4 * list(SIGNS).index("Hosting")
    assert told[place] == 0.0
