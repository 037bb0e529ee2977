"""The company's clauses as the review desk searches them: the index finds, the register says why one was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from bots.contracts.own_clauses import DESK
from desk.contract_pages import Precedent, Unsearchable
from extractors.model_files import ModelRefused
from extractors.precedents import Precedents, PrecedentsError
from workitems.dossiers import Dossiers
from workitems.ledger import Ledger

AWAY = "The clauses cannot be searched now"


class SearchedClauses:
    """Implements desk.contract_pages.ClauseBook. The index is opened at the first question; one asks at a time."""

    def __init__(self, home: Path) -> None:
        self._home, self._one = home, Lock()
        self._opened: Precedents | None = None

    def search(self, question: str, top: int, filters: Mapping[str, Any]) -> Sequence[Precedent]:
        """The clauses that answer best, best first. Raises Unsearchable."""
        with self._one:
            try:
                hits = self._index().search(question, top, dict(filters))
            except (PrecedentsError, ModelRefused, OSError) as error:
                raise Unsearchable(f"{AWAY}: {error}") from None
        reasons = reasons_of(self._home, [h.clause.id for h in hits if h.clause.accepted is False])
        return [
            Precedent(
                clause_id=h.clause.id,
                text=h.clause.text,
                document=h.clause.document,
                category=h.clause.category,
                kind=h.clause.kind,
                counterparty=h.clause.counterparty,
                accepted=h.clause.accepted,
                reason=reasons.get(h.clause.id, ""),
            )
            for h in hits
        ]

    def known(self, label: str) -> Sequence[str]:
        """The values that a filter can have, in order. Raises Unsearchable."""
        with self._one:
            try:
                return self._index().values(label)
            except (PrecedentsError, OSError) as error:
                raise Unsearchable(f"{AWAY}: {error}") from None

    def picked(self, question: str, clause_id: str, shown: Sequence[str], filters: Mapping[str, Any]) -> None:
        """Keeps the pick for the next training. Raises Unsearchable."""
        with self._one:
            try:
                self._index().remember_pick(question, clause_id, list(shown), dict(filters))
            except (PrecedentsError, ModelRefused, OSError) as error:
                raise Unsearchable(f"{AWAY}: {error}") from None

    def _index(self) -> Precedents:
        if self._opened is None:
            self._opened = Precedents.open(self._home)
        return self._opened


def reasons_of(home: Path, clause_ids: Sequence[str]) -> dict[str, str]:
    """Why clauses were refused, by their ids; those of which nobody said so are absent."""
    if not clause_ids:
        return {}
    ledger = Ledger.open(home)
    try:
        register = Dossiers(ledger.database, DESK)
        known = {name: register.of_key(name) for name in clause_ids}
        return {name: str(d.body.get("reason", "")) for name, d in known.items() if d is not None}
    finally:
        ledger.close()
