"""An Exchange server on 127.0.0.1: logins, tokens, and the ways in which servers fail."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler
from typing import Literal

from loopback import HttpServer

from ews.soap import Operations
from ews.store import MailStore

Disaster = Literal["503", "lost answer", "cut before", "500 busy"]
"""`lost answer`: the operation is carried out, and the connection ends without an answer."""


class EwsServer(HttpServer):
    """Start it with `with`. `calls` counts the operations that were carried out."""

    def __init__(self, address: str = "invoices@example.test") -> None:
        self.store = MailStore(address)
        self.calls: Counter[str] = Counter()
        self.impersonated: list[str | None] = []
        self.login, self.password = "svc-deskhand", "not-a-real-password"
        self.client_id, self.client_secret = "app-1", "not-a-real-secret"
        self.tokens: dict[str, float] = {}
        self.tokens_issued = 0
        self.token_seconds = 3600.0
        self._disasters: defaultdict[str, list[Disaster]] = defaultdict(list)
        self._lock = threading.Lock()
        self._operations = Operations(self.store)
        super().__init__(self._handler())

    def fail(self, operation: str, *disasters: Disaster) -> None:
        """The next calls of that operation end like this, one disaster each."""
        self._disasters[operation] += disasters

    def revoke_tokens(self) -> None:
        """No token that was issued is accepted any more."""
        self.tokens.clear()

    def answer(self, request: bytes, authorization: str) -> tuple[int, bytes] | None:
        """Status and body; None: the connection ends without an answer."""
        with self._lock:
            if not self._known(authorization):
                return 401, b""
            name = self._operation(request)
            disaster = self._disasters[name].pop(0) if self._disasters[name] else None
            if disaster == "503":
                return 503, b"Service Unavailable"
            if disaster == "cut before":
                return None
            if disaster == "500 busy":
                return 500, b"Server Error in '/EWS' Application"
            self.impersonated.append(self._operations.impersonated(request))
            name, body, status = self._operations.answer(request)
            self.calls[name] += status == 200
            return None if disaster == "lost answer" else (status, body)

    def issue_token(self, form: str) -> tuple[int, bytes]:
        """The client credentials grant."""
        if f"client_id={self.client_id}" not in form or f"client_secret={self.client_secret}" not in form:
            return 401, json.dumps({"error": "invalid_client"}).encode()
        self.tokens_issued += 1
        token = f"token-{self.tokens_issued}"
        self.tokens[token] = time.time() + self.token_seconds
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": int(self.token_seconds)}
        return 200, json.dumps(answer).encode()

    def _known(self, authorization: str) -> bool:
        scheme, _, value = authorization.partition(" ")
        if scheme == "Basic":
            return base64.b64decode(value) == f"{self.login}:{self.password}".encode()
        return scheme == "Bearer" and self.tokens.get(value, 0.0) > time.time()

    def _operation(self, request: bytes) -> str:
        start = request.index(b"Body>") + 5
        return request[start:].split(b"<", 1)[1].split(b":", 1)[1].split(b">")[0].split(b" ")[0].decode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path.endswith("/token"):
                    return self._reply(*server.issue_token(body.decode()), "application/json")
                answer = server.answer(body, self.headers.get("Authorization", ""))
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                    return None
                return self._reply(*answer, "text/xml; charset=utf-8")

            def _reply(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                if status == 401:
                    self.send_header("WWW-Authenticate", 'Basic realm="EWS"')
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler
