"""What Deskhand needs on a machine, and how it gets there. Standard library only: it runs before anything is installed.

Each part has a quick test (a stamp that names what was installed) and a slow installation. A part whose stamp is
missing is installed again from the beginning, so an interrupted set-up is resumed, never half used.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tasks.locked_uv import install_uv
from tasks.programs import DEBIAN, apt_install, find_browser, install_own_browser, install_programs
from tasks.quietly import ROOT, SetupFailed, attempt, only_one, run, say, stage

VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMPS = VENV / "stamps"


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(parts: Sequence[str]) -> str:
    """Installs what is missing of `parts` and returns the path of the project's Python. Raises SetupFailed."""
    if any(not is_there(part) for part in parts):
        try:
            with only_one(ROOT / ".setup.lock"):
                missing = [part for part in parts if not is_there(part)]
                if missing:
                    _install(missing)
        except OSError as error:
            raise SetupFailed(f"the set-up cannot write to {ROOT}: {error.strerror or error}") from None
    return str(venv_python())


def is_there(part: str) -> bool:
    """Whether a part is set up as it has to be now; takes milliseconds."""
    if part == "erp":
        from tasks import demo_erp

        return demo_erp.installed()
    stamp = STAMPS / part
    return venv_python().exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == _key(part)


def _key(part: str) -> str:
    """Stands for what a part is made from: the packages, the recipe of the OCR models, the names of the programs."""
    if part == "python":
        return hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if part == "ocr":
        return hashlib.sha256((ROOT / "extractors" / "ocr" / "models.py").read_bytes()).hexdigest()
    return " ".join(DEBIAN[part])


def _install(parts: Sequence[str]) -> None:
    """Runs independent parts side by side; the first failure is the one that is told, after all have ended."""
    began = time.monotonic()
    say(f"Setting up {', '.join(parts)}; this happens once.")
    failures: list[BaseException] = []
    system = [part for part in parts if part in DEBIAN]
    jobs: list[Callable[[], None]] = []
    if "python" in parts or system:
        jobs.append(lambda: _python_and_system("python" in parts, system))
    if "erp" in parts:
        jobs.append(_erp)

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except (SetupFailed, OSError, subprocess.SubprocessError) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)
    if failures:
        first = failures[0]
        raise first if isinstance(first, SetupFailed) else SetupFailed(f"the set-up failed: {first}") from first
    say(f"Everything is set up ({time.monotonic() - began:.0f} s).")


def _python_and_system(python: bool, system: Sequence[str]) -> None:
    packages = threading.Thread(target=lambda: None)
    failures: list[BaseException] = []

    def install_system() -> None:
        try:
            with stage("programs of the system"):
                install_programs(system)
        except (SetupFailed, OSError, subprocess.SubprocessError) as failure:
            failures.append(failure)

    if system:
        packages = threading.Thread(target=install_system, daemon=True)
        packages.start()
    if python:
        with stage("Python packages (.venv)"):
            _venv()
    if packages.ident:
        packages.join()
    if failures:
        raise failures[0]
    if "ocr" in system:
        with stage("OCR models"):
            otherwise = "the OCR models could not be built (on Debian they need libgl1 and libglib2.0-0)"
            run([str(venv_python()), "-m", "extractors.ocr.models"], otherwise)
    for part in system:
        if part == "browser" and not find_browser():
            install_own_browser(venv_python())
        _stamp(part, _key(part))


def _venv() -> None:
    """A virtual environment with exactly the locked packages; a half-made one is thrown away first."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise SetupFailed("the packages have changed: run this with the system's python3, not with the one in .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    maker = [sys.executable, "-m", "venv", str(VENV)]
    if attempt(maker).returncode != 0:
        # Debian splits venv off: python3-venv brings it back.
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        apt_install([version], f"install the package {version} (or Python's ensurepip), then run this again")
        shutil.rmtree(VENV, ignore_errors=True)
        run(maker, "a virtual environment could not be made")
    uv = shutil.which("uv") or install_uv(venv_python(), LOCK, run)
    install = [uv, "pip", "install", "--quiet", "--python", str(venv_python()), "--require-hashes", "-r", str(LOCK)]
    run(install, "the packages of requirements.lock could not be installed: is PyPI reachable?")
    _stamp("python", _key("python"))


def _erp() -> None:
    from tasks import demo_erp

    with stage("the demo's ERP (Tryton, .erp)"):
        try:
            demo_erp.install(say)
        except demo_erp.ErpFailed as failure:
            raise SetupFailed(str(failure)) from failure


def _stamp(part: str, text: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    new = STAMPS / (part + ".new")
    new.write_text(text, encoding="utf-8")
    new.replace(STAMPS / part)
