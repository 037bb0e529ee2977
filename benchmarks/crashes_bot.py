"""The work that the crash benchmark interrupts: a paper comes in, is booked outside once, and an output goes on.

The outside system books whatever it is told, as often as it is told. It can be searched, as an ERP's screens can.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import random
import select
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from robocorp.workitems import EmptyQueue, State

from workitems.adapter import StoreAdapter
from workitems.errors import TryLater
from workitems.items import Document, DocumentItem
from workitems.ledger import Ledger
from workitems.loop import Outcome, Output, Work, work_through

QUEUE, NEXT = "paper", "booked"
PAPER, CONTENT = "paper.txt", "content.txt"
LOCK_SECONDS = 600.0
"""As the posting bot's: a lock outlives any lease, and ends with its owner's process."""
ENDINGS = ("done", "review", "failed")


class Outside:
    """A system that knows no keys: a file that only grows."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def has(self, key: str) -> bool:
        """Whether it was booked, as a search on a screen tells."""
        return self.bookings()[key] > 0

    def book(self, key: str) -> None:
        """Books it, once more if need be."""
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, f"{key}\n".encode())
        finally:
            os.close(descriptor)

    def bookings(self) -> Counter[str]:
        """How often each was booked."""
        return Counter(self.file.read_text(encoding="ascii").split()) if self.file.exists() else Counter()

    def size(self) -> int:
        """Bytes, for who wants to know how far the work is."""
        return self.file.stat().st_size if self.file.exists() else 0


def book_once(ledger: Ledger, outside: Outside, key: str, item_id: str, at: Callable[[str], None]) -> None:
    """As post_invoices does it: a lock, the intent, a search where there was one before, the booking, the result."""
    with ledger.lock(f"outside:{key}", LOCK_SECONDS):
        begun = ledger.begin_effect(key, item_id, {"key": key})
        at("intent")
        if begun.state == "done":
            return
        if begun.fresh or not outside.has(key):
            at("searched")
            outside.book(key)
        at("booked")
        ledger.finish_effect(key, {"key": key})
    at("finished")


def payload(n: int) -> dict[str, Any]:
    """The n-th paper."""
    document = Document(sha256="0" * 64, filename=f"{n}.txt", media_type="text/plain")
    return DocumentItem(document=document).model_dump(mode="json")


def number(of: Any) -> int:
    """Which paper a payload is about."""
    return int(of["document"]["filename"].removesuffix(".txt"))


def key_of(n: int) -> str:
    """What names its booking."""
    return f"book:{n}"


def content(n: int, size: int = 640) -> bytes:
    """What its output's file holds."""
    return (hashlib.sha256(str(n).encode()).hexdigest() * (size // 64)).encode()


def paper(n: int, size: int = 640) -> bytes:
    """What its own file holds."""
    return content(-1 - n, size)


def nowhere(stage: str) -> None:
    """Nothing happens at any stage."""


def adapter() -> StoreAdapter:
    """A new adapter of the host that the environment names."""
    module, _, name = os.environ["RC_WORKITEM_ADAPTER"].rpartition(".")
    made: StoreAdapter = getattr(importlib.import_module(module), name)()
    return made


def attempt(
    host: StoreAdapter, ledger: Ledger, outside: Outside, ending: str = "done", at: Callable[[str], None] = nowhere
) -> bool:
    """One attempt with every call that an adapter has. False: the queue is empty."""
    try:
        item_id = host.reserve_input()
    except EmptyQueue:
        return False
    at("reserved")
    own = host.load_payload(item_id)
    n = number(own)
    came = host.get_file(item_id, host.list_files(item_id)[0])
    if came != paper(n, len(came)):
        raise ValueError(f"The paper of the item {item_id} is not what was put.")
    host.save_payload(item_id, own | {"route": "straight"})
    at("saved")
    host.add_file(item_id, "note.txt", content(n)[:100])
    host.remove_file(item_id, "note.txt")
    host.add_file(item_id, "page.txt", content(n)[:200])
    try:
        book_once(ledger, outside, key_of(n), item_id, at)
    except TryLater as later:
        host.release_input(item_id, State.FAILED, {"type": "APPLICATION", "code": later.code, "message": ""})
        return True
    made = host.create_output(item_id, own | {"kind": NEXT})
    at("made")
    host.add_file(made, CONTENT, content(n))
    at("filed")
    _release(host, item_id, ending)
    return True


def _release(host: StoreAdapter, item_id: str, ending: str) -> None:
    if ending == "done":
        host.release_input(item_id, State.DONE)
        return
    kind = "BUSINESS" if ending == "review" else "APPLICATION"
    host.release_input(item_id, State.FAILED, {"type": kind, "code": "wanted", "message": "As it was asked for."})


def work(outside: Outside, pause: float) -> None:
    """A worker as in production: the loop over robocorp's library, until the queue is empty."""
    ledger = Ledger.open()
    work_through(lambda each: handle(each, ledger, outside, pause), ledger, "crash")


def handle(work: Work, ledger: Ledger, outside: Outside, pause: float) -> Outcome:
    """The same work as a bot of the loop; it pauses up to `pause` seconds here and there."""
    item = DocumentItem.model_validate(work.payload)
    n = number(work.payload)
    work.path(PAPER).read_bytes()

    def at(stage: str) -> None:
        # libfaketime spoils time.sleep() where it leaves the monotonic clock alone
        select.select([], [], [], random.random() * pause)  # noqa: S311 - no secret

    book_once(ledger, outside, key_of(n), work.id, at)
    going_on = Output(item=item.model_copy(update={"kind": NEXT}), attach={CONTENT: content(n)})
    return Outcome(item=item.model_copy(update={"route": "straight"}), outputs=(going_on,))
