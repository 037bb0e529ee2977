"""A consistent copy of the whole database as one SQLite file, and the way back: also from one kind to the other.

A copy of PostgreSQL is made through a read-only transaction that sees one moment, without its client programs. What
only concerns living processes (locks, workers, slots) is left out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from workitems import keeping_sql as sql
from workitems.database import Database, StoreError
from workitems.database_sqlite import SqliteDatabase
from workitems.journal import Cause, lose_lease

VOLATILE = ("locks", "workers", "target_slots")
PAGE = 1000


def write_snapshot(db: Database, file: Path) -> None:
    """Writes a copy to a new SQLite file, while others work. Raises StoreError; an unfinished file may be left then."""
    try:
        if isinstance(db, SqliteDatabase):
            with closing(sqlite3.connect(db.file)) as source, closing(sqlite3.connect(file)) as copy:
                source.backup(copy)
        else:
            SqliteDatabase(file).close()  # the tables
            with closing(sqlite3.connect(file)) as copy, copy:
                for table in _tables(copy):
                    copy.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own schema
                _copy_rows(db, copy)
        with closing(sqlite3.connect(file, isolation_level=None)) as copy:
            for table in VOLATILE:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
            wrong = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The database cannot be copied to {file}: {error}.") from error
    if wrong != "ok":
        raise StoreError(f"The database is damaged, and so is its copy: {wrong}.")


def _copy_rows(db: Database, copy: sqlite3.Connection) -> None:
    with db.write():
        db.change_many("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", [{}])
        for table in _tables(copy):
            columns = _columns(copy, table)
            into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
            for page in _pages(db, table, columns):
                copy.executemany(into, page)


def _pages(db: Database, table: str, columns: list[str]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table, by its first column where that alone is the key (large tables), else at once."""
    names, key = ", ".join(columns), columns[0]
    if key not in ("seq", "key", "message_key"):
        yield [tuple(row) for row in db.rows(f"SELECT {names} FROM {table}")]  # noqa: S608
        return
    after: Any = 0 if key == "seq" else ""
    page = f"SELECT {names} FROM {table} WHERE {key} > :after ORDER BY {key} LIMIT {PAGE}"  # noqa: S608
    while rows := db.rows(page, {"after": after}):
        yield [tuple(row) for row in rows]
        after = rows[-1][0]


def fill_from(file: Path, db: Database) -> None:
    """Fills an empty PostgreSQL database from a snapshot, in one transaction. Raises StoreError."""
    with closing(sqlite3.connect(file)) as copy, db.write(durable=True):
        for table in _tables(copy):
            columns = _columns(copy, table)
            values = ", ".join(f":{name}" for name in columns)
            into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values}) ON CONFLICT DO NOTHING"  # noqa: S608
            rows = copy.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608
            while page := rows.fetchmany(PAGE):
                db.change_many(into, [dict(zip(columns, map(_plain, row), strict=True)) for row in page])
                db.row("SELECT 1")  # sends the page
            if columns[0] == "seq":
                sequence = f"pg_get_serial_sequence('{table}', 'seq')"
                db.row(f"SELECT setval({sequence}, COALESCE(MAX(seq), 0) + 1, false) FROM {table}")  # noqa: S608


def prepare_snapshot(file: Path, now: float) -> None:
    """Brings a snapshot to the newest schema and frees what somebody worked on when it was made: he is not here.

    Raises StoreError for what is no database of ours, or of a newer Deskhand.
    """
    db = SqliteDatabase(file)
    try:
        with db.write(durable=True):
            for taken in db.rows(sql.SELECT_ALL_TAKEN):
                lose_lease(db, taken, Cause(now, "restore", "worked on when the backup was made"), blame=False)
        db.rows("PRAGMA journal_mode = DELETE")
    finally:
        db.close()


def is_empty(db: Database) -> bool:
    """Whether nothing is in a database that could be lost."""
    return all(db.row(statement) is None for statement in sql.SELECT_ANYTHING)


def blobs_of(file: Path) -> Iterator[tuple[str, int]]:
    """Every content that a snapshot names: (SHA-256, bytes)."""
    with closing(sqlite3.connect(file)) as copy:
        yield from copy.execute(sql.SELECT_BLOBS)


def count_items(file: Path) -> int:
    """How many items are in a snapshot."""
    with closing(sqlite3.connect(file)) as copy:
        return int(copy.execute(sql.COUNT_ITEMS).fetchone()[0])


def _tables(copy: sqlite3.Connection) -> list[str]:
    names: Iterable[tuple[str]] = copy.execute(sql.SELECT_TABLES)
    return [name for (name,) in names if name not in VOLATILE]


def _columns(copy: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in copy.execute(f"PRAGMA table_info({table})")]


def _plain(value: Any) -> Any:
    """PostgreSQL's texts have no NUL character; only a queue's name or a message could have one."""
    return value.replace("\0", "") if isinstance(value, str) else value
