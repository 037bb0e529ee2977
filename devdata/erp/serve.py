"""Serves the ERP of one home until it is told to end. Runs in the ERP's own Python.

python serve.py FOLDER    (FOLDER holds trytond.conf; server.json is written there once the port is known)

The lock on server.lock is held as long as the process lives: it says that the home's server runs, whatever became
of those who started it. The port is bound before the ERP is loaded, so that nobody else can take it.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
import sys
import threading
import time
from pathlib import Path

THREADS = 4  # each keeps its own connections; sao asks for a few things side by side
PATIENCE = 10.0  # seconds that another process may hold the lock while it looks whether somebody holds it


def hold_lock(path: Path) -> object:
    """The lock's open file; ends the process when another server has it."""
    file = path.open("a+")
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if os.name == "nt":
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except OSError:
            if time.monotonic() > until:
                raise SystemExit("another server of this home is running") from None
            time.sleep(0.05)


def write_state(folder: Path, state: dict[str, object]) -> None:
    """Replaces server.json in one step."""
    new = folder / "server.json.new"
    new.write_text(json.dumps(state), encoding="utf-8")
    new.replace(folder / "server.json")


def keep_connections() -> None:
    """Lets every thread keep its SQLite connections.

    Tryton opens one for each transaction, three transactions a call, and prepares each with fifty functions and the
    whole schema: 8 of the 11 ms that a small call took. (On PostgreSQL it keeps them in a pool, as here.)
    """
    database = importlib.import_module("trytond.backend.sqlite.database").Database
    mine = threading.local()
    open_new = database.connect

    def connect(self):
        if self._conn is None and (kept := vars(mine).get(self.name)):
            self._conn = kept.pop()
        return open_new(self)

    def put_connection(self, connection=None):
        if connection is not None and not connection.in_transaction:
            vars(mine).setdefault(self.name, []).append(connection)
            self._conn = None

    database.connect, database.put_connection = connect, put_connection


def main() -> None:
    """Binds, tells where, loads the ERP, serves."""
    folder = Path(sys.argv[1])
    lock = hold_lock(folder / "server.lock")
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    state = {"pid": os.getpid(), "port": listener.getsockname()[1], "ready": False}
    write_state(folder, state)
    os.environ["TRYTOND_CONFIG"] = str(folder / "trytond.conf")
    os.environ["TRYTOND_DATABASE_NAMES"] = "erp"
    keep_connections()
    application = importlib.import_module("trytond.application")
    waitress = importlib.import_module("waitress")
    server = waitress.create_server(
        application.app, sockets=[listener], threads=THREADS, ident=None, channel_timeout=3600, asyncore_use_poll=True
    )
    write_state(folder, state | {"ready": True})
    server.run()
    del lock


if __name__ == "__main__":
    main()
