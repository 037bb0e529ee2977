"""What the joiners' bots work with, and how a dossier is read and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from pydantic import TypeAdapter

from bots.joiners.checklist import Checklist
from bots.joiners.facts import known
from bots.joiners.judging import Company
from bots.joiners.linking import marks
from bots.joiners.nouns import Joiner, State
from bots.joiners.policy import JoinersPolicy
from connectors.hr import HrRecords
from workitems.dossiers import By, Changed, Dossier, Dossiers

TRIES = 5
STATE: TypeAdapter[State] = TypeAdapter(State)


class Locks(Protocol):
    """What is needed of the ledger."""

    def lock(self, name: str, owner_seconds: float) -> AbstractContextManager[None]:
        """Holds a named lock. Raises TryLater when somebody else has it."""
        ...


@dataclass(frozen=True)
class Office:
    """The dossiers, the HR system's records, and the company's rules. `today` is the date where the company is."""

    dossiers: Dossiers
    records: HrRecords
    locks: Locks
    policy: JoinersPolicy
    company: Company
    checklists: Mapping[str, Checklist]
    now: Callable[[], datetime]

    @property
    def today(self) -> date:
        """The date where the company is."""
        return self.now().date()


def joiner_of(dossier: Dossier) -> Joiner:
    """What a dossier holds."""
    return Joiner.model_validate(dossier.body)


def state_of(dossier: Dossier) -> State:
    """open, withdrawn or left."""
    return STATE.validate_python(dossier.state)


def values_of(joiner: Joiner) -> dict[str, str]:
    """One value per field."""
    return {field: found.value for field, found in known(joiner).items()}


def change(
    office: Office, key: str, how: Callable[[Joiner], Joiner], by: By, state: State | None = None
) -> tuple[Dossier, Joiner]:
    """Changes a joiner's dossier, again where somebody else was faster; nothing is written where nothing changes.

    Raises KeyError for a joiner who is not there, Changed where others are always faster.
    """
    for _ in range(TRIES):
        dossier = office.dossiers.of_key(key)
        if dossier is None:
            raise KeyError(key)
        before = joiner_of(dossier)
        after = how(before)
        if after == before and state in (None, dossier.state):
            return dossier, after
        try:
            body = after.model_dump(mode="json")
            saved = office.dossiers.save(dossier, body, state or dossier.state, by, marks(values_of(after)))
        except Changed:
            continue
        return saved, after
    raise Changed(key)
