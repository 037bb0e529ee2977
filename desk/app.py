"""The review desk's routes. Load or 404, call, translate, redirect; the rules are the bots'."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from desk import answers, invoices, items, texts, waiting
from desk.access import Door, plain_name, remember, who
from desk.choices import Ask, Offers
from desk.items import ItemView
from desk.progress import Progress, Sent
from desk.sheets import HasPages, Sheet, Sheets
from workitems.rows import ItemRow
from workitems.store import NotAllowed, Store, StoreError

HERE = Path(__file__).parent
LONGEST_REASON = 500
MOST_PAGES = 600  # as many as are read of a contract; their pictures are drawn when they are looked at
SHOWN_SENT = 4
NOT_KEPT = {"cache-control": "private, no-store"}
"""Documents are sealed in the store: no browser keeps them on its disk, either."""


class Pictures(Protocol):
    """Pictures of documents, drawn in bounded time; nothing is raised for a file that cannot be drawn."""

    def pages(self, path: str) -> int:
        """How many pages the file has; 0 where that cannot be told."""
        ...

    def page(self, path: str, number: int) -> bytes | None:
        """A page as PNG."""
        ...

    def text(self, path: str) -> str:
        """The text of a Word file; "" where it cannot be told."""
        ...


@dataclass(frozen=True)
class Backing:
    """What the pages stand on. `store` gives None while there is none; `bots` says why nothing goes on, or nothing.

    `sheets`: the desks' pages, in the order in which they are asked.
    """

    store: Callable[[], Store | None]
    pictures: Pictures
    ask: Ask
    bots: Callable[[], str]
    sheets: Sequence[Sheet] = (invoices.InvoiceSheet(),)


class Desk:
    """The pages."""

    def __init__(self, backing: Backing) -> None:
        self.backing = backing
        self.sheets = Sheets(backing.sheets)
        self.progress = Progress()
        self.templates = Jinja2Templates(HERE / "templates")
        env = self.templates.env
        env.finalize = texts.seen
        env.globals |= {"ago": texts.ago, "words": texts.words, "cells": items.cells, "kinds": invoices.KINDS}
        env.globals |= {
            "rows_typed": answers.rows_typed,
            "line_fields": invoices.LINE_FIELDS,
            "most_lines": invoices.MOST_LINES,
            "tax_fields": invoices.TAX_FIELDS,
        }
        env.globals["desk_pages"] = [page for s in backing.sheets if isinstance(s, HasPages) for page in s.pages]
        env.filters |= {"money": waiting.money, "plain": texts.plain, "words": texts.words}

    @property
    def store(self) -> Store:
        store = self.backing.store()
        if store is None:
            raise HTTPException(503, "Everything is being set up anew. Try again in a moment.")
        return store

    def page(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        return self.templates.TemplateResponse(request, name, {"who": who(request), **values}, status_code=status)

    def item(self, request: Request) -> ItemRow:
        item = self.store.get(request.path_params["id"])
        if item is None:
            raise HTTPException(404, "There is no such document any more.")
        return item

    def standing(self, request: Request) -> dict[str, Any]:
        sent = self.progress.standings(self.store, who(request), SHOWN_SENT)
        return {"sent": sent, "going": any(s.tone == "going" for s in sent), "bots": self.backing.bots()}

    async def list(self, request: Request) -> Response:
        if who(request) is None:
            return RedirectResponse("/who", 303)
        reason = request.query_params.get("reason")
        found = await run_in_threadpool(waiting.waiting, self.store, self.sheets, reason)
        values = {"found": found, "reason": reason, "now": datetime.now(UTC), **self.standing(request)}
        return self.page(request, "list.html", **values)

    async def who(self, request: Request) -> Response:
        if request.method != "POST":
            return self.page(request, "who.html")
        name = plain_name((await _form(request)).get("name", ""))
        if not name:
            fault = "Please enter your name: it stands beside what you decide."
            return self.page(request, "who.html", 422, fault=fault)
        response = RedirectResponse("/", 303)
        remember(response, name)
        return response

    async def going(self, request: Request) -> Response:
        """The strip that says what became of what was sent on; the pages ask for it while something is under way."""
        return self.page(request, "sent.html", **self.standing(request))

    async def show(self, request: Request) -> Response:
        if who(request) is None:
            return RedirectResponse("/who", 303)
        return await self._show(request, self.item(request))

    async def _show(self, request: Request, item: ItemRow, status: int = 200, **more: Any) -> Response:
        sheet = self.sheets.of(item)
        shown = sheet.view(item)
        reason = request.query_params.get("reason")
        values = {
            "view": shown,
            "form": sheet.form,
            "open": item.state in waiting.WAITS,
            "offers": await self._offers(sheet, shown),
            "found": await run_in_threadpool(waiting.waiting, self.store, self.sheets, reason),
            "reason": reason,
            "events": self.store.events(item.id),
            "decisions": self.store.decisions(item.id),
            "typed": {},
            "wrong": None,
            "now": datetime.now(UTC),
            **await run_in_threadpool(self._preview, shown),
            **self.standing(request),
        }
        values["next"] = waiting.after(values["found"].rows, item.id)
        return self.page(request, "item.html", status, **values | more)

    async def _offers(self, sheet: Sheet, shown: ItemView) -> Offers:
        return await run_in_threadpool(self.backing.ask, sheet.orders(shown))

    def _preview(self, shown: ItemView) -> dict[str, Any]:
        names = self.store.file_names(shown.item.id)
        pages, text = 0, "" if shown.document else texts.payload(shown.item.payload)
        with suppress(FileNotFoundError):  # the store has lost it: the item is shown without
            if names and shown.preview == "pages":
                pages = (shown.paper.pages if shown.paper else 0) or self._count(shown.item.id, names[0])
            elif names and shown.preview == "text":
                text = texts.beginning(self.store.read_file(shown.item.id, names[0]))
            elif names and shown.preview == "words":
                with self.store.opened(shown.item.id, names[0]) as path:
                    text = self.backing.pictures.text(str(path))
        return {"files": names, "pages": min(pages, MOST_PAGES), "more_pages": max(0, pages - MOST_PAGES), "text": text}

    def _count(self, item_id: str, name: str) -> int:
        with self.store.opened(item_id, name) as path:
            return self.backing.pictures.pages(str(path))

    async def answer(self, request: Request) -> Response:
        item, person, form = self.item(request), who(request), await _form(request)
        if person is None:
            return RedirectResponse("/who", 303)
        sheet = self.sheets.of(item)
        shown = sheet.view(item)
        try:
            said = sheet.answers(shown, form, await self._offers(sheet, shown), (person, datetime.now(UTC)))
        except answers.NotUnderstood as wrong:
            return await self._show(request, item, 422, fault=str(wrong), wrong=wrong.field, typed=form)
        if not said and form.get("action") != "retry":
            fault = "Nothing was changed or accepted. Correct a value, tick what you accept, or reject the document."
            return await self._show(request, item, 422, fault=fault, typed=form)
        why = "; ".join(f"{a.field} {a.value}" if a.field == "confirm" else a.field for a in said) or "check again"
        return await self._decided(
            request, item, lambda: self.store.answer(item.id, _with(item, said), person, why, _version(form))
        )

    async def reject(self, request: Request) -> Response:
        item, person, form = self.item(request), who(request), await _form(request)
        if person is None:
            return RedirectResponse("/who", 303)
        why = " ".join(form.get("why", "").split())[:LONGEST_REASON]
        if not why:
            return await self._show(request, item, 422, fault="Please say why: the sender and the auditor will ask.")
        seen = _version(form)
        return await self._decided(request, item, lambda: self.store.cancel(item.id, person, why, seen))

    async def _decided(self, request: Request, item: ItemRow, decide: Callable[[], None]) -> Response:
        """Decides, and goes on to the next waiting item."""
        reason = request.query_params.get("reason")
        rows = (await run_in_threadpool(waiting.waiting, self.store, self.sheets, reason)).rows
        try:
            await run_in_threadpool(decide)  # it may go to another host
        except NotAllowed as error:
            return await self._show(request, self.item(request), 409, fault=str(error))
        self.progress.add(Sent(item.id, self.sheets.view(item).filename, who(request) or ""))
        following = waiting.after(rows, item.id)
        where = f"/item/{following.id}" if following else "/"
        return RedirectResponse(where + _query(reason if following else None), 303)

    async def picture(self, request: Request) -> Response:
        item, number = self.item(request), int(request.path_params["number"])
        names = self.store.file_names(item.id)
        if not names or not 1 <= number <= MOST_PAGES:
            raise HTTPException(404, "There is no such page.")
        png = await run_in_threadpool(self._drawn, item.id, names[0], number)
        if png is None:  # browsers show the picture of an error, too
            return Response(texts.NO_PICTURE, 404, media_type="image/svg+xml")
        return Response(png, media_type="image/png", headers=NOT_KEPT)

    def _drawn(self, item_id: str, name: str, number: int) -> bytes | None:
        try:
            with self.store.opened(item_id, name) as path:
                return self.backing.pictures.page(str(path), number)
        except FileNotFoundError:
            return None

    async def file(self, request: Request) -> Response:
        """The document itself, always as a download: a browser must not open what a stranger sent on our origin."""
        item, name = self.item(request), request.path_params["name"]
        if name not in self.store.file_names(item.id):
            raise HTTPException(404, "The document has no such file.")
        content = await run_in_threadpool(self.store.read_file, item.id, name)
        named = {"content-disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}"}
        return Response(content, media_type="application/octet-stream", headers=NOT_KEPT | named)

    async def fault(self, request: Request, error: Exception) -> Response:
        status, detail = (500, "")
        if isinstance(error, HTTPException):
            status, detail = error.status_code, error.detail
        elif isinstance(error, StoreError):
            status, detail = 503, str(error)
        sentence = detail if " " in detail else texts.SENTENCES.get(status, texts.SENTENCES[500])
        return self.page(request, "message.html", status, sentence=sentence)


async def _form(request: Request) -> Mapping[str, str]:
    form = await request.form(max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _with(item: ItemRow, said: tuple[Any, ...]) -> Any:
    """The payload with the answers; a payload that takes none is tried again as it is."""
    if not said or not isinstance(item.payload, dict):
        return item.payload
    kept = item.payload.get("answers")
    before = kept if isinstance(kept, list) else []
    return item.payload | {"answers": before + [a.model_dump(mode="json") for a in said]}


def _version(form: Mapping[str, str]) -> int:
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _query(reason: str | None) -> str:
    return "?" + urlencode({"reason": reason}) if reason else ""


def routes(desk: Desk) -> list[BaseRoute]:
    """Every address of the desk."""
    return [
        Route("/", desk.list),
        Route("/who", desk.who, methods=["GET", "POST"]),
        Route("/going", desk.going),
        Route("/item/{id}", desk.show),
        Route("/item/{id}/answer", desk.answer, methods=["POST"]),
        Route("/item/{id}/reject", desk.reject, methods=["POST"]),
        Route("/item/{id}/page/{number:int}.png", desk.picture),
        Route("/item/{id}/file/{name:path}", desk.file),
        *(route for sheet in desk.backing.sheets if isinstance(sheet, HasPages) for route in sheet.routes(desk)),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


def create_app(backing: Backing, token: str) -> Door:
    """The application: everything behind the door."""
    desk = Desk(backing)
    faults: Any = {HTTPException: desk.fault, StoreError: desk.fault, 500: desk.fault}
    return Door(Starlette(routes=routes(desk), exception_handlers=faults), token)
