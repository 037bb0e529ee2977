"""What people say on the joiners desk's pages: it goes into the dossier or the mailbag, and the bots get their turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial

from bots.joiners.facts import with_facts
from bots.joiners.hearing import with_done
from bots.joiners.mailbag import SETTLED, Kept, Mailbags, State
from bots.joiners.nouns import Done, Fact, Joiner, JoinerTurn
from bots.joiners.office import Office, change, joiner_of
from bots.joiners.onboard_joiners import steps_of
from bots.joiners.people import Person, PersonFile, people, person_file
from bots.joiners.todo import Todo, of_step, todos
from tasks.settings import home, load
from workitems.dossiers import By
from workitems.store import Store

DESK = "desk"
SAID: dict[str, State] = {"released": "released", "dropped": "dropped", "sent": "sent"}


class HomeBook:
    """The joiners of the home. Every call opens the store for itself: pages are asked for by several threads."""

    def todos(self) -> Sequence[Todo]:
        """Everything that is open, late ones first."""
        with _home() as (office, bags):
            return todos(office, bags)

    def people(self) -> Sequence[Person]:
        """Everybody, who is to come first."""
        with _home() as (office, _):
            return people(office)

    def person(self, key: str) -> PersonFile | None:
        """All that is known of one joiner."""
        with _home() as (office, bags):
            return person_file(key, office, bags)

    def mail(self, bag: str, key: str) -> Kept | None:
        """A mail by its bag and key."""
        with _home() as (_, bags):
            return bags.of(bag).mails.get(key)

    def done(self, joiner: str, task: str, who: str, evidence: str) -> bool:
        """A person's task that may be done now is done."""
        with _home() as (office, _):
            dossier = office.dossiers.of_key(joiner)
            if dossier is None or dossier.state != "open" or not _is_open(joiner_of(dossier), task, office):
                return False
            told = f"{who}: {evidence}" if evidence else f"{who} says so"
            new = {task: Done(by=who, at=office.now(), evidence=told)}
            change(office, joiner, partial(with_done, new=new), By(DESK, who, f"{task} is done"))
        self._give_turn(joiner, who)
        return True

    def enter_address(self, joiner: str, address: str, who: str) -> bool:
        """A person's word counts before every paper's."""
        with _home() as (office, _):
            if office.dossiers.of_key(joiner) is None:
                return False
            fact = Fact(value=address, confidence=1.0, source="person", document=f"person:{who}", at=office.now())
            change(office, joiner, lambda known: with_facts(known, [("email", fact)]), By(DESK, who, "mail address"))
        self._give_turn(joiner, who)
        return True

    def decide_mail(self, about: tuple[str, str], seen: Kept, state: str, who: str) -> bool:
        """Only of a mail that stands as it was seen."""
        bag, key = about
        with _home() as (_, bags):
            if bags.of(bag).mails.get(key) != seen or seen.state in SETTLED - {"perhaps", "refused"}:
                return False
            bags.settle(bag, key, SAID[state], By(DESK, who, f"mail {state}"), datetime.now(UTC).astimezone())
        self._give_turn(bag, who)
        return True

    def _give_turn(self, joiner: str, who: str) -> None:
        """The bots look at the joiner once more, then send what is released."""
        today = datetime.now(UTC).astimezone().date()
        with closing(Store.open(home())) as store:
            payload = JoinerTurn(joiner=joiner, on=today).model_dump(mode="json")
            store.put("joiner_turn", payload, who=who, why="said on the joiners page")


@contextmanager
def _home() -> Iterator[tuple[Office, Mailbags]]:
    """The home's joiners and their mails, as its settings are now."""
    from tasks.desks.joiners import office_of

    office, ledger = office_of(load())
    with closing(ledger):
        yield office, Mailbags(ledger.database)


def _is_open(joiner: Joiner, task: str, office: Office) -> bool:
    return any(of_step(joiner, step).by_hand for step in steps_of(joiner, office) if step.task.code == task)
