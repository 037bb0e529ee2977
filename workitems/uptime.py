"""How long this machine has been up: a clock that nobody sets, and that all its processes share."""

from __future__ import annotations

import os
import time

from workitems import owners

UPTIME = "/proc/uptime"
DOUBT_SECONDS = 60.0


def boot() -> str:
    """Which start of the machine this is; empty where the system does not tell, or not how long ago it was."""
    return owners.boot_id() if hasattr(time, "CLOCK_BOOTTIME") else ""


def seconds() -> float:
    """Seconds since then, a sleeping machine's too. Only where `boot` says something."""
    fine = time.clock_gettime(time.CLOCK_BOOTTIME)
    try:
        # Hundredths of a second, but told by the kernel itself: the other one may be bent for this process alone.
        file = os.open(UPTIME, os.O_RDONLY)
        try:
            told = float(os.read(file, 64).split()[0])
        finally:
            os.close(file)
    except (OSError, ValueError, IndexError):
        return fine
    return fine if abs(fine - told) < DOUBT_SECONDS else told
