"""Tryton's JSON-RPC: one logged-in session that logs in again when the server has forgotten it."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx

from workitems.errors import TryLater

Row = dict[str, Any]
Domain = Sequence[Any]


class RpcFault(Exception):
    """The server refused a call that should have worked (missing rights, a module that is not there): no retry helps.

    `code` is the server's name for it; its text may hold personal data and is kept out of the message.
    """

    def __init__(self, method: str, code: str) -> None:
        self.code = code
        super().__init__(f"the ERP refused {method}: {code}")


class TrytonRpc:
    """Calls of one login on one database. Raises TryLater when the server is away, RpcFault when it refuses."""

    def __init__(self, url: str, database: str, login: str, password: str, seconds: float = 30.0) -> None:
        """`url` without the database's name; `seconds`: how long one call may take."""
        self._login, self._password = login, password
        self._http = httpx.Client(base_url=f"{url.rstrip('/')}/{database}/", timeout=seconds, trust_env=False)
        self._session: str | None = None
        self._context: Row = {}

    def call(self, method: str, *params: Any, more: Row | None = None) -> Any:
        """Calls `method` ("model.party.party.read") with the user's context, and `more`, behind the parameters."""
        for attempt in (1, 2):
            if self._session is None:
                self._log_in()
            reply = self._send(method, [*params, self._context | (more or {})])
            if reply.status_code == httpx.codes.UNAUTHORIZED and attempt == 1:
                self._session = None  # forgotten: the session timed out, or the ERP was reset
                continue
            return self._result(method, reply)
        raise AssertionError("unreachable")

    def read(
        self, model: str, domain: Domain, fields: Sequence[str], order: str = "id", limit: int | None = None
    ) -> list[Row]:
        """Fields of the records that fit; "party.name" reads through a relation. `order`: "field" or "field DESC"."""
        name, _, direction = order.partition(" ")
        rows: list[Row] = self.call(
            f"model.{model}.search_read", list(domain), 0, limit, [(name, direction or "ASC")], list(fields)
        )
        return rows

    def read_all(self, model: str, domain: Domain, fields: Sequence[str]) -> list[Row]:
        """As `read`, by id, and with the records that are no longer, or not yet, active."""
        inactive_too = {"active_test": False}
        rows: list[Row] = self.call(
            f"model.{model}.search_read", list(domain), 0, None, [("id", "ASC")], list(fields), more=inactive_too
        )
        return rows

    def close(self) -> None:
        """Ends the session at the server, if it still answers."""
        if self._session is not None:
            with contextlib.suppress(TryLater):
                self._send("common.db.logout", [])
            self._session = None
        self._http.close()

    def _log_in(self) -> None:
        reply = self._send("common.db.login", [self._login, {"password": self._password}, "en"])
        if reply.status_code == httpx.codes.UNAUTHORIZED:
            raise TryLater("erp_login", "The ERP refuses the login of the records reader.")
        user, token, *_ = self._result("login", reply)
        self._session = base64.b64encode(f"{self._login}:{user}:{token}".encode()).decode("ascii")
        preferences = self._send("model.res.user.get_preferences", [True, {}])
        self._context = self._result("get_preferences", preferences)

    def _send(self, method: str, params: list[Any]) -> httpx.Response:
        body = json.dumps({"id": 0, "method": method, "params": params}, default=_encode)
        headers = {"Content-Type": "application/json"}
        if self._session is not None and method != "common.db.login":
            headers["Authorization"] = f"Session {self._session}"
        try:
            return self._http.post("rpc/", content=body, headers=headers)
        except httpx.RequestError as away:
            raise TryLater("erp_away", f"The ERP does not answer ({type(away).__name__}).") from away

    def _result(self, method: str, reply: httpx.Response) -> Any:
        if reply.status_code != httpx.codes.OK:
            busy = reply.status_code == httpx.codes.TOO_MANY_REQUESTS or reply.status_code >= 500
            if busy or reply.status_code == httpx.codes.UNAUTHORIZED:
                raise TryLater("erp_away", f"The ERP answered with status {reply.status_code}.")
            raise RpcFault(method, f"status {reply.status_code}")
        try:
            answer = json.loads(reply.content, object_hook=_decode)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):  # a proxy's page, while the ERP is down
            raise TryLater("erp_away", "Something else answers in the ERP's place.")
        error = answer.get("error")
        if error:
            raise RpcFault(method, _error_code(error))
        return answer["result"]


def _error_code(error: Any) -> str:
    """The server's name of the error: its own kinds come as a name with details, anything else as bare text."""
    name = error[0] if isinstance(error, list) and error else error
    return name if isinstance(name, str) and name.isidentifier() else "error"


def _encode(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
        fields = ("year", "month", "day", "hour", "minute", "second", "microsecond")
        return {"__class__": "datetime", **{name: getattr(value, name) for name in fields}}
    if isinstance(value, date):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    raise TypeError(f"cannot send a {type(value).__name__} to the ERP")


def _decode(value: Row) -> Any:
    """Tryton's marked objects as Python's; its datetimes are UTC."""
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "date":
            return date(value["year"], value["month"], value["day"])
        case "datetime":
            day = datetime(value["year"], value["month"], value["day"], tzinfo=UTC)
            return day.replace(**{name: value[name] for name in ("hour", "minute", "second", "microsecond")})
        case "bytes":
            return base64.b64decode(value["base64"])
        case _:
            return value
