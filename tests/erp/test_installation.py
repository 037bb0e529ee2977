"""The ERP's installation: nothing is done twice, and nothing half-done is used."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tasks.demo_erp.program import Program, install, installed, missing
from tests.erp_fixture import Erp

pytestmark = pytest.mark.erp

# What the seed writes with another value each time: moments, the day of the company, and salted hashes.
CHANGING = {"create_date", "write_date", "post_date", "password_hash", "code_readonly", "timestamp"}
SKIPPED = {"ir_session", "ir_cache", "res_user_login_attempt", "ir_queue", "ir_model_log", "sqlite_sequence"}


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's rows without what changes from one seeding to the next."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    tables = [
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    found = {}
    for table in tables:
        if table in SKIPPED:
            continue
        columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[1] not in CHANGING]
        names = ", ".join(f'"{column}"' for column in columns)
        found[table] = sorted(connection.execute(f'SELECT {names} FROM "{table}"'), key=repr)  # noqa: S608
    connection.close()
    return found


@pytest.fixture
def half_made(erp: Erp, tmp_path: Path) -> Program:
    """An installation that was interrupted while it was seeding."""
    whole, part = Program(), Program(tmp_path / "erp-program")
    shutil.copytree(whole.root / "stamps", part.root / "stamps")
    shutil.copytree(whole.root / "base", part.root / "base")
    shutil.copyfile(whole.logins, part.logins)
    (part.root / "venv").symlink_to(whole.root / "venv")
    part.stamp("template").unlink()
    (part.root / "template.new-0").mkdir()
    (part.root / "template.new-0" / "erp.sqlite").write_bytes(b"half a database")
    return part


def test_installing_again_does_nothing(erp: Erp) -> None:
    said: list[str] = []
    install(said.append)
    assert said == []
    assert installed()


def test_an_interrupted_seeding_is_done_again_and_ends_alike(half_made: Program) -> None:
    said: list[str] = []
    assert missing(half_made) == ["template"]
    install(said.append, half_made)
    assert len(said) == 1
    assert installed(half_made)
    again, first = contents(half_made.template), contents(Program().template)
    assert again.keys() == first.keys()
    assert [table for table in first if again[table] != first[table]] == []


def test_the_logins_file_is_readable_by_the_owner_alone(erp: Erp) -> None:
    assert Program().logins.stat().st_mode & 0o077 == 0
    assert (erp.home / "erp" / "logins.json").stat().st_mode & 0o077 == 0
    assert (erp.home / "erp" / "erp.sqlite").stat().st_mode & 0o077 == 0
