"""What the runner does for the store besides: leases of the dead, contents of nobody, old rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from workitems import moments, workers
from workitems.store import Store

DEAD_OWNERS_SECONDS = 30.0
SWEEP_SECONDS = 3600.0


@dataclass
class Chore:
    """Something that is done every so many seconds. It says what it did, or nothing."""

    every_seconds: float
    do: Callable[[], str | None]
    due: float = 0.0  # monotonic

    def turn(self, now: float) -> str | None:
        """Does it, where it is due. One that fails is due again only after its time, too."""
        if now < self.due:
            return None
        self.due = now + self.every_seconds
        return self.do()


def chores(store: Store) -> list[Chore]:
    """The housekeeping of one machine. Several machines may do it side by side."""

    def tidy_leases() -> str | None:
        freed = store.release_dead_owners()
        workers.forget_dead(store.database, store.database.clock())
        return f"{freed} items of workers that have ended wait again." if freed else None

    def sweep() -> str | None:
        moments.prune_rates(store.database, store.database.clock())
        swept = store.sweep_blobs()
        return f"{swept} files that no item has any more were deleted." if swept else None

    return [Chore(DEAD_OWNERS_SECONDS, tidy_leases), Chore(SWEEP_SECONDS, sweep, time.monotonic() + SWEEP_SECONDS / 60)]
