"""What is to be written to joiners and managers today. Pure: what went out before is given.

What stands in nobody's books yet is recomputed each day: a draft that is no longer needed goes, one whose facts have
changed is written anew, and what went out counts for reminders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bots.joiners.facts import certainty, day, disagreements, known, name_of
from bots.joiners.judging import PAPERS, HrFacts, judge
from bots.joiners.mailbag import Kept, Letter
from bots.joiners.nouns import Joiner
from bots.joiners.office import Office, values_of
from bots.joiners.plan import Step
from bots.joiners.policy import JoinersPolicy
from bots.joiners.training import Session
from bots.joiners.wording import Kind, Wording, block, filled
from bots.working_days import moved
from connectors.outgoing import is_address

PAPERS_BEFORE = -5
"""Working days before the first day by which papers have to be there: the checklist's employment needs them."""
DAY_ONE_FOR = 2
"""So many working days after the first day its sheet is still of use."""
SENT = ("sent", "perhaps")


@dataclass(frozen=True)
class Mailing:
    """One joiner as the letters see them. `settled`: the mails that went out, or never will; `told`: the calendar
    tells the guests by itself."""

    joiner: Joiner
    steps: tuple[Step, ...]
    settled: Mapping[str, Kept]
    office: Office
    wording: Wording
    told: bool = False

    @property
    def values(self) -> dict[str, str]:
        """One value per field."""
        return values_of(self.joiner)

    @property
    def to(self) -> str | None:
        """The joiner's address, where it is sure."""
        return address_of(self.joiner, self.office.policy)

    @property
    def first_day(self) -> date | None:
        """The first day as the contract says it."""
        return day(self.values.get("starts_on"))

    def letter(self, key: str, kind: Kind, to: str, values: Mapping[str, str], **more: object) -> Letter:
        """A letter of that kind; `values` of several lines are made of lines that were filled already."""
        first, company = self.first_day, self.office.company.names[0]
        own = {
            "name": name_of(self.values),
            "given_names": self.values.get("given_names", ""),
            "manager": self.values.get("manager", "HR"),
            "first_day": self.wording.day(first) if first else "?",
            "company": company,
        }
        return written(self.wording, key, kind, to, own | dict(values)).model_copy(update=more)


def written(wording: Wording, key: str, kind: Kind, to: str, values: Mapping[str, str]) -> Letter:
    """A letter from its template. Names are one line each; lists have been made line by line."""
    template = wording.letters[kind]
    lists = {name: value for name, value in values.items() if name in ("papers", "appointments", "joiners")}
    plain = {name: filled("{value}", {"value": value}) for name, value in values.items()} | lists
    subject, text = filled(template.subject, values), block(template.text, plain)
    return Letter(key=key, kind=kind, to=to, name=plain["name"], subject=subject, text=text)


def address_of(joiner: Joiner, policy: JoinersPolicy) -> str | None:
    """The one address that mails may go to: said by a person, or read surely, with no paper against it."""
    found = known(joiner).get("email")
    if found is None or not is_address(found.value.strip()):
        return None
    if found.fact.source == "person":
        return found.value.strip()
    same = [f for f in joiner.facts["email"] if f.value.strip().casefold() == found.value.strip().casefold()]
    differs = any(d.field == "email" for d in disagreements(joiner))
    return None if differs or certainty("email", same) < policy.sure else found.value.strip()


def language_of(joiner: Joiner, policy: JoinersPolicy) -> str:
    """The language of the joiner's letters, by nationality."""
    return policy.languages.get(values_of(joiner).get("nationality", "").upper(), policy.language)


def due_letters(mailing: Mailing) -> list[Letter]:
    """What has to be written to a joiner who comes, as of today."""
    found = [*_first_words(mailing), *_missing(mailing), *_day_one(mailing), *_invitations(mailing)]
    return [letter for letter in (*found, *called_off(mailing)) if letter.key not in mailing.settled]


def _first_words(mailing: Mailing) -> list[Letter]:
    """Welcome, and later each other first day."""
    to, first = mailing.to, mailing.first_day
    if not to or first is None or first < mailing.office.today or "employee" not in mailing.joiner.done:
        return []
    told = [kept for kept in mailing.settled.values() if kept.letter.kind in ("welcome", "moved")]
    key = f"welcome:{first}"
    kind: Kind = "moved" if any(kept.letter.key != key for kept in told) else "welcome"
    return [mailing.letter(key, kind, to, {})]


def missing_papers(joiner: Joiner, office: Office) -> list[str]:
    """The papers that the joiner has to send, by their reason."""
    found = judge(joiner, HrFacts(today=office.today), office.company, office.policy)
    codes = [d.code for d in found if d.code in PAPERS and d.severity == "block"]
    unsigned = any(p.source == "contract" for p in joiner.papers)
    return ["contract_unsigned" if code == "contract_missing" and unsigned else code for code in codes]


def asked_before(codes: Sequence[str], settled: Mapping[str, Kept]) -> list[Kept]:
    """The mails that asked for one of these papers, oldest first."""
    found = [k for k in settled.values() if k.letter.kind in ("missing", "reminder") and set(codes) & _codes(k.letter)]
    return sorted(found, key=lambda kept: kept.at)


def in_vain(codes: Sequence[str], settled: Mapping[str, Kept], office: Office) -> bool:
    """Whether the joiner was reminded as often as may be, and time enough to answer has passed."""
    asked = asked_before(codes, settled)
    return len(asked) > office.policy.reminders and _waited(asked[-1], office)


