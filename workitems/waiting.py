"""What a worker does when its queue is empty: end, or wait for more; and how it is asked to end."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from workitems.store import Store

WAIT_FOR = "DESKHAND_WAIT_FOR"
"""Queues (comma separated) while whose items are worked on more may come; `*`: wait for ever. Set by the runner."""

LOOK_EVERY_SECONDS = 0.5
"""Who waits looks so often for what only time makes takeable; of what others put he is told at once."""
ASKED_WITHIN_SECONDS = 0.05
WORTH_WAITING_SECONDS = 60.0
"""A retry that is due sooner is waited for; a later one is the next run's."""


class Asked:
    """Becomes true when the process is asked to end (SIGTERM): the item in hand is finished, no other is taken.

    A plain attribute: a signal's handler must take no lock, and that of a threading.Event may be held by the very
    thread that it interrupts.
    """

    def __init__(self) -> None:
        self._asked = False

    def __bool__(self) -> bool:
        return self._asked

    def ask(self) -> None:
        """From now on true."""
        self._asked = True

    def sleep(self, seconds: float) -> bool:
        """Sleeps, but not longer than until it is asked. Whether it was."""
        until = time.monotonic() + seconds
        while not self._asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, ASKED_WITHIN_SECONDS))
        return self._asked


@contextmanager
def ends_when_asked() -> Iterator[Asked]:
    """Turns SIGTERM into a question for the block. Where somebody else handles it, or off the main thread, it stays."""
    asked = Asked()
    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL

    def on_sigterm(number: int, frame: FrameType | None) -> None:
        asked.ask()

    if ours:
        signal.signal(signal.SIGTERM, on_sigterm)
    try:
        yield asked
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


class Patience:
    """Waits at an empty queue of our store, as long as the runner wants.

    `wake`, if given, is called every `every_seconds`: it may put something into the queue.
    """

    def __init__(self, store: Store, queue: str, wake: Callable[[], None] | None, every_seconds: float) -> None:
        self._store, self._queue, self._wake, self._every = store, queue, wake, every_seconds
        self._wait_for = os.environ.get(WAIT_FOR, "")

    def more_comes(self, asked: Asked) -> bool:
        """Blocks until something can be taken (True), or nothing more is to be expected (False)."""
        if not self._wait_for:
            return False
        began = time.monotonic()
        with self._store.database.listening(self._queue) as wait:
            while not asked:
                if self._store.has_work(self._queue):
                    return True
                if self._wait_for != "*" and not worth_waiting(self._store, self._queue, self._wait_for.split(",")):
                    return False
                wait(LOOK_EVERY_SECONDS, asked.sleep)
                if self._wake is not None and time.monotonic() - began >= self._every:
                    self._wake()
        return False


def worth_waiting(store: Store, queue: str, above: Sequence[str]) -> bool:
    """Whether a queue gets something soon: it has, a retry is due within a minute, or a queue above is worked on.

    An item that keeps failing is tried again for hours; nobody waits for that.
    """
    if any(c.queue in above and c.state == "taken" for c in store.depth()):
        return True
    due = [store.due_in(each) for each in (queue, *above)]
    return any(seconds is not None and seconds <= WORTH_WAITING_SECONDS for seconds in due)
