"""A desk for robocorp's own runner, in two steps: papers are collected, and each is posted in a ledger outside."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from robocorp.tasks import task

from workitems.errors import NeedsReview, TryLater
from workitems.items import Document, DocumentItem, Doubt
from workitems.ledger import Ledger
from workitems.loop import Outcome, Output, Work, produce, work_through
from workitems.store import StoreError

BOOKS = Path(os.environ.get("TOY_BOOKS", "books.db"))
PAPERS = [f"{n}.txt" for n in range(int(os.environ.get("TOY_PAPERS", "4")))]
BATCH = 2

if os.environ.get("TOY_HURRY"):  # robocorp's client sleeps for seconds between its tries
    _sleep = time.sleep
    time.sleep = lambda seconds: _sleep(min(seconds, 0.02))


def open_ledger() -> Ledger:
    try:
        return Ledger.open()
    except StoreError as error:
        raise SystemExit(str(error)) from None


@task(queue="gather", outputs=["paper"])
def gather() -> None:
    """Hands on each paper once."""
    ledger, left = open_ledger(), list(PAPERS)

    def make(parent_id: str, work: Work) -> list[Output]:
        made: list[Output] = []
        while left and len(made) < BATCH:
            name = left.pop(0)
            if ledger.claim_mail(f"box:{name}", "box", parent_id, {}) == "new":
                document = Document(sha256="0" * 64, filename=name, media_type="text/plain")
                attach = {name: name.encode(), f"copy of {name}": b"2"}
                made.append(
                    Output(item=DocumentItem(kind="paper", document=document), attach=attach, key=f"box:{name}")
                )
        return made

    try:
        print("gathered", produce(make, ledger, "gather"))
    except StoreError as error:
        raise SystemExit(str(error)) from None


@task(queue="paper", outputs=[])
def post() -> None:
    """Posts each paper once; number 1 has a person look first, and number 2 fails once."""
    ledger = open_ledger()

    def handle(work: Work) -> Outcome:
        paper = DocumentItem.model_validate(work.payload)
        name = paper.document.filename
        assert work.path(name).read_text() == name
        assert work.names() == [name, f"copy of {name}"]
        if name == "1.txt" and not paper.answers:
            raise NeedsReview([Doubt(code="odd", message="Is one a number like any other?", field="number")])
        if name == "2.txt" and ledger.effect("tried") is None:
            ledger.begin_effect("tried", work.id, {})
            raise TryLater("later", "Two is away.")
        key = f"post:{name}"
        if ledger.begin_effect(key, work.id, {}).state == "intent":
            with sqlite3.connect(BOOKS, timeout=30) as books:
                books.execute("INSERT INTO postings VALUES (?, ?)", (name, ",".join(a.value for a in paper.answers)))
            ledger.finish_effect(key, {})
        return Outcome(item=paper.model_copy(update={"route": "straight"}))

    try:
        print("posted", work_through(handle, ledger, "post"))
    except StoreError as error:
        raise SystemExit(str(error)) from None
