"""Whose part the company has in a contract, as far as the contract says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from bots.contracts.deviation.lexicon import BUYERS, SELLERS
from bots.contracts.deviation.parties import key_of, short_name
from bots.contracts.draft import ContractDraft
from bots.contracts.playbook_nouns import Side

_ROLE = re.compile(
    r"\(\s*(?:the|hereinafter|hereafter|collectively|referred to as|[\s,\"“”'])*([A-Za-z]+)", re.IGNORECASE
)
_NEAR = 260  # characters after the company's name in which its role is defined
_OURS = 90  # similarity, per cent, at which a party is the company
_PARTNERS = {"distributor", "reseller", "agent"}  # beside them the company is who supplies


def side_of(draft: ContractDraft, names: Sequence[str], otherwise: Side) -> Side:
    """buyer or seller: as a person said, else as the parties' roles are defined, else as the policy says."""
    if draft.side is not None:
        return draft.side
    own, other = set[str](), set[str]()
    for party, role in zip(draft.parties, draft.roles, strict=False):
        (own if is_ours(party, names) else other).add(role.casefold().removeprefix("the ").strip())
    for clause in draft.spans("Parties"):
        for at, role in _roles(clause.text):
            before = clause.text[max(0, at - _NEAR) : at].casefold()
            nearest = before.rpartition(")")[2]  # a bracket before ends another party's definition
            ours = any(short_name(n).casefold() in nearest for n in names)
            (own if ours else other).add(role)
    if own & BUYERS or other & SELLERS - _PARTNERS:
        return "buyer"
    if own & SELLERS or other & (BUYERS | _PARTNERS):
        return "seller"
    return otherwise


def is_ours(party: str, ours: Sequence[str]) -> bool:
    """Whether a party is the company, under one of its names."""
    return any(fuzz.ratio(key_of(party), key_of(name)) >= _OURS for name in ours)


def _roles(text: str) -> list[tuple[int, str]]:
    found = [(m.start(), m[1].casefold()) for m in _ROLE.finditer(text)]
    return [(at, role) for at, role in found if role in BUYERS | SELLERS]
