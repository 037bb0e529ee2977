"""Work that no document is to blame for: loading a model takes seconds, once, and more on a busy machine.

Whoever watches the time of a document (tasks.bounded) listens here and stops its clock meanwhile.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[bool], None]
_listeners: list[Listener] = []
_spent: list[float] = []
_under_way: list[float] = []
"""When such work began that is not done yet; work inside other such work counts once. The readers have one thread."""


def listen(listener: Listener) -> None:
    """From now on `listener` is called with True when such work begins and with False when it ends."""
    _listeners.append(listener)


@contextmanager
def preparing() -> Iterator[None]:
    """Wraps the loading of a model or library. Nothing of a document may be touched inside."""
    _under_way.append(time.monotonic())
    if len(_under_way) == 1:
        for listener in _listeners:
            listener(True)
    try:
        yield
    finally:
        started = _under_way.pop()
        if not _under_way:
            _spent.append(time.monotonic() - started)
            gc.freeze()  # what was loaded stays; looking through it again and again took a tenth of a document's time
            for listener in _listeners:
                listener(False)


def seconds_spent() -> float:
    """Seconds that this process has spent on such work so far."""
    return sum(_spent)
