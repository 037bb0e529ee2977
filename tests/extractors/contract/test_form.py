"""Blank signatures and annexes that are not in the file."""

from __future__ import annotations

import pytest

from extractors.contract.document import ContractText
from extractors.contract.form import form_doubts

BODY = "SERVICES AGREEMENT\n\n" + "The parties agree on what follows. " * 20 + "\n\n"
SIGNED = "IN WITNESS WHEREOF, the parties have signed.\n\nAcme Inc.\nBy: /s/ Jane Roe\nName: Jane Roe\n"
BLANK = "IN WITNESS WHEREOF, the parties have signed.\n\nAcme Inc.\nBy: ____________\nName:\n"


def codes(text: str) -> list[str]:
    return [d.code for d in form_doubts(ContractText.of_text(text))]


def test_a_line_that_was_left_blank_is_no_signature() -> None:
    assert codes(BODY + SIGNED) == []
    assert codes(BODY + BLANK) == ["missing_signature"]
    assert codes(BODY) == []  # where nobody is to sign nothing is said


@pytest.mark.parametrize("name", ["Schedule 1", "Exhibit A", "Annex IV"])
def test_an_annex_that_is_named_and_not_there_is_told(name: str) -> None:
    named = f"The services are those of {name} hereto.\n\n"
    assert codes(BODY + named + SIGNED) == ["missing_annex"]
    assert codes(BODY + named + SIGNED + f"\n{name}\n\nThe services are cleaning and guarding.\n") == []


def test_words_that_only_look_like_an_annex_are_none() -> None:
    assert codes(BODY + "Each exhibit or schedule is part of this Agreement. The schedule is met.\n\n" + SIGNED) == []
