"""Runs steps as worker processes and restarts what dies. Each worker is the very `robocorp.tasks run` of robot.yaml."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from tasks.control import Control
from tasks.flow import Step, upstream
from tasks.plan import Plan
from tasks.worker import Worker, start
from workitems.database import StoreError
from workitems.store import Store
from workitems.waiting import worth_waiting

TICK_SECONDS = 0.25
DEATHS_IN_A_ROW = 5
LONGEST_PAUSE = 60.0
"""Seconds before a worker that dies again and again is started once more; one that lived longer begins anew."""
LOOK_SECONDS = 1.0


class WorkerFailed(Exception):
    """A worker ends again and again without working; the message names the step and its log."""


class Runner:
    """Keeps the steps' workers running: as long as there is work for them (`once`), or for ever."""

    def __init__(
        self,
        home: Path,
        store: Store,
        steps: Sequence[Step],
        once: bool,
        tell: Callable[[str], None] = lambda _: None,
        *,
        plan: Plan | None = None,
    ) -> None:
        self.home, self.store, self.once, self.tell = home, store, once, tell
        self.control = Control()
        self.restarts: Counter[tuple[str, str]] = Counter()  # (step, why) of every start that was not the first
        self.ticked = time.monotonic()
        self.workers: list[Worker] = []
        self.follow(steps, plan or Plan())

    def follow(self, steps: Sequence[Step], plan: Plan) -> None:
        """From now on these steps are run like this. Workers that are too many, or run, end after the item in hand."""
        self.plan = plan
        wanted = {(step.name, number): step for step in steps for number in range(1, plan.count(step) + 1)}
        for worker in self.workers:
            worker.retiring = wanted.pop((worker.step.name, worker.number), None) is None
            worker.ask_to_end()
        self.workers += [Worker(step, number, self.home / "logs") for (_, number), step in wanted.items()]
        self._rare = {step.name for step in steps if not self.once and plan.rare(step)}

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Works until nothing is ready (`once`), or until it is asked to end. Workers end with this process.

        With `once` raises WorkerFailed when a step's worker dies five times in a row; without, it is tried for ever.
        """
        self.store.carry()
        try:
            while not self.control.asked and not all(w.finished for w in self.workers):
                for worker in self.workers:
                    self._look_after(worker)
                self.workers = [w for w in self.workers if w.process or not w.retiring]
                on_tick()
                self.ticked = time.monotonic()
                time.sleep(TICK_SECONDS)
        finally:
            self.stop()

    def stop(self) -> None:
        """Asks the workers to finish the item in hand; who does not in time is killed (its lease expires).

        Asked or interrupted once more, it kills them at once.
        """
        alive = [w for w in self.workers if w.running()]
        for worker in alive:
            worker.ask_to_end()
        until = time.monotonic() + self.plan.patience()
        with contextlib.suppress(KeyboardInterrupt):
            while any(w.running() for w in alive) and time.monotonic() < until and self.control.asked < 2:
                self.ticked = time.monotonic()
                time.sleep(0.05)
        late = [w.label for w in alive if w.running()]
        for worker in alive:
            worker.kill()
        if late:
            self.tell(f"Killed with an item in hand, which the next run takes up: {', '.join(late)}.")

    def missing(self) -> list[str]:
        """The workers that should have a process and have none."""
        needed = [w for w in self.workers if not (w.retiring or w.finished or w.step.name in self._rare)]
        return [w.label for w in needed if not w.running()]

    def kill(self, worker: Worker, why: str) -> None:
        """Kills a worker that hangs; it is started again."""
        self.tell(f"The worker {worker.label} {why}; it is killed and started again.")
        worker.killed_for = "hung"
        worker.kill(wait=False)

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
        """With `once`, and for a step that is seldom started, a process is started for work alone: it costs seconds."""
        if worker.retiring:
            return
        if worker.step.name in self._rare:
            worker.not_before = time.monotonic() + LOOK_SECONDS
            with contextlib.suppress(StoreError):  # whoever looks after the store says so
                if self.store.has_work(worker.step.takes):
                    self._begin(worker)
        elif not self.once or self.store.has_work(worker.step.takes):
            self._begin(worker)
        else:
            worker.finished = not self._more_comes(worker.step)

    def _begin(self, worker: Worker) -> None:
        worker.process, worker.began, worker.asked = self._start(worker), time.monotonic(), False

    def _more_comes(self, step: Step) -> bool:
        """Whether a step before this one still works, or a retry is due so soon that it is waited for."""
        above = [s.takes for s in upstream(step.name)]
        busy = any(w.step.takes in above and not w.finished for w in self.workers)
        return busy or worth_waiting(self.store, step.takes, above)

    def _ended(self, worker: Worker, status: int) -> None:
        """Counts deaths, frees what the dead one had in hand, and lets one that dies at once wait for longer."""
        killed_for, worker.killed_for = worker.killed_for, ""
        if worker.asked and not killed_for:  # it was to end; its status may be that of the signal
            self.restarts[worker.step.name, "reload"] += not worker.retiring
            return
        if time.monotonic() - worker.began > LONGEST_PAUSE or not status:
            worker.deaths = 0
        if not status:
            return
        worker.deaths += 1
        self.restarts[worker.step.name, killed_for or "died"] += 1
        with contextlib.nullcontext() if self.once else contextlib.suppress(StoreError):
            self.store.release_dead_owners()
        if self.once and worker.deaths >= DEATHS_IN_A_ROW:
            raise WorkerFailed(f"The step {worker.step.name} ended {worker.deaths} times in a row; see {worker.log}.")
        pause = 0.0 if self.once or worker.deaths == 1 else min(2.0**worker.deaths, LONGEST_PAUSE)
        worker.not_before = time.monotonic() + pause
        if not killed_for:
            self.tell(f"The step {worker.step.name} ended with status {status}; it is started again. See {worker.log}.")

    def _start(self, worker: Worker) -> subprocess.Popen[bytes]:
        return start(worker, self.plan.tasks, self.plan.environment(worker.step, self.once))
