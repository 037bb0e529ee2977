"""The mails about a joiner, or to a manager, with what became of each: kept beside the joiner's dossier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from pydantic import Field

from bots.joiners.nouns import JOINERS
from bots.joiners.training import Session
from bots.joiners.wording import Kind
from workitems.database import Database
from workitems.dossiers import By, Changed, Dossiers
from workitems.items import Noun

DESK = f"{JOINERS}-mails"
TRIES = 5
State = Literal["draft", "released", "sent", "perhaps", "refused", "dropped"]
"""draft: a person has to release it. released: it goes out. perhaps: nobody can tell whether it went out; a person
looks. refused: the mail server never takes it. dropped: a person does not want it."""
SETTLED = frozenset({"sent", "perhaps", "refused", "dropped"})


class Letter(Noun):
    """A mail as it shall go out. `key` names it among the mails of a bag: under it, it goes out once."""

    key: str
    kind: Kind
    to: str
    name: str = ""  # of whom it is to
    subject: str
    text: str
    appointments: tuple[Session, ...] = ()  # go along as a file
    sequence: int = 0  # of the appointments: a higher one replaces a lower one


class Kept(Noun):
    """A letter with what became of it: since when, by whom; `tries`: how often a person had it sent once more."""

    letter: Letter
    state: State
    at: datetime
    by: str
    tries: int = 0


class Mailbag(Noun):
    """All mails about one joiner (`key` is the joiner's) or to one manager ("m-" and the number of the employee)."""

    key: str
    mails: dict[str, Kept] = Field(default_factory=dict)

    @property
    def settled(self) -> Mapping[str, Kept]:
        """What went out, and what never will by itself."""
        return {key: kept for key, kept in self.mails.items() if kept.state in SETTLED}


class Mailbags:
    """The bags of a home."""

    def __init__(self, db: Database) -> None:
        self._dossiers = Dossiers(db, DESK)

    def of(self, key: str) -> Mailbag:
        """The bag of that key; an empty one where there is none."""
        found = self._dossiers.of_key(key)
        return Mailbag(key=key) if found is None else Mailbag.model_validate(found.body)

    def all(self) -> list[Mailbag]:
        """Every bag."""
        return [Mailbag.model_validate(dossier.body) for dossier in self._dossiers.all()]

    def change(self, key: str, how: Callable[[Mailbag], Mailbag], by: By) -> Mailbag:
        """Changes a bag, again where somebody else was faster; nothing is written where nothing changes.

        Raises Changed where others are always faster.
        """
        for _ in range(TRIES):
            found = self._dossiers.of_key(key)
            before = Mailbag(key=key) if found is None else Mailbag.model_validate(found.body)
            after = how(before)
            if after == before:
                return after
            if found is None:
                found = self._dossiers.open(key, before.model_dump(mode="json"), "open", by)
                if found.body != before.model_dump(mode="json"):
                    continue  # somebody else has begun it meanwhile
            try:
                self._dossiers.save(found, after.model_dump(mode="json"), "open", by)
            except Changed:
                continue
            return after
        raise Changed(key)

    def settle(self, key: str, mail: str, state: State, by: By, at: datetime) -> None:
        """What became of a mail; one that is not there any more is left alone."""

        def how(bag: Mailbag) -> Mailbag:
            kept = bag.mails.get(mail)
            if kept is None or kept.state == state:
                return bag
            again = kept.state in ("perhaps", "refused") and state == "released"
            new = kept.model_copy(update={"state": state, "at": at, "by": by.who, "tries": kept.tries + again})
            return bag.model_copy(update={"mails": {**bag.mails, mail: new}})

        self.change(key, how, by)

    def forget(self, key: str) -> bool:
        """Deletes a bag: the time that the joiner may be kept is over. Says whether there was one."""
        found = self._dossiers.of_key(key)
        return found is not None and self._dossiers.forget(found.id)