def _codes(letter: Letter) -> set[str]:
    return set(letter.key.split(":")[1].split("+"))


def _waited(last: Kept, office: Office) -> bool:
    return moved(last.at.date(), office.policy.reminder_days, office.company.country) <= office.today


def _missing(mailing: Mailing) -> list[Letter]:
    """Exactly which papers, and why; a reminder every few working days, so many times at most."""
    office, wording, to = mailing.office, mailing.wording, mailing.to
    codes = missing_papers(mailing.joiner, office)
    if not codes or not to:
        return []
    asked = asked_before(codes, mailing.settled)
    if asked and (len(asked) > office.policy.reminders or not _waited(asked[-1], office)):
        return []
    expires = day(mailing.values.get("expires_on"))
    about = {"expires_on": wording.day(expires) if expires else "?"}
    papers = "\n".join(f"- {filled(wording.papers[code], about)}" for code in codes)
    kind: Kind = "reminder" if asked else "missing"
    values = {"papers": papers, "until": _until(mailing), "number": str(len(asked))}
    return [mailing.letter(f"missing:{'+'.join(sorted(codes))}:{len(asked) + 1}", kind, to, values)]


def _until(mailing: Mailing) -> str:
    """A day that leaves time enough, or at once."""
    office, first = mailing.office, mailing.first_day
    by = moved(first, PAPERS_BEFORE, office.company.country) if first else None
    if by is None or by <= office.today:
        return mailing.wording.phrase("at_once")
    return mailing.wording.phrase("by_date", date=mailing.wording.day(by))


def _day_one(mailing: Mailing) -> list[Letter]:
    """The sheet of the first day, once the account is open: login and appointments, never a password."""
    to, first, done = mailing.to, mailing.first_day, mailing.joiner.done
    office = mailing.office
    if not to or first is None or "account" not in done:
        return []
    last = moved(first, DAY_ONE_FOR, office.company.country)
    if not moved(first, 0, office.company.country) <= office.today <= last:
        return []
    login = str(done["account"].undo.get("login", ""))
    mine = [session for session in sessions_of(mailing.joiner) if to in session.guests]
    return [
        mailing.letter(
            f"day_one:{first}", "day_one", to, {"login": login, "appointments": _listed(mine, mailing.wording)}
        )
    ]


def sessions_of(joiner: Joiner) -> tuple[Session, ...]:
    """The appointments that are booked for a joiner."""
    booked = joiner.done.get("calendar")
    return tuple(Session.model_validate(s) for s in booked.undo.get("sessions", ())) if booked else ()


def sequence_of(joiner: Joiner) -> int | None:
    """The version of the appointments; None where none are booked."""
    booked = joiner.done.get("calendar")
    return int(booked.undo.get("sequence", 0)) if booked else None


def _listed(sessions: Sequence[Session], wording: Wording) -> str:
    rows = [
        wording.phrase("appointment", date=wording.day(s.starts_at.date()), time=f"{s.starts_at:%H:%M}", title=s.title)
        for s in sorted(sessions, key=lambda s: s.starts_at)
    ]
    return "\n".join(f"- {row}" for row in rows) or wording.phrase("no_appointments")


def _invitations(mailing: Mailing) -> list[Letter]:
    """Each guest gets the appointments to come with them as a file, where the calendar does not ask them itself."""
    sequence = sequence_of(mailing.joiner)
    coming = [s for s in sessions_of(mailing.joiner) if s.starts_at.date() >= mailing.office.today]
    if sequence is None or mailing.told:
        return []
    guests = dict.fromkeys(guest for session in coming for guest in session.guests)
    return [
        _about_appointments(mailing, "invitation", guest, ([s for s in coming if guest in s.guests], sequence))
        for guest in guests
    ]


def called_off(mailing: Mailing) -> list[Letter]:
    """What guests were asked to and does not take place any more: withdrawn, or the schedule has become shorter."""
    booked, sequence = sessions_of(mailing.joiner), sequence_of(mailing.joiner)
    newest: dict[str, Letter] = {}
    for kept in mailing.settled.values():
        letter, before = kept.letter, newest.get(kept.letter.to)
        if letter.kind == "invitation" and kept.state in SENT and (before is None or before.sequence < letter.sequence):
            newest[letter.to] = letter
    found = []
    for guest, letter in newest.items():
        left = {s.number for s in booked if guest in s.guests}
        gone = [s for s in letter.appointments if s.number not in left and s.starts_at.date() >= mailing.office.today]
        if gone:
            version = letter.sequence + 1 if sequence is None else sequence
            found.append(_about_appointments(mailing, "called_off", guest, (gone, version)))
    return [letter for letter in found if letter.key not in mailing.settled]


def _about_appointments(mailing: Mailing, kind: Kind, guest: str, what: tuple[Sequence[Session], int]) -> Letter:
    sessions, sequence = what
    who = name_of(mailing.values)
    is_joiner = guest == mailing.to
    values = {
        "name": who if is_joiner else mailing.values.get("manager", ""),
        "joiner": who,
        "appointments": _listed(sessions, mailing.wording),
    }
    key = f"{kind}:{sequence}:{'joiner' if is_joiner else 'manager'}"
    return mailing.letter(key, kind, guest, values, appointments=tuple(sessions), sequence=sequence)
