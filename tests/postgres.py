"""A private PostgreSQL server for tests, and a fresh database for each.

As root it runs as the user `postgres` (PostgreSQL refuses root). Each test process starts its own: it takes two
seconds, and nothing is shared. Set `DESKHAND_TEST_POSTGRESQL` to a url to use a server that is there already.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

PASSWORD = "s3cret-word"
START_SECONDS = 60.0
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 100
shared_buffers = 32MB
# A crash of the server loses nothing by that, only one of the machine does.
fsync = off
log_min_messages = fatal
"""
_numbers = itertools.count()


def programs() -> Path | None:
    """The folder of PostgreSQL's newest programs; None where it is not installed."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parents[1].name))
    found = [str(place) for place in places] or [p for p in [shutil.which("postgres")] if p]
    return Path(found[-1]).parent if found else None


@dataclass
class Server:
    """A server in a folder of its own, with the user `deskhand`, who has a password."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server, without a database."""
        return f"postgresql://deskhand:{PASSWORD}@127.0.0.1:{self.port}"

    def make(self) -> None:
        """The folder of the data."""
        word = self.folder / "password"
        word.write_text(PASSWORD)
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            for path in (self.folder, word):
                os.chown(path, user.pw_uid, user.pw_gid)
        initdb = [str(_needed() / "initdb"), "-D", str(self.folder / "data"), "-U", "deskhand", "-E", "UTF8"]
        initdb += ["--locale=C", "-A", "scram-sha-256", f"--pwfile={word}", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, **_as_postgres())
        settings = self.folder / "data" / "postgresql.conf"
        settings.write_text(settings.read_text() + SETTINGS.format(port=self.port))

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        postgres = [str(_needed() / "postgres"), "-D", str(self.folder / "data")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(postgres, stdout=log, stderr=log, **_as_postgres())
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(f"{self.url}/postgres", connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:]) from None
                time.sleep(0.05)
            else:
                return

    def stop(self, hard: bool = False) -> None:
        """Stops the server at once: every connection is ended; `hard`: as by a power cut."""
        if self.process is not None:
            # SIGQUIT ends the children too, without a checkpoint; a killed one would leave them behind.
            self.process.send_signal(signal.SIGQUIT if hard else signal.SIGINT)
            self.process.wait(timeout=60)
            self.process = None

    def restart(self, hard: bool = False) -> None:
        """Stops it and starts it again."""
        self.stop(hard)
        self.start()


def start(folder: Path) -> Server:
    """A new server in the (empty) folder."""
    server = Server(folder, _free_port())
    server.make()
    server.start()
    return server


def fresh_database(server_url: str) -> str:
    """The url of an empty place on the server: a schema of its own, which is made ten times faster than a database."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"')
    return f"{server_url}/postgres?options=-csearch_path%3D{name}"


def drop_database(url: str) -> None:
    """Deletes what `fresh_database` made; first ends whatever still waits in it."""
    name = url.rpartition("%3D")[2]
    with psycopg.connect(url.partition("?")[0], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
            " WHERE c.relnamespace = %s::regnamespace AND l.pid <> pg_backend_pid()",
            (name,),
        )
        connection.execute(f'DROP SCHEMA "{name}" CASCADE')


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A server for this test process. Tests that stop or restart it leave it running."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="deskhand-postgres-"))
    folder.chmod(0o755)
    server = start(folder)
    yield server
    server.stop(hard=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The url of an empty database of this test's own."""
    given = os.environ.get("DESKHAND_TEST_POSTGRESQL", "").rstrip("/")
    url = fresh_database(given or request.getfixturevalue("postgres_server").url)
    yield url
    drop_database(url)


def _needed() -> Path:
    found = programs()
    assert found is not None
    return found


def _as_postgres() -> dict[str, Any]:
    """How a program of PostgreSQL is started: not as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
