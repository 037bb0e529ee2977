"""The ERP's data of one home: `erp/` in it. A copy of the seeded template to begin with, and again on `reset`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tasks.demo_erp.program import DATABASE, ErpFailed, Program, base_key, installed


def folder(home: Path) -> Path:
    return home / "erp"


def database(home: Path) -> Path:
    return folder(home) / f"{DATABASE}.sqlite"


def logins(home: Path) -> Path:
    """The passwords that fit this home's database, whatever is installed meanwhile."""
    return folder(home) / "logins.json"


def reset(home: Path, program: Program | None = None) -> None:
    """Stops the home's ERP and gives it the seeded database again.

    Killed half-way, the next `reset` or `start` completes it. Raises ErpFailed when the ERP is not installed.
    """
    from tasks.demo_erp.server import stop

    program = program or Program()
    if not installed(program):
        raise ErpFailed("The ERP is not installed completely; run.py demo installs it.")
    stop(home)
    folder(home).mkdir(parents=True, exist_ok=True)
    _mark(home).touch()
    prepare(home, program)


def prepare(home: Path, program: Program) -> None:
    """Completes an interrupted reset, and gives a home without a database the seeded one. No server may run.

    Raises ErpFailed when the home's database was made by another version of the ERP.
    """
    made_by = folder(home) / "made-by"
    if not _mark(home).exists() and database(home).exists():
        if made_by.exists() and made_by.read_text(encoding="utf-8") != base_key():
            raise ErpFailed("This home's ERP was made by another version; `run.py demo --fresh` begins again.")
        return
    folder(home).mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{database(home)}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(folder(home) / DATABASE, ignore_errors=True)  # attachments lie in a folder named after the database
    (folder(home) / "server.log").unlink(missing_ok=True)
    made_by.write_text(base_key(), encoding="utf-8")
    copy_private(program.logins, logins(home))
    copy_private(program.template, database(home))
    _mark(home).unlink(missing_ok=True)


def _mark(home: Path) -> Path:
    return folder(home) / "reset.pending"


def copy_private(source: Path, target: Path) -> None:
    """Copies a file, readable by the owner alone, so that the target is whole or absent."""
    new = target.with_name(target.name + ".new")
    new.unlink(missing_ok=True)
    with source.open("rb") as file, open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(file, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())
    new.replace(target)
