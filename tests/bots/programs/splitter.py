"""Reads the queue `document` through the real loop, parts files of several documents, and may be killed while it does.

usage: splitter.py [CALL]    with CALL the process kills itself before its so manieth call that changes something

A file's name says how many one-page documents are in it ("3-post.pdf"); parts are letters. Prints the number of calls.
"""

from __future__ import annotations

import os
import sys

from countdown import Countdown
from fakes import TODAY, FakeRecords, house

from bots.invoices.look_up import Office
from bots.reading.read_documents import handle
from extractors.pdf_cut import cut
from workitems.items import PageRange, Paper
from workitems.ledger import Ledger
from workitems.loop import work_through

LETTER = Paper(kind="letter", kind_confidence=0.99, source="text", pages=1)


def read(path: str, filename: str, media_type: str | None) -> Paper:
    """As many letters as the file's name says."""
    count = int(filename.partition("-")[0]) if "-page-" not in filename else 1
    if count == 1:
        return LETTER
    parts = tuple(PageRange(first=n, last=n, confidence=0.99, paper=LETTER) for n in range(1, count + 1))
    return LETTER.model_copy(update={"pages": count, "parts": parts})


def main() -> None:
    ledger = Ledger.open()
    office = Office(FakeRecords(), ledger, house(), lambda: TODAY)
    countdown = Countdown(int(sys.argv[1]) if len(sys.argv) > 1 else None)
    sys.setprofile(countdown)
    work_through(lambda work: handle(work, office, read, cut), ledger, "read_documents")
    sys.setprofile(None)
    print(countdown.calls, flush=True)
    os._exit(0)


main()
