"""Microsoft Graph on 127.0.0.1: tokens, drafts, sending, a search by a named property, and lost answers."""

from __future__ import annotations

import json
import re
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from loopback import HttpServer


class GraphServer(HttpServer):
    """Start it with `with`. `lost`: so many of the next changes are made, and their answers lost."""

    address, client_secret = "hr@company.example", "not-a-real-secret"

    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.tokens = 0
        self.lost = 0
        self.refuses = 0  # so many of the next changes are answered with 400
        super().__init__(self._handler())

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What went out."""
        return [m for m in self.messages.values() if not m["isDraft"]]

    def answer(self, method: str, url: str, body: bytes, bearer: str) -> tuple[int, Any] | None:
        """Status and JSON; None: the connection ends without an answer."""
        path = unquote(urlsplit(url).path)
        if path.endswith("/token"):
            form = parse_qs(body.decode())
            if form["client_secret"] != [self.client_secret] or form["grant_type"] != ["client_credentials"]:
                return 401, {"error": "invalid_client"}
            self.tokens += 1
            return 200, {"access_token": f"token-{self.tokens}", "expires_in": 3600}
        if bearer != f"Bearer token-{self.tokens}":
            return 401, {}
        top = f"/v1.0/users/{self.address}/messages"
        if method == "GET" and path == top:
            return 200, {"value": self._found(parse_qs(urlsplit(url).query)["$filter"][0])}
        if self.refuses:
            self.refuses -= 1
            return 400, {"error": {"code": "ErrorInvalidRecipients"}}
        answer = self._change(path.removeprefix(top), body)
        if self.lost:
            self.lost -= 1
            return None
        return answer

    def _found(self, wanted: str) -> list[dict[str, Any]]:
        match = re.fullmatch(
            r"singleValueExtendedProperties/any\(ep: ep/id eq '([^']+)' and ep/value eq '([^']+)'\)", wanted
        )
        assert match is not None, wanted
        prop = {"id": match[1], "value": match[2]}
        found = [m for m in self.messages.values() if prop in m["singleValueExtendedProperties"]]
        return [{"id": m["id"], "isDraft": m["isDraft"]} for m in found]

    def _change(self, path: str, body: bytes) -> tuple[int, Any]:
        if not path:
            message = json.loads(body) | {"id": f"AAMk={len(self.messages)}", "isDraft": True}
            self.messages[message["id"]] = message
            return 201, message
        message = self.messages[path.split("/")[1]]
        assert path.endswith("/send")
        assert message["isDraft"], "what was sent cannot be sent again"
        message["isDraft"] = False
        return 202, None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = server.answer(self.command, self.path, body, self.headers.get("Authorization", ""))
                if answer is None:
                    self.close_connection = True
                    return
                data = b"" if answer[1] is None else json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler
