"""Amendments, amounts and strange languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractors.contract.amendment import amended_in
from extractors.contract.amounts import all_amounts, amounts_in
from extractors.contract.language import strange_language

AMENDMENT = """AMENDMENT NO. 2 TO MANUFACTURING AGREEMENT

This Second Amendment is effective as of October 1, 2018 and amends that certain Manufacturing Agreement between
Heritage and Premier dated July 1, 2017."""
GERMAN = (
    "Der Vertrag wird zwischen dem Verkäufer und dem Käufer geschlossen und gilt für die Dauer von zwei Jahren. " * 9
)


def test_an_amendment_names_what_it_amends() -> None:
    found = amended_in(AMENDMENT, "AMENDMENT NO. 2 TO MANUFACTURING AGREEMENT")
    assert found is not None
    assert found.value == "Manufacturing Agreement dated 2017-07-01"


@pytest.mark.parametrize("title", ["Supply Agreement", "Amended and Restated Supply Agreement"])
def test_a_whole_agreement_is_no_amendment(title: str) -> None:
    assert amended_in(f"{title}\n\nmade on May 1, 2020", title) is None


def test_an_amendment_without_the_others_date_is_still_one() -> None:
    found = amended_in("First Amendment to Lease\n\nThe rent is raised.", "First Amendment to Lease")
    assert found is not None
    assert found.value == "Lease"


def test_amounts_have_their_currency_and_scale() -> None:
    text = "a fee of US$ 1,250,000.50, EUR 300 and $2.5 million"
    assert [(a.value, a.currency) for a in all_amounts(text)] == [
        (Decimal("1250000.50"), "USD"),
        (Decimal(300), "EUR"),
        (Decimal(2500000), "USD"),
    ]


def test_the_contracts_amount_is_its_largest_price() -> None:
    found = amounts_in("A fine of $9,000,000 is possible by law somewhere. " + "x " * 100 + "The total fee is $40,000.")
    assert found is not None
    assert found.value == Decimal(40000)


def test_a_contract_in_another_language_goes_to_a_person() -> None:
    [doubt] = strange_language(GERMAN, None)
    assert (doubt.code, doubt.severity) == ("contract_language", "block")
    assert "German" in doubt.message


def test_a_contract_in_another_script_goes_to_a_person() -> None:
    [doubt] = strange_language("本合同由双方签订，自签字之日起生效。" * 30, None)
    assert doubt.code == "contract_language"


def test_an_english_contract_raises_no_doubt() -> None:
    assert strange_language(AMENDMENT * 5, "en") == ()
