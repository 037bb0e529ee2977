"""How much memory a process holds, and how long the machine kept it waiting, asked from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def resident_mb(pid: int) -> float:
    """Resident megabytes of a process and its direct children; 0.0 where that cannot be told (or it has ended)."""
    if sys.platform == "linux":
        return sum(_linux_pages(p) for p in (pid, *_linux_children(pid))) * _PAGE / 1e6
    return _asked_mb(pid)


def starved_seconds(pid: int) -> float:
    """Seconds in which the process could have run but every core was taken (its main thread); 0.0 where unknown."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _linux_pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _linux_children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (OSError, ValueError):
        return []


def _asked_mb(pid: int) -> float:
    """Asks the system's own program: slow, so only where there is no /proc."""
    windows = sys.platform == "win32"
    command = (
        ["tasklist", "/FI", f"PID eq {pid}", "/FO", "CSV", "/NH"] if windows else ["ps", "-o", "rss=", "-p", str(pid)]
    )
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0.0
    last = told.strip().rsplit('","', 1)[-1] if windows else told
    digits = "".join(c for c in last if c.isdigit())
    return int(digits) / 1024 if digits else 0.0
