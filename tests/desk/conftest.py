"""A desk over a real store, with the bots beside it; only the ERP is a fake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from robocorp import workitems
from starlette.testclient import TestClient

from bots.invoices import post_invoices
from bots.invoices.look_up import Office
from bots.reading import read_documents
from desk.access import Door
from desk.app import Backing, create_app
from desk.choices import Offers
from tests.bots.fakes import TODAY, FakeErp, FakeRecords, document, house, paper
from workitems.items import DocumentItem, Doubt, Paper
from workitems.ledger import Ledger
from workitems.loop import work_through
from workitems.rows import ItemRow
from workitems.store import Store

TOKEN = "the-key-of-this-desk"
BASE = "http://127.0.0.1:8765"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


class FakePictures:
    """Every file has three pages; those of a file that cannot be drawn are missing."""

    broken = False

    def pages(self, path: str) -> int:
        return 0 if self.broken else 3

    def text(self, path: str) -> str:
        return "" if self.broken else "What the Word file says."

    def page(self, path: str, number: int) -> bytes | None:
        return None if self.broken else PNG


@dataclass
class Around:
    """The store, the records and the bots around a desk."""

    store: Store
    records: FakeRecords
    papers: dict[str, Paper] = field(default_factory=dict)
    pictures: FakePictures = field(default_factory=FakePictures)
    away: bool = False
    gone: bool = False  # the store is being made anew

    def ask(self, numbers: Sequence[str]) -> Offers:
        if self.away:
            return Offers(away=True)
        found = (self.records.find_order(n) for n in numbers)
        orders = tuple(o for o in found if o)
        return Offers(tuple(self.records.suppliers()), tuple(self.records.accounts()), orders)

    def app(self) -> Door:
        backing = Backing(lambda: None if self.gone else self.store, self.pictures, self.ask, lambda: "")
        return create_app(backing, TOKEN)

    def read(self, what: Paper | None = None, filename: str = "invoice.pdf", **about: Any) -> ItemRow:
        """A document comes in and is read; the checks send it wherever they do."""
        self.papers[filename] = what or paper()
        item = DocumentItem(document=document(filename, **about))
        item_id = self.store.put("document", item.model_dump(mode="json"), {filename: b"%PDF-1.7 the paper"})
        self.work()
        return self.get(item_id)

    def put_waiting(self, payload: Any, code: str = "odd", message: str = "It is odd.", **files: bytes) -> ItemRow:
        """An item that waits for a person, whatever it holds."""
        from workitems.reservations import Ending

        item_id = self.store.put("document", payload, {name.replace("__", "."): data for name, data in files.items()})
        worker = self.store.reservations("reader")
        hold = worker.reserve("document", 60)
        assert hold is not None
        worker.release(hold, Ending("review", code, message))
        return self.get(item_id)

    def work(self) -> None:
        """Both steps, until nothing is ready."""
        ledger = Ledger.open(self.store.home)
        office = Office(records=self.records, memory=ledger, house=house(), today=lambda: TODAY)
        erp = post_invoices.Desk(office, FakeErp(self.records), ledger)
        steps: tuple[tuple[str, str, Any], ...] = (
            ("document", "invoice", lambda w: read_documents.handle(w, office, self._read)),
            ("invoice", "none", lambda w: post_invoices.handle(w, erp)),
        )
        for takes, gives, handle in steps:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("RC_WORKITEM_ADAPTER", "workitems.adapter.StoreAdapter")
                patch.setenv("RC_WORKITEM_QUEUE_NAME", takes)
                patch.setenv("RC_WORKITEM_OUTPUT_QUEUE_NAME", gives)
                workitems._ctx.clear_cache()  # type: ignore[attr-defined]  # the library keeps its first adapter
                work_through(handle, ledger, takes)
        workitems._ctx.clear_cache()  # type: ignore[attr-defined]

    def get(self, item_id: str) -> ItemRow:
        item = self.store.get(item_id)
        assert item is not None
        return item

    def _read(self, path: str, filename: str, media_type: str | None) -> Paper:
        return self.papers[filename]


@pytest.fixture
def around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Around:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DESKHAND_DATABASE", raising=False)
    return Around(Store.open(tmp_path / "home"), FakeRecords())


def visitor(app: Door) -> TestClient:
    """A browser that follows no redirect by itself and has no key yet."""
    return TestClient(app, BASE, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def client(around: Around) -> TestClient:
    """Jörg, who opened the printed address and gave his name; every form comes from the desk itself."""
    browser = visitor(around.app())
    assert browser.get("/", params={"token": TOKEN}).status_code == 303
    browser.headers["origin"] = BASE
    assert browser.post("/who", data={"name": " Jörg  Müller "}).status_code == 303
    return browser


def form_of(item: ItemRow, **values: str) -> dict[str, str]:
    """A form with the version that was seen."""
    return {"version": str(item.version), "action": "save"} | {k.replace("__", ":"): v for k, v in values.items()}


def refused(code: str = "encrypted", message: str = "The file is protected by a password.") -> Paper:
    """What the readers give of a file that they cannot open."""
    return Paper(kind="other", kind_confidence=0.0, doubts=(Doubt(code=code, message=message),))
