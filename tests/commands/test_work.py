"""`run.py work` with real processes: workers that die are started again, ends are graceful, --once ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from tasks.flow import STEPS
from tasks.runner import DEATHS_IN_A_ROW, Runner, WorkerFailed
from tasks.settings import ROOT
from workitems.store import Store

MAILS = ROOT / "devdata" / "demo" / "mailbox"
TOML = '[company]\nname = "We"\n[[mailboxes]]\nkind = "folder"\nname = "in"\npath = "inbox"\n'
PATIENCE_SECONDS = 90


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of a company with a folder mailbox and no ERP."""
    folder = tmp_path / "a home"
    (folder / "inbox").mkdir(parents=True)
    (folder / "settings.toml").write_text(TOML, encoding="utf-8")
    return folder


def started(home: Path, *arguments: str) -> subprocess.Popen[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    command = [sys.executable, str(ROOT / "run.py"), "work", *arguments]
    env = clean | {"DESKHAND_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, cwd=home, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@contextmanager
def working(home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Workers that are ended when the test is over, however it ends."""
    process = started(home, *arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


def workers_of(runner: int) -> dict[str, int]:
    """Step -> process id of the worker processes of a runner."""
    found = {}
    for child in Path(f"/proc/{runner}/task/{runner}/children").read_text().split():
        arguments = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if b"robocorp.tasks" in arguments:
            found[arguments[arguments.index(b"-t") + 1].decode()] = int(child)
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def states(home: Path, queue: str) -> dict[str, int]:
    store = Store.open(home)
    try:
        return {c.state: c.count for c in store.depth() if c.queue == queue and c.count}
    finally:
        store.close()


def test_once_with_nothing_to_do_ends(home: Path) -> None:
    process = started(home, "--once")
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, said
    assert "Nothing is ready" in said


def test_once_without_an_erp_ends_and_the_documents_wait_for_it(home: Path) -> None:
    shutil.copy(MAILS / "02-kessler-xrechnung.eml", home / "inbox")
    process = started(home, "--once", "collect_mail", "read_documents")
    _, said = process.communicate(timeout=150)
    assert process.returncode == 0, said
    assert "No ERP is there" in said
    assert "1 for a later attempt" in said
    assert states(home, "document") == {"ready": 1}
    assert (home / "inbox" / "done" / "02-kessler-xrechnung.eml").is_file()
    store = Store.open(home)
    (item,) = store.find(queue="document")
    assert item.code == "erp_away"
    store.close()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param("wrong = 1\n" + TOML, "'wrong' is not known", id="a fault of the settings"),
        pytest.param(TOML.replace("path", "pth"), "'mailboxes.1.path' is missing", id="a fault of a mailbox"),
    ],
)
def test_settings_with_a_fault_are_a_sentence(home: Path, settings: str, said: str) -> None:
    (home / "settings.toml").write_text(settings, encoding="utf-8")
    process = started(home, "--once")
    _, error = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert said in error
    assert "Traceback" not in error


def test_an_unknown_step_is_wrong_usage_and_the_steps_are_named(home: Path) -> None:
    process = started(home, "pay_everything")
    _, error = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert "'pay_everything'" in error
    assert "post_invoices" in error


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the workers in /proc")
def test_a_worker_that_is_killed_is_started_again_and_goes_on(home: Path) -> None:
    with working(home, "collect_mail") as runner:
        until(lambda: "collect_mail" in workers_of(runner.pid), "a worker")
        first = workers_of(runner.pid)["collect_mail"]
        until(lambda: states(home, "collect_mail").get("done", 0) > 0, "the first round")
        os.kill(first, signal.SIGKILL)
        until(lambda: workers_of(runner.pid).get("collect_mail", first) != first, "another worker")
        shutil.copy(MAILS / "02-kessler-xrechnung.eml", home / "inbox")
        until(lambda: states(home, "document") == {"ready": 1}, "the mail's document")


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the workers in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_with_its_workers(home: Path, number: signal.Signals) -> None:
    with working(home, "collect_mail", "read_documents") as runner:
        until(lambda: len(workers_of(runner.pid)) == 2, "the workers")
        workers = workers_of(runner.pid).values()
        until(lambda: states(home, "collect_mail").get("done", 0) > 0, "the first round")
        runner.send_signal(number)
        _, said = runner.communicate(timeout=PATIENCE_SECONDS)
        assert runner.returncode == 0
        assert "The workers have ended" in said
        assert not any(alive(pid) for pid in workers)
    assert "taken" not in states(home, "collect_mail")


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the workers in /proc")
def test_workers_end_with_a_runner_that_is_killed(home: Path) -> None:
    with working(home, "collect_mail") as runner:
        until(lambda: states(home, "collect_mail").get("done", 0) > 0, "the first round")
        worker = workers_of(runner.pid)["collect_mail"]
        runner.kill()
        until(lambda: not alive(worker), "the worker's end")


class Dying(Runner):
    """A runner whose workers die at once."""

    starts = 0

    def _start(self, worker: object) -> subprocess.Popen[bytes]:
        self.starts += 1
        process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(9)"])
        process.wait()
        return process


def test_a_worker_that_dies_again_and_again_fails_the_run_and_names_its_log(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.put("invoice", {"kind": "invoice"})
    runner = Dying(tmp_path, store, [STEPS["post_invoices"]], once=True)
    with pytest.raises(WorkerFailed, match=r"post_invoices.*worker\.log"):
        runner.run()
    assert runner.starts == DEATHS_IN_A_ROW
    store.close()


def test_a_long_lived_worker_that_dies_again_and_again_is_given_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path)
    told: list[str] = []
    runner = Dying(tmp_path, store, [STEPS["post_invoices"]], once=False, tell=told.append)
    now, began = 0.0, list[float]()

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    def look() -> None:
        if runner.starts > len(began):
            began.append(now)
        if now > 60:
            raise KeyboardInterrupt

    monkeypatch.setattr("tasks.runner.time", SimpleNamespace(monotonic=lambda: now, sleep=sleep))
    with pytest.raises(KeyboardInterrupt):
        runner.run(look)
    pauses = [round(after - before) for before, after in pairwise(began)]
    assert pauses == [0, 4, 8, 16]
    assert "post_invoices ended with status 9" in told[0]
    store.close()


def test_a_step_without_work_costs_no_process(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    runner = Dying(tmp_path, store, [STEPS["read_documents"], STEPS["post_invoices"]], once=True)
    runner.run()
    assert runner.starts == 0
    assert store.depth() == []
    store.close()
