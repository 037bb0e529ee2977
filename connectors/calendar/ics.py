"""Writes iCalendar files that every mail program offers to enter.

An appointment keeps its `uid` for good; each change has a higher `sequence`, so a calendar that has it already moves or
removes it, and one that gets the same file twice shows it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from workitems.items import Noun

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Deskhand//Joiners//EN"
Method = Literal["PUBLISH", "REQUEST", "CANCEL"]


class Attendee(Noun):
    """Who is asked to come."""

    email: str
    name: str | None = None


class Appointment(Noun):
    """One appointment; times are aware, and `ends` is after `starts`.

    `uid` is the same for every version of it, in the whole world ("j-5f3a91c0.safety@desk.example").
    """

    uid: str
    title: str
    starts: datetime
    ends: datetime
    sequence: int = 0
    place: str | None = None
    text: str | None = None
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Appointment:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("an appointment's times need a time zone")
        if self.ends <= self.starts:
            raise ValueError("an appointment ends after it starts")
        return self


def calendar_file(
    appointments: Sequence[Appointment], written_at: datetime, method: Method | None = "PUBLISH"
) -> bytes:
    """The appointments as one file. REQUEST asks the attendees, CANCEL takes them back; both need an organizer.
    None: as a server keeps it, which is no message (RFC 4791, 4.1).

    The same appointments and moment give the same bytes. Raises ValueError where an organizer is missing.
    """
    from icalendar import Calendar

    if method in ("REQUEST", "CANCEL") and any(appointment.organizer is None for appointment in appointments):
        raise ValueError("to ask or to cancel, somebody has to be the organizer")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if method is not None:
        calendar.add("method", method)
    for appointment in sorted(appointments, key=lambda a: (a.starts, a.uid)):
        calendar.add_component(_event(appointment, written_at, method))
    return bytes(calendar.to_ical())


def _event(appointment: Appointment, written_at: datetime, method: Method | None) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", written_at.astimezone(UTC))
    event.add("dtstart", appointment.starts.astimezone(UTC))
    event.add("dtend", appointment.ends.astimezone(UTC))
    event.add("summary", appointment.title)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if appointment.place:
        event.add("location", appointment.place)
    if appointment.text:
        event.add("description", appointment.text)
    if appointment.organizer:
        _add_person(event, "organizer", appointment.organizer)
    for attendee in appointment.attendees:
        _add_person(event, "attendee", attendee)
    return event


def _add_person(event: Event, role: str, who: Attendee) -> None:
    from icalendar import vCalAddress, vText

    if any(sign in who.email for sign in "\r\n,;: ") or "@" not in who.email:
        raise ValueError("an attendee needs a mail address")
    address = vCalAddress(f"mailto:{who.email}")
    if who.name:
        address.params["CN"] = vText(who.name.replace('"', "'"))
    if role == "attendee":
        address.params["RSVP"] = vText("TRUE")
    event.add(role, address)
