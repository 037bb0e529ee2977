"""The database: where it is, how a connection behaves, and how its schema grows.

Only this module, store.py and its neighbours with SQL in their name know that there is a database.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
MIGRATIONS = ("schema.sql", "schema_2.sql")
"""SQL files beside this module; the n-th takes the schema from version n-1 to n. Only ever append."""

BUSY_SECONDS = 60.0
Parameters = Mapping[str, Any]


class StoreError(Exception):
    """The store cannot be used as it is configured. The message is one sentence for the person who configured it."""


def home_folder() -> Path:
    """Where everything is kept: DESKHAND_HOME, else `.deskhand` in the project."""
    return Path(os.environ.get("DESKHAND_HOME") or PROJECT / ".deskhand").expanduser().absolute()


def database_file(home: Path, url: str | None) -> Path:
    """The SQLite file that `url` (else DESKHAND_DATABASE, else the home) names. Raises StoreError for any other."""
    url = url or os.environ.get("DESKHAND_DATABASE") or ""
    if not url:
        return home / "deskhand.db"
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return (home / url.removeprefix("sqlite:///")).absolute()
    if url.startswith(("postgresql:", "postgres:")):
        raise StoreError("DESKHAND_DATABASE names a PostgreSQL database; this version keeps its items in SQLite only.")
    raise StoreError("DESKHAND_DATABASE must look like sqlite:///path/to/file.db.")


def connect(home: Path, url: str | None = None) -> Database:
    """A connection to the database that `url` (else DESKHAND_DATABASE, else the home) names. Raises StoreError."""
    return Database(database_file(home, url))


class Database:
    """One connection. It may be used from any thread, by one at a time.

    `write()` is a transaction that holds the write lock from its beginning, so what it reads is still true when it
    writes. A durable one has reached the disk when it ends; of the others a power cut (not a killed process) may
    undo the last ones, in order. docs/decisions/0002-the-store.md says which is used where.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.RLock()
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = sqlite3.connect(
                file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            self._configure()
            self._migrate()
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

    def _migrate(self) -> None:
        if self._version() == len(MIGRATIONS):
            return
        with self.write(durable=True):  # again under the lock: another process may just have done it
            version = self._version()
            if version > len(MIGRATIONS):
                raise StoreError(
                    f"The database {self.file} was written by a newer Deskhand (schema {version}, this one knows "
                    f"{len(MIGRATIONS)}): use that version, or another home."
                )
            for name in MIGRATIONS[version:]:
                for statement in statements((Path(__file__).parent / name).read_text(encoding="utf-8")):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def write(self, durable: bool = False) -> Iterator[Database]:
        """A write transaction: all of it, or (after any exception) nothing. They do not nest."""
        with self._lock:
            if durable:
                self._run("PRAGMA synchronous = FULL")
            try:
                self._run("BEGIN IMMEDIATE")
                yield self
                self._run("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk, for instance, has ended it already
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                if durable:
                    self._run("PRAGMA synchronous = NORMAL")

    def rows(self, sql: str, parameters: Parameters = {}) -> list[sqlite3.Row]:  # noqa: B006 - never written to
        """All rows of one statement."""
        with self._lock:
            return self._run(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Parameters = {}) -> sqlite3.Row | None:  # noqa: B006
        """The first row, or None. The statement is run to its end."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def change(self, sql: str, parameters: Parameters) -> int:
        """Runs one writing statement and says how many rows it touched."""
        with self._lock:
            return self._run(sql, parameters).rowcount

    def change_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        """Runs one writing statement for each set of parameters."""
        with self._lock:
            for each in parameters:
                self._run(sql, each)

    def _run(self, sql: str, parameters: Parameters = {}) -> sqlite3.Cursor:  # noqa: B006
        try:
            return self._connection.execute(sql, parameters)
        except sqlite3.OperationalError as error:  # locked for too long, a full disk, a file that went away
            raise StoreError(f"The database {self.file} cannot be used: {error}.") from error

    def another(self) -> Database:
        """A new connection to the same database."""
        return Database(self.file)

    def close(self) -> None:
        """Ends the connection. The last one to close folds the write-ahead log into the file."""
        with self._lock:
            self._connection.close()


def statements(script: str) -> list[str]:
    """The statements of an SQL file. (`executescript` would commit the transaction that it is meant to be part of.)"""
    found, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            found.append(begun)
            begun = ""
    return found
