"""Who holds a lease or a lock, and whether that process still lives."""

from __future__ import annotations

import functools
import os
import socket
from pathlib import Path


@functools.cache
def _host() -> str:
    return socket.gethostname()


@functools.cache
def boot_id() -> str:
    """Changes with every start of the machine; empty where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
    except OSError:
        return ""


def _start_of(pid: int) -> str | None:
    """When a process of this machine started, in whatever unit the system counts; None: there is no such process."""
    if Path("/proc/self/stat").exists():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        # The command's name may hold spaces and brackets, so the fields are counted from its closing bracket.
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in ("Z", "X") else fields[19]  # a zombie holds nothing
    import psutil  # type: ignore[import-untyped]

    try:
        return str(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


@functools.lru_cache(maxsize=4)
def _me(pid: int) -> str:
    return of(pid)


def me() -> str:
    """This process: host, boot, pid and start time (a pid alone is given again to other processes)."""
    return _me(os.getpid())


def of(pid: int) -> str:
    """Another process of this machine, as it calls itself; of one that has ended the start is missing."""
    return "|".join((_host(), boot_id(), str(pid), _start_of(pid) or ""))


def is_dead(owner: str) -> bool:
    """Whether the process has certainly ended. A process of another machine is never certain: its lease runs out."""
    try:
        host, boot, pid, start = owner.rsplit("|", 3)
        number = int(pid)
    except ValueError:
        return False
    if host != _host():
        return False
    if boot != boot_id():
        return True
    return _start_of(number) != start
