"""What the runner is asked from outside: to end, to end at once, to read its settings again."""

from __future__ import annotations

import signal
from types import FrameType


class Control:
    """`asked`: how often it was asked to end (the second time: at once); `reload`: to read its settings again.

    Plain attributes, which the runner looks at several times a second: a signal's handler must take no lock.
    """

    def __init__(self) -> None:
        self.asked = 0
        self.reload = False

    def listen(self) -> None:
        """SIGTERM and Ctrl-C ask to end, SIGHUP to reload. For the main thread."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, self._reload)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    def _reload(self, number: int, frame: FrameType | None) -> None:
        self.reload = True
