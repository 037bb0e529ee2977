"""Who must do what by when over all joiners, late ones first: the checklist's tasks, and what mails ask of HR."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from bots.joiners.facts import day, known, name_of
from bots.joiners.mailbag import Kept, Mailbag, Mailbags
from bots.joiners.mailing import address_of
from bots.joiners.mails import in_vain, missing_papers
from bots.joiners.names import compare
from bots.joiners.nouns import Joiner, Owner
from bots.joiners.office import Office, joiner_of, values_of
from bots.joiners.onboard_joiners import steps_of
from bots.joiners.plan import Standing, Step

MAIL_NAMES = {
    "welcome": "the welcome",
    "moved": "the mail about the new first day",
    "missing": "the mail about missing papers",
    "reminder": "the reminder",
    "day_one": "the first day's sheet",
    "invitation": "the invitation",
    "called_off": "the mail that takes appointments back",
    "summary": "the manager's summary",
}


OF_PAPERS = frozenset({"contract", "identity"})
"""Tasks that papers close once nothing speaks against them."""


class Todo(NamedTuple):
    """One thing that somebody has to do. `task`: its code in the checklist; `mail`: the mail's key in the bag."""

    joiner: str  # the key, or a manager's bag
    name: str
    starts_on: date | None
    due_on: date
    owner: Owner
    title: str
    standing: Standing
    task: str = ""
    mail: str = ""
    asks: str = ""  # "address": a person enters it
    hint: str = ""  # what may be meant
    waits_for: tuple[str, ...] = ()
    opens_on: date | None = None

    @property
    def by_hand(self) -> bool:
        """Whether a person may say now that it is done; contract and identity are closed by their papers alone."""
        mine = bool(self.task) and self.owner != "bot" and self.task not in OF_PAPERS
        return mine and self.standing in ("ready", "late") and not self.waits_for


def todos(office: Office, bags: Mailbags) -> list[Todo]:
    """Everything that is open, what is late first, then by the day and the first day."""
    kept = {bag.key: bag for bag in bags.all()}
    found: list[Todo] = []
    for dossier in office.dossiers.all("open"):
        joiner = joiner_of(dossier)
        bag = kept.get(joiner.key, Mailbag(key=joiner.key))
        found += [of_step(joiner, step) for step in steps_of(joiner, office) if step.standing != "done"]
        found += _of_mails(joiner, bag.settled, office)
    for bag in kept.values():
        found += _to_look_at(bag, office)
    return sorted(found, key=lambda t: (t.standing != "late", t.due_on, t.starts_on or date.max, t.name, t.title))


def of_step(joiner: Joiner, step: Step) -> Todo:
    """A task of the checklist that is open."""
    task = step.task
    return Todo(
        *_about(joiner),
        due_on=step.due_on,
        owner=task.owner,
        title=task.title,
        standing=step.standing,
        task=task.code,
        waits_for=step.waits_for,
        opens_on=step.opens_on,
    )


def _about(joiner: Joiner) -> tuple[str, str, date | None]:
    values = values_of(joiner)
    return joiner.key, name_of(values) or joiner.key, day(values.get("starts_on"))


def _of_mails(joiner: Joiner, settled: Mapping[str, Kept], office: Office) -> list[Todo]:
    """An address that is missing or not sure; a joiner who does not answer."""
    about, today = _about(joiner), office.today
    found = []
    if address_of(joiner, office.policy) is None:
        title = "Enter or confirm the joiner's mail address: until then no mail goes out"
        found.append(Todo(*about, today, "hr", title, "ready", asks="address", hint=likely_address(joiner)))
    codes = missing_papers(joiner, office)
    if codes and in_vain(codes, settled, office):
        title = f"Call the joiner: {office.policy.reminders} reminders brought no answer ({', '.join(codes)})"
        found.append(Todo(*about, today, "hr", title.replace("_", " "), "late"))
    return found


def likely_address(joiner: Joiner) -> str:
    """What the papers say, else from where they came, where the address bears the joiner's surname; "" otherwise.

    Only offered to a person: papers are forwarded, and senders can be forged.
    """
    said = known(joiner).get("email")
    if said is not None:
        return said.value
    surname = values_of(joiner).get("surname", "")
    for paper in reversed(joiner.papers):
        local = (paper.sender or "").partition("@")[0]
        if surname and any(compare(part, surname) != "other" for part in local.replace("_", ".").split(".")):
            return paper.sender or ""
    return ""


def _to_look_at(bag: Mailbag, office: Office) -> list[Todo]:
    """Mails that wait for a person: to be released, or to be looked after."""
    titles = {
        "draft": "Release {}, or drop it",
        "perhaps": "See whether {} went out: the connection was lost",
        "refused": "The mail server refuses {}: check the address",
    }
    dossier = office.dossiers.of_key(bag.key)
    about = _about(joiner_of(dossier)) if dossier else (bag.key, "", None)
    found = []
    for key, kept in bag.mails.items():
        if kept.state in titles:
            to = f" to {kept.letter.name}" if kept.letter.kind in ("invitation", "called_off") else ""
            title = titles[kept.state].format(MAIL_NAMES[kept.letter.kind] + to)
            late: Standing = "late" if kept.at.date() < office.today else "ready"
            name = about[1] or kept.letter.name
            found.append(Todo(about[0], name, about[2], kept.at.date(), "hr", title, late, mail=key))
    return found
