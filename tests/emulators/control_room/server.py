"""Control Room on 127.0.0.1: four hosts, each with its own tokens, and the ways in which servers fail."""

from __future__ import annotations

import json
import random
import re
import threading
import time
import urllib.parse
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from tests.emulators.control_room.operations import OPERATIONS, Call
from tests.emulators.control_room.room import PROCESS, PROCESS_RUN, WORKSPACE, Refused, Room

Fault = Literal["lost reply", "cut", "503", "429", "slow", "401"]
"""`lost reply`: carried out, and the connection ends without an answer. `cut`: the same, but not carried out."""

SLOW_SECONDS = 0.3
_RUN = rf"/process-v1/workspaces/{WORKSPACE}/processes/{PROCESS}/runs/{PROCESS_RUN}/robotRuns/([^/]+)"
_ITEM = rf"/json-v1/workspaces/{WORKSPACE}/workitems/([^/]+)"
_API = f"/api/v1/workspaces/{WORKSPACE}/work-items"
_Route = tuple[str, str, str]

# host -> (method, path, operation)
ROUTES: dict[str, tuple[_Route, ...]] = {
    "process": (
        ("POST", f"{_RUN}/reserve-next-work-item", "reserve"),
        ("POST", f"{_RUN}/release-work-item", "release"),
        ("POST", rf"/process-v1/workspaces/{WORKSPACE}/processes/{PROCESS}/work-items/([^/]+)/output", "output"),
    ),
    "workitem": (
        ("GET", f"{_ITEM}/data", "get_data"),
        ("PUT", f"{_ITEM}/data", "put_data"),
        ("GET", f"{_ITEM}/files", "list_files"),
        ("POST", f"{_ITEM}/files", "add_file"),
        ("GET", f"{_ITEM}/files/([^/]+)", "get_file"),
        ("DELETE", f"{_ITEM}/files/([^/]+)", "remove_file"),
    ),
    "storage": (
        ("POST", "/bucket", "upload"),
        ("GET", "/bucket/([^/]+)/([^/]+)", "download"),
    ),
    "api": (
        ("GET", f"{_API}/([^/]+)", "api_get"),
        ("PUT", f"{_API}/([^/]+)/payload", "api_payload"),
        ("POST", f"{_API}/([^/]+)/payload", "api_payload"),
        ("POST", f"{_API}/batch", "api_batch"),
    ),
}


_STORM: tuple[Fault, ...] = ("lost reply", "lost reply", "lost reply", "cut", "503", "slow")


class ControlRoom(Room):
    """Start it with `with`. `calls` counts the operations that were carried out."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = {"process": "Bearer token-p", "workitem": "Bearer token-w", "api": "RC-WSKEY key-of-a-person"}
        self.calls: Counter[str] = Counter()
        self.dice: random.Random | None = None
        self._faults: defaultdict[str, list[Fault | None]] = defaultdict(list)
        self._servers = {host: ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, host)) for host in ROUTES}

    def __enter__(self) -> ControlRoom:
        for server in self._servers.values():
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def url(self, host: str) -> str:
        """The address of a host: process, workitem, storage or api."""
        return f"http://127.0.0.1:{self._servers[host].server_address[1]}"

    @property
    def api_url(self) -> str:
        """What a program of a company has as endpoint of the public API."""
        return f"{self.url('api')}/api/v1"

    def environment(self, run: str, first_item: str) -> dict[str, str]:
        """What a robot finds in its environment; its first item is reserved already."""
        return {
            "RC_WORKITEM_ADAPTER": "robocorp.workitems.RobocorpAdapter",
            "RC_API_PROCESS_HOST": self.url("process"),
            "RC_API_PROCESS_TOKEN": self.tokens["process"].removeprefix("Bearer "),
            "RC_API_WORKITEM_HOST": self.url("workitem"),
            "RC_API_WORKITEM_TOKEN": self.tokens["workitem"].removeprefix("Bearer "),
            "RC_WORKSPACE_ID": WORKSPACE,
            "RC_PROCESS_ID": PROCESS,
            "RC_PROCESS_RUN_ID": PROCESS_RUN,
            "RC_ACTIVITY_RUN_ID": run,
            "RC_WORKITEM_ID": first_item,
        }

    # ---- faults

    def fail(self, operation: str, *faults: Fault) -> None:
        """The next calls of that operation end like this, one fault each."""
        self._faults[operation] += faults

    def answered(self) -> None:
        """All is well again."""
        self._faults.clear()
        self.dice = None

    def storm(self, seed: int) -> None:
        """From now on a third of the calls go wrong, each in its own way, but never three in a row."""
        self.dice = random.Random(seed)  # noqa: S311 - no secret

    def _fault(self, operation: str) -> Fault | None:
        with self.lock:
            waiting = self._faults[operation]
            if not waiting and self.dice is not None:
                waiting += [None] if self.dice.random() < 0.67 else [self.dice.choice(_STORM), None]
            return waiting.pop(0) if waiting else None

    def answer(self, host: str, operation: str, call: Call) -> tuple[int, bytes] | None:
        """Status and body; None: the connection ends without an answer."""
        fault = self._fault(operation)
        if fault == "cut":
            return None
        if fault == "slow":
            time.sleep(SLOW_SECONDS)
        if fault in ("503", "429", "401"):
            return int(fault), json.dumps({"error": {"code": f"FAULT_{fault}", "message": "not now"}}).encode()
        try:
            self._check(host, call)
            with self.lock:
                found = OPERATIONS[operation](self, call)
                self.calls[operation] += 1
        except Refused as refused:
            error = {"status": refused.status, "error": {"code": refused.code, "message": str(refused)}}
            return refused.status, json.dumps(error).encode()
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        return None if fault == "lost reply" else (200, body)

    def _check(self, host: str, call: Call) -> None:
        given = call.headers.get("Authorization")
        if host == "storage":
            if given is not None:
                raise Refused(400, "InvalidArgument", "Only one auth mechanism allowed")
            return
        if given != self.tokens[host]:
            raise Refused(401, "UNAUTHORIZED", "the token is not valid here")


def _handler(room: ControlRoom, host: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
            for method, pattern, operation in ROUTES[host]:
                match = re.fullmatch(pattern, path) if method == self.command else None
                if match:
                    call = Call(self.path, self.headers, body, match.groups())
                    return self._reply(room.answer(host, operation, call))
            return self._reply((404, b'{"error": {"code": "NOT_FOUND", "message": "no such address"}}'))

        do_GET = do_POST = do_PUT = do_DELETE = _serve

        def _reply(self, answer: tuple[int, bytes] | None) -> None:
            self.close_connection = True
            if answer is None:
                self.connection.close()
                return
            status, body = answer
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            if status == 429:
                self.send_header("Retry-After", "1")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler
