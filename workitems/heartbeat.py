"""Keeps the leases of one adapter alive, from a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable

from workitems.reservations import Hold

log = logging.getLogger(__name__)

Renew = Callable[[Hold], bool]


class Heartbeat:
    """Renews every held lease at a third of its length, until `most_seconds` after it was taken.

    A process that hangs has a beating heart too; that is why there is a maximum: then the lease runs out, the item is
    taken by another worker, and whatever the hung one still writes is refused.
    """

    def __init__(self, connect: Callable[[], Renew], lease_seconds: float, most_seconds: float) -> None:
        self._beats = _Beats(connect, lease_seconds / 3, most_seconds)
        # The thread knows only _Beats, so that an adapter that nobody uses any more is collected and its thread ends.
        weakref.finalize(self, self._beats.stop)

    def add(self, hold: Hold) -> None:
        """From now on the lease is renewed."""
        self._beats.add(hold)

    def remove(self, hold: Hold) -> None:
        """From now on it is not."""
        self._beats.remove(hold)

    def stop(self) -> None:
        """Ends the thread."""
        self._beats.stop()


class _Beats:
    def __init__(self, connect: Callable[[], Renew], every_seconds: float, most_seconds: float) -> None:
        self._connect, self._every, self._most = connect, every_seconds, most_seconds
        self._changed = threading.Condition()
        self._holds: dict[Hold, float] = {}
        self._thread: threading.Thread | None = None
        self._ended = False

    def add(self, hold: Hold) -> None:
        with self._changed:
            self._holds[hold] = time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="lease-heartbeat", daemon=True)
                self._thread.start()

    def remove(self, hold: Hold) -> None:
        with self._changed:
            self._holds.pop(hold, None)

    def stop(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()

    def _run(self) -> None:
        """Beats at fixed intervals for whatever is held. (To be woken for each item costs more than all beats.)"""
        renew: Renew | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended, self._every)
                if self._ended:
                    return
                holds = dict(self._holds)
            if not holds:
                continue
            try:
                renew = renew or self._connect()
                for hold, since in holds.items():
                    self._beat(renew, hold, time.monotonic() - since)
            except Exception:  # a full disk or a locked database must not end the heart: it beats again
                log.warning("a heartbeat failed", exc_info=True)

    def _beat(self, renew: Renew, hold: Hold, age: float) -> None:
        if age > self._most:
            log.error("item %s has taken more than %.0f s: its lease is not renewed any more", hold.item_id, self._most)
        elif renew(hold):
            return
        elif self._still(hold):
            log.error("the lease of item %s is lost", hold.item_id)
        self.remove(hold)

    def _still(self, hold: Hold) -> bool:
        with self._changed:
            return hold in self._holds
