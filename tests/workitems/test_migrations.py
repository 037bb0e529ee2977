"""Old databases become new ones: without loss, once, wholly or not at all; a new one is the same as an old one."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory

from workitems import migrations, schema
from workitems.database import StoreError, connect
from workitems.store import Store

OLD_COUNTERS = {
    "0001": "INSERT INTO counters VALUES ('q', 'ready', 1)",
    "0002": "INSERT INTO counters VALUES ('q', 'ready', 3, 1)",
}
OLD_ITEM = """
INSERT INTO items (id, queue, state, payload, root_id, created_at, updated_at)
VALUES ('old', 'q', 'ready', '{"n": 1}', 'old', 1, 1)
"""


def make_old(home: Path, database: str | None, version: str) -> None:
    """A database with an item, as the release with that schema left it; before alembic it had no stamp."""
    revisions = [f"{n:04}" for n in range(1, int(version) + 1)]
    if database is None:
        home.mkdir()
        with sqlite3.connect(home / "deskhand.db") as connection:
            for revision in revisions:
                for statement in schema.script(revision, "sqlite"):
                    connection.execute(statement)
            connection.execute(OLD_ITEM)
            connection.execute(OLD_COUNTERS[version])
            connection.execute(f"PRAGMA user_version = {int(version)}")
        return
    import psycopg

    with psycopg.connect(database) as connection:
        for revision in revisions:
            for statement in schema.script(revision, "postgresql"):
                connection.execute(statement.encode())
        connection.execute(OLD_ITEM)
        connection.execute(OLD_COUNTERS[version].encode())
        connection.execute(schema.STAMPS)
        connection.execute("INSERT INTO alembic_version VALUES (%s)", (version,))


def describe(home: Path, url: str | None) -> list[str]:
    """Every table, column and index, in words."""
    db = connect(home, url)
    if url is None:
        rows = db.rows("SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        rows += db.rows("SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c")
    else:
        rows = db.rows(
            "SELECT table_name, column_name, data_type || is_nullable || coalesce(column_default, '')"
            " FROM information_schema.columns WHERE table_schema = current_schema()"
        )
        rows += db.rows("SELECT tablename, indexname, 'index' FROM pg_indexes WHERE schemaname = current_schema()")
        rows += db.rows(
            "SELECT relname, 'options', coalesce(reloptions::text, '') FROM pg_class"
            " WHERE relnamespace = current_schema()::regnamespace"
        )
    db.close()
    # An upgraded database keeps the names of constraints of tables that were renamed meanwhile.
    return sorted(" ".join(str(value) for value in row) for row in rows)


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_an_old_database_is_brought_up_to_date_without_loss(home: Path, database: str | None, version: str) -> None:
    make_old(home, database, version)
    for _ in range(2):
        store = Store.open(home)
        item = store.get("old")
        assert item is not None
        assert (item.payload, item.host) == ({"n": 1}, None)
        assert [(c.queue, c.state, c.count) for c in store.depth()] == [("q", "ready", 1)]
        assert store.database.rows(schema.STAMP)[0][0] == schema.HEAD
        store.close()
    assert Store.open(home).reservations("tester").reserve("q", 60) is not None


def test_an_upgraded_database_is_the_same_as_a_new_one(
    home: Path, database: str | None, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    make_old(home, database, "0001")
    if database is None:
        assert describe(home, None) == describe(tmp_path / "new", None)
        return
    from tests.postgres import fresh_database

    server = request.getfixturevalue("postgres_server")
    assert describe(home, database) == describe(home, fresh_database(server.url))


def test_two_that_start_together_bring_it_up_to_date_once(home: Path, database: str | None) -> None:
    make_old(home, database, "0001")
    program = "from workitems.store import Store; s = Store.open(); print(len(s.find('q')))"
    started = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in range(2)]
    assert [int(process.communicate(timeout=100)[0]) for process in started] == [1, 1]


def test_a_new_database_is_made_once_by_many(home: Path, database: str | None) -> None:
    program = "from workitems.store import Store; s = Store.open(); s.put('q', 1)"
    started = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(4)]
    assert [process.wait(timeout=100) for process in started] == [0, 0, 0, 0]
    assert len(Store.open(home).find("q")) == 4


def test_a_migration_that_fails_changes_nothing(
    home: Path, database: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old(home, database, "0001")
    read: Callable[[str, str], list[str]] = schema.script

    def broken(revision: str, dialect: str) -> list[str]:
        return (
            [*read(revision, dialect), "INSERT INTO nowhere VALUES (1)"]
            if revision == "0003"
            else read(revision, dialect)
        )

    with monkeypatch.context() as patch:
        patch.setattr(schema, "script", broken)
        with pytest.raises(StoreError, match="nowhere"):
            Store.open(home)
    store = Store.open(home)  # from the beginning again: nothing is there twice
    assert store.get("old") is not None


def test_a_newer_schema_is_refused_with_a_sentence(home: Path, database: str | None) -> None:
    Store.open(home).close()
    db = connect(home)
    with db.write():
        db.change("UPDATE alembic_version SET version_num = '0999'", {})
    db.close()
    with pytest.raises(StoreError, match="newer Deskhand"):
        Store.open(home)


def test_a_usual_start_imports_no_alembic(home: Path, database: str | None) -> None:
    program = (
        "from workitems.store import Store; import sys, json; Store.open(); print(json.dumps(sorted(sys.modules)))"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=os.environ)
        assert not {"alembic", "sqlalchemy"} & set(json.loads(done.stdout))


def test_the_newest_revision_is_the_one_that_the_program_knows() -> None:
    scripts: Any = ScriptDirectory.from_config(migrations.config())
    assert scripts.get_heads() == [schema.HEAD]
    assert sorted(p.stem for p in schema.FOLDER.glob("*.sql")) == sorted(r.revision for r in scripts.walk_revisions())


def test_every_statement_of_a_script_is_run() -> None:
    for dialect in ("sqlite", "postgresql"):
        for path in schema.FOLDER.glob("*.sql"):
            assert sum(s.count("CREATE ") for s in schema.script(path.stem, dialect)) == path.read_text().count(
                "CREATE "
            )
