"""A CalDAV server on 127.0.0.1: resources with ETags, conditions, free-busy-query and calendar-query."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from icalendar import Calendar
from loopback import HttpServer

CAL = "{urn:ietf:params:xml:ns:caldav}"


class CalDavServer(HttpServer):
    """Start it with `with`. `files`: path to content. `free_busy`: whether it knows that report."""

    login, password = "hr-desk", "not-a-real-password"

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.writes: list[str] = []
        self.free_busy = True
        self.before_write: list[Any] = []  # called once each before a PUT or DELETE: somebody else is faster
        self.lost = 0  # so many of the next writes are made, and their answers lost
        super().__init__(self._handler())

    def events(self, folder: str) -> list[Any]:
        """The events of a collection, by their path."""
        found = [data for path, data in sorted(self.files.items()) if path.startswith(folder)]
        return [event for data in found for event in Calendar.from_ical(data).walk("VEVENT")]

    def put(self, path: str, starts: datetime, ends: datetime, **more: str) -> None:
        """Somebody's own appointment."""
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "BEGIN:VEVENT", f"UID:{path}"]
        lines += [
            f"DTSTAMP:{starts.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART:{starts.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        ]
        lines += [f"DTEND:{ends.astimezone(UTC):%Y%m%dT%H%M%SZ}", "SUMMARY:Something else"]
        lines += [f"{name}:{value}" for name, value in more.items()] + ["END:VEVENT", "END:VCALENDAR", ""]
        self.files[path] = "\r\n".join(lines).encode()

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, bytes, str] | None:
        """Status, body and ETag; None: the connection ends without an answer."""
        if (
            headers.get("Authorization")
            != "Basic " + base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        ):
            return 401, b"", ""
        if method == "REPORT":
            return self._report(path, body)
        if method in ("PUT", "DELETE") and self.before_write:
            self.before_write.pop(0)()
        there = self.files.get(path)
        if method == "GET":
            return (404, b"", "") if there is None else (200, there, _etag(there))
        if headers.get("If-None-Match") == "*" and there is not None:
            return 412, b"", ""
        if headers.get("If-Match", _etag(there)) != _etag(there):
            return 412, b"", ""
        if method == "PUT":
            component = Calendar.from_ical(body)
            assert "METHOD" not in component, "RFC 4791, 4.1: no METHOD in a stored resource"
            assert len(component.walk("VEVENT")) == 1
            self.files[path] = body
        elif there is None:
            return 404, b"", ""
        else:
            del self.files[path]
        self.writes.append(method)
        if self.lost:
            self.lost -= 1
            return None
        return (201 if there is None else 204), b"", _etag(self.files.get(path))

    def _report(self, path: str, body: bytes) -> tuple[int, bytes, str]:
        report = ElementTree.fromstring(body)  # noqa: S314 - our own client's
        if report.tag == f"{CAL}free-busy-query" and not self.free_busy:
            return 501, b"", ""
        if not any(file.startswith(path) for file in self.files):
            return 404, b"", ""
        asked = next(report.iter(f"{CAL}time-range"))
        first, last = (datetime.strptime(asked.get(n, ""), "%Y%m%dT%H%M%S%z") for n in ("start", "end"))
        found = [e for e in self.events(path) if e.decoded("DTSTART") < last and e.decoded("DTEND") > first]
        if report.tag == f"{CAL}free-busy-query":
            rows = [f"FREEBUSY:{_utc(e.decoded('DTSTART'))}/{_utc(e.decoded('DTEND'))}" for e in found if _blocks(e)]
            lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "BEGIN:VFREEBUSY", *rows]
            return 200, "\r\n".join([*lines, "END:VFREEBUSY", "END:VCALENDAR", ""]).encode(), ""
        parts = "".join(
            "<D:response><D:propstat><D:prop><C:calendar-data>"
            f"{escape('BEGIN:VCALENDAR' + chr(10) + e.to_ical().decode() + 'END:VCALENDAR')}"
            "</C:calendar-data></D:prop></D:propstat></D:response>"
            for e in found
        )
        whole = f'<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{parts}</D:multistatus>'
        return 207, whole.encode(), ""

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = server.answer(self.command, unquote(self.path), self.headers, body)
                if answer is None:
                    self.close_connection = True
                    return
                self.send_response(answer[0])
                if answer[2]:
                    self.send_header("ETag", answer[2])
                self.send_header("Content-Length", str(len(answer[1])))
                self.end_headers()
                self.wfile.write(answer[1])

            do_PUT = do_DELETE = do_REPORT = do_GET

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler


def _etag(data: bytes | None) -> str:
    return "" if data is None else f'"{hashlib.sha256(data).hexdigest()[:12]}"'


def _blocks(event: Any) -> bool:
    return event.get("TRANSP", "OPAQUE") != "TRANSPARENT" and event.get("STATUS", "") != "CANCELLED"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
