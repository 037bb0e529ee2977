"""Runs steps as worker processes and restarts what dies. Each worker is the very `robocorp.tasks run` of robot.yaml."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workitems.store import Store

from tasks.flow import Step, upstream

ROOT = Path(__file__).resolve().parent.parent
TICK_SECONDS = 0.25
DEATHS_IN_A_ROW = 5


class WorkerFailed(Exception):
    """A worker ends again and again without working; the message names the step and its log."""


@dataclass
class Worker:
    """One step's process. `deaths` counts ends with a bad status since the last good one."""

    step: Step
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    finished: bool = False
    log: Path = field(default_factory=Path)


class Runner:
    """Keeps one worker per step while there is work for it."""

    def __init__(self, home: Path, store: Store, steps: Sequence[Step], once: bool) -> None:
        self.home, self.store, self.once = home, store, once
        self.workers = [Worker(s, log=home / "logs" / s.name / "worker.log") for s in steps]

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Works until nothing is ready (`once`), or for ever. Workers end with this process.

        Raises WorkerFailed when a step's worker dies five times in a row.
        """
        try:
            while not all(w.finished for w in self.workers):
                for worker in self.workers:
                    self._look_after(worker)
                on_tick()
                time.sleep(TICK_SECONDS)
        finally:
            self.stop()

    def stop(self) -> None:
        """Asks the workers to finish the item in hand; who does not within 20 seconds is killed (its lease expires)."""
        alive = [w.process for w in self.workers if w.process and w.process.poll() is None]
        for process in alive:
            process.terminate()
        until = time.monotonic() + 20
        for process in alive:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()

    def _look_after(self, worker: Worker) -> None:
        if worker.finished:
            return
        if worker.process is None:
            worker.process = self._start(worker)
            return
        status = worker.process.poll()
        if status is None:
            return
        worker.process = None
        worker.deaths = worker.deaths + 1 if status else 0
        if status:
            self.store.release_dead_owners()
        if worker.deaths >= DEATHS_IN_A_ROW:
            raise WorkerFailed(f"The step {worker.step.name} ended {worker.deaths} times in a row; see {worker.log}.")
        worker.finished = self.once and status == 0 and not self._more_for(worker.step)

    def _more_for(self, step: Step) -> bool:
        """Whether work waits for the step, or may still come from a step before it."""
        above = {s.takes for s in upstream(step.name)}
        counts = [(c.queue, c.state) for c in self.store.depth() if c.count]
        return (step.takes, "ready") in counts or any(
            queue in above and state in ("ready", "taken") for queue, state in counts
        )

    def _start(self, worker: Worker) -> subprocess.Popen[bytes]:
        worker.log.parent.mkdir(parents=True, exist_ok=True)
        step = worker.step
        waits = ",".join(s.takes for s in upstream(step.name)) if self.once else "*"
        env = os.environ | {"DESKHAND_WAIT_FOR": waits, "DESKHAND_PARENT": str(os.getpid())}
        for name in ("RC_WORKITEM_QUEUE_NAME", "RC_WORKITEM_OUTPUT_QUEUE_NAME"):
            env.pop(name, None)
        command = [sys.executable, "-m", "robocorp.tasks", "run", str(ROOT / "tasks"), "-t", step.name]
        command += ["-o", str(worker.log.parent), "--max-log-files", "5", "--console-colors", "plain"]
        with worker.log.open("ab") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, cwd=ROOT)
