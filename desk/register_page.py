"""The register of contracts at the desk: with whom, about what, until when, the day that comes next on top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bots.contracts.glance import Glance, next_first
from desk.access import who

if TYPE_CHECKING:
    from desk.app import Desk

LONGEST = 200
SHOWN = 200
SOON_DAYS = 30


class Registered(Protocol):
    """The contracts of the register."""

    def contracts(self) -> Sequence[Glance]:
        """All of them, in any order."""
        ...


class NoRegister:
    """The register of a company that has none."""

    def contracts(self) -> Sequence[Glance]:
        """Nothing."""
        return ()


class RegisterPage:
    """The page, behind the desk's door and in its frame."""

    def __init__(self, desk: Desk, register: Registered) -> None:
        self._desk, self._register = desk, register

    def routes(self) -> list[BaseRoute]:
        """Its address, and that of each contract in it."""
        return [Route("/contracts", self.show), Route("/contracts/{dossier}", self.one)]

    async def one(self, request: Request) -> Response:
        """The contract itself: letters and reminders know it by its place in the register."""
        known = await run_in_threadpool(self._register.contracts)
        item = next((c.item for c in known if c.dossier == request.path_params["dossier"]), "")
        if not item:
            raise HTTPException(404, "There is no such contract in the register any more.")
        return RedirectResponse(f"/item/{quote(item, safe='')}", 303)

    async def show(self, request: Request) -> Response:
        """The contracts that the words tell of."""
        if who(request) is None:
            return RedirectResponse("/who", 303)
        words = " ".join(request.query_params.get("q", "").split())[:LONGEST]
        known = await run_in_threadpool(self._register.contracts)
        today = datetime.now(UTC).astimezone().date()
        found = next_first([contract for contract in known if contract.tells(words)], today)
        rows = [(contract, _left(contract, today)) for contract in found[:SHOWN]]
        values = {"rows": rows, "found": len(found), "all": len(known), "q": words, "soon": SOON_DAYS}
        return self._desk.page(request, "contracts/register.html", 200, **values)


def _left(contract: Glance, today: date) -> int | None:
    """Days until the day that comes next; below 0: gone by."""
    return (contract.next_day - today).days if contract.next_day else None
