"""The joiners themselves: everybody at a glance, and all that is known of one, for HR and for an auditor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bots.joiners.facts import day, name_of
from bots.joiners.mailbag import Kept, Mailbags
from bots.joiners.nouns import Joiner, State
from bots.joiners.office import Office, joiner_of, state_of, values_of
from bots.joiners.onboard_joiners import steps_of
from bots.joiners.plan import Step, is_ready
from workitems.dossiers import Change


class Person(NamedTuple):
    """A joiner in one line. `to_do` and `late` count tasks; `ready`: all that is due by the first day is done."""

    key: str
    name: str
    role: str
    starts_on: date | None
    state: State
    to_do: int = 0
    late: int = 0
    ready: bool = False


class PersonFile(NamedTuple):
    """All that is known of a joiner: what papers say, the plan as of today, the mails, and every change."""

    person: Person
    joiner: Joiner
    steps: Sequence[Step]
    mails: Mapping[str, Kept]
    changes: Sequence[Change]


def people(office: Office) -> list[Person]:
    """Everybody: who is to come by the first day, then who has withdrawn or left."""
    found = [_person(joiner_of(d), state_of(d), office)[0] for d in office.dossiers.all()]
    return sorted(found, key=lambda p: (p.state != "open", p.starts_on or date.max, p.name))


def person_file(key: str, office: Office, bags: Mailbags) -> PersonFile | None:
    """The joiner of that key; None where there is none."""
    dossier = office.dossiers.of_key(key)
    if dossier is None:
        return None
    joiner = joiner_of(dossier)
    person, steps = _person(joiner, state_of(dossier), office)
    return PersonFile(person, joiner, steps, bags.of(key).mails, office.dossiers.changes(dossier.id))


def _person(joiner: Joiner, state: State, office: Office) -> tuple[Person, Sequence[Step]]:
    values = values_of(joiner)
    first_day = day(values.get("starts_on"))
    person = Person(joiner.key, name_of(values) or joiner.key, values.get("role", ""), first_day, state)
    steps = steps_of(joiner, office) if state == "open" else ()
    counted = person._replace(
        to_do=sum(s.standing != "done" for s in steps),
        late=sum(s.standing == "late" for s in steps),
        ready=bool(steps) and first_day is not None and is_ready(steps, first_day),
    )
    return counted, steps
