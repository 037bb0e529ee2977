"""The joiners' appointments: kept in the home or on a CalDAV server, and as files that go along with invitations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bots.joiners.training import Booked, Session
from connectors.calendar import Appointment, Attendee, calendar_file
from connectors.calendar.caldav import CalDav, Stored
from connectors.calendar.ics import Method
from extractors.atomic import write_file

DOMAIN = "deskhand"
MOST = 200
Span = tuple[datetime, datetime]


class HomeCalendar:
    """Implements the joiners' calendar in a folder of the home: one file of bookings and one .ics file per joiner."""

    tells_guests = False

    def __init__(self, folder: Path, organizer: str) -> None:
        self._folder, self._organizer = folder, organizer

    def book(self, key: str, sessions: Sequence[Session]) -> Booked:
        """Writes the booking in the place of the one before; a calendar that has it already moves it."""
        sequence = self._sequence(key) + 1
        self._write(key, sessions, sequence)
        return Booked(f"{_counted(sessions)}, {key}.ics", sequence)

    def cancel(self, key: str) -> None:
        """Writes a file that takes the appointments out of calendars."""
        sessions = self._booked(key)
        if sessions:
            self._write(key, (), self._sequence(key) + 1, cancelled=sessions)

    def busy(self, guest: str, day: date, key: str) -> Sequence[Span]:
        """What was booked here for that guest."""
        found = [s for other in self._keys() if other != key for s in self._booked(other) if guest in s.guests]
        return [(s.starts_at, s.ends_at) for s in found if s.starts_at.date() == day]

    def _write(self, key: str, sessions: Sequence[Session], sequence: int, cancelled: Sequence[Session] = ()) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = file_of(key, cancelled or sessions, (sequence, self._organizer), "CANCEL" if cancelled else "REQUEST")
        write_file(self._folder / f"{key}.ics", content, mode=0o600)
        kept = {"sequence": sequence, "sessions": [s.model_dump(mode="json") for s in sessions]}
        write_file(self._folder / f"{key}.json", json.dumps(kept).encode(), mode=0o600)

    def _kept(self, key: str) -> dict[str, object]:
        try:
            found: dict[str, object] = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def _sequence(self, key: str) -> int:
        return int(str(self._kept(key).get("sequence", -1)))

    def _booked(self, key: str) -> list[Session]:
        kept = self._kept(key).get("sessions", [])
        return [Session.model_validate(s) for s in kept] if isinstance(kept, list) else []

    def _keys(self) -> list[str]:
        return sorted(file.stem for file in self._folder.glob("*.json"))


class ServerCalendar:
    """Implements the joiners' calendar on a CalDAV server, each appointment under the joiner's key and its number."""

    def __init__(self, server: CalDav, organizer: str, tells_guests: bool) -> None:
        self._server, self._organizer, self.tells_guests = server, organizer, tells_guests
        self._known: dict[str, list[Stored]] = {}

    def book(self, key: str, sessions: Sequence[Session]) -> Booked:
        """Brings the appointments to these; those beyond them, of an earlier booking, are taken out."""
        before = len(self._own(key))
        self._known.pop(key, None)
        written = [self._server.put(_appointment(key, s, (0, self._organizer))) for s in sessions]
        self._take_out(key, len(sessions), before)
        return Booked(f"{_counted(sessions)} on the calendar server", max(written, default=0))

    def cancel(self, key: str) -> None:
        """Takes all of them out."""
        self._known.pop(key, None)
        self._take_out(key, 0, len(self._own(key)))
        self._known.pop(key, None)

    def busy(self, guest: str, day: date, key: str) -> Sequence[Span]:
        """What the guest's calendar and our own say, without what was booked under the key itself."""
        own = {s.starts.astimezone().replace(tzinfo=None) for s in self._own(key) if guest in s.guests}
        seen = [span for span in self._server.busy(guest, day) if span[0] not in own]
        return [*seen, *self._server.booked(guest, day, f"{key}.")]

    def _own(self, key: str) -> list[Stored]:
        """What stands there: appointments are numbered without a gap, as the last ones are taken out first."""
        if key not in self._known:
            found: list[Stored] = []
            while len(found) < MOST and (stored := self._server.get(_uid(key, len(found)))) is not None:
                found.append(stored)
            self._known[key] = found
        return self._known[key]

    def _take_out(self, key: str, first: int, end: int) -> None:
        for number in reversed(range(first, end)):
            self._server.delete(_uid(key, number))


def file_of(key: str, sessions: Sequence[Session], how: tuple[int, str], method: Method) -> bytes:
    """The appointments as a file for calendar programs; `how`: their version, and who asks."""
    return calendar_file([_appointment(key, session, how) for session in sessions], datetime.now(UTC), method)


def _counted(sessions: Sequence[Session]) -> str:
    return f"{len(sessions)} appointment{'' if len(sessions) == 1 else 's'}"


def _appointment(key: str, session: Session, how: tuple[int, str]) -> Appointment:
    sequence, organizer = how
    return Appointment(
        uid=_uid(key, session.number),
        title=session.title,
        starts=session.starts_at.astimezone(),
        ends=session.ends_at.astimezone(),
        sequence=sequence,
        organizer=Attendee(email=organizer),
        attendees=tuple(Attendee(email=guest) for guest in session.guests),
    )


def _uid(key: str, number: int) -> str:
    return f"{key}.{number}@{DOMAIN}"
