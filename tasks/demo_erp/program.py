"""Installs the ERP: its Python, its screens, and a seeded database that every home's ERP begins with.

Each stage is stamped, after it has succeeded, with a hash of what it was made from. A stage without the right stamp is
made again from the beginning; the others stay. So an interrupted set-up is resumed, and a change of the demo's
company only seeds again.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "devdata" / "erp"
COMPANY = PROJECT / "devdata" / "company.json"
MODULES = ("account_invoice", "account_invoice_stock", "account_product", "bank", "purchase", "stock")
DATABASE = "erp"
LOGINS = ("admin", "deskhand", "records")

Progress = Callable[[str], None]


class ErpFailed(Exception):
    """The demo's ERP cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Program:
    """Where the ERP is installed."""

    root: Path = PROJECT / ".erp"

    @property
    def python(self) -> Path:
        return self.root / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

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
        "template": _hash([*sorted(SOURCE.glob("seed*.py")), COMPANY], base),
    }


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
    todo = missing(program)
    if not todo:
        return
    (program.root / "stamps").mkdir(parents=True, exist_ok=True)
    venv_there = threading.Event()
    failures: list[BaseException] = []

    def screens() -> None:
        from tasks.demo_erp.screens import install_screens

        if "screens" not in todo:
            return
        try:
            install_screens(program, say, venv_there)
            _stamp(program, "screens")
        except (ErpFailed, OSError) as failure:
            failures.append(failure)

    beside = threading.Thread(target=screens, daemon=True)
    beside.start()
    try:
        for stage, make in (("venv", _venv), ("base", _base), ("template", _template)):
            if stage in todo:
                make(program, say)
                _stamp(program, stage)
            venv_there.set()
    finally:
        venv_there.set()
        beside.join()
    if failures:
        raise failures[0] if isinstance(failures[0], ErpFailed) else ErpFailed(str(failures[0])) from failures[0]


def _stamp(program: Program, stage: str) -> None:
    new = program.stamp(stage).with_suffix(".new")
    new.write_text(keys()[stage], encoding="utf-8")
    new.replace(program.stamp(stage))


def _venv(program: Program, say: Progress) -> None:
    """The ERP's Python with exactly the locked packages."""
    say("    ERP: Python packages")
    venv = program.root / "venv"
    shutil.rmtree(venv, ignore_errors=True)
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    lock = ["--require-hashes", "--quiet", "-r", str(SOURCE / "requirements.lock")]
    otherwise = "the ERP's packages (devdata/erp/requirements.lock) could not be installed: is PyPI reachable?"
    if uv:
        run([uv, "venv", "--quiet", "--python", sys.executable, str(venv)], "the ERP's environment could not be made")
        run([uv, "pip", "install", "--python", str(program.python), *lock], otherwise)
    else:
        run(
            [sys.executable, "-m", "venv", str(venv)],
            "the ERP's environment could not be made: is Python's venv there?",
        )
        run([str(program.python), "-m", "pip", "install", "--disable-pip-version-check", *lock], otherwise)


def _base(program: Program, say: Progress) -> None:
    """A database with the modules activated and no data yet."""
    say("    ERP: database with its modules")
    folder = _empty(program.root / "base.new")
    logins = _logins(program)
    (folder / f"{DATABASE}.sqlite").touch()
    password = folder / "password"
    _write_private(password, logins["admin"])
    command = [
        *_trytond_admin(program, folder),
        "--email",
        "admin@moselbrueck.example",
        "--update",
        *MODULES,
        "--activate-dependencies",
    ]
    run(command, "the ERP's database could not be made", {"TRYTONPASSFILE": str(password)})
    password.unlink()
    _put(folder, program.root / "base")


def _template(program: Program, say: Progress) -> None:
    """The database filled with the demo's company."""
    say("    ERP: the demo's company, its suppliers, orders and receipts")
    folder = _empty(program.root / "template.new")
    _config(program, folder)
    shutil.copyfile(program.root / "base" / f"{DATABASE}.sqlite", folder / f"{DATABASE}.sqlite")
    command = [str(program.python), str(SOURCE / "seed.py"), "--config", str(folder / "trytond.conf")]
    command += ["--database", DATABASE, "--company", str(COMPANY), "--logins", str(program.logins)]
    run(command, "the ERP could not be filled with the demo's company")
    _put(folder, program.root / "template")


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _put(new: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    new.rename(place)


def _config(program: Program, folder: Path) -> None:
    (folder / "trytond.conf").write_text(f"[database]\nuri = sqlite://\npath = {folder}\n", encoding="utf-8")


def _trytond_admin(program: Program, folder: Path) -> list[str]:
    _config(program, folder)
    main = "import sys; from importlib import import_module; sys.exit(import_module('trytond.cli.admin').main())"
    return [str(program.python), "-c", main, "-c", str(folder / "trytond.conf"), "-d", DATABASE]


def _logins(program: Program) -> dict[str, str]:
    """Passwords of the seeded users, made once for this installation."""
    text = _read(program.logins)
    if text is None:
        text = json.dumps({login: secrets.token_urlsafe(15) for login in LOGINS}, indent=1)
        _write_private(program.logins, text)
    known: dict[str, str] = json.loads(text)
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
