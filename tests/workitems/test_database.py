"""Opening the database: fresh, old, newer, broken, and by several at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from workitems.database import StoreError, connect, database_file
from workitems.store import Store


def test_a_newer_schema_is_refused_with_a_sentence(home: Path) -> None:
    Store.open(home).close()
    with sqlite3.connect(home / "deskhand.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer Deskhand"):
        Store.open(home)


def test_what_is_no_database_is_refused_with_a_sentence(home: Path) -> None:
    home.mkdir()
    (home / "deskhand.db").write_bytes(b"not a database " * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(home)


def test_a_home_that_is_a_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(tmp_path / "file")


@pytest.mark.parametrize("url", ["mysql://x", "sqlite:///", "sqlite://x", "deskhand.db", "postgresql://host/db"])
def test_other_databases_are_refused_with_a_sentence(home: Path, url: str) -> None:
    with pytest.raises(StoreError, match="DESKHAND_DATABASE"):
        database_file(home, url)


def test_many_processes_may_open_a_new_home_at_once(home: Path) -> None:
    program = "from workitems.store import Store; s = Store.open(); s.put('q', 1); print(len(s.find('q')))"
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for process in started:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert int(out) >= 1
    assert len(Store.open(home).find("q")) == 6


def test_a_home_may_be_moved_while_nothing_runs(home: Path, tmp_path: Path) -> None:
    store = Store.open(home)
    item_id = store.put("q", 1, {"a.txt": b"a"})
    store.close()
    home.rename(tmp_path / "moved")
    moved = Store.open(tmp_path / "moved")
    assert moved.read_file(item_id, "a.txt") == b"a"


def test_a_failed_transaction_leaves_nothing(home: Path) -> None:
    db = connect(home)

    def fail_half_way() -> None:
        with db.write():
            db.change("INSERT INTO locks VALUES (:a, :a, :a, 1)", {"a": "x"})
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert db.rows("SELECT * FROM locks WHERE name = 'x'") == []
    with db.write(durable=True):
        db.change("INSERT INTO locks VALUES (:a, :a, :a, 1)", {"a": "x"})
    assert len(db.rows("SELECT * FROM locks WHERE name = 'x'")) == 1
    assert db.rows("PRAGMA synchronous")[0][0] == 1
