"""The database: where it is, and what everybody may expect of a connection, whichever database it is.

Two implementations stand behind it: database_sqlite.py and database_postgresql.py. The statements are the same, with
`:name` parameters; what stands in `/*pg ... */` is for PostgreSQL alone, where writers do not exclude each other.
Only this module, store.py and its neighbours with SQL in their name know that there is a database.
"""

from __future__ import annotations

import os
import re
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol, TypeVar

PROJECT = Path(__file__).resolve().parent.parent

BUSY_SECONDS = 60.0
"""How long a writer waits for another one before it gives up."""
COLLISIONS_MAX = 5
Parameters = Mapping[str, Any]
Result = TypeVar("Result")
Sleep = Callable[[float], bool]
"""Sleeps so many seconds; true: that is enough of waiting."""
Wait = Callable[[float, Sleep], None]


class StoreError(Exception):
    """The store cannot be used as it is configured. The message is one sentence for the person who configured it."""


class Disconnected(StoreError):
    """The connection was lost inside a transaction. `unclear`: its COMMIT was sent, and nobody answered."""

    def __init__(self, message: str, unclear: bool) -> None:
        super().__init__(message)
        self.unclear = unclear


class Collided(StoreError):
    """The database has undone the transaction because of another one (a deadlock): it may be run again."""


def home_folder() -> Path:
    """Where everything is kept: DESKHAND_HOME, else `.deskhand` in the project."""
    return Path(os.environ.get("DESKHAND_HOME") or PROJECT / ".deskhand").expanduser().absolute()


def database_url(url: str | None) -> str:
    """The url that is meant: this one, else DESKHAND_DATABASE; empty: SQLite in the home."""
    return url or os.environ.get("DESKHAND_DATABASE") or ""


def is_postgresql(url: str | None) -> bool:
    """Whether the url (else DESKHAND_DATABASE) names a PostgreSQL database."""
    return database_url(url).startswith(("postgresql://", "postgres://"))


def database_file(home: Path, url: str | None) -> Path:
    """The SQLite file that `url` (else DESKHAND_DATABASE, else the home) names. Raises StoreError for any other."""
    url = database_url(url)
    if not url:
        return home / "deskhand.db"
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return (home / url.removeprefix("sqlite:///")).absolute()
    if is_postgresql(url):
        raise StoreError("DESKHAND_DATABASE names a PostgreSQL database; this works with a SQLite file only.")
    raise StoreError(
        "DESKHAND_DATABASE must look like sqlite:///path/to/file.db or postgresql://user:password@host/database."
    )


def connect(home: Path, url: str | None = None) -> Database:
    """A connection to the database that `url` (else DESKHAND_DATABASE, else the home) names, its schema up to date.

    Raises StoreError.
    """
    if is_postgresql(url):
        from workitems.database_postgresql import PostgresDatabase

        return PostgresDatabase(database_url(url))
    from workitems.database_sqlite import SqliteDatabase

    return SqliteDatabase(database_file(home, url))


