"""How sure the readers are of a clause, as people are told."""

from __future__ import annotations

import pytest

from bots.contracts.readings import how_sure
from workitems.items import Clause


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "100 % sure"), (0.97, "97 % sure"), (0.96, "likely"), (0.5, "likely"), (0.49, "perhaps"), (0.0, "perhaps")],
)
def test_what_is_no_share_is_told_in_a_word(confidence: float, words: str) -> None:
    clause = Clause(category="Insurance", start=0, end=9, page=1, text="Insurance", confidence=confidence)
    assert how_sure(clause) == words
