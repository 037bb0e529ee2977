"""The bots behind the review desk: while it is open, what a person has answered goes on by itself, up to the posting.

They are the very workers of `run.py work`, started when something is ready and nobody takes it, and ended when the
queues have been quiet for a while. Beside other workers on the same home they are safe: leases give each item to one of
them, and the ERP's lock gives its screens to one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from tasks.flow import FLOW, Step, with_following
from tasks.runner import Runner, WorkerFailed
from workitems.store import Store, StoreError

QUEUES = tuple(step.takes for step in FLOW if not step.producer)
LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 1.5  # so long others may take what is ready, before workers of our own are started
QUIET_SECONDS = 180.0  # without work for so long: the workers end, and with them the ERP's session
AGAIN_SECONDS = 60.0  # after workers that failed


class _Enough(Exception):
    """The workers are to end."""


class Works(Protocol):
    """A runner of steps."""

    def run(self, on_tick: Callable[[], None]) -> None:
        """Works, and calls `on_tick` now and then; what that raises ends the workers."""
        ...


class DeskBots:
    """Keeps the steps running while there is something for them. `store` gives the store, or None while there is none.

    Everything happens on one thread: on Linux a worker ends when the thread that started it ends.
    """

    def __init__(self, home: Path, store: Callable[[], Store | None], runner: Callable[..., Works] = Runner) -> None:
        self._home, self._store, self._runner = home, store, runner
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="desk-bots")
        self._fault = ""

    def start(self) -> None:
        """Begins to watch the queues."""
        self._thread.start()

    def close(self) -> None:
        """Ends the workers; the item in hand is finished first."""
        self._end.set()
        self._thread.join()

    def sentence(self) -> str:
        """What is wrong with the bots, or nothing."""
        if not self._thread.is_alive():
            return "The bots have stopped, so nothing goes on. Close the review desk and start it again."
        return self._fault

    def _watch(self) -> None:
        waited, first = 0.0, self._store()
        if first is not None:
            with suppress(StoreError):
                first.release_dead_owners()  # what an earlier desk or run was killed over need not wait for its lease
        while not self._end.wait(LOOK_SECONDS):
            store = self._store()
            waited = waited + LOOK_SECONDS if store is not None and self._untouched(store) else 0.0
            if store is not None and waited >= PATIENCE_SECONDS:
                waited = 0.0
                self._work(store)

    def _untouched(self, store: Store) -> bool:
        """Something can be taken, and nobody works: a lease that ran out is nobody's."""
        try:
            if not _waiting(store):
                return False
            now = datetime.now(UTC)
            taken = [item for queue in QUEUES for item in store.find(queue, ["taken"], limit=100)]
            return not any(item.lease_until and item.lease_until > now for item in taken)
        except StoreError:
            return False

    def _work(self, store: Store) -> None:
        """Runs the workers until the queues were quiet for long enough, the desk ends, or the store is another.

        Workers of the steps that have something to do, and of those that follow them, until others have, too.
        """
        quiet_since, steps = time.monotonic(), _needed(store)
        takes = {step.takes for step in steps}

        def on_tick() -> None:
            nonlocal quiet_since
            if any(c.queue in takes and c.state in ("ready", "taken") and c.count for c in store.depth()):
                quiet_since = time.monotonic()
            if self._end.is_set() or self._store() is not store or time.monotonic() - quiet_since > QUIET_SECONDS:
                raise _Enough
            if not takes.issuperset(_waiting(store)):
                raise _Enough

        try:
            self._fault = ""
            self._runner(self._home, store, steps, once=False).run(on_tick)
        except _Enough:
            pass
        except (WorkerFailed, StoreError, OSError) as failure:
            if self._store() is not store:  # a new demo has begun on this home: its store is another
                return
            self._fault = f"The bots do not run, so nothing goes on: {failure}"
            self._end.wait(AGAIN_SECONDS)


def _waiting(store: Store) -> list[str]:
    """The queues in which something can be taken."""
    return [queue for queue in QUEUES if store.has_work(queue)]


def _needed(store: Store) -> tuple[Step, ...]:
    return with_following(_waiting(store))
