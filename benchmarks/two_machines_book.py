"""The outside system of the benchmark with two machines: a book that takes an entry as often as it is sent.

Only who looks before he writes, after he has written down that he will, enters everything once.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from workitems.errors import TryLater
from workitems.items import Item
from workitems.ledger import Ledger
from workitems.work import Outcome, Output, Work

ADDRESS = "DESKHAND_BENCH_BOOK"
"""The book's url, as the machines see it."""
BOOK_PORT = 8001
SECONDS_PER_PAPER = 0.25
PAPER: dict[str, Any] = {"kind": "paper", "document": {"sha256": "", "filename": "paper", "media_type": "text/plain"}}


def enter_paper(work: Work, ledger: Ledger) -> Outcome:
    """Reads the paper, enters it once, and hands on a receipt. Raises TryLater while the book cannot be reached."""
    (name,) = work.names()
    key, content = f"enter:{work.id}", work.path(name).read_bytes()
    effect = ledger.begin_effect(key, work.id, {"paper": name})
    time.sleep(SECONDS_PER_PAPER)  # a person's pace: screens take their time
    if effect.state != "done":
        entry = {"key": key, "machine": socket.gethostname(), "bytes": len(content)}
        try:
            with httpx.Client(base_url=os.environ[ADDRESS], timeout=3.0) as book:
                if effect.fresh or not book.get("/", params={"key": key}).json()["found"]:
                    book.post("/", json=entry).raise_for_status()
        except httpx.HTTPError:
            raise TryLater("book_away", "The book cannot be reached.") from None
        ledger.finish_effect(key, {"entered": True})
    receipt = Output(
        item=Item.model_validate(PAPER | {"kind": "receipt"}), attach={"receipt.txt": b"receipt of " + content}
    )
    return Outcome(item=Item.model_validate(work.payload), outputs=(receipt,))


class Book:
    """The entries, in memory and in a file with one JSON object a line."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()
        self._keys: set[str] = set()

    def find(self, key: str) -> bool:
        """Whether there is an entry of that key."""
        with self._lock:
            return key in self._keys

    def enter(self, entry: dict[str, Any]) -> None:
        """Takes an entry, whether or not there is one already."""
        with self._lock, self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            self._keys.add(str(entry["key"]))


def serve(address: tuple[str, int], file: Path) -> None:
    """Answers until the process is ended."""
    book = Book(file)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say({"found": book.find(httpx.URL(self.path).params["key"])})

        def do_POST(self) -> None:
            book.enter(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._say({})

        def _say(self, body: dict[str, Any]) -> None:
            text = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            """The entries are the record."""

    ThreadingHTTPServer(address, Handler).serve_forever()
