"""`run.py bench two_machines`: two machines share a database and a file store; one is unplugged half-way.

The machines are network namespaces with host names of their own, a hub holds PostgreSQL, an S3 store and an outside
system that takes an entry as often as it is sent. Each machine runs the production runner with two workers. When half
of the papers are done, machine a's cable is pulled: its leases run out and machine b finishes. Then the cable is put
back, and whatever machine a still writes is refused.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from benchmarks.network import Network
from benchmarks.servers import NotThere
from benchmarks.two_machines_hub import Hub, hub
from workitems.store import Store

PATIENCE_SECONDS = 120.0


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py bench two_machines", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=120, metavar="N", help="papers in the batch (120)")
    parser.add_argument("--lease", type=float, default=5.0, metavar="SECONDS", help="(5)")
    parser.add_argument("--files", choices=("s3", "folder"), default="s3", help="where the files lie (s3)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    args = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="deskhand-two-", ignore_cleanup_errors=True) as folder:
            figures = measure(Path(folder), args.items, args.lease, args.files)
    except NotThere as missing:
        print(f"run.py bench two_machines: {missing}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):<34} {value}")
    sound = not any(figures[name] for name in ("lost", "doubled", "stuck", "late_writes_accepted"))
    return 0 if sound else 1


def measure(folder: Path, items: int, lease: float, files: str, workers: int = 2) -> dict[str, Any]:
    """Runs the batch with so many workers a machine, and says what became of it. Raises NotThere."""
    with ExitStack() as stack:
        network = stack.enter_context(Network(("machine-a", "machine-b")).built())
        stage = Stage(stack.enter_context(hub(network, folder, files, lease)), items)
        late = stage.start("machine-a", "late")
        machines = [stage.start(name, "machine", str(workers)) for name in network.machines]
        held = json.loads(_line(late.stdout, stage.log("machine-a", "late")))["holds"]
        began = time.monotonic()
        _until(lambda: stage.done() >= items // 2, "half of the papers")
        at_work = stage.entries()
        network.unplug("machine-a")
        unplugged = time.monotonic()
        _until(lambda: stage.done() == items, "the other half")
        finished = time.monotonic()
        network.plug_in("machine-a")
        late.stdin.write("\n")
        late.stdin.flush()
        tries = json.loads(_line(late.stdout, stage.log("machine-a", "late")))
        for process in machines:
            process.send_signal(signal.SIGTERM)
        for process in machines:
            process.wait(PATIENCE_SECONDS)
        return {
            "items": items,
            "files": files,
            "seconds": round(finished - began, 1),
            "seconds_after_unplugging": round(finished - unplugged, 1),
            "lease_seconds": lease,
            "entered_before_by_a": at_work["machine-a"],
            "entered_before_by_b": at_work["machine-b"],
            **stage.truth(held),
            "late_writes_refused": sum(said.startswith("refused") for said in tries.values()),
            "late_writes_accepted": sorted(name for name, said in tries.items() if said == "done"),
        }


class Stage:
    """What is started on the machines, and what became of the papers."""

    def __init__(self, servers: Hub, items: int) -> None:
        self._hub, self._items = servers, items
        self._hub.call("hub", "fill", str(items))
        self._store = Store.open(servers.folder / "outside", servers.url_from_outside)
        servers.stack.callback(self._store.close)
        self.start, self.log = servers.start, servers.log

    def done(self) -> int:
        """How many papers are done."""
        return sum(c.count for c in self._store.depth() if (c.queue, c.state) == ("paper", "done"))

    def entries(self) -> Counter[str]:
        """Entries in the book by machine."""
        return Counter(entry["machine"] for entry in self._book())

    def truth(self, held: str) -> dict[str, Any]:
        """What the database and the book say in the end. `held` is what the late worker had."""
        papers, receipts = (self._store.find(queue, limit=10 * self._items) for queue in ("paper", "receipt"))
        keys = Counter(entry["key"] for entry in self._book())
        parents = Counter(row.parent_id for row in receipts)
        ran_out = sum(
            event.why.startswith("the lease of machine-a") for p in papers for event in self._store.events(p.id)
        )
        finally_held = self._store.get(held)
        return {
            "entered_by_a": self.entries()["machine-a"],
            "entered_by_b": self.entries()["machine-b"],
            "leases_of_a_that_ran_out": ran_out,
            "lost": self._items - len(set(keys) & {f"enter:{p.id}" for p in papers if p.state == "done"}),
            "doubled": sum(n - 1 for n in keys.values()) + sum(n - 1 for n in parents.values()),
            "receipts": len(receipts),
            "stuck": sum(p.state in ("taken", "ready", "held") for p in papers)
            + sum(r.state == "held" for r in receipts),
            "held_by_the_late_one_is": finally_held.state if finally_held else None,
        }

    def _book(self) -> list[dict[str, Any]]:
        file = self._hub.folder / "book.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _line(stream: IO[str], log: Path) -> str:
    line = stream.readline()
    if not line:
        raise RuntimeError(f"a program of the benchmark ended early: {log.read_text()[-1000:]}")
    return line


def _until(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"waited in vain for {what}")
        time.sleep(0.1)
