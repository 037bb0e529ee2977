"""One worker process of a step: how it is started, asked to end, and killed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tasks.flow import Step

ROOT = Path(__file__).resolve().parent.parent


class Worker:
    """One process of a step, the `number`-th of this machine. `deaths` counts ends with a bad status in a row."""

    def __init__(self, step: Step, number: int, logs: Path) -> None:
        self.step, self.number = step, number
        self.label = step.name if number == 1 else f"{step.name}-{number}"
        self.log = logs / self.label / "worker.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.began = 0.0
        self.deaths = 0
        self.not_before = 0.0
        self.finished = False  # with `once`: nothing more comes
        self.retiring = False  # it is not started again
        self.asked = False  # it was asked to end
        self.killed_for = ""

    def running(self) -> bool:
        """Whether there is a process."""
        process = self.process  # other threads ask, too
        return process is not None and process.poll() is None

    def ask_to_end(self) -> None:
        """It ends after the item in hand. One that is still starting ends at once."""
        if self.process is not None and self.running():
            self.asked = True
            self.process.terminate()

    def kill(self, wait: bool = True) -> None:
        """It ends now."""
        if self.process is not None:
            self.process.kill()
            if wait:
                self.process.wait()


def start(worker: Worker, tasks: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Starts the process of a worker, with its log beside robocorp's own."""
    worker.log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "robocorp.tasks", "run", str(tasks), "-t", worker.step.name]
    command += ["-o", str(worker.log.parent), "--max-log-files", "5", "--console-colors", "plain"]
    _keep_short(worker.log)
    with worker.log.open("ab") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(env), cwd=ROOT, **own_group()
        )


def _keep_short(log: Path, most_bytes: int = 20_000_000) -> None:
    """A log that has grown long becomes `worker.log.1`; the one before goes."""
    with contextlib.suppress(OSError):
        if log.stat().st_size > most_bytes:
            log.replace(log.with_name(log.name + ".1"))


def own_group() -> dict[str, Any]:
    """Ctrl-C reaches every process of the terminal's group: the workers shall finish what they have in hand first."""
    if os.name == "nt":
        return {"creationflags": 0x00000200}
    return {"start_new_session": True}
