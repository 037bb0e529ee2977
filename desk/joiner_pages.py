"""The joiners desk's own pages: who must do what by when over all joiners, and the mails that wait for a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bots.joiners.mailbag import Kept
from bots.joiners.people import Person, PersonFile
from bots.joiners.todo import MAIL_NAMES, OF_PAPERS, Todo
from connectors.outgoing import is_address
from desk.access import plain_name, who
from desk.joiner_facts import fact_rows

if TYPE_CHECKING:
    from desk.app import Desk

OWNERS = {
    "hr": "HR",
    "it": "IT",
    "manager": "the manager",
    "facilities": "facilities",
    "joiner": "the joiner",
    "bot": "the bots",
}
LONGEST = 200
DECISIONS = {
    "release": "released",
    "drop": "dropped",
    "sent": "sent",
}
"""What a person may say of a mail: send it (once more), do not send it, it went out."""
MAY: Mapping[str, tuple[str, ...]] = {
    "draft": ("release", "drop"),
    "perhaps": ("sent", "release", "drop"),
    "refused": ("release", "drop"),
    "released": ("drop",),
}
"""By how the mail stands."""


class JoinerBook(Protocol):
    """What the pages read and change. Each change is a person's, and gives the bots their turn."""

    def todos(self) -> Sequence[Todo]:
        """Everything that is open, late ones first."""
        ...

    def people(self) -> Sequence[Person]:
        """Everybody, who is to come first."""
        ...

    def person(self, key: str) -> PersonFile | None:
        """All that is known of one joiner."""
        ...

    def mail(self, bag: str, key: str) -> Kept | None:
        """A mail of a joiner, or to a manager."""
        ...

    def done(self, joiner: str, task: str, who: str, evidence: str) -> bool:
        """A person says that a task is done, and what proves it; False where it was no person's, or not open."""
        ...

    def enter_address(self, joiner: str, address: str, who: str) -> bool:
        """A person says where the joiner gets mail; False where there is no such joiner."""
        ...

    def decide_mail(self, about: tuple[str, str], seen: Kept, state: str, who: str) -> bool:
        """What a person decides of a mail as it was seen; False where it has changed meanwhile."""
        ...


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    todo: Todo
    owner: str

    @property
    def mail_at(self) -> str:
        """Where the mail can be read."""
        return f"/joiners/mail/{quote(self.todo.joiner, safe='')}/{quote(self.todo.mail, safe='')}"


