"""Work that no document is to blame for: loading a model takes seconds, once, and more on a busy machine.

Whoever watches the time of a document (tasks.bounded) listens here and stops its clock meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[bool], None]
_listeners: list[Listener] = []
_spent: list[float] = []


def listen(listener: Listener) -> None:
    """From now on `listener` is called with True when such work begins and with False when it ends."""
    _listeners.append(listener)


@contextmanager
def preparing() -> Iterator[None]:
    """Wraps the loading of a model or library. Nothing of a document may be touched inside."""
    started = time.monotonic()
    for listener in _listeners:
        listener(True)
    try:
        yield
    finally:
        _spent.append(time.monotonic() - started)
        for listener in _listeners:
            listener(False)


def seconds_spent() -> float:
    """Seconds that this process has spent on such work so far."""
    return sum(_spent)
