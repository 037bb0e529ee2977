"""Which workers are alive: each says so itself every few seconds, and what it works on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workitems import owners
from workitems import runner_sql as sql
from workitems import sql as items
from workitems.database import Database
from workitems.journal import Cause, lose_lease
from workitems.rows import at

log = logging.getLogger(__name__)

STEP = "DESKHAND_WORKER"
"""The step that a process works for; the runner sets it, and then the process says that it is alive."""
EVERY_SECONDS = 5.0
GONE_AFTER_SECONDS = 30.0
"""Who has said nothing for so long is not counted any more (he may be frozen, unplugged or dead)."""
FORGOTTEN_AFTER_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker as it said itself. `machine` is its host's name; `item_id` None: it waits."""

    id: str
    step: str
    machine: str
    started_at: datetime
    seen_at: datetime
    item_id: str | None


def alive(db: Database, now: float | None = None) -> list[WorkerRow]:
    """The workers of all machines that have spoken within the last 30 seconds, by step and age."""
    since = (db.clock() if now is None else now) - GONE_AFTER_SECONDS
    return [
        WorkerRow(r["id"], r["step"], r["id"].split("|")[0], at(r["started_at"]), at(r["seen_at"]), r["item_id"])
        for r in db.rows(sql.SELECT_WORKERS, {"since": since})
    ]


@dataclass(frozen=True, slots=True)
class LastWord:
    """What is known of one worker: when it spoke last (seconds since 1970; None: never), its item and that's fence.

    The fence is 0 where another host keeps the lease.
    """

    seen_at: float | None
    item: tuple[str, int] | None


def last_word(db: Database, worker_id: str) -> LastWord:
    """What a worker said last, and what it has in hand now."""
    said, held = db.row(sql.SELECT_WORKER, {"id": worker_id}), db.row(sql.SELECT_IN_HAND, {"owner": worker_id})
    if held is not None:
        return LastWord(None if said is None else said["seen_at"], (held["id"], held["fence"]))
    if said is None:
        return LastWord(None, None)
    return LastWord(said["seen_at"], (said["item_id"], 0) if said["item_id"] else None)


def take_away(db: Database, worker_id: str, now: float, why: str) -> int:
    """Ends the leases of a worker that was killed, at once; each counts as lost. Returns how many."""

    def take() -> int:
        with db.write():
            held = db.rows(items.SELECT_TAKEN_BY, {"owner": worker_id})
            for taken in held:
                lose_lease(db, taken, Cause(now, "runner", why))
            db.change(sql.SAY_GOODBYE, {"id": worker_id})
        return len(held)

    return db.settle(take, lambda: None)  # what it has taken away once it does not find again


def forget_dead(db: Database, now: float) -> int:
    """Deletes the rows of processes of this machine that have ended, and those that have long been silent."""
    gone = [
        row["id"]
        for row in db.rows(sql.SELECT_ALL_WORKERS)
        if owners.is_dead(row["id"]) or row["seen_at"] < now - FORGOTTEN_AFTER_SECONDS
    ]
    if gone:
        with db.write():
            db.change_many(sql.SAY_GOODBYE, [{"id": each} for each in sorted(gone)])
    return len(gone)


def works_on(item_id: str | None) -> None:
    """Tells what this process has in hand, where a host other than our store keeps the leases."""
    if _ours is not None:
        _ours.works_on(item_id)


class Presence:
    """Says in the table `workers` that this process is alive, from a thread of its own.

    `connect` gives a connection of the thread's own. A database that cannot be reached is no reason to end: the next
    word may get through. Hosts that keep leases elsewhere tell with `works_on` what is in hand.
    """

    def __init__(self, connect: Callable[[], Database], step: str, every_seconds: float = EVERY_SECONDS) -> None:
        self._connect, self._step, self._every = connect, step, every_seconds
        self._item: str | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Begins to speak, for this process."""
        global _ours  # noqa: PLW0603 - a process is one worker
        _ours = self
        self._thread.start()

    def works_on(self, item_id: str | None) -> None:
        """What is in hand, where our own leases do not tell."""
        self._item = item_id

    def stop(self) -> None:
        """Takes leave: the row goes at once."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        started_at: float | None = None
        db: Database | None = None
        while True:
            last = self._ended.is_set()
            try:
                db = db or self._connect()
                started_at = started_at or db.clock()
                self._say(db, started_at, last)
            except Exception:  # whatever the driver raises: a worker never ends of it
                log.warning("this worker could not say that it is alive", exc_info=True)
            if last:
                return
            self._ended.wait(self._every)

    def _say(self, db: Database, started_at: float, last: bool) -> None:
        me = owners.me()
        with db.write():
            if last:
                db.change(sql.SAY_GOODBYE, {"id": me})
                return
            said = {"id": me, "step": self._step, "started_at": started_at, "now": db.clock(), "item_id": self._item}
            db.change(sql.SAY_ALIVE, said)


_ours: Presence | None = None