class JoinerPages:
    """The pages, behind the desk's door and in its frame."""

    def __init__(self, desk: Desk, book: JoinerBook) -> None:
        self._desk, self._book = desk, book

    def routes(self) -> list[BaseRoute]:
        """Their addresses."""
        return [
            Route("/joiners", self.list),
            Route("/joiners/people", self.people),
            Route("/joiners/people/{key}", self.person),
            Route("/joiners/done", self.done, methods=["POST"]),
            Route("/joiners/address", self.address, methods=["POST"]),
            Route("/joiners/mail/{bag}/{key:path}", self.mail, methods=["GET", "POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """Who must do what by when."""
        if who(request) is None:
            return RedirectResponse("/who", 303)
        return await self._list(request)

    async def _list(self, request: Request, status: int = 200, **more: Any) -> Response:
        found = await run_in_threadpool(self._book.todos)
        owner = request.query_params.get("owner", "")
        counts = {name: sum(t.owner == name for t in found) for name in OWNERS}
        late = {name: sum(t.owner == name and t.standing == "late" for t in found) for name in OWNERS}
        values = {
            "rows": [Row(t, OWNERS[t.owner]) for t in found if owner in ("", t.owner)],
            "owner": owner if owner in OWNERS else "",
            "owners": [(name, OWNERS[name], counts[name], late[name]) for name in OWNERS if counts[name]],
            "all": len(found),
            "late": sum(late.values()),
            "people": len({t.joiner for t in found if t.starts_on}),
            "of_papers": OF_PAPERS,
        }
        return self._desk.page(request, "joiners/list.html", status, **values | more)

    async def people(self, request: Request) -> Response:
        """Everybody in one line: who comes when, who is ready, who has withdrawn."""
        if who(request) is None:
            return RedirectResponse("/who", 303)
        found = await run_in_threadpool(self._book.people)
        return self._desk.page(request, "joiners/people.html", people=found)

    async def person(self, request: Request) -> Response:
        """All that is known of one joiner, with the evidence and every change."""
        if who(request) is None:
            return RedirectResponse("/who", 303)
        found = await run_in_threadpool(self._book.person, request.path_params["key"])
        if found is None:
            raise HTTPException(404, "There is no such joiner, or the papers were deleted as the policy says.")
        values: dict[str, Any] = {
            "file": found,
            "facts": fact_rows(found.joiner),
            "bag": quote(found.person.key, safe=""),
            "mail_names": MAIL_NAMES,
            "owners": OWNERS,
        }
        return self._desk.page(request, "joiners/person.html", 200, **values)

    async def done(self, request: Request) -> Response:
        """A person says that a task is done."""

        def change(form: Mapping[str, str], person: str) -> bool:
            evidence = plain_name(form.get("evidence", ""))[:LONGEST]
            return self._book.done(form.get("joiner", ""), form.get("task", ""), person, evidence)

        return await self._changed(request, change, "This task is done already, or not open any more.")

    async def address(self, request: Request) -> Response:
        """A person enters where the joiner gets mail."""

        def change(form: Mapping[str, str], person: str) -> bool:
            typed = form.get("address", "").strip()
            return is_address(typed) and self._book.enter_address(form.get("joiner", ""), typed, person)

        return await self._changed(request, change, "That is not one mail address; write it like name@example.org.")

    async def _changed(self, request: Request, change: Callable[[Mapping[str, str], str], bool], no: str) -> Response:
        person = who(request)
        if person is None:
            return RedirectResponse("/who", 303)
        form = await _form(request)
        if not await run_in_threadpool(change, form, person):
            return await self._list(request, 422, fault=no)
        return RedirectResponse("/joiners" + _query(form.get("owner", "")), 303)

    async def mail(self, request: Request) -> Response:
        """A mail as it would go out; a person releases or drops it."""
        person = who(request)
        if person is None:
            return RedirectResponse("/who", 303)
        bag, key = request.path_params["bag"], request.path_params["key"]
        kept = await run_in_threadpool(self._book.mail, bag, key)
        if kept is None:
            raise HTTPException(404, "This mail is not needed any more.")
        may = MAY.get(kept.state, ())
        if request.method != "POST":
            return self._shown(request, kept, may)
        form = await _form(request)
        action = form.get("action", "")
        if action not in may or form.get("seen") != _seen(kept):
            return self._shown(request, kept, may, fault="This mail has changed meanwhile. Look at it again.")
        if not await run_in_threadpool(self._book.decide_mail, (bag, key), kept, DECISIONS[action], person):
            raise HTTPException(409, "This mail has changed meanwhile.")
        found = await run_in_threadpool(self._book.todos)
        others = (Row(t, t.owner).mail_at for t in found if t.mail and (t.joiner, t.mail) != (bag, key))
        return RedirectResponse(next(others, "/joiners"), 303)

    def _shown(self, request: Request, kept: Kept, may: Sequence[str], fault: str = "") -> Response:
        name = MAIL_NAMES[kept.letter.kind]
        values = {"kept": kept, "letter": kept.letter, "may": may, "title": name, "seen": _seen(kept), "fault": fault}
        return self._desk.page(request, "joiners/mail.html", 409 if fault else 200, **values)


def _seen(kept: Kept) -> str:
    """What tells this version of a mail from another."""
    import hashlib

    return hashlib.sha256(kept.model_dump_json().encode()).hexdigest()[:24]


async def _form(request: Request) -> Mapping[str, str]:
    form = await request.form(max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _query(owner: str) -> str:
    return "?" + urlencode({"owner": owner}) if owner in OWNERS else ""
