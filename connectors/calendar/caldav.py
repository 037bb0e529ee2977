"""Appointments on a CalDAV server (RFC 4791): kept one by one under their uid, and busy times read from it.

What stands there is changed only in the version that was read (ETags), so nobody's change is written over. Titles and
addresses stand in no log.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from pydantic import Field, field_validator

from connectors.calendar.ics import Appointment, calendar_file
from connectors.calendar.reports import (
    CAL,
    Span,
    calendar_of,
    events_of,
    free_busy,
    guests_of,
    local,
    span_of,
    whole_day,
)
from workitems.errors import TryLater
from workitems.items import Noun

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 5_000_000
_PLAIN = re.compile(r"http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?/")
_DAV = "DAV:"
_RANGE = '<C:time-range start="{start}" end="{end}"/>'
_FREE_BUSY = f'<?xml version="1.0"?><C:free-busy-query xmlns:C="{CAL}">{_RANGE}</C:free-busy-query>'
_QUERY = (
    f'<?xml version="1.0"?><C:calendar-query xmlns:D="{_DAV}" xmlns:C="{CAL}"><D:prop><C:calendar-data>'
    '<C:expand start="{start}" end="{end}"/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR">'
    f'<C:comp-filter name="VEVENT">{_RANGE}</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>'
)


class CalDavSettings(Noun):
    """A calendar collection on a server, and how to find the colleagues' own calendars."""

    kind: Literal["caldav"] = "caldav"
    url: str  # of the collection that keeps the appointments, with a slash at its end
    people: str | None = None  # of a guest's calendar: {address} or {local}, the part before the @
    vault: str = "calendar"  # the secret with `login` and `password`
    tells_guests: bool = False  # the server asks guests to come by itself (RFC 6638); else our mails do
    timeout_seconds: float = Field(30.0, gt=0)

    @field_validator("url", "people")
    @classmethod
    def _never_plain_over_a_network(cls, url: str | None) -> str | None:
        if url is not None and not (url.startswith("https://") or _PLAIN.match(url)):
            raise ValueError("a calendar is reached by https (http only on this machine)")
        if url is not None and not url.endswith("/"):
            raise ValueError("the address of a calendar ends with a slash")
        return url


class Stored(Noun):
    """An appointment as the server keeps it; `etag` names the version."""

    etag: str
    sequence: int
    title: str
    starts: datetime
    ends: datetime
    guests: tuple[str, ...]

    def same_as(self, wanted: Appointment) -> bool:
        """Whether nothing but the version differs."""
        guests = tuple(sorted(attendee.email for attendee in wanted.attendees))
        return (self.title, self.starts, self.ends, self.guests) == (wanted.title, wanted.starts, wanted.ends, guests)


class CalDav:
    """One collection. Every method raises TryLater when the server is away or refuses."""

    def __init__(self, settings: CalDavSettings, login: str, password: str) -> None:
        self._settings = settings
        self._login = (login, password)
        self._opened: httpx.Client | None = None

    def get(self, uid: str) -> Stored | None:
        """The appointment of that uid."""
        answer = self._ask("GET", self._place(uid), good=(200, 404, 410))
        return _stored(answer) if answer.status_code == 200 else None

    def put(self, wanted: Appointment) -> int:
        """Makes it or brings it to what is wanted; says which sequence stands there. The same is not written again."""
        for _ in range(2):
            found = self.get(wanted.uid)
            if found is not None and found.same_as(wanted):
                return found.sequence
            sequence = wanted.sequence if found is None else max(wanted.sequence, found.sequence + 1)
            content = calendar_file([wanted.model_copy(update={"sequence": sequence})], datetime.now(UTC), None)
            condition = {"If-None-Match": "*"} if found is None else {"If-Match": found.etag}
            headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
            place = self._place(wanted.uid)
            answer = self._ask("PUT", place, good=(200, 201, 204, 412), headers=headers, content=content)
            if answer.status_code != 412:
                return sequence
        raise TryLater("calendar_busy", "Somebody else changes the appointment on the CalDAV server.")

    def delete(self, uid: str) -> None:
        """Takes it out; one that is not there is no error."""
        for _ in range(2):
            found = self.get(uid)
            if found is None:
                return
            good, condition = (200, 204, 404, 410, 412), {"If-Match": found.etag}
            if self._ask("DELETE", self._place(uid), good=good, headers=condition).status_code != 412:
                return
        raise TryLater("calendar_busy", "Somebody else changes the appointment on the CalDAV server.")

    def busy(self, guest: str, day: date) -> Sequence[Span]:
        """When a guest is not free on a day, in local time; () of somebody whose calendar is not here or not shown."""
        url = self._calendar_of(guest)
        if url is None:
            return ()
        span = whole_day(day)
        answer = self._report(url, _FREE_BUSY.format(**span))
        if answer.status_code == 200:
            return free_busy(calendar_of(answer.content))
        if answer.status_code in (403, 404):
            return ()
        answer = self._report(url, _QUERY.format(**span))  # the server knows no free-busy-query
        events = events_of(answer.content) if answer.status_code == 207 else []
        return [(local(starts), local(ends)) for _, (starts, ends) in events]

    def booked(self, guest: str, day: date, apart_from: str) -> Sequence[Span]:
        """When a guest is asked to one of this collection's appointments, in local time: not everybody's calendar is
        to be seen, and an invitation is not entered before it is accepted. `apart_from`: uids that begin so."""
        answer = self._report(self._settings.url, _QUERY.format(**whole_day(day)))
        found = []
        for event, (starts, ends) in events_of(answer.content) if answer.status_code == 207 else ():
            if guest in guests_of(event) and not str(event.get("UID", "")).startswith(apart_from):
                found.append((local(starts), local(ends)))
        return found

    def close(self) -> None:
        """Closes the connections."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _calendar_of(self, guest: str) -> str | None:
        template = self._settings.people
        if template is None:
            return None
        return template.replace("{address}", quote(guest, safe="")).replace(
            "{local}", quote(guest.partition("@")[0], safe="")
        )

    def _place(self, uid: str) -> str:
        return f"{self._settings.url}{quote(uid, safe='')}.ics"

    def _report(self, url: str, body: str) -> httpx.Response:
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1"}
        good = (200, 207, 400, 403, 404, 405, 415, 501)
        return self._ask("REPORT", url, good=good, headers=headers, content=body.encode())

    def _ask(self, method: str, url: str, good: Sequence[int], **more: Any) -> httpx.Response:
        import httpx

        if self._opened is None:
            self._opened = httpx.Client(auth=self._login, timeout=self._settings.timeout_seconds)
        try:
            answer = self._opened.request(method, url, **more)
        except httpx.HTTPError as error:
            raise TryLater("calendar_away", f"The CalDAV server cannot be reached ({type(error).__name__}).") from None
        if answer.status_code == 401:
            raise TryLater("calendar_login", "The CalDAV server refuses the login.")
        if answer.status_code not in good or len(answer.content) > MOST_BYTES:
            raise TryLater("calendar_refused", f"The CalDAV server answers {method} with {answer.status_code}.")
        return answer


def _stored(answer: httpx.Response) -> Stored:
    for event in calendar_of(answer.content).walk("VEVENT"):
        span = span_of(event)
        if span is None:
            break
        return Stored(
            etag=answer.headers.get("etag", "*"),
            sequence=int(event.get("SEQUENCE", 0)),
            title=str(event.get("SUMMARY", "")),
            starts=span[0],
            ends=span[1],
            guests=tuple(sorted(guests_of(event))),
        )
    raise TryLater("calendar_refused", "The CalDAV server keeps something else under the appointment's name.")
