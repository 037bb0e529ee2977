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
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMPS = VENV / "stamps"

DEBIAN = {
    "browser": ("chromium", "fonts-dejavu-core", "fonts-liberation"),
    "ocr": ("tesseract-ocr", "tesseract-ocr-deu", "tesseract-ocr-fra", "libgl1", "libglib2.0-0"),
    "mail-server": ("dovecot-imapd", "dovecot-lmtpd"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


class SetupFailed(Exception):
    """Something is missing that only a person can bring; the message says what to do."""


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(parts: Sequence[str]) -> str:
    """Installs what is missing of `parts` and returns the path of the project's Python."""
    missing = [part for part in parts if not is_there(part)]
    if missing:
        with _only_one():
            _install([part for part in missing if not is_there(part)])
    return str(venv_python())


def is_there(part: str) -> bool:
    if part == "python":
        stamp = STAMPS / "python"
        return venv_python().exists() and stamp.is_file() and stamp.read_text() == _python_key()
    if part == "erp":
        from tasks import demo_erp

        return demo_erp.installed()
    return (STAMPS / part).is_file()


def _python_key() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def _locked(package: str) -> str:
    """`package==version` as the lock has it."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return next(line.split()[0] for line in lines if line.startswith(package + "=="))


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
                _system(system)
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
            run([str(venv_python()), "-m", "extractors.ocr.models"], "the OCR models could not be built")
    for part in system:
        if part == "browser" and not _browser():
            _own_browser()
        _stamp(part, "installed")


def _venv() -> None:
    """A virtual environment with exactly the locked packages; a half-made one is thrown away first."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise SetupFailed("the packages have changed: run this with the system's python3, not with the one in .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    maker = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(maker, capture_output=True, check=False).returncode != 0:
        # Debian splits venv off: python3-venv brings it back.
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        _apt([version], f"install the package {version} (or Python's ensurepip), then run this again")
        shutil.rmtree(VENV, ignore_errors=True)
        run(maker, "a virtual environment could not be made")
    uv = shutil.which("uv")
    if uv is None:
        run(
            [str(venv_python()), "-m", "pip", "install", "--quiet", _locked("uv")],
            "uv could not be installed from PyPI",
        )
        uv = str(venv_python().with_name("uv.exe" if os.name == "nt" else "uv"))
    install = [uv, "pip", "install", "--quiet", "--python", str(venv_python()), "--require-hashes", "-r", str(LOCK)]
    run(install, "the packages of requirements.lock could not be installed: is PyPI reachable?")
    _stamp("python", _python_key())


def _system(parts: Sequence[str]) -> None:
    wanted = [package for part in parts for package in DEBIAN[part] if not _has(part)]
    if wanted and shutil.which("apt-get"):
        _apt(wanted, "install these packages as an administrator: " + " ".join(wanted))
        return
    if "ocr" in parts and not shutil.which("tesseract"):
        say("Tesseract is not installed; scans are read by PaddleOCR alone. Install Tesseract for a second opinion.")
    if "mail-server" in parts and not _has("mail-server"):
        say("Dovecot is not installed; the tests of the IMAP mailbox are skipped.")


def _has(part: str) -> bool:
    """Whether the part's programs are there already, however they came (asked only while setting up)."""
    if part == "browser":
        return _browser() is not None
    if part == "ocr":
        tesseract = shutil.which("tesseract")
        if tesseract is None:
            return False
        known = subprocess.run([tesseract, "--list-langs"], capture_output=True, text=True, check=False).stdout.split()
        libraries = list(Path("/usr/lib").glob("**/libGL.so.1")) if sys.platform == "linux" else [Path("/")]
        return {"eng", "deu", "fra"} <= set(known) and bool(libraries)
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin") is not None


def _browser() -> str | None:
    places = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        os.path.expandvars(r"%ProgramFiles%\Google\Chrome\Application\chrome.exe"),
        os.path.expandvars(r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe"),
    ]
    return next((p for p in map(shutil.which, BROWSERS) if p), None) or next(
        (p for p in places if Path(p).exists()), None
    )


def _own_browser() -> None:
    """Playwright's own Chromium, where the system has none."""
    command = [str(venv_python()), "-m", "playwright", "install", "chromium"]
    run(command, "no browser was found: install Chromium or Google Chrome, then run this again")


def _apt(packages: Sequence[str], otherwise: str) -> None:
    """Installs Debian packages where we may; `otherwise` is the sentence for everybody else."""
    apt = shutil.which("apt-get")
    sudo = [] if os.name != "nt" and os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (sudo and not shutil.which("sudo")):
        raise SetupFailed(otherwise)
    env = ["env", "DEBIAN_FRONTEND=noninteractive"]
    install = [*sudo, *env, apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    run([*sudo, apt, "update", "-qq"], otherwise)
    run(install, otherwise)


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
    new.write_text(text)
    new.replace(STAMPS / part)


def run(command: Sequence[str], otherwise: str) -> None:
    """Runs a program quietly; on failure its last lines are told, then the sentence `otherwise`."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        for line in (done.stderr or done.stdout).strip().splitlines()[-5:]:
            say("  " + line)
        raise SetupFailed(otherwise)


def say(text: str) -> None:
    """Progress goes to stderr: stdout belongs to the result."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Announces a stage, says every ten seconds that it is still going, and how long it took."""
    began, over = time.monotonic(), threading.Event()
    say(f"  {name} ...")

    def remind() -> None:
        while not over.wait(10):
            say(f"  {name} ... {time.monotonic() - began:.0f} s")

    threading.Thread(target=remind, daemon=True).start()
    try:
        yield
        say(f"  {name}: done in {time.monotonic() - began:.0f} s")
    finally:
        over.set()


def _only_one() -> AbstractContextManager[IO[str]]:
    """Two set-ups at once would spoil each other: the second waits for the first (the lock dies with its process)."""
    file = (ROOT / ".setup.lock").open("a+")
    if os.name == "nt":
        import msvcrt

        file.seek(0)
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
                return file
            except OSError:
                time.sleep(1)
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX)
    return file
