"""Processes that can be killed at any moment: forks of one that has no connection, thread or lock of its own."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


def fork(child: Callable[[], object], log: Path) -> int:
    """Runs the function in a fork that ends with it (status 0 or 1) and returns its pid. Failures go to the log."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        child()
        status = 0
    except BaseException:  # noqa: BLE001 - nothing may run on into the parent's code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def killed(pid: int) -> bool:
    """Waits for the fork; False: it ended by itself."""
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


class Aide:
    """A process that stays, with connections of its own, and calls functions for the one that only forks."""

    def __init__(self, functions: Callable[[], dict[str, Callable[..., Any]]], log: Path) -> None:
        self._here, there = multiprocessing.Pipe()
        self._pid = fork(lambda: _serve(there, functions()), log)
        there.close()

    def __call__(self, name: str, *arguments: Any) -> Any:
        """The function's answer. Raises RuntimeError where it failed."""
        self._here.send((name, arguments))
        good, answer = self._here.recv()
        if not good:
            raise RuntimeError(answer)
        return answer

    def __enter__(self) -> Aide:
        return self

    def __exit__(self, *failure: object) -> None:
        self._here.close()
        os.kill(self._pid, signal.SIGKILL)
        killed(self._pid)


def _serve(wire: Connection, functions: dict[str, Callable[..., Any]]) -> None:
    while True:
        try:
            name, arguments = wire.recv()
        except EOFError:
            return
        try:
            wire.send((True, functions[name](*arguments)))
        except Exception as error:  # noqa: BLE001 - the asker shall hear of it
            traceback.print_exc()
            wire.send((False, f"{name}: {type(error).__name__}: {error}"))


class Crowd:
    """Workers side by side. One that ends with a failure is started again, as the runner would."""

    def __init__(self, work: Callable[[], object], workers: int, log: Path, seed: int = 1) -> None:
        self._work, self._log = work, log
        self._chance = random.Random(seed)  # noqa: S311 - to be repeated
        self.pids = [fork(work, log) for _ in range(workers)]
        self.failures = 0

    def kill_one(self) -> None:
        """Kills one of them at once, and starts another."""
        self.tend()
        if self.pids:
            pid = self._chance.choice(self.pids)
            os.kill(pid, signal.SIGKILL)
            killed(pid)
            self.pids[self.pids.index(pid)] = fork(self._work, self._log)

    def tend(self) -> bool:
        """Starts again who has failed, and forgets who has ended well. False: nobody is left."""
        for pid in list(self.pids):
            done, status = os.waitpid(pid, os.WNOHANG)
            if not done:
                continue
            self.pids.remove(pid)
            if os.waitstatus_to_exitcode(status):
                self.failures += 1
                time.sleep(0.2)  # what made it fail may last
                self.pids.append(fork(self._work, self._log))
        return bool(self.pids)

    def wait(self, seconds: float) -> bool:
        """Waits until all have ended well. False: some still run then; they are killed."""
        until = time.monotonic() + seconds
        while self.tend():
            if time.monotonic() > until:
                self.end()
                return False
            time.sleep(0.05)
        return True

    def end(self) -> None:
        """Kills who is left."""
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
            killed(pid)
        self.pids = []
