"""One process on SQLite: against robocorp's FileAdapter, and how the cost of an item grows with their number."""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import json
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from robocorp.workitems import BaseAdapter, FileAdapter, State

from workitems import sql
from workitems.adapter import StoreAdapter
from workitems.journal import Cause, Move, record, to_json
from workitems.store import Store, new_id

SAMPLE = 12
"""FileAdapter's items that are measured at each of a few sizes, where all of them would take too long."""
WHOLE = 300
"""Up to so many items FileAdapter does all of them."""
BATCH = 10_000
GOAL_RATIO, GOAL_RATE, GOAL_GROWTH, GOAL_STATISTICS_MS = 500, 1_000, 2.0, 50
Row = dict[str, Any]

PAYLOADS = Path(__file__).parents[1] / "devdata" / "work-items-in"


@functools.cache
def payload(step: str = "read_documents") -> Any:
    """The payload of the first item that the step takes: a document (0.7 KB), or an invoice (2 KB)."""
    return json.loads((PAYLOADS / step / "work-items.json").read_text(encoding="utf-8"))[0]["payload"]


def one(adapter: BaseAdapter) -> None:
    """Reserve, load, create an output, release: a document comes in, an invoice goes on."""
    item_id = adapter.reserve_input()
    adapter.load_payload(item_id)
    adapter.create_output(item_id, payload("post_invoices"))
    adapter.release_input(item_id, State.DONE)


class Clock:
    """Wall clock and CPU seconds of this process since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def spent(self) -> tuple[float, float]:
        """Seconds on the wall, seconds of CPU."""
        return time.perf_counter() - self._wall, time.process_time() - self._cpu


def environment(home: Path, database: str = "") -> None:
    """Adapters that are built from now on work there, from `in` to `out`."""
    for name in [name for name in os.environ if name.startswith(("DESKHAND_", "RC_WORKITEM_"))]:
        del os.environ[name]
    os.environ |= {"DESKHAND_HOME": str(home), "RC_WORKITEM_ADAPTER": "workitems.adapter.StoreAdapter"}
    os.environ |= {"RC_WORKITEM_QUEUE_NAME": "in", "RC_WORKITEM_OUTPUT_QUEUE_NAME": "out"}
    if database:
        os.environ["DESKHAND_DATABASE"] = database


def fill(store: Store, count: int) -> None:
    """Puts so many items in few transactions; `put` waits for the disk each time."""
    text = to_json(payload())
    for first in range(0, count, BATCH):
        ids = [new_id() for _ in range(first, min(count, first + BATCH))]
        now = time.time()
        same = {"queue": "in", "payload": text, "priority": 0, "not_before": None, "deadline": None, "now": now}
        with store.database.write():
            store.database.change_many(sql.INSERT_ITEM, [same | {"id": item_id} for item_id in ids])
            record(store.database, [Move(item_id, "in", None, "ready") for item_id in ids], Cause(now, "bench", "put"))


def against_files(sizes: Sequence[int], folder: Path) -> Iterator[Row]:
    """Seconds for all items of a queue, ours and FileAdapter's."""
    for size in sizes:
        ours_wall, ours_cpu = _ours(size, folder / f"sqlite-{size}")
        wall, cpu, last, whole = _files(size, folder / f"files-{size}")
        yield {
            "what": f"{size:,} items: reserve, load, output, release",
            "sqlite_items_per_second": round(size / ours_wall),
            "sqlite_cpu_ms": round(1000 * ours_cpu / size, 3),
            "file_cpu_ms": round(1000 * cpu / size, 3),
            "file_cpu_ms_of_the_last": round(1000 * last, 1),
            "times_faster_cpu": round(cpu / ours_cpu),
            "times_faster_wall": round(wall / ours_wall),
            "times_faster_cpu_at_the_last": round(last * size / ours_cpu),
            "goal_times": GOAL_RATIO if size == 10_000 else None,
            "note": "" if whole else f"FileAdapter extrapolated: {SAMPLE} items measured at each of five sizes",
        }


def _ours(size: int, home: Path) -> tuple[float, float]:
    environment(home)
    adapter = StoreAdapter()
    fill(adapter.store, size)
    clock = Clock()
    for _ in range(size):
        one(adapter)
    spent = clock.spent()
    adapter.close()
    return spent


def _files(size: int, folder: Path) -> tuple[float, float, float, bool]:
    """Seconds and CPU seconds for all items, CPU seconds for the last one, and whether all were really done."""
    folder.mkdir(parents=True)
    rows = [{"payload": payload(), "files": {}} for _ in range(size)]
    (folder / "in.json").write_text(json.dumps(rows), encoding="utf-8")
    os.environ |= {"RC_WORKITEM_INPUT_PATH": str(folder / "in.json")}
    os.environ |= {"RC_WORKITEM_OUTPUT_PATH": str(folder / "out.json")}
    with contextlib.redirect_stderr(io.StringIO()):
        adapter = FileAdapter()
    if size <= WHOLE:
        clock = Clock()
        for _ in range(size):
            one(adapter)
        wall, cpu = clock.spent()
        return wall, cpu, _at(adapter, size)[1], True
    points = [size * part // 4 for part in range(5)]
    costs = [_at(adapter, point) for point in points]
    # Its cost is a straight line in the number of outputs that it writes each time: the area below it is the sum.
    wall, cpu = (sum((a[i] + b[i]) / 2 * size / 4 for a, b in itertools.pairwise(costs)) for i in (0, 1))
    return wall, cpu, costs[-1][1], False


def _at(adapter: FileAdapter, outputs: int) -> tuple[float, float]:
    """Seconds and CPU seconds of one item when so many outputs are there already: medians of a few."""
    walls, cpus = [], []
    for _ in range(SAMPLE if outputs < 5_000 else 3):
        adapter._index, adapter._releases, adapter._outputs = (
            0,
            {},
            [{"payload": payload("post_invoices"), "files": {}}] * outputs,
        )
        clock = Clock()
        one(adapter)
        wall, cpu = clock.spent()
        walls.append(wall)
        cpus.append(cpu)
    return statistics.median(walls), statistics.median(cpus)


def growth(sizes: Sequence[int], folder: Path) -> Iterator[Row]:
    """What an item costs while so many wait, and the statistics beside them; all in one store that grows."""
    environment(folder / "growth")
    adapter = StoreAdapter()
    first, there = 0.0, 0
    for size in sizes:
        began = time.perf_counter()
        fill(adapter.store, size - there)
        filling = time.perf_counter() - began
        work = min(1_000, size // 2)
        clock = Clock()
        for _ in range(work):
            one(adapter)
        wall, cpu = clock.spent()
        first = first or cpu / work
        asked = _statistics(adapter.store)
        yield {
            "what": f"SQLite with {size:,} items: consume and output",
            "items_per_second": round(work / wall),
            "cpu_ms": round(1000 * cpu / work, 3),
            "times_the_smallest": round(cpu / work / first, 2),
            "goal_times": GOAL_GROWTH,
            "depth_ms": asked[0],
            "rates_ms": asked[1],
            "figures_ms": asked[2],
            "goal_ms": GOAL_STATISTICS_MS,
            "enqueued_per_second": round((size - there) / filling),
        }
        there = size
    adapter.close()


def _statistics(store: Store) -> list[float]:
    """Milliseconds for depth, rates and figures, each the median of five."""
    found = []
    for ask in (store.depth, lambda: store.rates(60), store.figures):
        times = []
        for _ in range(5):
            began = time.perf_counter()
            ask()
            times.append(time.perf_counter() - began)
        found.append(round(1000 * statistics.median(times), 2))
    return found
