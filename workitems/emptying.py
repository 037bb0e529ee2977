"""A database that the demo may empty: on a server its tables are emptied, and only where the demo had it to itself."""

from __future__ import annotations

from pathlib import Path

from workitems import keeping_sql as sql
from workitems import schema
from workitems.database import Database, StoreError, connect, database_file, is_postgresql
from workitems.snapshot import is_empty


def claim_for_demo(home: Path) -> None:
    """Marks the database on a server as the demo's. Raises StoreError for one in which somebody else's items are.

    A file is no question: it lies in the demo's home, or somebody has named it.
    """
    if is_postgresql(None):
        db = connect(home)
        try:
            with db.write(durable=True):
                _claim(db)
        finally:
            db.close()


def empty_for_demo(home: Path) -> str:
    """A new beginning: deletes the file, or empties our tables in the demo's database. Returns a sentence of it.

    Raises StoreError for a database in which somebody else's items are.
    """
    if not is_postgresql(None):
        file = database_file(home, None)
        # The log of changes goes first: without it the database is whole, but it must never meet another database.
        for suffix in ("-wal", "-shm", "-journal", ""):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
        return f"The database {file} is deleted."
    db = connect(home)
    try:
        tables = schema.tables()
        with db.write(durable=True):
            _claim(db)
            for table in tables:
                db.change(sql.empty_table(table), {})
        return f"The {len(tables)} tables of Deskhand in {db.name} are empty; nothing else there is touched."
    finally:
        db.close()


def _claim(db: Database) -> None:
    if db.row(sql.SELECT_DEMO_MARK) is not None:
        return
    if not is_empty(db):
        raise StoreError(
            f"The database {db.name} has items that are not the demo's: the demo would work on them, and --fresh would "
            "delete them. Name an empty one in DESKHAND_DATABASE."
        )
    db.change(sql.INSERT_DEMO_MARK, {})
