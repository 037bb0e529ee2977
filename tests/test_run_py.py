"""run.py: what it says, returns and hands over. It runs with the system's Python, before anything is there."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    "demo",
    "test",
    "read",
    "work",
    "review",
    "queue",
    "check",
    "task",
    "bench",
    "lock",
    "schedule",
    "backup",
    "restore",
    "retain",
    "keys",
)


def call(*arguments: str, home: Path | None = None, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    clean |= env | ({"DESKHAND_HOME": str(home)} if home else {})
    command = [sys.executable, str(ROOT / "run.py"), *arguments]
    return subprocess.run(
        command, cwd=cwd, env=clean, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def run_py(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py as a module; nothing of the caller's environment."""
    for name in [n for n in os.environ if n.startswith(("RC_", "DESKHAND_"))]:
        monkeypatch.delenv(name)
    spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_help_names_every_command() -> None:
    done = call("--help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


def test_without_a_command_it_helps_and_that_is_wrong_usage() -> None:
    assert (call().returncode, call().stdout) == (2, call("--help").stdout)


def test_an_unknown_command_is_wrong_usage() -> None:
    done = call("pay-everything")
    assert done.returncode == 2
    assert "'pay-everything'" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name: str, tmp_path: Path) -> None:
    done = call(name, "--help", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [(), ("no_such_step",), ("collect_mail", "more")])
def test_task_wants_one_name_that_there_is(arguments: tuple[str, ...]) -> None:
    done = call("task", *arguments)
    assert done.returncode == 2
    assert "post_invoices" in done.stdout


def test_a_task_runs_as_robot_yaml_says_with_its_log_in_the_home(tmp_path: Path) -> None:
    home = tmp_path / "a home with spaces"
    done = call("task", "report_day", home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (home / "logs" / "report_day" / "log.html").is_file()
    assert len(list((home / "reports").iterdir())) == 2


def test_a_relative_home_lies_where_the_user_stands_whatever_lies_there_too(tmp_path: Path) -> None:
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "__init__.py").write_text("raise SystemExit('the wrong package')")
    done = call("queue", "list", "--json", cwd=tmp_path, DESKHAND_HOME="my home")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "my home" / "deskhand.db").is_file()


def test_a_home_that_is_a_file_or_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        done = call("queue", "list", home=home)
        assert done.returncode == 1
        assert done.stderr.startswith("run.py: DESKHAND_HOME ")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows write everywhere")
def test_a_home_that_may_not_be_written_to_is_said_in_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "cannot be written to" in call("queue", "list", home=tmp_path).stderr


def test_stopping_a_demo_that_never_ran_is_done() -> None:
    assert call("demo", "--stop", home=ROOT / "output" / "no-demo-here").returncode == 0


def test_what_a_later_call_costs_is_less_than_a_second(tmp_path: Path) -> None:
    call("queue", "list", home=tmp_path)
    began = os.times()
    assert call("queue", "list", "--json", home=tmp_path).returncode == 0
    ended = os.times()
    # CPU time: the clock of a busy machine says nothing.
    assert (ended.children_user - began.children_user) + (ended.children_system - began.children_system) < 1.0


def test_json_alone_stands_on_stdout(tmp_path: Path) -> None:
    done = call("check", "--json", home=tmp_path)
    parts = [json.loads(line)["part"] for line in done.stdout.splitlines()]
    own = ["settings", "vault", "database", "keys", "mailboxes", "ERP", "OCR models", "models", "schedules", "browser"]
    assert parts == [*own, "playbook", "mails out"]


def test_steps_get_our_store_and_a_vault_in_the_home_unless_they_have_others(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path))
    env = run_py.environment()
    assert env["RC_WORKITEM_ADAPTER"] == "workitems.adapter.StoreAdapter"
    assert env["RC_VAULT_SECRETS_FILE"] == str(tmp_path / "vault.json")
    monkeypatch.setenv("RC_WORKITEM_ADAPTER", "FileAdapter")
    monkeypatch.setenv("RC_API_SECRET_HOST", "https://vault.example")
    monkeypatch.setenv("DESKHAND_SETTINGS", "ours.toml")
    monkeypatch.chdir(tmp_path)
    env = run_py.environment()
    assert env["RC_WORKITEM_ADAPTER"] == "FileAdapter"
    assert "RC_VAULT_SECRETS_FILE" not in env
    assert env["DESKHAND_SETTINGS"] == str(tmp_path / "ours.toml")


def test_a_python_that_is_too_old_finds_a_fitting_one_or_says_so(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    fitting = tmp_path / "python3.12"
    fitting.write_text("")
    fitting.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run_py.python_that_fits() == str(fitting)
    fitting.unlink()
    assert run_py.main(["check"]) == 1
    assert "needs Python 3.11 to 3.13" in capsys.readouterr().err


def test_run_py_parses_on_old_pythons() -> None:
    import ast

    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_on_windows_the_command_runs_beside_and_its_status_counts(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Windows:
        """What run.py asks of os there."""

        name = "nt"

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

    monkeypatch.setattr(run_py, "os", Windows())
    began = time.monotonic()
    assert run_py.hand_over([sys.executable, "-c", "raise SystemExit(7)"]) == 7
    assert time.monotonic() - began < 30