class Cursor(Protocol):
    """What both drivers give back for a statement."""

    @property
    def rowcount(self) -> int: ...
    @property
    def description(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Database(ABC):
    """One connection. It may be used from any thread, by one at a time.

    A row is read by column name or position. `write()` is a transaction; a durable one has reached the disk when it
    ends, of the others a power cut (not a killed process) may undo the last ones, in order.
    docs/decisions/0002-the-store.md says which is used where. SQLite's excludes every other writer; PostgreSQL's does
    not, so what is read there and then written is locked in the statement that reads it, or by `exclude`.
    """

    name: str
    """For messages: the file, or the url without its password."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._sums = Counter[tuple[str, tuple[tuple[str, Any], ...]]]()
        self._news: set[str] = set()

    # ---- statements

    def rows(self, sql: str, parameters: Parameters = {}) -> list[Any]:  # noqa: B006 - never written to
        """All rows of one statement."""
        with self._lock:
            cursor = self._run(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def row(self, sql: str, parameters: Parameters = {}) -> Any:  # noqa: B006
        """The first row, or None. The statement is run to its end."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def change(self, sql: str, parameters: Parameters) -> int:
        """Runs one writing statement and says how many rows it touched."""
        with self._lock:
            return self._run(sql, parameters).rowcount

    def change_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        """Runs one writing statement for each set of parameters, at the latest before the next answer or the end."""
        with self._lock:
            for each in parameters:
                self._run(sql, each)

    # ---- transactions

    @contextmanager
    def write(self, durable: bool = False) -> Iterator[Database]:
        """A write transaction: all of it, or (after any exception) nothing. They do not nest."""
        with self._lock:
            self._sums.clear()
            self._news.clear()
            try:
                self._begin(durable)
                yield self
                self._sum_up()
                self._commit(self._news)
            except BaseException:
                self._rollback()
                raise
            finally:
                self._end(durable)

    def add_up(self, sql: str, key: Parameters, change: int) -> None:
        """Adds `change` to a sum at the end of the transaction: `sql` inserts VALUES of `key` and `:change`."""
        self._sums[sql, tuple(sorted(key.items()))] += change

    def _sum_up(self) -> None:
        # Last and in a fixed order, so that two writers of one row wait for each other briefly, and never both.
        sums = [(sql, key, change) for (sql, key), change in sorted(self._sums.items()) if change]
        for sql, group in groupby(sums, key=itemgetter(0)):
            rows = [{**dict(key), "change": change} for _, key, change in group]
            values = {f"{name}_{n}": value for n, row in enumerate(rows) for name, value in row.items()}
            self.change_many(_of_rows(sql, len(rows)), [values])

    def announce(self, queue: str) -> None:
        """With this transaction something in the queue becomes takeable: who waits (`listening`) shall look."""
        self._news.add(queue)

    @abstractmethod
    def exclude(self, name: str, shared: bool = False) -> None:
        """Until the transaction ends nobody else is in one that named this; `shared`: but others who say shared."""

    def settle(self, work: Callable[[], Result], took_effect: Callable[[], Result | None]) -> Result:
        """Runs one transaction, and again where the connection was lost or another one was in its way.

        `took_effect` is asked where nobody knows whether it was committed: its result, or None if it was not.
        """
        unclear, collisions = False, 0
        while True:
            try:
                return work()
            except Collided:
                collisions += 1
                if collisions >= COLLISIONS_MAX:
                    raise
            except Disconnected as lost:
                unclear = unclear or lost.unclear
                found = took_effect() if unclear else None  # a look: it waits until the database is there again
                if found is not None:
                    return found
            except Exception:
                # The first try was still being committed when we looked, and now stands in the second one's way.
                found = took_effect() if unclear else None
                if found is None:
                    raise
                return found

    # ---- waiting and time

    @abstractmethod
    @contextmanager
    def listening(self, queue: str) -> Iterator[Wait]:
        """Within the block: `wait(seconds, sleep)`, which ends early when something may be takeable in the queue."""
        raise NotImplementedError

    def clock(self) -> float:
        """Seconds since 1970: what leases are measured by, the same for everybody who shares the database."""
        return time.time()

    def wall(self) -> float:
        """Seconds since 1970, as people's clocks have them: for what they read, and for the moments that they name."""
        return time.time()

    # ---- the connection

    @abstractmethod
    def another(self) -> Database:
        """A new connection to the same database."""

    @abstractmethod
    def close(self) -> None:
        """Ends the connection."""

    @abstractmethod
    def identity(self) -> Any:
        """What tells this database from another one that has taken its place; None: there is none."""

    def _run(self, sql: str, parameters: Parameters = {}) -> Cursor:  # noqa: B006
        """Every statement that is sent, but what `change_many` has left for the next one. (The tests kill here.)"""
        return self._execute(sql, parameters)

    @abstractmethod
    def _execute(self, sql: str, parameters: Parameters) -> Cursor: ...
    @abstractmethod
    def _begin(self, durable: bool) -> None: ...
    @abstractmethod
    def _commit(self, news: Iterable[str]) -> None: ...
    @abstractmethod
    def _rollback(self) -> None: ...
    @abstractmethod
    def _end(self, durable: bool) -> None: ...


@lru_cache(maxsize=512)
def _of_rows(sql: str, count: int) -> str:
    """The statement with `count` rows of VALUES in place of its one; the n-th row's names end in _n."""
    before, row, after = re.split(r"(?<=VALUES )(\([^)]*\))", sql, maxsplit=1)
    return before + ", ".join(re.sub(r":(\w+)", rf":\g<1>_{n}", row) for n in range(count)) + after
