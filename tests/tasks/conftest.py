"""Runners whose workers are processes that do nothing, on a store of their own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.flow import STEPS
from tasks.plan import Plan
from tasks.runner import Runner
from tasks.worker import Worker
from workitems import owners
from workitems.runner_sql import SAY_ALIVE
from workitems.store import Store

READ, POST, REPORT = (STEPS[name] for name in ("read_documents", "post_invoices", "report_day"))
OBEDIENT = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


class Idle(Runner):
    """A runner whose workers are programs that wait."""

    program = OBEDIENT

    def _start(self, worker: Worker) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", self.program], stdout=subprocess.PIPE)
        if self.program == STUBBORN:
            assert process.stdout is not None
            process.stdout.readline()
        return process


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path)
    yield store
    store.close()


@pytest.fixture
def make(tmp_path: Path, store: Store) -> Iterator[Callable[..., Idle]]:
    """Runners whose processes end with the test."""
    made: list[Idle] = []

    def make(*steps: Any, told: list[str] | None = None, **plan: Any) -> Idle:
        tell = (lambda _: None) if told is None else told.append
        made.append(Idle(tmp_path, store, steps or [READ], once=False, tell=tell, plan=Plan(**plan)))
        return made[-1]

    yield make
    for runner in made:
        for worker in runner.workers:
            worker.kill()


def turn(runner: Runner, condition: Callable[[], bool] = lambda: True) -> None:
    """Turns of the runner, until the condition holds."""
    ends = time.monotonic() + 30
    ended = [False]

    def on_tick() -> None:
        assert time.monotonic() < ends
        if condition():
            ended[0] = True
            raise StopAsyncIteration

    stop = runner.stop
    runner.stop = lambda: None  # type: ignore[method-assign]
    try:
        with pytest.raises(StopAsyncIteration):
            runner.run(on_tick)
    finally:
        runner.stop = stop  # type: ignore[method-assign]


def pids(runner: Runner) -> dict[str, int]:
    return {w.label: w.process.pid for w in runner.workers if w.process is not None}


def seen(store: Store, pid: int, at: float) -> None:
    row = {"id": owners.of(pid), "step": "read_documents", "started_at": 1.0, "now": at, "item_id": None}
    with store.database.write():
        store.database.change(SAY_ALIVE, row)
