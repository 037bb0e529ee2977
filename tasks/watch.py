"""Finds workers that hang: too long at one item, or silent. From outside, for a hung process tells nobody."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tasks.work_settings import StepRules
from tasks.worker import Worker
from workitems import owners, workers
from workitems.database import StoreError
from workitems.store import Store

SILENT_SECONDS = 180.0
"""A worker says every five seconds that it is alive; beginning takes it some, too."""


@dataclass
class _Sight:
    """What was last seen of a process, and since when (monotonic: the machine's clock may jump)."""

    owner: str
    seen_at: float | None
    seen_since: float
    item: tuple[str, int] | None = None
    item_since: float = 0.0


class Watch:
    """Looks at the workers of this machine, a few times a minute or more often."""

    def __init__(self, store: Store, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store, self._now = store, monotonic
        self._sights: dict[int, _Sight] = {}

    def hung(self, worker: Worker, rules: StepRules) -> str | None:
        """Why the worker must be killed, as the end of a sentence; None: it is well, or nobody can tell."""
        if worker.process is None or worker.process.poll() is not None:
            return None
        pid, now = worker.process.pid, self._now()
        sight = self._sights.setdefault(pid, _Sight(owners.of(pid), None, now))
        try:
            said = workers.last_word(self._store.database, sight.owner)
        except StoreError:
            self._sights.pop(pid)  # a database that is away keeps everybody silent: the time begins anew
            raise
        if said.seen_at != sight.seen_at:
            sight.seen_at, sight.seen_since = said.seen_at, now
        if said.item != sight.item:
            sight.item, sight.item_since = said.item, now
        if sight.item is not None and now - sight.item_since > rules.most_seconds:
            return f"has worked on the item {sight.item[0]} for more than {rules.most_seconds:.0f} s"
        if now - sight.seen_since > SILENT_SECONDS:
            return f"has said nothing for more than {SILENT_SECONDS:.0f} s"
        return None

    def take_away(self, worker_pid: int, why: str) -> None:
        """What the killed worker had in hand waits again; the item's events say why."""
        sight = self._sights.pop(worker_pid, None)
        if sight is not None:
            workers.take_away(self._store.database, sight.owner, self._store.database.clock(), f"its worker {why}")

    def forget(self, pids: set[int]) -> None:
        """Keeps only what was seen of these processes."""
        self._sights = {pid: sight for pid, sight in self._sights.items() if pid in pids}
