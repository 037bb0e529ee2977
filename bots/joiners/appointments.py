"""Letters about appointments: invitations with the appointments as a file, and what is taken back."""

from __future__ import annotations

from collections.abc import Sequence

from bots.joiners.facts import name_of
from bots.joiners.mailbag import Letter
from bots.joiners.mailing import Mailing
from bots.joiners.nouns import Joiner
from bots.joiners.training import Session
from bots.joiners.wording import Kind, Wording

SENT = ("sent", "perhaps")


def sessions_of(joiner: Joiner) -> tuple[Session, ...]:
    """The appointments that are booked for a joiner."""
    booked = joiner.done.get("calendar")
    return tuple(Session.model_validate(s) for s in booked.undo.get("sessions", ())) if booked else ()


def sequence_of(joiner: Joiner) -> int | None:
    """The version of the appointments; None where none are booked."""
    booked = joiner.done.get("calendar")
    return int(booked.undo.get("sequence", 0)) if booked else None


def listed(sessions: Sequence[Session], wording: Wording) -> str:
    rows = [
        wording.phrase("appointment", date=wording.day(s.starts_at.date()), time=f"{s.starts_at:%H:%M}", title=s.title)
        for s in sorted(sessions, key=lambda s: s.starts_at)
    ]
    return "\n".join(f"- {row}" for row in rows) or wording.phrase("no_appointments")


def invitations(mailing: Mailing) -> list[Letter]:
    """Each guest gets the appointments to come with them as a file, where the calendar does not ask them itself."""
    sequence = sequence_of(mailing.joiner)
    if sequence is None or mailing.told:
        return []
    found = []
    for role, to in (("joiner", mailing.to), ("manager", _manager_at(mailing.joiner))):
        coming = [s for s in _with(role, mailing) if s.starts_at.date() >= mailing.office.today]
        if to and coming:
            found.append(_about_appointments(mailing, "invitation", (role, to), (coming, sequence)))
    return found


def called_off(mailing: Mailing) -> list[Letter]:
    """What guests were asked to and does not take place any more: withdrawn, or the schedule has become shorter."""
    sequence = sequence_of(mailing.joiner)
    newest: dict[str, Letter] = {}
    for kept in mailing.settled.values():
        letter, role = kept.letter, kept.letter.key.rpartition(":")[2]
        before = newest.get(role)
        if letter.kind == "invitation" and kept.state in SENT and (before is None or before.sequence < letter.sequence):
            newest[role] = letter
    found = []
    for role, letter in newest.items():
        left = {s.number for s in _with(role, mailing)}
        gone = [s for s in letter.appointments if s.number not in left and s.starts_at.date() >= mailing.office.today]
        if gone:
            version = letter.sequence + 1 if sequence is None else sequence
            found.append(_about_appointments(mailing, "called_off", (role, letter.to), (gone, version)))
    return [letter for letter in found if mailing.is_open(letter)]


def _manager_at(joiner: Joiner) -> str | None:
    """The manager's address, as the appointments were booked with it."""
    booked = joiner.done.get("calendar")
    address = booked.undo.get("manager") if booked else None
    return str(address) if address else None


def _with(role: str, mailing: Mailing) -> list[Session]:
    """The appointments of the joiner, at the address that counts now, or those that the manager comes to."""
    manager, booked = _manager_at(mailing.joiner), sessions_of(mailing.joiner)
    if role == "manager":
        return [s for s in booked if manager in s.guests]
    at = (mailing.to,) if mailing.to else ()
    return [s.model_copy(update={"guests": at + tuple(g for g in s.guests if g == manager)}) for s in booked]


def _about_appointments(
    mailing: Mailing, kind: Kind, guest: tuple[str, str], what: tuple[Sequence[Session], int]
) -> Letter:
    (role, to), (sessions, sequence) = guest, what
    who = name_of(mailing.values)
    values = {
        "name": who if role == "joiner" else mailing.values.get("manager", ""),
        "joiner": who,
        "appointments": listed(sessions, mailing.wording),
    }
    appointments = {"appointments": tuple(sessions), "sequence": sequence}
    return mailing.letter(f"{kind}:{sequence}:{role}", kind, to, values, **appointments)
