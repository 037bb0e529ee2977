"""The contract desk's own page: the company's clauses, searched, beside the clause that somebody is deciding on.

Opening a clause to compare with it is a pick: it teaches the search what people look for, without a command.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bots.contracts.categories import CUAD, TERMS
from desk.access import who
from desk.contract_words import Piece, differences

if TYPE_CHECKING:
    from desk.app import Desk

LONGEST = 400  # characters of a question
SHOWN = 10  # clauses on the page
LOOKED_AT = 60  # found, of which the same words are shown once
MOST_NAMES = 500  # that a field offers
KEPT = ("q", "category", "kind", "counterparty", "verdict", "item")
VERDICTS = {"accepted": True, "refused": False}


class Precedent(NamedTuple):
    """A clause of the company's own, as it was found. `accepted` None: nobody has said."""

    clause_id: str
    text: str
    document: str
    category: str
    kind: str
    counterparty: str
    accepted: bool | None
    reason: str  # why it was refused


class Wording(NamedTuple):
    """The same words, found once or in several contracts. `precedents` are never empty, the best first."""

    precedents: tuple[Precedent, ...]

    @property
    def best(self) -> Precedent:
        """The one that stands for all of them."""
        return self.precedents[0]

    @property
    def categories(self) -> str:
        """What the words are about, in the order in which they were found."""
        return ", ".join(dict.fromkeys(p.category for p in self.precedents if p.category))

    @property
    def elsewhere(self) -> tuple[Precedent, ...]:
        """One of each other contract in which they stand."""
        of: dict[str, Precedent] = {}
        for precedent in self.precedents:
            of.setdefault(precedent.document, precedent)
        return tuple(of.values())[1:]


def wordings(found: Iterable[Precedent]) -> list[Wording]:
    """Found clauses, the same words under the same verdict put together, in the order of the best of each."""
    alike: dict[tuple[str, bool | None], list[Precedent]] = {}
    for precedent in found:
        words = " ".join(precedent.text.casefold().split())
        alike.setdefault((words, precedent.accepted), []).append(precedent)
    return [Wording(tuple(some)) for some in alike.values()]


class Unsearchable(Exception):
    """The clauses cannot be searched now; the text says why, for people."""


class ClauseBook(Protocol):
    """What the page asks. Filters are as extractors.precedents has them."""

    def search(self, question: str, top: int, filters: Mapping[str, Any]) -> Sequence[Precedent]:
        """The clauses that answer best, best first. Raises Unsearchable."""
        ...

    def known(self, label: str) -> Sequence[str]:
        """The values that `kind` or `counterparty` have among the clauses, in order. Raises Unsearchable."""
        ...

    def picked(self, question: str, clause_id: str, shown: Sequence[str], filters: Mapping[str, Any]) -> None:
        """Notes that a person chose a clause of those shown, best first. Raises Unsearchable."""
        ...


class NoClauseBook:
    """The clauses of a company that has none."""

    def search(self, question: str, top: int, filters: Mapping[str, Any]) -> Sequence[Precedent]:
        """Nothing."""
        return ()

    def known(self, label: str) -> Sequence[str]:
        """None."""
        return ()

    def picked(self, question: str, clause_id: str, shown: Sequence[str], filters: Mapping[str, Any]) -> None:
        """Keeps nothing."""


@dataclass(frozen=True)
class Asked:
    """What is searched for, and for which item's clause."""

    q: str = ""
    category: str = ""
    kind: str = ""
    counterparty: str = ""
    verdict: str = ""
    item: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Asked:
        """From an address or a form; what cannot be meant is left out."""
        known = {name: " ".join(told.get(name, "").split())[:LONGEST] for name in KEPT}
        known["category"] = known["category"] if known["category"] in CUAD else ""
        known["verdict"] = known["verdict"] if known["verdict"] in VERDICTS else ""
        return cls(**known)

    @property
    def filters(self) -> dict[str, Any]:
        """As the search takes them."""
        wanted: dict[str, Any] = {name: getattr(self, name) for name in ("category", "kind", "counterparty")}
        wanted["accepted"] = VERDICTS.get(self.verdict)
        return {name: value for name, value in wanted.items() if value not in ("", None)}

    @property
    def question(self) -> str:
        """What the search is asked: the words, else the category's name."""
        return self.q or self.category.lower()

    def address(self, **more: str) -> str:
        """The page that shows it."""
        told = {name: value for name in KEPT if (value := getattr(self, name))}
        return "/clauses?" + urlencode(told | more)


class ClausePages:
    """The page, behind the desk's door and in its frame."""

    def __init__(self, desk: Desk, book: ClauseBook) -> None:
        self._desk, self._book = desk, book

    def routes(self) -> list[BaseRoute]:
        """Their addresses."""
        return [Route("/clauses", self.show), Route("/clauses/pick", self.pick, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """What was found, the clause at hand above it, and what differs from the one that was chosen."""
        if who(request) is None:
            return RedirectResponse("/who", 303)
        asked, fault = Asked.of(request.query_params), None
        found: Sequence[Wording] = ()
        kinds: Sequence[str] = ()
        partners: Sequence[str] = ()
        try:
            kinds = await run_in_threadpool(self._book.known, "kind")
            partners = await run_in_threadpool(self._book.known, "counterparty")
            if asked.question:
                hits = await run_in_threadpool(self._book.search, asked.question, LOOKED_AT, asked.filters)
                found = wordings(hits)[:SHOWN]
        except Unsearchable as why:
            fault = str(why)
        own, item = self._clause_at_hand(asked), self._desk.store.get(asked.item) if asked.item else None
        chosen = next((w.best for w in found if w.best.clause_id == request.query_params.get("chosen")), None)
        pieces: tuple[Piece, ...] = differences(chosen.text, own) if chosen and own else ()
        values: dict[str, Any] = {
            "asked": asked,
            "found": found,
            "kinds_known": kinds[:MOST_NAMES],
            "partners": partners[:MOST_NAMES],
            "own": own,
            "chosen": chosen,
            "pieces": pieces,
            "fault": fault,
        }
        names = [name for name in CUAD if name not in TERMS]
        return self._desk.page(request, "contracts/clauses.html", categories=names, back=item, **values)

    async def pick(self, request: Request) -> Response:
        """A clause was chosen; the page then shows what differs from it."""
        if who(request) is None:
            return RedirectResponse("/who", 303)
        form = await request.form(max_files=0)
        told = {name: value for name, value in form.items() if isinstance(value, str)}
        asked, chosen = Asked.of(told), told.get("clause", "")
        shown = told.get("shown", "").splitlines()[:SHOWN]
        if chosen not in shown or not asked.question:
            raise HTTPException(400, "That clause was not among those shown.")
        with suppress(Unsearchable):  # the page says why
            await run_in_threadpool(self._book.picked, asked.question, chosen, shown, asked.filters)
        return RedirectResponse(asked.address(chosen=chosen) + "#chosen", 303)

    def _clause_at_hand(self, asked: Asked) -> str:
        """The words that the item's page shows under the category; "" where there are none."""
        item = self._desk.store.get(asked.item) if asked.item else None
        if item is None:
            return ""
        rows = getattr(self._desk.sheets.view(item), "rows", ())
        return next((row.text for row in rows if row.category == asked.category), "")
