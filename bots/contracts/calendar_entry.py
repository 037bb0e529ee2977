"""A contract's date as a calendar entry (.ics) that every calendar takes; the same date is the same entry for ever."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bots.contracts.nouns import Reminder

_TITLES = {"notice": "Last day for notice", "expiry": "End of contract", "renewal": "Contract renewed"}


def calendar_entry(reminder: Reminder) -> bytes:
    """An all-day event on the date, with an alarm a week before."""
    from icalendar import Alarm, Calendar, Event

    others = f" ({'; '.join(reminder.parties)})" if reminder.parties else ""
    event = Event()
    event.add("uid", f"{reminder.dossier}-{reminder.what}-{reminder.due_on}@deskhand")
    event.add("summary", f"{_TITLES[reminder.what]}: {reminder.title}{others}")
    event.add("description", reminder.sentence)
    event.add("dtstart", reminder.due_on)
    event.add("dtend", reminder.due_on + timedelta(days=1))
    event.add("dtstamp", datetime.combine(reminder.due_on, time(0), UTC))  # not the clock: the entry stays the same
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", reminder.sentence)
    alarm.add("trigger", timedelta(days=-7))
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Deskhand//Contracts//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
