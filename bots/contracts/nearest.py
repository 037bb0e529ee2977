"""The approved wording that a clause is nearest to, and what the clause changes against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from rapidfuzz.distance import Indel

from bots.contracts.deviation import MATERIAL, Cast, Change, Wording, changes, wording
from bots.contracts.playbook_nouns import Position
from bots.contracts.ports import KnownClause, Precedents
from workitems.items import Clause, Noun

_PLAYBOOK_PARTIES = ("{playbook}",)  # nobody's: roles and names of the contract stand for the playbook's
_SURE = 0.97  # similarity with a refused clause from which it is the same


class Nearest(Noun):
    """What a clause is compared with. `source`: the playbook, or an earlier contract that was accepted."""

    source: Literal["playbook", "precedent"]
    text: str
    similarity: float  # 0 to 1
    changes: tuple[Change, ...] = ()
    clause_id: str | None = None
    document: str | None = None

    @property
    def material(self) -> tuple[Change, ...]:
        """The changes that change what is agreed."""
        return tuple(c for c in self.changes if c.code in MATERIAL)


class Comparison(Noun):
    """A clause beside the nearest approved wording (None: nothing approved is like it) and what was refused before."""

    clause: Clause
    nearest: Nearest | None = None
    refused: KnownClause | None = None


def compared(
    clause: Clause, position: Position | None, precedents: Precedents, parties: Sequence[str], least: float
) -> Comparison:
    """Compares a clause with the playbook's wordings and the precedents of its category.

    Of several that are like it (`least` similarity) the one counts that it changes least.
    """
    known = list(precedents.similar(clause.text, clause.category))
    found: list[Nearest] = []
    for text in position.wordings if position else ():
        found += _compared(clause, text, None, parties, least)
    for each in known:
        if each.accepted:
            found += _compared(clause, each.text, each, parties, least)
    refused = next((k for k in known if k.accepted is False and _same(clause, k, parties)), None)
    nearest = min(found, key=lambda n: (len(n.material), -n.similarity), default=None)
    return Comparison(clause=clause, nearest=nearest, refused=refused)


def _compared(
    clause: Clause, text: str, of: KnownClause | None, ours: Sequence[str], least: float
) -> Iterable[Nearest]:
    theirs = of.parties if of else _PLAYBOOK_PARTIES
    everybody = (*theirs, *ours)
    approved, found = wording(text, everybody), wording(clause.text, everybody)
    likeness = similarity(approved, found)
    if likeness < least:
        return ()
    cast = Cast(theirs, tuple(ours))
    return (
        Nearest(
            source="precedent" if of else "playbook",
            text=text,
            similarity=round(likeness, 3),
            changes=changes(approved, found, cast),
            clause_id=of.clause_id if of else None,
            document=of.document if of else None,
        ),
    )


def similarity(approved: Wording, found: Wording) -> float:
    """How much of the words of the shorter one stands in the other, in order; 1: all of them."""
    a, b = ([_key(t.kind, t.key) for t in w.tokens] for w in (approved, found))
    shorter = min(len(a), len(b))
    if shorter == 0:
        return 0.0
    common = (len(a) + len(b) - Indel.distance(a, b)) / 2
    return common / shorter if shorter >= 0.34 * max(len(a), len(b)) else common / max(len(a), len(b))


def _key(kind: str, key: str) -> str:
    return "@" if kind == "party" else key


def _same(clause: Clause, known: KnownClause, parties: Sequence[str]) -> bool:
    everybody = (*known.parties, *parties)
    old, new = wording(known.text, everybody), wording(clause.text, everybody)
    return similarity(old, new) >= _SURE and not changes(old, new, Cast(known.parties, tuple(parties)))
