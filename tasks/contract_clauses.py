"""The company's own clauses, kept in the register and found by `run.py clauses search` as soon as they are kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from bots.contracts.deviation.parties import key_of
from bots.contracts.own_clauses import OwnClauses
from bots.contracts.ports import KnownClause

log = logging.getLogger(__name__)


class IndexedClauses:
    """Precedents: the register's clauses decide, the index makes them searchable.

    The index is written first, so that a worker that dies between the two writes it again; where it cannot be written,
    contracts are registered all the same.
    """

    def __init__(self, own: OwnClauses, home: Path, ours: Sequence[str]) -> None:
        self._own, self._home, self._ours = own, home, frozenset(map(key_of, ours))

    def similar(self, text: str, category: str, most: int = 5) -> Sequence[KnownClause]:
        """The clauses of a category that are nearest to a text, nearest first."""
        return self._own.similar(text, category, most)

    def add(self, clauses: Iterable[KnownClause]) -> None:
        """Keeps clauses, and puts the new and the changed ones into the index."""
        new = [c for c in clauses if not self._own.knows(c)]
        if new:
            self._index(new)
            self._own.add(new)

    def _index(self, clauses: Sequence[KnownClause]) -> None:
        from extractors.model_files import ModelRefused
        from extractors.precedents import Clause, Precedents, PrecedentsError

        rows = [
            Clause(
                id=c.clause_id,
                text=c.text,
                document=c.name or c.document,
                category=c.category,
                kind=c.contract_type,
                counterparty="; ".join(p for p in c.parties if key_of(p) not in self._ours),
                accepted=c.accepted,
            )
            for c in clauses
        ]
        try:
            Precedents.open(self._home).add(rows)
        except (PrecedentsError, ModelRefused, OSError) as error:
            log.warning("the clauses of %s are not searchable: %s", clauses[0].document, type(error).__name__)
