"""What else happens to machines: a full disk, a database that is away, a clock that jumps, a frozen worker."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.crashes_bot import adapter, attempt, work
from benchmarks.crashes_forks import Crowd, fork, killed
from benchmarks.crashes_hosts import Host, Row, Scene, Size, Stop, scene
from benchmarks.crashes_moments import come_to_an_end
from benchmarks.servers import Postgres, Temporal
from workitems.ledger import Ledger

PAUSE_SECONDS = 0.03
DISK_MB, PAPER_BYTES = 16, 16_384
STAGES = ("reserved", "saved", "intent", "searched", "booked", "finished", "made", "filed")
JUMPS = ("+3600", "-3600")
LIBFAKETIME = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


def disk_full(host: Host, size: Size, folder: Path) -> list[Row]:
    """The disk of the home (with SQLite the database's too) is full for three seconds while two workers work."""
    disk = folder / f"disk-full-{host.name}" / "home"
    disk.mkdir(parents=True)
    with _small_disk(disk), scene("disk full", host, folder, size=PAPER_BYTES) as stage:
        stage.put(range(40))
        crowd = Crowd(lambda: work(stage.outside, PAUSE_SECONDS), 2, stage.log)
        balloon = disk / "balloon"
        try:
            time.sleep(0.3)
            refused = _fill(balloon, stage)
        finally:
            balloon.unlink(missing_ok=True)
        come_to_an_end(stage, crowd, 60)
        stage.finish()
        stage.row.points = 1
        stage.row.note = f"{refused} puts refused, {crowd.failures} workers ended with the reason"
    return [stage.row]


def _fill(balloon: Path, stage: Scene) -> int:
    """Keeps the disk full for three seconds; returns how many puts were refused meanwhile."""
    refused, number, until = 0, 1000, time.monotonic() + 3
    with balloon.open("ab", buffering=0) as file:
        while time.monotonic() < until:
            for block in (65536, 4096, 512):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"\0" * block)
            try:
                stage.put(range(number, number + 1))
            except RuntimeError:
                refused += 1
            number += 1
            time.sleep(0.1)
    return refused


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        raise Stop("a small disk needs Linux and root")
    options = ["-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(place)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        raise Stop("a small disk cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


def database_away(host: Host, size: Size, folder: Path) -> list[Row]:
    """PostgreSQL or Temporal is killed and started three times; SQLite's file is locked by somebody."""
    server = host.server or host.engine
    what = "server restarted" if server else "database locked"
    with scene(what, host, folder) as stage:
        stage.put(range(100))
        crowd = Crowd(lambda: work(stage.outside, PAUSE_SECONDS), size.workers, stage.log)
        try:
            stage.row.points = _restart(server, stage) if server else _lock(stage, size)
            come_to_an_end(stage, crowd, 300)
        finally:
            crowd.end()
        stage.finish()
        stage.row.note = f"{crowd.failures} workers ended with the reason and were started again"
        if not server:
            stage.row.note += f"; locked for {size.lock_seconds:.0f} s"
    return [stage.row]


def _restart(server: Postgres | Temporal, stage: Scene) -> int:
    for _ in range(3):
        time.sleep(0.5)
        server.stop("immediate")
        time.sleep(0.5)
        server.start()
    with contextlib.suppress(RuntimeError):
        stage.aide("tidy")  # its own connection is gone too; the next question opens another
    return 3


def _lock(stage: Scene, size: Size) -> int:
    def hold() -> None:
        connection = sqlite3.connect(stage.home / "deskhand.db", timeout=30, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(size.lock_seconds)
        connection.execute("ROLLBACK")

    time.sleep(0.3)
    killed(fork(hold, stage.log))
    return 1


def clock_jump(host: Host, size: Size, folder: Path) -> list[Row]:
    """The clock of one worker of four jumps by an hour while it works, forwards and (in another run) backwards."""
    library = next((found for place in LIBFAKETIME for found in Path("/").glob(place[1:])), None)
    if library is None:
        raise Stop("libfaketime is not installed")
    rows = []
    for jump in JUMPS:
        with scene(f"clock {jump} s", host, folder) as stage:
            stage.put(range(120))
            offset = stage.folder / "offset"
            offset.write_text("+0", encoding="ascii")
            odd = _under_faketime(library, offset, stage)
            crowd = Crowd(lambda stage=stage: work(stage.outside, PAUSE_SECONDS), 3, stage.log)  # type: ignore[misc]
            try:
                time.sleep(1.2)  # it works by then
                offset.write_text(jump, encoding="ascii")
                come_to_an_end(stage, crowd, 120)
                status = odd.wait(60)
            finally:
                crowd.end()
                odd.kill()
                odd.wait()
            redriven = stage.finish()
            stage.row.points = 1
            stage.row.note = f"{redriven} given up as poison and redriven" + (f"; status {status}" if status else "")
        rows.append(stage.row)
    return rows


def _under_faketime(library: Path, offset: Path, stage: Scene) -> subprocess.Popen[bytes]:
    """A worker whose wall clock, and nothing else, follows a file."""
    env = os.environ | {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1"}
    env |= {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "benchmarks.crashes_worker", str(stage.outside.file), str(PAUSE_SECONDS)]
    with stage.log.open("ab") as log:
        return subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def frozen(host: Host, size: Size, folder: Path) -> list[Row]:
    """At each stage a worker is frozen until its lease is over and another has worked; then it goes on."""
    with scene("frozen past the lease", host, folder, lease_seconds=1.0) as stage:
        stage.put(range(len(STAGES)))
        pids = [fork(_freezing(stage, name), stage.log) for name in STAGES]
        for pid in pids:
            if not os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]):
                raise RuntimeError(f"a worker ended before it was frozen; see {stage.log}")
        time.sleep(1.3)
        stage.aide("once")
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        stage.finish()
        stage.row.points = len(STAGES)
        stage.row.note = f"{sum(map(bool, ends))} of {len(STAGES)} were refused when they woke up"
    return [stage.row]


def _freezing(stage: Scene, name: str) -> Callable[[], None]:
    def at(now: str) -> None:
        if now == name:
            os.kill(os.getpid(), signal.SIGSTOP)

    def run() -> None:
        host, ledger, until = adapter(), Ledger.open(), time.monotonic() + 60
        while not attempt(host, ledger, stage.outside, "done", at) and time.monotonic() < until:
            pass  # Temporal does not give work at once

    return run
