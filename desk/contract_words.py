"""Two wordings beside each other: which words stand in both, which came, which went. It judges nothing."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal, NamedTuple


class Piece(NamedTuple):
    """Words that stand in both wordings, only in the approved one (gone), or only in the clause (new)."""

    what: Literal["same", "gone", "new"]
    text: str


def differences(approved: str, found: str) -> tuple[Piece, ...]:
    """The clause's words with what changed against the approved ones, in reading order."""
    a, b = approved.split(), found.split()
    made: list[Piece] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, _plain(a), _plain(b), autojunk=False).get_opcodes():
        if tag == "equal":
            made.append(Piece("same", " ".join(b[b1:b2])))
            continue
        if a2 > a1:
            made.append(Piece("gone", " ".join(a[a1:a2])))
        if b2 > b1:
            made.append(Piece("new", " ".join(b[b1:b2])))
    return tuple(made)


def _plain(words: list[str]) -> list[str]:
    return ["".join(c for c in w.casefold() if c.isalnum()) or w for w in words]
