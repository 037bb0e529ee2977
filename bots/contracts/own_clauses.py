"""The company's own clauses as dossiers: what was accepted or refused, by whom it came, found as soon as it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from bots.contracts.ports import KnownClause, Register
from workitems.dossiers import By, Changed
from workitems.errors import TryLater

DESK = "clauses"
"""The desk whose dossiers they are."""
_COMPARED = 4000  # characters of a clause by which it is found
_LEAST = 35  # similarity, per cent, below which nothing is found


class OwnClauses:
    """Precedents, kept in dossiers: one per clause, under its category's mark."""

    def __init__(self, dossiers: Register) -> None:
        self._dossiers = dossiers

    def similar(self, text: str, category: str, most: int = 5) -> Sequence[KnownClause]:
        """The clauses of a category that are nearest to a text, nearest first."""
        known = [KnownClause.model_validate(d.body) for d in self._dossiers.marked(f"category:{category}")]
        texts = {n: k.text[:_COMPARED] for n, k in enumerate(known)}
        found = process.extract(
            text[:_COMPARED], texts, scorer=fuzz.ratio, processor=default_process, limit=most, score_cutoff=_LEAST
        )
        return [known[place] for _, _, place in found]

    def knows(self, clause: KnownClause) -> bool:
        """Whether the clause is kept as it is."""
        kept = self._dossiers.of_key(clause.clause_id)
        return kept is not None and kept.body == clause.model_dump(mode="json")

    def add(self, clauses: Iterable[KnownClause]) -> None:
        """Keeps clauses; one of a known id takes the place of the old one. Raises TryLater after a lost race."""
        for clause in clauses:
            body = clause.model_dump(mode="json")
            by = By(clause.document, "register_contracts", "Refused." if clause.accepted is False else "Accepted.")
            kept = self._dossiers.open(clause.clause_id, body, _state(clause), by, [f"category:{clause.category}"])
            if kept.body == body:
                continue
            try:
                self._dossiers.save(kept, body, _state(clause), by)
            except Changed:
                raise TryLater("changed", "The clause was changed meanwhile.") from None


class NoClauses:
    """Precedents of a company that has none, or of a document that is judged by itself."""

    def similar(self, text: str, category: str, most: int = 5) -> Sequence[KnownClause]:
        """Nothing."""
        return ()

    def add(self, clauses: Iterable[KnownClause]) -> None:
        """Keeps nothing."""


def _state(clause: KnownClause) -> str:
    return {True: "accepted", False: "refused", None: "seen"}[clause.accepted]
