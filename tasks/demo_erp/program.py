"""Installs the ERP: its Python, its screens, and a seeded database that every home's ERP begins with.

Each stage is stamped, after it has succeeded, with a hash of what it was made from. A stage without the right stamp is
made again from the beginning; the others stay. So an interrupted set-up is resumed, and a change of the demo's
company only seeds again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.demo_erp.locks import only_one

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "devdata" / "erp"
COMPANY = PROJECT / "devdata" / "company.json"
STAFF = PROJECT / "devdata" / "staff.json"
MODULES = ("account_invoice", "account_invoice_stock", "account_product", "bank", "purchase", "stock")
DATABASE = "erp"
LOGINS = ("admin", "deskhand", "records", "hr")

Progress = Callable[[str], None]


class ErpFailed(Exception):
    """The demo's ERP cannot be had; the message says why and what to do."""


def python_in(venv: Path) -> Path:
    """The interpreter of a virtual environment. Its other programs do not survive that the environment is moved."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@dataclass(frozen=True)
class Program:
    """Where the ERP is installed."""

    root: Path = PROJECT / ".erp"

    @property
    def python(self) -> Path:
        return python_in(self.root / "venv")

    @property
    def screens(self) -> Path:
        """The folder that the server shows: sao's page and what it loads."""
        return self.root / "screens"

    @property
    def template(self) -> Path:
        """The seeded database, without a server that runs on it."""
        return self.root / "template" / f"{DATABASE}.sqlite"

    @property
    def logins(self) -> Path:
        """`{"login": "password"}` of the seeded users; readable by the owner alone."""
        return self.root / "logins.json"

    def stamp(self, stage: str) -> Path:
        return self.root / "stamps" / stage


def keys() -> dict[str, str]:
    """For each stage a hash of everything that it is made from."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    venv = _hash([SOURCE / "requirements.lock"], version)
    base = _hash([], venv, *MODULES)
    return {
        "venv": venv,
        "screens": _hash([SOURCE / "package-lock.json", Path(__file__).with_name("screens.py")]),
        "base": base,
        "template": _hash([*sorted(SOURCE.glob("seed*.py")), COMPANY, STAFF], base, *LOGINS),
    }


def base_key() -> str:
    """Stands for the ERP's version, modules and logins: a database of another key may not fit the program."""
    return _hash([], keys()["base"], *LOGINS)


def _hash(files: Sequence[Path], *words: str) -> str:
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def missing(program: Program) -> list[str]:
    """The stages that are not there, or not as they should be now."""
    want = keys()
    return [stage for stage, key in want.items() if _read(program.stamp(stage)) != key]


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def installed(program: Program | None = None) -> bool:
    """Whether nothing is left for `install` to do; takes milliseconds."""
    return not missing(program or Program())


def install(progress: Progress | None = None, program: Program | None = None) -> None:
    """Installs what is missing, the screens beside the rest. Raises ErpFailed with a sentence for a person."""
    program, say = program or Program(), progress or (lambda _: None)
    if not missing(program):
        return
    with only_one(program.root / "install.lock"):
        _install(program, say, missing(program))


def _install(program: Program, say: Progress, todo: Sequence[str]) -> None:
    from tasks.demo_erp.screens import install_screens
    from tasks.demo_erp.stages import make_base, make_template, make_venv

    for left in program.root.glob("*.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    want, venv_there = keys(), threading.Event()
    failures: list[Exception] = []

    def make(stage: str, work: Callable[[], None]) -> None:
        if stage not in todo:
            return
        program.stamp(stage).unlink(missing_ok=True)
        work()
        _stamp(program, stage, want[stage])

    def screens() -> None:
        try:
            make("screens", lambda: install_screens(program, say, venv_there))
        except (ErpFailed, OSError) as failure:
            failures.append(failure)

    beside = threading.Thread(target=screens, daemon=True)
    beside.start()
    try:
        make("venv", lambda: make_venv(program, say))
        venv_there.set()
        make("base", lambda: make_base(program, say))
        make("template", lambda: make_template(program, say))
    finally:
        venv_there.set()
        beside.join()
    for failure in failures:
        raise ErpFailed(str(failure)) from failure


def _stamp(program: Program, stage: str, key: str) -> None:
    file = program.stamp(stage)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(key, encoding="utf-8")
    new.replace(file)
