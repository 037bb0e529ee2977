"""Writes the letters that are due into the mailbags: as drafts that a person releases, or released at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bots.joiners.appointments import called_off
from bots.joiners.mailbag import Kept, Letter, Mailbag, Mailbags, State
from bots.joiners.mailing import Mailing, language_of, written
from bots.joiners.mails import due_letters
from bots.joiners.managers import Manager, manager_of
from bots.joiners.nouns import Joiner
from bots.joiners.office import Office, joiner_of, values_of
from bots.joiners.onboard_joiners import steps_of
from bots.joiners.todo import Todo, todos
from bots.joiners.wording import Wording
from workitems.dossiers import By
from workitems.errors import TryLater

MANAGERS = "m-"
"""How the keys of managers' bags begin."""


@dataclass(frozen=True)
class Post:
    """What letters are written with. `told`: the calendar tells an appointment's guests by itself."""

    office: Office
    bags: Mailbags
    wordings: Mapping[str, Wording]
    told: bool = False

    def wording(self, language: str) -> Wording:
        """The letters in that language, else in the policy's, else in whatever there is."""
        own = self.wordings.get(language) or self.wordings.get(self.office.policy.language)
        return own or next(iter(self.wordings.values()))


def write_letters(post: Post, by: By, only: str | None = None) -> None:
    """Brings the drafts of all joiners and managers, or of one joiner, to what is due today.

    Written twice it is written once.
    """
    dossiers = post.office.dossiers
    one = dossiers.of_key(only) if only else None
    for dossier in ([one] if one else []) if only else dossiers.all():
        joiner = joiner_of(dossier)
        post.bags.change(joiner.key, partial(_brought, post=post, joiner=joiner, state=dossier.state), by)
    if post.office.policy.summaries and only is None:
        _write_summaries(post, by)


def _brought(bag: Mailbag, post: Post, joiner: Joiner, state: str) -> Mailbag:
    return _renewed(bag, _due(post, joiner, state, bag), post)


def _due(post: Post, joiner: Joiner, state: str, bag: Mailbag) -> list[Letter]:
    office = post.office
    wording = post.wording(language_of(joiner, office.policy))
    steps = steps_of(joiner, office) if state == "open" else ()
    mailing = Mailing(joiner, steps, bag.settled, office, wording, post.told)
    return due_letters(mailing) if state == "open" else called_off(mailing)


def _renewed(bag: Mailbag, letters: Sequence[Letter], post: Post) -> Mailbag:
    """The bag with these letters instead of those that did not go out; what stays as it was is not touched."""
    mails = dict(bag.settled)
    sends = post.office.policy.mails == "send"
    for letter in letters:
        before = bag.mails.get(letter.key)
        if before is not None and before.letter == letter:
            mails[letter.key] = before
            continue
        again = before.tries + 1 if letter.key in mails and before else 0  # refused; now there is another address
        state: State = "released" if sends else "draft"
        by = "policy" if sends else ""
        mails[letter.key] = Kept(letter=letter, state=state, at=post.office.now(), by=by, tries=again)
    return bag if mails == bag.mails else bag.model_copy(update={"mails": mails})


def _write_summaries(post: Post, by: By) -> None:
    """Once a week each manager of somebody who is about to start: who, when, and what the manager has to do."""
    office = post.office
    open_todos = todos(office, post.bags)
    teams: dict[tuple[str, str, str], list[Joiner]] = {}
    asked: dict[str, Manager | None] = {}
    for dossier in office.dossiers.all("open"):
        joiner = joiner_of(dossier)
        named = values_of(joiner).get("manager", "")
        try:
            manager = asked[named] = asked[named] if named in asked else manager_of(named, office.records)
        except TryLater:
            return  # the HR system is away: the summaries wait for it
        if manager is not None and manager.address:
            teams.setdefault((manager.id, manager.name, manager.address), []).append(joiner)
    key = f"summary:{office.today:%G-W%V}"
    for (number, name, address), team in teams.items():
        wording = post.wording(office.policy.language)
        told = filter(None, (_told(joiner, open_todos, wording) for joiner in team))
        listed = "\n\n".join(text for _, text in sorted(told))
        values = {"name": name, "company": office.company.names[0], "joiners": listed}
        letters = [written(wording, key, "summary", address, values)] if listed else []
        post.bags.change(f"{MANAGERS}{number}", partial(_with_summary, letters=letters, key=key, post=post), by)
    for bag in post.bags.all():
        if bag.key.startswith(MANAGERS) and bag.key.removeprefix(MANAGERS) not in {number for number, *_ in teams}:
            post.bags.forget(bag.key)


def _with_summary(bag: Mailbag, letters: Sequence[Letter], key: str, post: Post) -> Mailbag:
    """The week's summary alone: older ones name people, and go."""
    mails = {name: kept for name, kept in bag.mails.items() if name == key}
    return _renewed(bag.model_copy(update={"mails": mails}), letters, post)


def _told(joiner: Joiner, open_todos: Sequence[Todo], wording: Wording) -> tuple[bool, str] | None:
    """A joiner with the manager's tasks; False sorts first: something is late. None: nothing is open any more."""
    own = [t for t in open_todos if t.joiner == joiner.key]
    mine = [t for t in own if t.owner == "manager"]
    if not own or own[0].starts_on is None:
        return None
    rows = [
        wording.phrase("late_task" if t.standing == "late" else "task", date=wording.day(t.due_on), task=t.title)
        for t in mine
    ]
    head = wording.phrase("joiner", name=own[0].name, date=wording.day(own[0].starts_on))
    listed = [f"  - {row}" for row in rows] or [f"  - {wording.phrase('nothing_to_do')}"]
    return not any(t.standing == "late" for t in mine), "\n".join([head, *listed])
