"""The stages of the ERP's installation: its Python, a database with its modules, and the same filled with data."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tasks.demo_erp.program import (
    COMPANY,
    DATABASE,
    LOGINS,
    MODULES,
    PROJECT,
    SOURCE,
    STAFF,
    ErpFailed,
    Program,
    Progress,
    python_in,
)
from tasks.locked_uv import install_uv

PATIENCE_SECONDS = 60


def make_venv(program: Program, say: Progress) -> None:
    """The ERP's Python with exactly the locked packages."""
    say("    ERP: Python packages")
    venv = new_folder(program, "venv")
    uv, python = shutil.which("uv"), python_in(venv)
    if uv:
        run([uv, "venv", "--quiet", "--python", sys.executable, str(venv)], "the ERP's environment could not be made")
    else:
        _plain_venv(venv)
        uv = install_uv(python, PROJECT / "requirements.lock", run)
    install = [uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes"]
    otherwise = "the ERP's packages (devdata/erp/requirements.lock) could not be installed: is PyPI reachable?"
    run([*install, "-r", str(SOURCE / "requirements.lock")], otherwise)
    put(venv, program.root / "venv")


def _plain_venv(venv: Path) -> None:
    """Debian keeps venv in a package of its own, which the rest of the set-up may be installing at this moment."""
    for attempt in range(PATIENCE_SECONDS // 5 + 1):
        try:
            run([sys.executable, "-m", "venv", str(venv)], "no environment could be made: is Python's venv installed?")
            return
        except ErpFailed:
            shutil.rmtree(venv, ignore_errors=True)
            if attempt == PATIENCE_SECONDS // 5:
                raise
            time.sleep(5)


def make_base(program: Program, say: Progress) -> None:
    """A database with the modules activated and no data yet."""
    say("    ERP: database with its modules")
    folder = new_folder(program, "base")
    logins = _logins(program)
    (folder / f"{DATABASE}.sqlite").touch()
    password = folder / "password"
    _write_private(password, logins["admin"])
    command = [*_trytond_admin(program, folder), "--email", "admin@moselbrueck.example"]
    command += ["--update", *MODULES, "--activate-dependencies"]
    run(command, "the ERP's database could not be made", {"TRYTONPASSFILE": str(password)})
    password.unlink()
    put(folder, program.root / "base")


def make_template(program: Program, say: Progress) -> None:
    """The database filled with the demo's company."""
    say("    ERP: the demo's company, its suppliers, orders and receipts")
    fill(program, COMPANY, program.root / "template")


def fill(program: Program, company: Path, place: Path) -> None:
    """A database filled with the company of a file, put into a folder in place of what was there. Raises ErpFailed."""
    folder = new_folder(program, place.name)
    _config(program, folder)
    shutil.copyfile(program.root / "base" / f"{DATABASE}.sqlite", folder / f"{DATABASE}.sqlite")
    command = [str(program.python), str(SOURCE / "seed.py"), "--config", str(folder / "trytond.conf")]
    command += ["--database", DATABASE, "--company", str(company), "--staff", str(STAFF)]
    _logins(program)
    command += ["--logins", str(program.logins)]
    same_ids_each_time = {"PYTHONHASHSEED": "0"}
    run(command, f"the ERP could not be filled with the company of {company.name}", same_ids_each_time)
    put(folder, place)


def new_folder(program: Program, stage: str) -> Path:
    """A new folder to make a stage in. Its name is new, too: what a killed set-up left running cannot write into it."""
    folder = program.root / f"{stage}.new-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    return folder


def put(new: Path, place: Path) -> None:
    """Moves the finished folder to its place."""
    shutil.rmtree(place, ignore_errors=True)
    new.rename(place)


def _config(program: Program, folder: Path) -> None:
    (folder / "trytond.conf").write_text(f"[database]\nuri = sqlite://\npath = {folder}\n", encoding="utf-8")


def _trytond_admin(program: Program, folder: Path) -> list[str]:
    _config(program, folder)
    main = "import sys; from importlib import import_module; sys.exit(import_module('trytond.cli.admin').main())"
    return [str(program.python), "-c", main, "-c", str(folder / "trytond.conf"), "-d", DATABASE]


def _logins(program: Program) -> dict[str, str]:
    """Passwords of the seeded users, made once for this installation; a login that is new gets one now."""
    known: dict[str, str] = json.loads(program.logins.read_text("utf-8")) if program.logins.exists() else {}
    if not known.keys() >= set(LOGINS):
        known = {login: known.get(login) or secrets.token_urlsafe(15) for login in LOGINS}
        _write_private(program.logins, json.dumps(known, indent=1))
    return known


def _write_private(file: Path, text: str) -> None:
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    new.replace(file)


def run(command: Sequence[str], otherwise: str, env: dict[str, str] | None = None) -> None:
    """Runs a program quietly; when it fails raises ErpFailed with the sentence `otherwise` and its last words."""
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("TRYTOND_", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"))
    }
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "errors": "replace"}
    done = subprocess.run(command, env=clean | (env or {}), check=False, **quiet)
    if done.returncode != 0:
        last = [line for line in (done.stderr or done.stdout).strip().splitlines() if line.strip()][-3:]
        raise ErpFailed(otherwise + "".join(f"\n    {line}" for line in last))
