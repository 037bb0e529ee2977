"""Times in answers of a CalDAV server: strangers' invitations stand there too, and one that is odd breaks nothing."""

from __future__ import annotations

import pytest

from connectors.calendar.reports import calendar_of, events_of, free_busy, local

SOUND = ("DTSTART:20261123T100000Z", "DTEND:20261123T110000Z")


def report(*events: tuple[str, ...]) -> bytes:
    """A server's answer with one event per group of lines."""
    texts = "".join("\n".join(("BEGIN:VEVENT", "UID:a", *lines, "END:VEVENT", "")) for lines in events)
    return (
        '<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><C:calendar-data>'
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{texts}END:VCALENDAR\n</C:calendar-data></D:multistatus>"
    ).encode()


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:soon",),
        ("DTSTART:20261123T100000Z", "DTSTART:20261123T110000Z"),
        ("DTSTART:20261123T100000Z", "DTEND:20261123T110000Z", "DTEND:20261123T120000Z"),
        ("DTSTART:20261123T100000Z", "DURATION:long"),
        ("DTSTART;VALUE=PERIOD:20261123T100000Z/PT1H",),
        ("DTSTART;VALUE=DURATION:PT1H",),
    ],
    ids=" ".join,
)
def test_an_event_whose_times_mean_nothing_is_passed_over(lines: tuple[str, ...]) -> None:
    assert len(events_of(report(lines, SOUND))) == 1


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:20261123T100000Z", "DTEND:99991231T235959Z"),
        ("DTSTART;VALUE=DATE:20261123", "DTEND;VALUE=DATE:99991231"),
        ("DTSTART:00010101T000000", "DTEND:99991231T235959"),
        ("DTSTART:20261123T100000Z", "DURATION:P99999999D"),
    ],
    ids=" ".join,
)
def test_who_is_away_for_ever_is_busy(lines: tuple[str, ...], zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        ((_, (starts, ends)),) = events_of(report(lines))
        assert local(starts).year <= 2026
        assert local(ends).year >= 9998
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_busy_time_without_end_is_one() -> None:
    lines = "FREEBUSY:20261123T100000Z/99991231T235959Z\nFREEBUSY:20261123T080000Z/PT1H"
    calendar = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VFREEBUSY\nUID:a\n{lines}\nEND:VFREEBUSY\nEND:VCALENDAR\n"
    )
    endless, hour = free_busy(calendar_of(calendar.encode()))
    assert endless[1].year >= 9998
    assert (hour[1] - hour[0]).seconds == 3600
