"""Appointments on a CalDAV server: kept once, changed in the version that was read; busy times are heeded."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from caldav.server import CalDavServer
from pydantic import ValidationError

from bots.joiners.training import INTRODUCTION, People, When, schedule
from connectors.calendar import Appointment, Attendee
from connectors.calendar.caldav import CalDav, CalDavSettings
from tasks.joiner_calendar import ServerCalendar
from workitems.errors import TryLater

HR = "hr@company.example"
JOINER, MANAGER = "anna@post.example", "petra@company.example"
DAY = date(2026, 11, 23)  # a Monday
NOW = datetime(2026, 11, 2)  # noqa: DTZ001 - local time, as the schedule counts
OWN = "/hr/onboarding/"
PETRAS = f"/people/{MANAGER}/"


def dav(server: CalDavServer, password: str = "") -> CalDav:
    settings = CalDavSettings(url=f"{server.url}{OWN}", people=f"{server.url}/people/{{address}}/")
    return CalDav(settings, server.login, password or server.password)


def calendar(server: CalDavServer) -> ServerCalendar:
    return ServerCalendar(dav(server), HR, tells_guests=False)


def local(hour: int, day: date = DAY) -> datetime:
    return datetime.combine(day, datetime.min.time()).replace(hour=hour).astimezone()


def appointment(**more: object) -> Appointment:
    who = Attendee(email=JOINER)
    known = {"uid": "j-1.0@deskhand", "title": "Safety", "starts": local(10), "ends": local(11), "attendees": (who,)}
    return Appointment.model_validate({**known, "organizer": Attendee(email=HR), **more})


def test_an_appointment_is_written_once_and_a_change_has_a_higher_sequence(server: CalDavServer) -> None:
    with_server = dav(server)
    assert [with_server.put(appointment()), with_server.put(appointment())] == [0, 0]
    assert server.writes == ["PUT"]
    assert with_server.put(appointment(starts=local(14), ends=local(15))) == 1
    (event,) = server.events(OWN)
    assert (event["SEQUENCE"], event.decoded("DTSTART")) == (1, local(14))
    with_server.delete("j-1.0@deskhand")
    with_server.delete("j-1.0@deskhand")
    assert (server.files, server.writes) == ({}, ["PUT", "PUT", "DELETE"])


def test_a_write_whose_answer_was_lost_is_found_done(server: CalDavServer) -> None:
    server.lost = 1
    with pytest.raises(TryLater):
        dav(server).put(appointment())
    assert dav(server).put(appointment()) == 0
    assert server.writes == ["PUT"]


def test_what_somebody_else_has_just_written_is_not_written_over_unseen(server: CalDavServer) -> None:
    with_server = dav(server)
    with_server.put(appointment())
    path = next(iter(server.files))
    server.before_write.append(lambda: server.put(path, local(9), local(10)))
    with_server.put(appointment(title="Safety at machines"))
    (event,) = server.events(OWN)
    assert event["SUMMARY"] == "Safety at machines"  # after a second look
    server.before_write += [lambda n=n: server.put(path, local(9 + n), local(10 + n)) for n in range(2)]
    with pytest.raises(TryLater) as error:
        with_server.delete("j-1.0@deskhand")
    assert error.value.code == "calendar_busy"


@pytest.mark.parametrize("knows_free_busy", [True, False])
def test_busy_times_come_from_free_busy_or_from_the_events(server: CalDavServer, knows_free_busy: bool) -> None:
    server.free_busy = knows_free_busy
    server.put(f"{PETRAS}1.ics", local(10), local(12))
    server.put(f"{PETRAS}2.ics", local(13), local(14), TRANSP="TRANSPARENT")
    server.put(f"{PETRAS}3.ics", local(15), local(16), STATUS="CANCELLED")
    server.put(f"{PETRAS}4.ics", local(10, DAY + timedelta(days=1)), local(12, DAY + timedelta(days=1)))
    found = dav(server).busy(MANAGER, DAY)
    assert [(starts.hour, ends.hour) for starts, ends in found] == [(10, 12)]
    assert not dav(server).busy(JOINER, DAY)  # whose calendar is not here


def test_a_manager_is_never_booked_twice_and_a_booking_taken_again_stays(server: CalDavServer) -> None:
    server.put(f"{PETRAS}own.ics", local(10), local(11))
    people, first_day = People(JOINER, MANAGER), When(DAY, "DE", NOW)
    kept = calendar(server)
    sessions = schedule("j-1", ("Safety", "CRM"), first_day, people, kept)
    assert [(s.title, s.starts_at.hour, s.guests) for s in sessions] == [
        (INTRODUCTION, 11, (JOINER, MANAGER)),
        ("Safety", 10, (JOINER,)),
        ("CRM", 10, (JOINER,)),
    ]
    assert [s.starts_at.date() for s in sessions] == [DAY + timedelta(days=n) for n in range(3)]
    kept.book("j-1", sessions)
    server.put(f"{PETRAS}ours.ics", local(11), local(12))  # the server has entered it for the guest
    again = schedule("j-1", ("Safety", "CRM"), first_day, people, calendar(server))
    assert again == sessions
    assert calendar(server).book("j-1", again).sequence == 0
    assert server.writes == ["PUT"] * 3
    other = schedule("j-2", (), first_day, People("emil@post.example", MANAGER), calendar(server))
    assert other[0].starts_at.hour == 12


def test_a_manager_whose_calendar_is_not_to_be_seen_is_not_booked_twice_by_us(server: CalDavServer) -> None:
    when = When(DAY, "DE", NOW)
    for number in range(3):
        kept, people = calendar(server), People(f"joiner{number}@post.example", MANAGER)
        sessions = schedule(f"j-{number}", (), when, people, kept)
        kept.book(f"j-{number}", sessions)
        assert sessions[0].starts_at.hour == 10 + number
    assert schedule("j-1", (), when, People("joiner1@post.example", MANAGER), calendar(server))[0].starts_at.hour == 11


def test_a_shorter_schedule_and_a_withdrawal_leave_no_orphan(server: CalDavServer) -> None:
    kept = calendar(server)
    sessions = schedule("j-1", ("Safety", "CRM"), When(DAY, "DE", NOW), People(JOINER, None), kept)
    kept.book("j-1", sessions)
    moved = schedule("j-1", ("Safety",), When(DAY + timedelta(days=7), "DE", NOW), People(JOINER, None), kept)
    assert kept.book("j-1", moved).sequence == 1
    assert [event.decoded("DTSTART").date() for event in server.events(OWN)] == [s.starts_at.date() for s in moved]
    server.lost = 1
    with pytest.raises(TryLater):
        kept.cancel("j-1")
    calendar(server).cancel("j-1")
    calendar(server).cancel("j-1")
    assert server.files == {}


def test_a_wrong_login_an_absent_server_and_nonsense_are_for_later(server: CalDavServer) -> None:
    with pytest.raises(TryLater) as error:
        dav(server, "wrong").get("j-1.0@deskhand")
    assert error.value.code == "calendar_login"
    server.files[f"{OWN}j-1.0@deskhand.ics"] = b"\x00 no calendar"
    with pytest.raises(TryLater) as error:
        dav(server).get("j-1.0@deskhand")
    assert error.value.code == "calendar_refused"
    with pytest.raises(TryLater, match="cannot be reached"):
        CalDav(CalDavSettings(url="http://127.0.0.1:9/x/"), "a", "b").get("j-1.0@deskhand")


def test_a_calendar_is_not_reached_in_the_clear() -> None:
    with pytest.raises(ValidationError, match="https"):
        CalDavSettings(url="http://calendar.example/hr/")
