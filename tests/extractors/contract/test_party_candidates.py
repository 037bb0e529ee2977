"""Which spans of a contract may be a party's name: also in lists, in signatures, behind lines that were lost."""

from __future__ import annotations

import pytest

from extractors.contract.parties_candidates import Head, candidates_of
from extractors.contract.parties_measures import measures_of
from extractors.contract.parties_tokens import tokens_of


def head_of(text: str) -> Head:
    tokens = tokens_of(text)
    return Head(text, tokens, [[1.0, 0.0, 0.0, 0.0, 0.0]] * len(tokens))


def names_of(text: str) -> set[str]:
    return {" ".join(text[c.start : c.end].split()) for c in candidates_of(head_of(text))}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("by and between China Housing (Hong Kong) Co., Ltd. and others", "China Housing (Hong Kong) Co., Ltd."),
        ("between YA Global Investments II (U.S.), Ltd. and others", "YA Global Investments II (U.S.), Ltd."),
        ("the agreement between e-centives, Inc. and others", "e-centives, Inc."),
        ("Chief Financial Officer SCULPTOR MANAGEMENT, INC. By: T. Sipp", "SCULPTOR MANAGEMENT, INC."),
        ("APOLLO LIFE ASSET, L.P.\nAPOLLO HOLDINGS, L.P.\nOMAHA EQUITY, L.P.\n", "APOLLO HOLDINGS, L.P."),
        ("between Alder 1, LLC, d/b/a Alder Farms (the Seller) and others", "Alder 1, LLC, d/b/a Alder Farms"),
        ("By: Stephen A. Schwarzman Name: Stephen A. Schwarzman Title: Chairman", "Stephen A. Schwarzman"),
    ],
)
def test_a_name_is_a_candidate(text: str, name: str) -> None:
    assert name in names_of(text)


def test_those_who_sign_are_looked_at_although_the_preamble_names_others() -> None:
    text = "This Agreement is made by and between Alder, Inc. and the others who sign.\n" + "word " * 2000
    assert "BIRCH FUND, L.P." in names_of(text + "\nIN WITNESS WHEREOF\n\nBIRCH FUND, L.P.\nBy: B. Birch\n")


def test_every_candidate_has_the_same_measures() -> None:
    head = head_of('This Agreement is made between Alder, Inc. ("Buyer") and Birch LLC.\n\nALDER, INC.\nBy: A. Alder\n')
    rows = measures_of(head, candidates_of(head))
    assert len({len(row) for row in rows}) == 1
