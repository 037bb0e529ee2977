"""What the runner does for the store besides: leases of the dead, contents of nobody, old rows."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tasks.drift import counted
from tasks.settings import ROOT, SettingsError, load
from workitems import moments, statistics, workers
from workitems.store import Store

DEAD_OWNERS_SECONDS = 30.0
SWEEP_SECONDS = 3600.0
RETAIN_SECONDS = 86400.0


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
        statistics.fold_rates(store.database, store.clock())
        swept = store.sweep_blobs()
        return f"{swept} files that no item has any more were deleted." if swept else None

    def count_drift() -> str | None:
        try:
            counted(store, store.home)
        except OSError as error:
            return f"What drift is judged on could not be written: {error.strerror}."
        return None

    def retain() -> str | None:
        return keep_retention(store.home)

    now = time.monotonic()
    return [
        Chore(DEAD_OWNERS_SECONDS, tidy_leases),
        Chore(SWEEP_SECONDS, sweep, now + SWEEP_SECONDS / 60),
        Chore(SWEEP_SECONDS, count_drift, now + SWEEP_SECONDS / 12),
        Chore(RETAIN_SECONDS, retain, now + SWEEP_SECONDS / 4),
    ]


def keep_retention(home: Path) -> str | None:
    """Starts `run.py retain --apply`, which the desks need even without a [retention]: by itself, for it takes time."""
    try:
        load()
    except SettingsError:  # told elsewhere
        return None
    log = home / "logs" / "retain.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tasks.commands.retain", "--apply"]
    with log.open("ab") as said:
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=ROOT)
    return f"What is kept no longer is deleted; see {log}."
