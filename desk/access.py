"""Who may see the desk: whoever opened the printed address, from this machine, under this machine's name.

The address carries a token; the first visit turns it into a cookie. The Host header is checked, so that a foreign
page cannot reach the desk by a name that it points here, and every change needs the desk's own Origin.
"""

from __future__ import annotations

import hmac
from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

TOKEN, WHO = "deskhand_token", "deskhand_who"
OURS = {"127.0.0.1", "localhost", "[::1]"}
HEADERS = {
    "content-security-policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class Door:
    """Middleware: closed for everything and everybody unless the cookie is right."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self.token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        refused = self._refusal(request)
        if refused is not None:
            refused.headers.update(HEADERS)
            await refused(scope, receive, send)
            return

        async def with_headers(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                own = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *own]  # type: ignore[misc]
            await send(message)

        await self.app(scope, receive, with_headers)  # type: ignore[arg-type]

    def _refusal(self, request: Request) -> Response | None:
        if _host(request.headers.get("host", "")) not in OURS:
            return PlainTextResponse("The review desk answers only under 127.0.0.1 or localhost.", 421)
        given = request.query_params.get("token")
        if given is not None and request.method == "GET" and self._right(given):
            return self._let_in(request)
        if not self._right(request.cookies.get(TOKEN, "")):
            return PlainTextResponse("Open the address that `run.py review` printed: it carries the key.", 403)
        if request.method not in ("GET", "HEAD") and not _own_origin(request):
            return PlainTextResponse("This request does not come from the review desk.", 403)
        return None

    def _right(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())

    def _let_in(self, request: Request) -> Response:
        """Puts the token into a cookie and takes it out of the address, the history and the log."""
        response = RedirectResponse(request.url.path, 303)
        response.set_cookie(TOKEN, self.token, httponly=True, samesite="strict")
        return response


def _host(header: str) -> str:
    return header.rsplit(":", 1)[0] if not header.endswith("]") else header


def _own_origin(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


def who(request: Request) -> str | None:
    """The name that the person gave; None before they were asked."""
    return unquote(request.cookies.get(WHO, "")).strip() or None


def remember(response: Response, name: str) -> None:
    """Keeps the name for a working year on this browser."""
    response.set_cookie(WHO, quote(name), httponly=True, samesite="strict", max_age=365 * 24 * 3600)
