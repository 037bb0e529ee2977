"""What the contract desk needs of others: the company's own clauses, and the register of contracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from workitems.dossiers import By, Dossier
from workitems.items import Noun


class KnownClause(Noun):
    """A clause of an earlier contract. `accepted`: what a person, or the playbook, said of it; None: nobody has."""

    clause_id: str
    document: str  # the dossier that it is of
    name: str = ""  # of the file that it was read in
    category: str
    text: str
    parties: tuple[str, ...] = ()
    contract_type: str = ""
    accepted: bool | None = None
    reason: str = ""  # why it was refused
    page: int | None = None


class Precedents(Protocol):
    """The company's own clauses, found by what they say. What is added is found at once."""

    def similar(self, text: str, category: str, most: int = 5) -> Sequence[KnownClause]:
        """The clauses of a category that are nearest to a text, nearest first."""
        ...

    def add(self, clauses: Iterable[KnownClause]) -> None:
        """Keeps clauses; one of a known id takes the place of the old one."""
        ...


class Register(Protocol):
    """The dossiers of the contract desk (workitems.dossiers.Dossiers)."""

    def open(self, key: str, body: dict[str, Any], state: str, by: By, marks: Iterable[str] = ()) -> Dossier:
        """The dossier of that key, begun where there is none."""
        ...

    def save(
        self, dossier: Dossier, body: dict[str, Any], state: str, by: By, marks: Iterable[str] | None = None
    ) -> Dossier:
        """Puts a new body in the place of what was read. Raises Changed."""
        ...

    def get(self, dossier_id: str) -> Dossier | None:
        """A dossier by its id."""
        ...

    def of_key(self, key: str) -> Dossier | None:
        """A dossier by its key."""
        ...

    def marked(self, mark: str) -> list[Dossier]:
        """The dossiers under a mark, oldest first."""
        ...

    def all(self, state: str | None = None) -> list[Dossier]:
        """All dossiers, or those in a state."""
        ...


def parties_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The parties in a dossier's body."""
    told = body.get("parties")
    return tuple(str(p) for p in told) if isinstance(told, list) else ()
