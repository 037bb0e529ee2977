"""A small desk for robocorp's own runner: numbers come in, odd ones are handed on, and some are trouble."""

from __future__ import annotations

import os
import time
from pathlib import Path

from robocorp.tasks import task

from workitems.errors import NeedsReview, TryLater
from workitems.items import Document, DocumentItem, Doubt
from workitems.ledger import Ledger
from workitems.loop import Outcome, Output, Work, produce, work_through

NUMBERS = [int(n) for n in os.environ.get("TOY_NUMBERS", "0,1,2,3,4").split(",") if n]
BATCH = 2


def item(n: int, kind: str) -> DocumentItem:
    name = f"{n}.txt"
    return DocumentItem(kind=kind, document=Document(sha256="0" * 64, filename=name, media_type="text/plain"))


@task(queue="collect", outputs=["number"])
def collect() -> None:
    """Hands on numbers that were not collected before."""
    ledger = Ledger.open()
    left = list(NUMBERS)

    def make(parent_id: str, work: Work) -> list[Output]:
        made: list[Output] = []
        while left and len(made) < BATCH:
            n = left.pop(0)
            if ledger.claim_mail(f"mail{n}", "toy", parent_id, {}) == "new":
                made.append(Output(item=item(n, "number"), attach={f"{n}.txt": str(n).encode()}))
        return made

    print("collected", produce(make, ledger, "collect"))


@task(queue="number", outputs=["odd", "even"])
def sort() -> None:
    """Hands odd numbers on; 2 is for a person, 4 is for later, 6 is a bug, 8 takes a while."""

    def handle(work: Work) -> Outcome:
        number = DocumentItem.model_validate(work.payload)
        n = int(work.path(work.names()[0]).read_text())
        if n == 2:
            raise NeedsReview([Doubt(code="even_prime", message="Is two a number like any other?")])
        if n == 4:
            raise TryLater("later", "Four is away.")
        if n == 6:
            raise KeyError("a secret of anna@example.com")
        if n == 8:
            Path(os.environ["TOY_SIGN"]).write_text("working")
            time.sleep(1.5)
        kind = "odd" if n % 2 else "even"
        handed_on = Output(item=item(n, kind), files=tuple(work.names()), attach={"more.txt": b"more"})
        return Outcome(item=number.model_copy(update={"route": "straight"}), outputs=(handed_on,))

    print("sorted", work_through(handle, Ledger.open(), "sort"))
