"""Who may see the desk: whoever opened the printed address, from this machine, under this machine's name.

The address carries a token; the first visit turns it into a cookie. The Host header is checked, so that a foreign
page cannot reach the desk by a name that it points here, and every change needs the desk's own Origin.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

WHO = "deskhand_who"
LONGEST_NAME = 60
MOST_BYTES = 1_000_000  # of a form: far more than an invoice of a thousand lines
OURS = {"127.0.0.1", "localhost", "[::1]"}
HEADERS = {
    "content-security-policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # "no-referrer" would also empty the Origin of our own forms
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Door:
    """Around the whole application: closed for everything and everybody unless the cookie is right."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self.token = app, token
        # Cookies do not know ports: the name keeps two desks on one machine apart.
        self.cookie = "deskhand_" + hashlib.sha256(token.encode()).hexdigest()[:10]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # the server's own start and end; there are no other connections
            await self.app(scope, receive, send)
            return
        with_headers = _sender(send)
        refused = self._refusal(Request(scope))
        if refused is not None:
            await refused(scope, receive, with_headers)
            return
        await self.app(scope, _bounded(receive), with_headers)

    def _refusal(self, request: Request) -> Response | None:
        if _host(request.headers.get("host", "")) not in OURS:
            return PlainTextResponse("The review desk answers only under 127.0.0.1 or localhost.", 421)
        given = request.query_params.get("token")
        if given is not None and request.method == "GET" and request.url.path == "/" and self._right(given):
            return self._let_in()
        if not self._right(request.cookies.get(self.cookie, "")):
            return PlainTextResponse("Open the address that `run.py review` printed: it carries the key.", 403)
        if request.method not in ("GET", "HEAD") and not _own_origin(request):
            return PlainTextResponse("This request does not come from the review desk.", 403)
        return None

    def _right(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def _let_in(self) -> Response:
        """Puts the token into a cookie and takes it out of the address, the history and the log."""
        response = RedirectResponse("/", 303)
        response.set_cookie(self.cookie, self.token, httponly=True, samesite="strict")
        return response


def _sender(send: Send) -> Send:
    """Sends with our headers, where the page has not set its own."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            own: list[Any] = list(message.get("headers", []))
            there = {name.lower() for name, _ in own}
            missing = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n.encode() not in there]
            message = {**message, "headers": [*own, *missing]}
        await send(message)

    return with_headers


def _bounded(receive: Receive) -> Receive:
    """Receives no more than `MOST_BYTES`, whatever length the request claims. Raises HTTPException 413."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > MOST_BYTES:
            raise HTTPException(413, "That is more than the review desk takes in one form.")
        return message

    return counted


def _host(header: str) -> str:
    return header.rsplit(":", 1)[0] if not header.endswith("]") else header


def _own_origin(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


def who(request: Request) -> str | None:
    """The name that the person gave; None before they were asked."""
    return plain_name(unquote(request.cookies.get(WHO, ""))) or None


def plain_name(text: str) -> str:
    """A name as it is kept: one line, without control characters, not too long."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_NAME]


def remember(response: Response, name: str) -> None:
    """Keeps the name for a working year on this browser."""
    response.set_cookie(WHO, quote(name), httponly=True, samesite="strict", max_age=365 * 24 * 3600)
