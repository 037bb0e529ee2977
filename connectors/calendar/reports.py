"""What a CalDAV server answers: events, busy times, whole days as a report asks for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from workitems.errors import TryLater

Span = tuple[datetime, datetime]
CAL = "urn:ietf:params:xml:ns:caldav"
STAMP = "%Y%m%dT%H%M%SZ"


def calendar_of(content: bytes) -> Any:
    """The answer as a calendar. Raises TryLater for anything else."""
    from icalendar import Calendar

    try:
        return Calendar.from_ical(content)
    except (ValueError, KeyError, IndexError):
        raise TryLater("calendar_refused", "The CalDAV server answers with no calendar.") from None


def guests_of(event: Any) -> list[str]:
    """The addresses of who is asked to come."""
    given = event.get("ATTENDEE", [])
    return [str(each).removeprefix("mailto:") for each in (given if isinstance(given, list) else [given])]


def whole_day(day: date) -> dict[str, str]:
    """The day where the company is, as a report asks for it."""
    first = datetime.combine(day, time()).astimezone()
    last = datetime.combine(day + timedelta(days=1), time()).astimezone()
    return {"start": f"{first.astimezone(UTC):{STAMP}}", "end": f"{last.astimezone(UTC):{STAMP}}"}


def free_busy(calendar: Any) -> list[Span]:
    """When somebody is not free, in local time."""
    found = []
    for component in calendar.walk("VFREEBUSY"):
        given = component.get("FREEBUSY", [])
        for entry in given if isinstance(given, list) else [given]:
            if str(entry.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                starts, ends = entry.dt if isinstance(entry.dt, tuple) else (entry.start, entry.end)
                found.append((local(starts), local(_after(starts, ends) or ends)))
    return found


def events_of(content: bytes) -> list[tuple[Any, Span]]:
    """The events of a report that take time, with their times."""
    from lxml import etree

    try:
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        raise TryLater("calendar_refused", "The CalDAV server answers with no XML.") from None
    found = []
    for data in tree.iter(f"{{{CAL}}}calendar-data"):
        for event in calendar_of((data.text or "").encode()).walk("VEVENT"):
            taken = str(event.get("TRANSP", "OPAQUE")).upper() != "TRANSPARENT"
            span = span_of(event) if taken and str(event.get("STATUS", "")).upper() != "CANCELLED" else None
            if span is not None:
                found.append((event, span))
    return found


def span_of(event: Any) -> Span | None:
    """Aware times of an event; None of one without times. A whole day is one.

    Whoever may ask a colleague to come writes into that calendar: times that mean nothing are none.
    """
    starts, ends = event.decoded("DTSTART", None), event.decoded("DTEND", None)
    if not isinstance(starts, date):
        return None
    if ends is None:
        whole = timedelta(0) if isinstance(starts, datetime) else timedelta(days=1)
        ends = _after(starts, event.decoded("DURATION", whole))
    return (_aware(starts), _aware(ends)) if isinstance(ends, date) else None


def _after(starts: date, lasts: object) -> date | None:
    try:
        return starts + lasts if isinstance(lasts, timedelta) else None
    except OverflowError:
        return date.max


def _aware(moment: date) -> datetime:
    # Without the calendar's first and last year: there some zone leads out of it, and "for ever" ends there.
    moment = moment.replace(year=min(max(moment.year, date.min.year + 1), date.max.year - 1))
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time()).astimezone()
    return moment if moment.tzinfo else moment.astimezone()


def local(moment: date) -> datetime:
    """As the schedule counts: local time without a zone."""
    return _aware(moment).astimezone().replace(tzinfo=None)
