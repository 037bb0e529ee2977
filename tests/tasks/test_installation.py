"""The set-up: what is missing is installed, what was cut off is begun again, what may not be done is said."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tasks import installation, programs, quietly
from tasks.quietly import SetupFailed, only_one

ROOT = Path(__file__).resolve().parents[2]


class Machine:
    """Programs that a machine has; what is run is written down, and may fail or bring programs along."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *there: str) -> None:
        self.there, self.ran = set(there), list[Sequence[str]]()
        self.fails: dict[str, int] = {}  # word of the command -> how often it fails
        monkeypatch.setattr(shutil, "which", self.which)
        for module in (programs, installation):
            monkeypatch.setattr(module, "run", self.run)

    def which(self, name: str, path: str | None = None) -> str | None:
        return f"/usr/bin/{name}" if name in self.there else None

    def run(self, command: Sequence[str], otherwise: str) -> None:
        self.ran.append(command)
        for word, times in self.fails.items():
            if word in command and times:
                self.fails[word] -= 1
                raise SetupFailed(otherwise)
        if "install" in command and "-y" in command:
            self.there |= set(command)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project folder with nothing set up."""
    for module in (installation, quietly):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(installation, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(installation, "STAMPS", tmp_path / ".venv" / "stamps")
    monkeypatch.setattr(installation, "LOCK", tmp_path / "requirements.lock")
    (tmp_path / "requirements.lock").write_text("uv==0.9.1 \\\n    --hash=sha256:00\n")
    (tmp_path / "extractors" / "ocr").mkdir(parents=True)
    (tmp_path / "extractors" / "ocr" / "models.py").write_text("RECIPE = 1\n")
    return tmp_path


def made(project: Path, parts: Sequence[str]) -> None:
    """Stands for an installation that has succeeded."""
    (project / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    installation.venv_python().touch()
    for part in parts:
        installation._stamp(part, installation._key(part))


def test_only_what_is_missing_is_installed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[Sequence[str]] = []

    def install(parts: Sequence[str]) -> None:
        installed.append(parts)
        made(project, parts)

    monkeypatch.setattr(installation, "_install", install)
    installation.prepare(["python", "ocr"])
    installation.prepare(["python", "ocr", "browser"])
    assert installed == [["python", "ocr"], ["browser"]]


def test_other_packages_another_recipe_or_a_lost_python_are_installed_anew(project: Path) -> None:
    made(project, ["python", "ocr"])
    assert installation.is_there("python")
    assert installation.is_there("ocr")
    (project / "extractors" / "ocr" / "models.py").write_text("RECIPE = 2\n")
    assert not installation.is_there("ocr")
    (project / "requirements.lock").write_text("uv==0.9.2\n")
    assert not installation.is_there("python")
    made(project, ["python"])
    installation.venv_python().unlink()
    assert not installation.is_there("python")


def test_the_projects_own_python_does_not_throw_itself_away(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(project / ".venv"))
    with pytest.raises(SetupFailed, match="system's python3"):
        installation._venv()


def test_a_project_that_may_not_be_written_to_is_a_sentence(project: Path) -> None:
    (project / ".setup.lock").mkdir()
    with pytest.raises(SetupFailed, match="cannot write to"):
        installation.prepare(["python"])


def test_what_installs_the_packages_comes_with_the_hashes_of_the_lock(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(monkeypatch)
    monkeypatch.setattr(installation.shutil, "which", machine.which)
    monkeypatch.setattr(installation, "attempt", lambda command: made(project, []) or quietly.attempt(["true"]))
    installation._venv()
    uv, packages = machine.ran
    assert {"--require-hashes"} <= set(uv) & set(packages)
    assert Path(uv[-1]).read_text() == "uv==0.9.1 \\\n    --hash=sha256:00"
    assert Path(packages[0]).name == "uv"


def test_on_debian_what_is_missing_is_installed_with_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, "apt-get", "sudo")
    programs.install_programs(["browser", "mail-server"])
    (_, install) = machine.ran
    assert set(install) >= {"chromium", "dovecot-imapd", "--no-install-recommends", "DEBIAN_FRONTEND=noninteractive"}


def test_an_installation_that_was_cut_off_is_completed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, "apt-get", "sudo")
    machine.fails["install"] = 1
    programs.install_programs(["browser"])
    assert "dpkg" in machine.ran[2]
    assert "chromium" in machine.there


def test_what_may_not_be_installed_is_said_and_done_without(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(monkeypatch, "apt-get", "sudo")
    machine.fails["update"] = 1
    programs.install_programs(["ocr", "mail-server"])
    said = capsys.readouterr().err
    assert "apt-get install tesseract-ocr" in said
    assert "read by PaddleOCR alone" in said
    assert "Dovecot is not there" in said


def test_without_apt_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    programs.install_programs(["browser", "ocr"])
    assert machine.ran == []


def test_a_browser_in_its_usual_place_is_found_and_else_playwright_brings_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine = Machine(monkeypatch)
    chrome = tmp_path / "Google" / "Chrome" / "Application"
    monkeypatch.setattr(os.path, "expandvars", lambda p: str(chrome / "chrome.exe"))
    assert programs.find_browser() is None
    machine.fails["playwright"] = 1
    with pytest.raises(SetupFailed, match="install Chromium or Google Chrome"):
        programs.install_own_browser(Path("/p/python"))
    chrome.mkdir(parents=True)
    (chrome / "chrome.exe").touch()
    assert programs.find_browser() == str(chrome / "chrome.exe")


def test_windows_has_its_python_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    class Windows:
        name = "nt"

    monkeypatch.setattr(installation, "os", Windows)
    assert installation.venv_python() == ROOT / ".venv" / "Scripts" / "python.exe"


def test_a_program_that_fails_ends_with_the_sentence_after_its_last_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupFailed, match="try again tomorrow"):
        quietly.run([sys.executable, "-c", "raise SystemExit('the disk is full')"], "try again tomorrow")
    assert "the disk is full" in capsys.readouterr().err
    with pytest.raises(SetupFailed, match="is it there"):
        quietly.run(["/no/such/program"], "is it there?")


def test_a_second_set_up_waits_for_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order: list[str] = []

    def second() -> None:
        with only_one(tmp_path / "lock"):
            order.append("second")

    with only_one(tmp_path / "lock"):
        waiting = threading.Thread(target=second)
        waiting.start()
        told = ""
        while "Another set-up is at work" not in told and waiting.is_alive():
            time.sleep(0.02)
            told += capsys.readouterr().err
        order.append("first")
    waiting.join(30)
    assert "Another set-up is at work" in told
    assert order == ["first", "second"]


@pytest.mark.skipif(os.name == "nt", reason="the lock is inherited on POSIX alone")
def test_a_set_up_waits_for_what_a_killed_one_began(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tasks.quietly import only_one, run\n"
        "with only_one(Path(sys.argv[1])): print('go', flush=True); run([sys.executable, '-c', sys.argv[2]], '')"
    )
    here = f"pathlib.Path({str(tmp_path)!r})"
    began = f"import time, pathlib; ({here} / 'began').touch(); time.sleep(1.5); ({here} / 'ended').touch()"
    first = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "lock"), began], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert first.stdout is not None
    assert first.stdout.readline() == b"go\n"
    while not (tmp_path / "began").exists() and first.poll() is None:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    with only_one(tmp_path / "lock"):
        assert (tmp_path / "ended").exists()
    first.stdout.close()


def test_the_first_failure_is_told_after_all_have_ended(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    def packages(python: bool, system: Sequence[str]) -> None:
        raise SetupFailed("no packages")

    def erp() -> None:
        time.sleep(0.3)
        ended.append("erp")

    monkeypatch.setattr(installation, "_python_and_system", packages)
    monkeypatch.setattr(installation, "_erp", erp)
    with pytest.raises(SetupFailed, match="no packages"):
        installation._install(["python", "erp"])
    assert ended == ["erp"]
