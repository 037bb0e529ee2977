"""SQLite: one file in the home, for one machine."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workitems import schema, uptime
from workitems.database import BUSY_SECONDS, Cursor, Database, Parameters, Sleep, StoreError, Wait

# Whoever opens the file first after the machine's start says when that was; from then on nobody sets this clock. The
# row is no lock: nobody takes one of that name.
SELECT_BEGINNING = "SELECT expires_at FROM locks WHERE name = :name"
INSERT_BEGINNING = """
INSERT INTO locks (name, owner, token, expires_at) VALUES (:name, '', '', :began) ON CONFLICT (name) DO NOTHING
"""
DELETE_BEGINNINGS = "DELETE FROM locks WHERE name > 'uptime ' AND name < 'uptime!'"

LOOK_EVERY_SECONDS = 0.05
"""How often who waits asks whether anybody has written: 10 µs a time."""


class SqliteDatabase(Database):
    """A connection to a SQLite file. `write()` holds the write lock from its beginning, so what it reads stays true."""

    def __init__(self, file: Path) -> None:
        """Opens the file, made if need be, and brings its schema up to date. Raises StoreError."""
        super().__init__()
        self.file, self.name = file, str(file)
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = sqlite3.connect(
                file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            self._configure()
            schema.bring_up_to_date(schema.SqliteSchema(self._connection, self.name))
            self._began = self._beginning()
        except (OSError, sqlite3.DatabaseError) as error:
            raise StoreError(f"The database {file} cannot be opened: {error}.") from error

    def _configure(self) -> None:
        self._connection.row_factory = sqlite3.Row
        # Readers never wait for the writer, nor the writer for readers.
        self._connection.execute("PRAGMA journal_mode = WAL")
        # No fsync per commit: write(durable=True) asks for it where the outside world follows.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        # 32 MB: the indexes of a million items stay in memory, and the cost per item stays flat.
        self._connection.execute("PRAGMA cache_size = -32768")

    def _begin(self, durable: bool) -> None:
        if durable:
            self._run("PRAGMA synchronous = FULL")
        self._run("BEGIN IMMEDIATE")

    def _commit(self, news: Iterable[str]) -> None:
        self._run("COMMIT")

    def _rollback(self) -> None:
        if self._connection.in_transaction:  # a full disk, for instance, has ended it already
            self._connection.execute("ROLLBACK")

    def _end(self, durable: bool) -> None:
        if durable:
            self._run("PRAGMA synchronous = NORMAL")

    def exclude(self, name: str, shared: bool = False) -> None:
        """The write lock excludes everybody already."""

    def _execute(self, sql: str, parameters: Parameters) -> Cursor:
        try:
            return self._connection.execute(sql, parameters)
        except sqlite3.OperationalError as error:  # locked for too long, a full disk, a file that went away
            raise StoreError(f"The database {self.name} cannot be used: {error}.") from error

    @contextmanager
    def listening(self, queue: str) -> Iterator[Wait]:
        """Waits by asking every 50 ms whether another connection has written: nobody is told by SQLite."""
        seen = self._data_version()

        def wait(seconds: float, sleep: Sleep) -> None:
            nonlocal seen
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                sleep(min(left, LOOK_EVERY_SECONDS))
                now = self._data_version()
                if now != seen:
                    seen = now
                    return

        yield wait

    def clock(self) -> float:
        """By the machine's uptime. A wall clock may be set back or forth by hours while somebody holds a lease."""
        return time.time() if self._began is None else self._began + uptime.seconds()

    def _beginning(self) -> float | None:
        """When the machine was started, the same for all of its processes; None where the system does not tell."""
        boot = uptime.boot()
        if not boot:
            return None
        name = {"name": f"uptime {boot}"}
        found = self.row(SELECT_BEGINNING, name)
        if found is None:
            with self.write():
                if self.row(SELECT_BEGINNING, name) is None:
                    self.change(DELETE_BEGINNINGS, {})
                    self.change(INSERT_BEGINNING, {**name, "began": time.time() - uptime.seconds()})
            found = self.row(SELECT_BEGINNING, name)
        return None if found is None else float(found["expires_at"])

    def _data_version(self) -> int:
        """Changes whenever another connection has committed something."""
        with self._lock:
            return int(self._run("PRAGMA data_version").fetchall()[0][0])

    def identity(self) -> tuple[int, int] | None:
        """The file itself, whatever its name."""
        try:
            about = self.file.stat()
        except OSError:
            return None
        return about.st_dev, about.st_ino

    def another(self) -> SqliteDatabase:
        """A new connection to the same file."""
        return SqliteDatabase(self.file)

    def close(self) -> None:
        """Ends the connection. The last one to close folds the write-ahead log into the file."""
        with self._lock:
            self._connection.close()
