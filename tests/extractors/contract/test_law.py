"""Governing law: the place alone, of the sentence that says so."""

from __future__ import annotations

import pytest

from extractors.contract.law import laws_in


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "This Agreement shall be governed by the laws of the State of Delaware, without regard to conflicts.",
            "Delaware",
        ),
        ("The laws of the State of California shall govern all issues arising under this Agreement.", "California"),
        ("It shall be construed in accordance with English law.", "England"),
        ("This Agreement is governed by the laws of England and Wales.", "England and Wales"),
        ("governed by the laws of the Province of Ontario and the federal laws of Canada", "Ontario, Canada"),
        ("governed by the laws of the United States of America and of the State of Texas", "Texas"),
        ("interpreted under the laws of the People's Republic of China", "People's Republic of China"),
        ("governed by the laws ofthe State ofTexas and actions", "Texas"),  # as scans tear it
        ("construed under the laws of the\n      State of New\n   York", "New York"),
        ("governed by the laws of the State of California and the laws of Hong Kong", "California; Hong Kong"),
        ("disputes are subject to the application of the Italian Law and settled in Paris, France", "Italy"),
        ("This Manual is governed by the applicable regulations of Colombia.", "Colombia"),
        ("governed by the laws of the Republic of China", "Taiwan"),
    ],
)
def test_the_place_alone_is_told(text: str, place: str) -> None:
    assert laws_in(text)[0].value == place


def test_where_a_company_was_founded_is_not_the_governing_law() -> None:
    text = "Acme Inc., a corporation organized under the laws of Nevada. This Agreement is governed by Ohio law."
    assert laws_in(text)[0].value == "Ohio"


def test_courts_alone_govern_nothing() -> None:
    assert laws_in("The courts of Paris have jurisdiction.") == []
