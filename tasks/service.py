"""The runner as a service: schedules, workers that hang, housekeeping, and settings that change while it runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tasks.chores import Chore, chores
from tasks.firing import fire
from tasks.flow import Step
from tasks.plan import Plan
from tasks.runner import Runner
from tasks.settings import SettingsError
from tasks.watch import Watch
from workitems.database import StoreError
from workitems.store import Store

Read = Callable[[], tuple[Sequence[Step], Plan]]
"""Reads the settings: which steps, and how. Raises SettingsError."""
Mark = tuple[int, int, int]


class Service:
    """What a long-lived runner does between two looks at its workers.

    A database that cannot be reached is told once, and everything is tried again: it may be restarting.
    """

    def __init__(self, runner: Runner, store: Store, read: Read, file: Callable[[], Path | None]) -> None:
        self._runner, self._store, self._read, self._file = runner, store, read, file
        self._watch = Watch(store)
        self._seen = self._mark()
        self._away = ""
        reload, fires, watches = Chore(2.0, self._reload_if_changed), Chore(1.0, self._fire), Chore(1.0, self._look)
        self._chores = [reload, fires, watches, *chores(store)]

    def tick(self) -> None:
        """Does whatever is due."""
        if self._runner.control.reload:
            self._runner.control.reload = False
            self._reload("was asked to")
        now = time.monotonic()
        for chore in self._chores:
            try:
                said = chore.turn(now)
            except StoreError as failure:
                self._tell_once(str(failure))
                return
            if said:
                self._runner.tell(said)
        self._tell_once("")

    def _fire(self) -> None:
        schedules = self._runner.plan.schedules
        if schedules:
            fire(self._store, schedules, self._store.database.clock(), self._runner.tell)

    def _look(self) -> None:
        for worker in self._runner.workers:
            why = self._watch.hung(worker, self._runner.plan.rules(worker.step))
            if why is not None and worker.process is not None:
                pid = worker.process.pid
                self._runner.kill(worker, why)
                self._watch.take_away(pid, why)
        self._watch.forget({w.process.pid for w in self._runner.workers if w.process is not None})

    def _reload_if_changed(self) -> None:
        mark = self._mark()
        if mark != self._seen:
            self._reload("sees that they have changed")

    def _reload(self, why: str) -> None:
        """Workers read their settings when they start: each ends after the item in hand and is started again."""
        self._seen = self._mark()
        try:
            steps, plan = self._read()
        except SettingsError as failure:
            self._runner.tell(f"The old settings stay in force. {failure}")
            return
        self._runner.tell(f"The settings are read again, for the runner {why}; workers begin anew after their item.")
        self._runner.follow(steps, plan)

    def _mark(self) -> Mark | None:
        """Changes when the settings file does, however it is replaced; None: there is no file."""
        try:
            file = self._file()
            stat = os.stat(file) if file else None
        except (OSError, SettingsError):
            return None
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino) if stat else None

    def _tell_once(self, failure: str) -> None:
        if failure != self._away:
            self._runner.tell(failure or "The database can be reached again.")
        self._away = failure
