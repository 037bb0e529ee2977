"""How long an item waits for an idle worker: from `put` to the moment in which the bot has it."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.crashes_forks import fork, killed
from benchmarks.queue_store import environment
from benchmarks.servers import NotThere, postgres
from workitems.items import Document, DocumentItem
from workitems.ledger import Ledger
from workitems.loop import Outcome, Work, work_through
from workitems.store import Store

Row = dict[str, Any]
ITEMS = 200
GOAL_MS = {"SQLite": 250, "PostgreSQL": 50}


def latencies(folder: Path) -> Iterator[Row]:
    """On SQLite, and on PostgreSQL where it is installed."""
    environment(folder / "latency-sqlite")
    yield _measure("SQLite", folder / "latency-sqlite")
    try:
        with postgres(folder / "latency-server") as server:
            environment(folder / "latency-postgres", server.database("latency"))
            yield _measure("PostgreSQL", folder / "latency-postgres")
    except NotThere as missing:
        yield {"what": "PostgreSQL: from put to start", "note": f"not there: {missing}"}


def _measure(name: str, folder: Path) -> Row:
    folder.mkdir(parents=True, exist_ok=True)
    starts = folder / "starts.txt"
    os.environ["DESKHAND_WAIT_FOR"] = "*"
    pids = [fork(lambda: _work(starts), folder / "log.txt")]
    try:
        pids.append(fork(lambda: _put(starts), folder / "log.txt"))
        if os.waitpid(pids.pop(), 0)[1]:
            raise RuntimeError(f"putting failed; see {folder / 'log.txt'}")
    finally:
        os.kill(pids[0], 9)
        killed(pids[0])
    waits = sorted(float(line) for line in starts.read_text(encoding="ascii").split())[:ITEMS]
    return {
        "what": f"{name}: from put to start, idle worker",
        "p50_ms": round(1000 * statistics.median(waits), 1),
        "p99_ms": round(1000 * waits[int(len(waits) * 0.99) - 1], 1),
        "most_ms": round(1000 * waits[-1], 1),
        "goal_p99_ms": GOAL_MS[name],
        "items": len(waits),
    }


def _put(starts: Path) -> None:
    """Puts one item after the other, at moments that no rhythm can meet; each when the one before was begun."""
    store, chance = Store.open(), random.Random(3)  # noqa: S311 - to be repeated
    for n in range(ITEMS + 1):
        document = Document(sha256="0" * 64, filename=str(time.time()), media_type="text/plain")
        store.put("in", DocumentItem(document=document).model_dump(mode="json"))
        until = time.monotonic() + 30
        while (starts.read_text().count("\n") if starts.exists() else 0) <= n and time.monotonic() < until:
            time.sleep(0.005)
        if n == 0:  # the worker's own start is no wait
            time.sleep(1.0)
            starts.write_text("0\n", encoding="ascii")
        time.sleep(chance.uniform(0.02, 0.15))


def _work(starts: Path) -> None:
    def handle(work: Work) -> Outcome:
        now = time.time()
        item = DocumentItem.model_validate(work.payload)
        with starts.open("a", encoding="ascii") as file:
            file.write(f"{now - float(item.document.filename):.6f}\n")
        return Outcome(item=item.model_copy(update={"route": "straight"}))

    work_through(handle, Ledger.open(), "latency")
