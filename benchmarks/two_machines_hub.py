"""The hub of the benchmark with two machines: PostgreSQL, a file store and an outside system, on their own network."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.network import HUB, Network
from benchmarks.servers import NotThere, Postgres
from benchmarks.two_machines_book import ADDRESS, BOOK_PORT

ROOT = Path(__file__).resolve().parent.parent
DATABASE_PORT, FILES_PORT = 5432, 8002
PATIENCE_SECONDS = 60.0


@dataclass
class Hub:
    """The servers, and how programs are started beside them. `stack` ends them."""

    network: Network
    folder: Path
    env: dict[str, str]
    stack: ExitStack

    @property
    def url_from_outside(self) -> str:
        """The database through its socket file, which no unplugged cable cuts off."""
        return f"postgresql://deskhand@/batch?host={self.folder / 'postgres'}&port={DATABASE_PORT}"

    def start(self, machine: str, *program: str) -> Any:
        """Starts a program of two_machines_programs on a machine; it ends with the hub at the latest."""
        env = self.env | {
            "DESKHAND_HOME": str(self.folder / machine),
            "RC_WORKITEM_QUEUE_NAME": "paper",
            "RC_WORKITEM_OUTPUT_QUEUE_NAME": "receipt",
        }
        command = [sys.executable, "-m", "benchmarks.two_machines_programs", *program]
        return self.stack.enter_context(self.network.running(machine, command, env, str(self.log(machine, program[0]))))

    def log(self, machine: str, program: str) -> Path:
        """What a program says on stderr."""
        return self.folder / f"{machine}-{program}.log"

    def call(self, machine: str, *program: str) -> None:
        """Runs a program to its end. Raises RuntimeError where it fails."""
        if self.start(machine, *program).wait(PATIENCE_SECONDS):
            raise RuntimeError(f"{program[0]} failed: {self.log(machine, program[0]).read_text()[-500:]}")


class _Postgres(Postgres):
    """PostgreSQL inside the hub's network; from outside it is reached through a socket file."""

    def __init__(self, folder: Path, network: Network) -> None:
        self._network = network
        super().__init__(folder)
        with (folder / "data" / "pg_hba.conf").open("a", encoding="utf-8") as rules:
            rules.write("host all all 10.77.0.0/24 trust\n")

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = f"-c listen_addresses={HUB} -c port={DATABASE_PORT} -c unix_socket_directories={self.folder}"
        self._start(options, *self._network.command("hub", []))


@contextmanager
def hub(network: Network, folder: Path, files: str, lease: float) -> Iterator[Hub]:
    """The running hub. `files`: "s3" or "folder". Raises NotThere."""
    with ExitStack() as stack:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_", "AWS_"))}
        env = clean | {
            "DESKHAND_DATABASE": f"postgresql://deskhand@{HUB}:{DATABASE_PORT}/batch",
            "DESKHAND_FILES": str(folder / "files") if files == "folder" else "s3://papers/batch",
            "DESKHAND_KEYS": str(folder / "files.key"),
            "DESKHAND_LEASE_SECONDS": f"{lease:g}",
            ADDRESS: f"http://{HUB}:{BOOK_PORT}",
            "PYTHONPATH": str(ROOT),
        }
        for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            env[variable] = "test"
        env |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": f"http://{HUB}:{FILES_PORT}"}
        servers = Hub(network, folder, env, stack)
        _start_database(servers)
        if files == "s3":
            if find_spec("moto") is None:
                raise NotThere("moto, which plays the S3 store, is not installed")
            store = [sys.executable, "-m", "moto.server", "-H", HUB, "-p", str(FILES_PORT)]
            stack.enter_context(network.running("hub", store, env, str(servers.log("hub", "files"))))
        servers.start("hub", "book", str(folder / "book.jsonl"))
        _wait_for_servers(servers, [BOOK_PORT, *([FILES_PORT] if files == "s3" else [])])
        yield servers


def _start_database(servers: Hub) -> None:
    import psycopg

    server = _Postgres(servers.folder / "postgres", servers.network)

    def stop() -> None:
        with contextlib.suppress(NotThere):
            server.stop("immediate")

    server.start()
    servers.stack.callback(stop)
    with psycopg.connect(servers.url_from_outside.replace("/batch", "/postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE batch")


def _wait_for_servers(servers: Hub, ports: list[int]) -> None:
    """Looks from inside the hub: from outside its network cannot be seen."""
    look = "import socket, sys; [socket.create_connection((sys.argv[1], int(p)), 1).close() for p in sys.argv[2:]]"
    command = servers.network.command("hub", [sys.executable, "-c", look, HUB, *map(str, ports)])
    until = time.monotonic() + PATIENCE_SECONDS
    while subprocess.run(command, capture_output=True, check=False).returncode:
        if time.monotonic() > until:
            raise RuntimeError("the servers of the hub did not start")
        time.sleep(0.2)
