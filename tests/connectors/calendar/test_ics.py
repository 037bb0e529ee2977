"""iCalendar files: what goes in comes out of another reader, and nothing in a value can end a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from pydantic import ValidationError

from connectors.calendar import Appointment, Attendee, calendar_file

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
HR = Attendee(email="hr@company.example", name="HR desk")


def appointment(**fields: Any) -> Appointment:
    starts = datetime(2026, 11, 2, 9, tzinfo=BERLIN)
    values = {"uid": "j-1.safety@desk.example", "title": "Safety training", "starts": starts}
    return Appointment.model_validate({**values, "ends": starts + timedelta(hours=2), **fields})


def read(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_an_appointment_is_read_back_as_it_was_given() -> None:
    given = appointment(place="Room 1; ground floor", organizer=HR, attendees=(Attendee(email="a@b.example"),))
    (event,) = read(calendar_file([given], NOW, "REQUEST"))
    assert (event["UID"], event["SUMMARY"], event["LOCATION"]) == (given.uid, given.title, given.place)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (given.starts, given.ends)
    assert str(event["ATTENDEE"]) == "mailto:a@b.example"
    assert event["STATUS"] == "CONFIRMED"


def test_the_same_appointments_give_the_same_bytes_in_the_order_of_time() -> None:
    starts = datetime(2026, 11, 3, 9, tzinfo=BERLIN)
    later = appointment(uid="j-1.tour@desk.example", starts=starts, ends=starts + timedelta(hours=1))
    assert calendar_file([later, appointment()], NOW) == calendar_file([appointment(), later], NOW)
    assert [event["UID"] for event in read(calendar_file([later, appointment()], NOW))] == [
        "j-1.safety@desk.example",
        "j-1.tour@desk.example",
    ]


def test_a_cancellation_names_the_appointment_with_a_higher_sequence() -> None:
    (event,) = read(calendar_file([appointment(sequence=1, organizer=HR)], NOW, "CANCEL"))
    assert (event["STATUS"], event["SEQUENCE"], event["UID"]) == ("CANCELLED", 1, "j-1.safety@desk.example")


def test_hostile_values_stay_values() -> None:
    name = 'Eve"\r\nATTENDEE:mailto:all@company.example'
    hostile = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y"
    given = appointment(
        title=hostile, text=hostile, organizer=HR, attendees=(Attendee(email="e@x.example", name=name),)
    )
    (event,) = read(calendar_file([given], NOW, "REQUEST"))
    assert str(event["ATTENDEE"]) == "mailto:e@x.example"
    assert "END:VEVENT" in event["SUMMARY"]


@pytest.mark.parametrize("email", ["nobody", "a@b.example\r\nATTENDEE:mailto:c@d.example", "a@b.example,c@d.example"])
def test_what_is_no_mail_address_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        calendar_file([appointment(organizer=Attendee(email=email))], NOW)


def test_times_need_a_zone_and_an_order() -> None:
    starts = datetime(2026, 11, 2, 9, tzinfo=BERLIN)
    with pytest.raises(ValidationError, match="time zone"):
        appointment(starts=starts.replace(tzinfo=None))
    with pytest.raises(ValidationError, match="ends after"):
        appointment(ends=starts)
    with pytest.raises(ValueError, match="organizer"):
        calendar_file([appointment()], NOW, "REQUEST")
