"""Systems outside that bots drive: how many use one at once, how fast, and not while it fails.

Everything is kept in the database, so it holds over all machines. Three things are bounded for each target:

- sessions: at most so many uses at once (one login of an ERP, say). A use has a lease; what a dead process held is free
  at once on its own machine, and when its lease runs out on another.
- pacing: so many seconds at least between the beginnings of two uses.
- trouble: after so many failures of the system in a row nobody asks it for a while (its circuit is open); then one use
  tries it for all.

Who cannot have a target now is told to come later, at no cost of an attempt: TryLater with `postpone`.
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from workitems import owners
from workitems import targets_sql as sql
from workitems.database import Database, StoreError
from workitems.errors import NeedsReview, TryLater
from workitems.items import Noun
from workitems.rows import at

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
"""How long a slot is kept without a sign of life; a use that lasts renews it at a third."""
MOST_SECONDS = 900.0
"""How long it is renewed at most: a process that hangs has a beating heart too."""
SKEW_SECONDS = 30.0
"""How far clocks may disagree. A moment that is further away than it can be was written before one was set back."""
LOOK_SECONDS = 0.2
"""How often a use that waits for its turn looks again."""

Circuit = Literal["closed", "open", "trial"]


class TargetLimits(Noun):
    """What one target may be asked."""

    sessions: Annotated[int, Field(ge=1)] = 1  # uses at once, over all machines
    pause_seconds: Annotated[float, Field(ge=0)] = 0.0  # between the beginnings of two uses
    failures: Annotated[int, Field(ge=1)] = 5  # of the system in a row: then its circuit opens
    open_seconds: Annotated[float, Field(gt=0)] = 60.0  # and nobody asks it for so long
    wait_seconds: Annotated[float, Field(ge=0)] = 10.0  # for one's turn, before the item is postponed


@dataclass(frozen=True)
class TargetState:
    """A target as people see it. `open_until`: nobody asks it before."""

    name: str
    circuit: Circuit
    failures: int
    in_use: int
    open_until: datetime | None
    asked_at: datetime | None


@dataclass(frozen=True)
class _Turn:
    name: str
    token: str
    limits: TargetLimits
    trial: bool  # of a system that failed, for all who wait for it


class Targets:
    """The targets of a database. `clock`, `sleep` and `chance` are for tests."""

    def __init__(
        self,
        db: Database,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._db, self._clock, self._sleep, self._chance = db, clock or db.clock, sleep, chance

    @contextmanager
    def use(
        self, name: str, limits: TargetLimits, of_system: Callable[[TryLater], bool] = lambda failure: True
    ) -> Iterator[None]:
        """The block asks the target. Raises TryLater with `postpone` where it may not now.

        A TryLater out of the block of which `of_system` is true is a failure of the system; an orderly end and
        NeedsReview show that it works; anything else says nothing about it.
        """
        turn = self._wait_for_turn(name, limits)
        ended = None
        try:
            with self._renewed(turn):
                yield
            ended = "well"
        except NeedsReview:
            ended = "well"
            raise
        except TryLater as failure:
            ended = "wrong" if failure.postpone is None and of_system(failure) else None
            raise
        finally:
            self._end(turn, ended)

    def states(self) -> list[TargetState]:
        """All targets that were ever used, by name."""
        now = self._clock()
        return [
            TargetState(
                row["name"],
                _circuit(row["open_until"], now),
                row["failures"],
                row["in_use"],
                None if row["open_until"] is None else at(row["open_until"]),
                None if row["asked_at"] is None else at(row["asked_at"]),
            )
            for row in self._db.rows(sql.SELECT_TARGETS, {"now": now})
        ]

    # ---- one's turn

    def _wait_for_turn(self, name: str, limits: TargetLimits) -> _Turn:
        """Waits where it will not take long. Raises TryLater."""
        until = time.monotonic() + limits.wait_seconds
        while True:
            got = self._begin(name, limits)
            if isinstance(got, _Turn):
                return got
            if time.monotonic() + got > until:
                later = got + limits.wait_seconds * self._chance()  # so that those who wait do not come all at once
                raise TryLater("target_busy", f"Other workers use {name} now.", postpone=later)
            self._sleep(got)

    def _begin(self, name: str, limits: TargetLimits) -> _Turn | float:
        """A turn, or the seconds after which to look again. Raises TryLater where the circuit is open."""
        token = secrets.token_hex(8)

        def begun() -> _Turn | None:
            row = self._db.row(sql.SELECT_TURN, {"name": name, "token": token})
            return None if row is None else _Turn(name, token, limits, trial=row["open_until"] is not None)

        return self._db.settle(lambda: self._try(name, limits, token), begun)

    def _try(self, name: str, limits: TargetLimits, token: str) -> _Turn | float:
        with self._db.write():
            self._db.exclude(f"target:{name}")
            now = self._clock()
            self._db.change(sql.ADD_TARGET, {"name": name})
            row = self._db.row(sql.SELECT_TARGET, {"name": name})
            rest = _left(row["open_until"], now, max(limits.open_seconds, LEASE_SECONDS))
            if rest > 0:
                message = f"{name} failed {row['failures']} times in a row; nobody asks it for another {rest:.0f} s."
                raise TryLater("circuit_open", message, postpone=rest + limits.open_seconds * self._chance() / 10)
            slot = self._free_slot(name, limits, now)
            if slot is None:
                return LOOK_SECONDS
            asked_before = None if row["asked_at"] is None else row["asked_at"] + limits.pause_seconds
            if (pause := _left(asked_before, now, limits.pause_seconds)) > 0:
                return pause
            turn = _Turn(name, token, limits, trial=row["open_until"] is not None)
            self._take(turn, slot, now)
            return turn

    def _take(self, turn: _Turn, slot: int, now: float) -> None:
        """Inside the transaction. While one use tries a system that failed, its circuit stays open for the others."""
        name, until = turn.name, now + LEASE_SECONDS
        taken = {"name": name, "slot": slot, "owner": owners.me(), "token": turn.token, "expires_at": until}
        self._db.change(sql.TAKE_SLOT, taken)
        self._db.change(sql.BEGIN_USE, {"name": name, "now": now, "open_until": until if turn.trial else None})

    def _free_slot(self, name: str, limits: TargetLimits, now: float) -> int | None:
        rows = self._db.rows(sql.SELECT_SLOTS, {"name": name, "now": now})
        held = {
            row["slot"]
            for row in rows
            if row["expires_at"] <= now + LEASE_SECONDS + SKEW_SECONDS and not owners.is_dead(row["owner"])
        }
        if len(held) >= limits.sessions:
            return None
        return next(slot for slot in range(limits.sessions) if slot not in held)

    def _end(self, turn: _Turn, ended: str | None) -> None:
        """Gives the slot back. What was done stays done where that cannot be written: then the lease frees the slot."""
        now, limits = self._clock(), turn.limits

        def end() -> bool:
            with self._db.write():
                self._db.exclude(f"target:{turn.name}")
                self._db.change(sql.FREE_SLOT, {"name": turn.name, "token": turn.token})
                if ended == "well":
                    self._db.change(sql.WENT_WELL, {"name": turn.name})
                elif ended == "wrong":
                    values = {"name": turn.name, "most": limits.failures, "until": now + limits.open_seconds}
                    self._db.change(sql.WENT_WRONG, values)
                elif turn.trial:
                    self._db.change(sql.TRY_AGAIN, {"name": turn.name, "now": now})
            return True

        held = {"name": turn.name, "token": turn.token}
        try:
            self._db.settle(end, lambda: None if self._db.row(sql.SELECT_TURN, held) else True)
        except StoreError:
            log.warning("the end of a use of %s could not be written", turn.name, exc_info=True)

    @contextmanager
    def _renewed(self, turn: _Turn) -> Iterator[None]:
        ended = threading.Event()
        threading.Thread(target=self._renew, args=(turn, ended), name="target-lease", daemon=True).start()
        try:
            yield
        finally:
            ended.set()

    def _renew(self, turn: _Turn, ended: threading.Event) -> None:
        """On a thread and a connection of its own, which most uses never need."""
        db: Database | None = None
        until = time.monotonic() + MOST_SECONDS
        while not ended.wait(LEASE_SECONDS / 3) and time.monotonic() < until:
            try:
                db = db or self._db.another()
                with db.write():
                    expires = self._clock() + LEASE_SECONDS
                    db.change(sql.RENEW_SLOT, {"name": turn.name, "token": turn.token, "expires_at": expires})
            except StoreError:
                log.warning("the lease of %s could not be renewed", turn.name, exc_info=True)
        if db is not None:
            db.close()


def _left(until: float | None, now: float, most: float) -> float:
    """Seconds until a moment that is at most so far away."""
    return 0.0 if until is None or until - now > most + SKEW_SECONDS else max(0.0, until - now)


def _circuit(open_until: float | None, now: float) -> Circuit:
    if open_until is None:
        return "closed"
    return "open" if open_until > now else "trial"
