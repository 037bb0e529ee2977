"""The review desk's routes. Load or 404, call, translate, redirect; the rules are the bots'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bots.outcomes import DocumentOutcome
from desk import invoices
from desk.access import Door, remember, who
from workitems.rows import ItemRow
from workitems.store import NotAllowed, Store

HERE = Path(__file__).parent
WAITS = ("review", "dead")
Draw = Callable[[str, int], bytes | None]
LONGEST_NAME, LONGEST_REASON = 60, 500


class Desk:
    """The pages over one store. `draw(path, page)` gives a page's PNG; `waiting` lists what waits, oldest first."""

    def __init__(self, store: Store, draw: Draw, waiting: Callable[[], list[DocumentOutcome]]) -> None:
        self.store, self.draw, self.waiting = store, draw, waiting
        self.templates = Jinja2Templates(HERE / "templates")
        self.templates.env.globals |= {"ago": ago}

    def page(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        return self.templates.TemplateResponse(request, name, {"who": who(request), **values}, status_code=status)

    def item(self, request: Request) -> ItemRow:
        item = self.store.get(request.path_params["id"])
        if item is None:
            raise HTTPException(404, "There is no such document any more.")
        return item

    async def list(self, request: Request) -> Response:
        if who(request) is None:
            return RedirectResponse("/who", 303)
        rows = await run_in_threadpool(self.waiting)
        code = request.query_params.get("reason")
        shown = [o for o in rows if code is None or any(d.code == code for d in o.doubts)]
        return self.page(request, "list.html", rows=shown, all=rows, reason=code, now=datetime.now(UTC))

    async def who(self, request: Request) -> Response:
        if request.method == "GET":
            return self.page(request, "who.html")
        name = " ".join(str((await request.form()).get("name", "")).split())[:LONGEST_NAME]
        if not name:
            return self.page(
                request, "who.html", 422, fault="Please enter your name: it stands beside what you decide."
            )
        response = RedirectResponse("/", 303)
        remember(response, name)
        return response

    async def show(self, request: Request) -> Response:
        if who(request) is None:
            return RedirectResponse("/who", 303)
        return self._show(request, self.item(request))

    def _show(self, request: Request, item: ItemRow, status: int = 200, fault: str | None = None) -> Response:
        names = self.store.file_names(item.id)
        view = invoices.view(item)
        return self.page(request, "item.html", status, view=view, files=names, fault=fault, open=item.state in WAITS)

    async def answer(self, request: Request) -> Response:
        item, person, form = self.item(request), who(request), await _form(request)
        if person is None:
            return RedirectResponse("/who", 303)
        said = invoices.answers(invoices.view(item), form, person, datetime.now(UTC))
        if not said and form.get("action") != "retry":
            fault = "Nothing was changed or accepted. Correct a value, tick what you accept, or reject the document."
            return self._show(request, item, 422, fault)
        kept = list(item.payload.get("answers") or [])
        payload = item.payload | {"answers": kept + [a.model_dump(mode="json") for a in said]}
        why = "; ".join(f"{a.field} {a.value}" if a.field == "confirm" else a.field for a in said) or "tried again"
        try:
            self.store.answer(item.id, payload, person, why, int(form.get("version") or -1))
        except NotAllowed as error:
            return self._show(request, self.item(request), 409, str(error))
        return RedirectResponse("/?done=" + quote(item.id), 303)

    async def reject(self, request: Request) -> Response:
        item, person, form = self.item(request), who(request), await _form(request)
        if person is None:
            return RedirectResponse("/who", 303)
        why = " ".join(form.get("why", "").split())[:LONGEST_REASON]
        if not why:
            return self._show(request, item, 422, "Please say why: the sender and the auditor will ask.")
        try:
            self.store.cancel(item.id, person, why)
        except NotAllowed as error:
            return self._show(request, self.item(request), 409, str(error))
        return RedirectResponse("/", 303)

    async def picture(self, request: Request) -> Response:
        item, number = self.item(request), int(request.path_params["number"])
        names = self.store.file_names(item.id)
        if not names:
            raise HTTPException(404, "The document has no file.")
        png = await run_in_threadpool(self.draw, str(self.store.file_path(item.id, names[0])), number)
        if png is None:
            raise HTTPException(404, "There is no picture of this page.")
        return Response(png, media_type="image/png", headers={"cache-control": "private, max-age=3600"})

    async def file(self, request: Request) -> Response:
        """The document itself, always as a download: a browser must not open what a stranger sent on our origin."""
        item, name = self.item(request), request.path_params["name"]
        if name not in self.store.file_names(item.id):
            raise HTTPException(404, "The document has no such file.")
        return FileResponse(self.store.file_path(item.id, name), media_type="application/octet-stream", filename=name)

    async def fault(self, request: Request, error: Exception) -> Response:
        status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
        sentence = detail or "This did not work. Go back and try it again."
        return self.page(request, "message.html", status, sentence=sentence)


async def _form(request: Request) -> Mapping[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def ago(then: datetime | None, now: datetime) -> str:
    """An age in words: 5 min, 3 h, 2 days."""
    minutes = int((now - then).total_seconds() // 60) if then else 0
    if minutes < 60:
        return f"{max(minutes, 0)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def create_app(store: Store, token: str, draw: Draw, waiting: Callable[[], list[DocumentOutcome]]) -> Starlette:
    """The application: every route behind the door."""
    desk = Desk(store, draw, waiting)
    routes = [
        Route("/", desk.list),
        Route("/who", desk.who, methods=["GET", "POST"]),
        Route("/item/{id}", desk.show),
        Route("/item/{id}/answer", desk.answer, methods=["POST"]),
        Route("/item/{id}/reject", desk.reject, methods=["POST"]),
        Route("/item/{id}/page/{number:int}.png", desk.picture),
        Route("/item/{id}/file/{name:path}", desk.file),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    faults: Any = {404: desk.fault, 405: desk.fault, 500: desk.fault}
    return Starlette(routes=routes, middleware=[Middleware(Door, token=token)], exception_handlers=faults)
