"""Runs steps as worker processes and restarts what dies. Each worker is the very `robocorp.tasks run` of robot.yaml."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tasks.flow import Step, upstream
from workitems.store import Store
from workitems.waiting import WAIT_FOR, worth_waiting

ROOT = Path(__file__).resolve().parent.parent
TICK_SECONDS = 0.25
DEATHS_IN_A_ROW = 5
LONGEST_PAUSE = 60.0
"""Seconds before a worker that dies again and again is started once more; one that lived longer begins anew."""
PATIENCE_SECONDS = 20.0


class WorkerFailed(Exception):
    """A worker ends again and again without working; the message names the step and its log."""


@dataclass
class Worker:
    """One step's process. `deaths` counts ends with a bad status in a row."""

    step: Step
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    deaths: int = 0
    not_before: float = 0.0
    finished: bool = False
    log: Path = field(default_factory=Path)


class Runner:
    """Keeps one worker per step: as long as there is work for it (`once`), or for ever."""

    def __init__(
        self, home: Path, store: Store, steps: Sequence[Step], once: bool, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self.home, self.store, self.once, self.tell = home, store, once, tell
        self.workers = [Worker(s, log=home / "logs" / s.name / "worker.log") for s in steps]

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Works until nothing is ready (`once`), or until it is interrupted. Workers end with this process.

        With `once` raises WorkerFailed when a step's worker dies five times in a row; without, it is tried for ever.
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
        """Asks the workers to finish the item in hand; who does not within 20 seconds is killed (its lease expires).

        Interrupted once more, it kills them at once.
        """
        alive = [w.process for w in self.workers if w.process and w.process.poll() is None]
        for process in alive:
            process.terminate()
        until = time.monotonic() + PATIENCE_SECONDS
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            for process in alive:
                process.wait(max(0.1, until - time.monotonic()))
        for process in alive:
            process.kill()
            process.wait()

    def _look_after(self, worker: Worker) -> None:
        if worker.finished or time.monotonic() < worker.not_before:
            return
        if worker.process is None:
            self._start_or_finish(worker)
            return
        status = worker.process.poll()
        if status is not None:
            worker.process = None
            self._ended(worker, status)

    def _start_or_finish(self, worker: Worker) -> None:
        """With `once` a process is started for work alone: starting one costs seconds."""
        if not self.once or self.store.has_work(worker.step.takes):
            worker.process, worker.began = self._start(worker), time.monotonic()
        else:
            worker.finished = not self._more_comes(worker.step)

    def _more_comes(self, step: Step) -> bool:
        """Whether a step before this one still works, or a retry is due so soon that it is waited for."""
        above = [s.takes for s in upstream(step.name)]
        busy = any(w.step.takes in above and not w.finished for w in self.workers)
        return busy or worth_waiting(self.store, step.takes, above)

    def _ended(self, worker: Worker, status: int) -> None:
        """Counts deaths, frees what the dead one had in hand, and lets one that dies at once wait for longer."""
        if time.monotonic() - worker.began > LONGEST_PAUSE or not status:
            worker.deaths = 0
        if not status:
            return
        worker.deaths += 1
        self.store.release_dead_owners()
        if self.once and worker.deaths >= DEATHS_IN_A_ROW:
            raise WorkerFailed(f"The step {worker.step.name} ended {worker.deaths} times in a row; see {worker.log}.")
        pause = 0.0 if self.once or worker.deaths == 1 else min(2.0**worker.deaths, LONGEST_PAUSE)
        worker.not_before = time.monotonic() + pause
        self.tell(f"The step {worker.step.name} ended with status {status}; it is started again. See {worker.log}.")

    def _start(self, worker: Worker) -> subprocess.Popen[bytes]:
        worker.log.parent.mkdir(parents=True, exist_ok=True)
        step = worker.step
        waits = ",".join(s.takes for s in upstream(step.name)) if self.once else "*"
        env = os.environ | {WAIT_FOR: waits, "DESKHAND_PARENT": str(os.getpid())}
        env["RC_WORKITEM_ADAPTER"] = "workitems.adapter.StoreAdapter"  # the runner looks into our store
        for name in ("RC_WORKITEM_QUEUE_NAME", "RC_WORKITEM_OUTPUT_QUEUE_NAME"):
            env.pop(name, None)
        command = [sys.executable, "-m", "robocorp.tasks", "run", str(ROOT / "tasks"), "-t", step.name]
        command += ["-o", str(worker.log.parent), "--max-log-files", "5", "--console-colors", "plain"]
        with worker.log.open("ab") as log:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, cwd=ROOT, **own_group()
            )


def own_group() -> dict[str, Any]:
    """Ctrl-C reaches every process of the terminal's group: the workers shall finish what they have in hand first."""
    if os.name == "nt":
        return {"creationflags": 0x00000200}
    return {"start_new_session": True}
