"""The programs of the benchmark with two machines: the outside system, a machine's runner, a worker that is late."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from robocorp.workitems import State

from benchmarks.network import HUB
from benchmarks.two_machines_book import BOOK_PORT, PAPER, serve
from tasks.flow import Step
from tasks.plan import Plan
from tasks.runner import Runner
from tasks.service import Service
from tasks.settings import home
from tasks.work_settings import WorkSettings
from workitems.adapter import StoreAdapter
from workitems.store import Store

TASKS = Path(__file__).parent / "machine_tasks"
STEP = Step("enter_papers", takes="paper", gives=("receipt",))


def book(file: str) -> None:
    """The outside system."""
    serve((HUB, BOOK_PORT), Path(file))


def fill(number: str) -> None:
    """Makes the bucket, where the files lie in one, and puts papers into the queue."""
    files = os.environ.get("DESKHAND_FILES", "")
    if files.startswith("s3://"):
        import boto3

        boto3.client("s3").create_bucket(Bucket=files.split("/")[2])
    store = Store.open()
    for n in range(int(number)):
        store.put("paper", PAPER, {f"paper {n}.txt": f"paper {n}\n".encode() * 50}, who="bench")
    store.close()


def machine(workers: str) -> None:
    """The production runner with one step."""
    store = Store.open()
    rules = WorkSettings(lease_seconds=float(os.environ["DESKHAND_LEASE_SECONDS"]), stop_seconds=20)
    plan = Plan(rules, workers={STEP.name: int(workers)}, tasks=TASKS)
    runner = Runner(home(), store, [STEP], once=False, tell=lambda text: print(text, file=sys.stderr), plan=plan)
    runner.control.listen()
    service = Service(runner, store, lambda: ([STEP], plan), lambda: None)
    runner.run(service.tick)
    store.close()


def late() -> None:
    """Takes a paper, waits until it is told to go on, and tries to finish: says what became of each try."""
    adapter = StoreAdapter()
    item = adapter.reserve_input()
    print(json.dumps({"holds": item}), flush=True)
    sys.stdin.readline()
    tries: dict[str, Callable[[], Any]] = {
        "save_payload": lambda: adapter.save_payload(item, PAPER | {"late": True}),
        "add_file": lambda: adapter.add_file(item, "late.txt", b"late"),
        "create_output": lambda: adapter.create_output(item, {"kind": "receipt"}),
        "release_input": lambda: adapter.release_input(item, State.DONE),
    }
    print(json.dumps({name: _tried(attempt) for name, attempt in tries.items()}), flush=True)


def _tried(attempt: Callable[[], Any]) -> str:
    try:
        attempt()
    except ValueError as refused:
        return f"refused: {type(refused).__name__}"
    return "done"


if __name__ == "__main__":
    {"book": book, "fill": fill, "machine": machine, "late": late}[sys.argv[1]](*sys.argv[2:])
