"""A bounded call ends in time, within its memory, and the next call works, whatever happened in the child."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.bounded import Bounded, ChildDied, OverMemory, OverTime, Stopped
from tasks.memory import resident_mb
from workitems.errors import NeedsReview, TryLater
from workitems.items import Doubt, Paper

Make = Callable[..., Bounded]


@pytest.fixture(autouse=True)
def disasters_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The children find the functions of bounded_disasters.py under that name."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.fixture
def bounded() -> Iterator[Make]:
    made: list[Bounded] = []

    def make(name: str, seconds: float = 20.0, memory_mb: int = 500) -> Bounded:
        made.append(Bounded(f"bounded_disasters:{name}", seconds=seconds, memory_mb=memory_mb))
        return made[-1]

    yield make
    for one in made:
        one.close()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_values_and_nouns_come_back_as_they_are(bounded: Make) -> None:
    assert bounded("echo").call({"a": [1, None, b"bytes", ("x", 2.5)]}) == {"a": [1, None, b"bytes", ("x", 2.5)]}
    assert bounded("paper").call() == Paper(kind="letter", kind_confidence=0.5, doubts=(Doubt(code="c", message="m"),))
    assert bounded("amount").call() == Decimal("12.30")


def test_one_child_serves_many_calls(bounded: Make) -> None:
    child = bounded("my_pid")
    assert child.call() == child.call() != os.getpid()


@pytest.mark.parametrize("name", ["hang", "hang_with_lock_held", "start_a_program_that_hangs"])
def test_a_call_that_hangs_is_stopped_in_time(bounded: Make, name: str) -> None:
    child = bounded(name, seconds=1.5)
    started = time.monotonic()
    with pytest.raises(OverTime):
        child.call()
    assert time.monotonic() - started < 30  # it would hang for good
    with pytest.raises(OverTime):  # and the next child is as good
        child.call()


def test_loading_a_model_does_not_count_but_what_follows_does(bounded: Make) -> None:
    child = bounded("load_a_model", seconds=1.5)
    assert child.call(3.0, 0.1) == "read"
    with pytest.raises(OverTime):
        child.call(0.1, 5.0)


def test_time_in_which_the_machine_was_busy_with_others_does_not_count(
    bounded: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = time.monotonic()
    monkeypatch.setattr("tasks.bounded.starved_seconds", lambda pid: 0.9 * (time.monotonic() - started))
    assert bounded("load_a_model", seconds=1.0).call(0.0, 2.5) == "read"


def test_the_programs_that_a_child_started_end_with_it(bounded: Make) -> None:
    child = bounded("start_a_program_that_hangs", seconds=2.0)
    with pytest.raises(OverTime):
        child.call()
    sleeping = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 3600" not in sleeping.splitlines()


@pytest.mark.parametrize("name", ["eat_memory", "eat_memory_at_once"])
def test_a_call_that_eats_memory_is_stopped(bounded: Make, name: str) -> None:
    with pytest.raises(OverMemory):
        bounded(name, memory_mb=300).call()


@pytest.mark.parametrize(("name", "detail"), [("crash", "SIGSEGV"), ("leave", "exit status 3"), ("bug", "KeyError")])
def test_a_crash_is_named_without_what_stood_in_the_document(bounded: Make, name: str, detail: str) -> None:
    with pytest.raises(ChildDied) as caught:
        bounded(name).call()
    assert caught.value.detail == detail
    assert "DE89" not in str(caught.value)


def test_the_call_after_a_crash_works(bounded: Make) -> None:
    child = bounded("echo")
    first = child.call(1)
    child._child._process.kill()  # type: ignore[union-attr]  # the disaster between two calls
    child._child._process.wait()  # type: ignore[union-attr]
    assert (first, child.call(2)) == (1, 2)


def test_intended_failures_keep_their_meaning(bounded: Make) -> None:
    with pytest.raises(NeedsReview) as review:
        bounded("refuse").call()
    assert review.value.doubts[0].code == "encrypted"
    with pytest.raises(TryLater) as later:
        bounded("busy").call()
    assert later.value.code == "erp_away"


def test_what_libraries_print_does_not_disturb_the_answer(bounded: Make, capfd: pytest.CaptureFixture[str]) -> None:
    assert bounded("print_a_lot").call() == "heard"
    assert capfd.readouterr() == ("", "")


def test_a_child_cannot_make_its_parent_run_code(bounded: Make, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Stopped):
        bounded("evil", seconds=5.0).call()
    assert "taken over" not in capfd.readouterr().out


def test_a_target_that_does_not_exist_is_a_death_with_a_name(bounded: Make) -> None:
    with pytest.raises(ChildDied, match="AttributeError"):
        bounded("no_such_function").call()


def test_a_child_that_has_grown_is_replaced(bounded: Make) -> None:
    child = bounded("leak", memory_mb=400)
    assert child.call(320) != child.call(1)


def test_threads_take_turns(bounded: Make) -> None:
    child, heard = bounded("echo"), list[int]()
    threads = [threading.Thread(target=lambda n=n: heard.append(child.call(n))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == list(range(8))


def test_a_child_outlives_the_thread_that_first_called_it(bounded: Make) -> None:
    child, pids = bounded("my_pid"), list[int]()
    thread = threading.Thread(target=lambda: pids.append(child.call()))
    thread.start()
    thread.join()
    time.sleep(0.2)
    assert child.call() == pids[0]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("name", ["my_pid", "hang_with_lock_held"])
def test_a_child_dies_with_its_parent(name: str) -> None:
    script = (
        "import threading, time; from tasks.bounded import Bounded\n"
        f"b = Bounded('bounded_disasters:{name}', seconds=60); b.warm(); print(b._child.pid, flush=True)\n"
        "threading.Thread(target=b.call, daemon=True).start(); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(1.0)
    assert alive(child)
    parent.kill()
    parent.wait()
    assert wait_until(lambda: not alive(child))


def test_memory_of_this_process_is_told() -> None:
    assert 5 < resident_mb(os.getpid()) < 5000
