"""The joiners' appointments: kept in the home, and written as .ics files that go to the joiner and the manager."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bots.joiners.training import Session
from connectors.calendar import Appointment, Attendee, calendar_file
from extractors.atomic import write_file

DOMAIN = "deskhand"


class HomeCalendar:
    """Implements the joiners' calendar in a folder of the home: one file of bookings and one .ics file per joiner."""

    def __init__(self, folder: Path, organizer: str) -> None:
        self._folder, self._organizer = folder, organizer

    def book(self, key: str, sessions: Sequence[Session]) -> str:
        """Writes the booking in the place of the one before; a calendar that has it already moves it."""
        sequence = self._sequence(key) + 1
        self._write(key, sessions, sequence)
        return f"{len(sessions)} appointments, {key}.ics"

    def cancel(self, key: str) -> None:
        """Writes a file that takes the appointments out of calendars."""
        sessions = self._booked(key)
        if sessions:
            self._write(key, (), self._sequence(key) + 1, cancelled=sessions)

    def busy(self, guest: str, day: date) -> Sequence[tuple[datetime, datetime]]:
        """What was booked here for that guest."""
        found = [s for key in self._keys() for s in self._booked(key) if guest in s.guests]
        return [(s.starts_at, s.ends_at) for s in found if s.starts_at.date() == day]

    def _write(self, key: str, sessions: Sequence[Session], sequence: int, cancelled: Sequence[Session] = ()) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        shown = [_appointment(key, n, s, (sequence, self._organizer)) for n, s in enumerate(cancelled or sessions)]
        content = calendar_file(shown, datetime.now(UTC), "CANCEL" if cancelled else "REQUEST")
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


def _appointment(key: str, number: int, session: Session, how: tuple[int, str]) -> Appointment:
    sequence, organizer = how
    return Appointment(
        uid=f"{key}.{number}@{DOMAIN}",
        title=session.title,
        starts=session.starts_at.astimezone(),
        ends=session.ends_at.astimezone(),
        sequence=sequence,
        organizer=Attendee(email=organizer),
        attendees=tuple(Attendee(email=guest) for guest in session.guests),
    )
