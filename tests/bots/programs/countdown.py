"""A process that kills itself before its so manieth call that changes something: of the database, of files, of folders.

Where it dies hangs on its progress and not on the clock.
"""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

CHANGES = {"execute", "executemany", "commit", "open", "write", "fsync", "mkdir", "link", "rename", "replace", "unlink"}


class Countdown:
    """Watches the working thread's calls, so that where it dies hangs on its progress and not on the clock."""

    def __init__(self, last: int | None) -> None:
        self.calls, self._last = 0, last

    def __call__(self, frame: FrameType, event: str, called: Any) -> None:
        if event != "c_call" or called.__name__ not in CHANGES:
            return
        self.calls += 1
        if self.calls == self._last:
            os.kill(os.getpid(), signal.SIGKILL)
