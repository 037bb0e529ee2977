"""Several workers: PostgreSQL with one and four, Temporal with documents that go through two steps."""

from __future__ import annotations

import importlib
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from robocorp.workitems import EmptyQueue, State

from benchmarks.crashes_forks import fork
from benchmarks.queue_store import environment, fill, one, payload
from benchmarks.servers import postgres, temporal
from workitems.adapter import StoreAdapter
from workitems.store import Store

Row = dict[str, Any]
ITEMS, DOCUMENTS = 3_000, 120
GOAL_POSTGRES, GOAL_TEMPORAL = 300, 8
MOST_SECONDS = 300.0


def adapter() -> StoreAdapter:
    """The adapter that the environment names."""
    module, _, name = os.environ["RC_WORKITEM_ADAPTER"].rpartition(".")
    made: StoreAdapter = getattr(importlib.import_module(module), name)()
    return made


def in_forks(works: list[Callable[[], object]], log: Path) -> tuple[float, float]:
    """Seconds and CPU seconds (a server's are not among them) until all have ended well. Raises RuntimeError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    pids = [fork(work, log) for work in works]
    ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    wall = time.perf_counter() - began
    if any(ends):
        raise RuntimeError(f"a worker failed; see {log}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def postgresql(folder: Path) -> Iterator[Row]:
    """Consume and output, with the workers' starting included."""
    with postgres(folder / "postgres") as server:
        for workers in (1, 4):
            environment(folder / f"home-{workers}", server.database(f"queue_{workers}"))
            in_forks([_fill], folder / "log.txt")
            wall, cpu = in_forks([until_empty] * workers, folder / "log.txt")
            yield {
                "what": f"PostgreSQL, {workers} worker{'s' * (workers > 1)}: consume and output",
                "items_per_second": round(ITEMS / wall),
                "goal": GOAL_POSTGRES if workers == 4 else None,
                "cpu_ms": round(1000 * cpu / ITEMS, 3),
                "items": ITEMS,
            }


def _fill() -> None:
    fill(Store.open(), ITEMS)


def until_empty() -> None:
    """One item after the other, until nothing is ready."""
    ours = adapter()
    while True:
        try:
            one(ours)
        except EmptyQueue:
            return


def temporal_flow(folder: Path) -> Iterator[Row]:
    """Documents that are put, worked on in one step, handed on, and worked on in another; one worker for each step."""
    with temporal(folder / "temporal") as server:
        environment(folder / "home-temporal")
        os.environ |= {"DESKHAND_ENGINE": "temporal", "DESKHAND_TEMPORAL": server.address}
        os.environ["RC_WORKITEM_ADAPTER"] = "workitems.temporal.adapter.TemporalAdapter"
        os.environ["DESKHAND_WAIT_FOR"] = "*"
        wall, cpu = in_forks([_put, lambda: _step("in"), lambda: _step("out")], folder / "log.txt")
        yield {
            "what": "Temporal: documents through two steps, end to end",
            "documents_per_second": round(DOCUMENTS / wall, 1),
            "goal": GOAL_TEMPORAL,
            "cpu_ms": round(1000 * cpu / DOCUMENTS, 1),
            "documents": DOCUMENTS,
        }


def _put() -> None:
    store = Store.open()
    for _ in range(DOCUMENTS):
        store.put("in", payload())


def _step(queue: str) -> None:
    os.environ["RC_WORKITEM_QUEUE_NAME"] = queue
    ours, done, until = adapter(), 0, time.monotonic() + MOST_SECONDS
    while done < DOCUMENTS:
        try:
            item_id = ours.reserve_input()
        except EmptyQueue:
            if time.monotonic() > until:
                raise
            continue
        came = ours.load_payload(item_id)
        if queue == "in":
            ours.create_output(item_id, came)
        ours.release_input(item_id, State.DONE)
        done += 1
    ours.close()
