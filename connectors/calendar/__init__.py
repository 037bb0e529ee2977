"""Appointments for people's calendars, as iCalendar files (RFC 5545, 5546) that go out as attachments of mails."""

from __future__ import annotations

from connectors.calendar.ics import Appointment, Attendee, calendar_file

__all__ = ["Appointment", "Attendee", "calendar_file"]
