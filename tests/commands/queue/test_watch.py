"""`run.py queue watch | events | stats`: what is shown, in a small terminal too, and what the keys do."""

from __future__ import annotations

import io
import os
import select
import subprocess
import sys
import time
from typing import Any

import pytest
from rich.console import Console

from tasks.commands.queue_output import short
from tasks.commands.queue_screen import View, screen
from tasks.commands.queue_watch import Watcher, look
from tests.commands.queue.conftest import work_once
from workitems.reservations import Ending
from workitems.store import Store

SENTENCE = "The bank details differ from those in the supplier's master data; ask by telephone."


@pytest.fixture
def busy(store: Store) -> Store:
    """Failures of three kinds, a worker, a target whose circuit is open, and names that steer terminals."""
    for n in range(12):
        store.put("document", n)
    for code in ("bank_details_changed", "other_buyer\x1b[2J"):
        work_once(store, Ending("review", code, SENTENCE))
    work_once(store, Ending("failed", "erp_away", "The ERP does not answer."))
    work_once(store, Ending("done"))
    held = store.reservations("reader").reserve("document", 600)
    assert held is not None
    now, db = store.clock(), store.database
    worker = {"id": "office-1|ab|4711|1", "step": "read_documents", "now": now, "item": held.item_id}
    db.change(
        "INSERT INTO workers (id, step, started_at, seen_at, item_id) VALUES (:id, :step, :now, :now, :item)", worker
    )
    target = {"until": now + 600, "now": now}
    db.change("INSERT INTO targets (name, failures, open_until, asked_at) VALUES ('tryton', 5, :until, :now)", target)
    return store


def drawn(store: Store, view: View | None, width: int, height: int | None) -> list[str]:
    console = Console(width=width, height=height or 50, file=io.StringIO(), color_system=None)
    console.print(screen(look(store), view, width, height))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue().rstrip("\n").split("\n")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (140, 40), (40, 10), (20, 5)])
def test_a_frame_fits_the_terminal(busy: Store, width: int, height: int) -> None:
    lines = drawn(busy, View(), width, height)
    if height >= 10:
        assert len(lines) <= height
    assert all(len(line) <= width for line in lines)
    assert "\x1b" not in "".join(lines)


def test_it_shows_queues_workers_targets_and_failures(busy: Store) -> None:
    text = "\n".join(drawn(busy, View(), 80, 24))
    for word in (
        "document",
        "4711",
        "read_documents",
        "tryton",
        "open until",
        "bank_details_changed",
        "erp_away",
        "q ends",
    ):
        assert word in text
    # The whole sentence of the chosen failure stands below, under its id.
    assert "The ERP does not answer." in text.splitlines()[-2]


def test_a_home_where_nothing_happened_says_so(store: Store) -> None:
    text = "\n".join(drawn(store, View(), 80, 24))
    for words in ("nothing has been here yet", "nobody works", "nothing has failed lately"):
        assert words in text


def test_keys_choose_a_failure_and_retry_it_after_a_yes(busy: Store) -> None:
    watcher = Watcher(busy, "person:anna", every=3600)
    for key in ("down", "down", "down", "r"):
        watcher.press(key)
    failure = watcher.view.failure(watcher.frame)
    assert failure is not None
    assert failure.code == "bank_details_changed"
    assert failure.item_id in watcher.view.note
    watcher.press("n")
    assert watcher.view.note == ""
    watcher.press("r")
    watcher.press("y")
    assert watcher.view.note == f"The item {failure.item_id} is ready again."
    assert busy.events(failure.item_id)[-1].who == "person:anna"
    # It is seen at once, and a key that comes late does no harm.
    assert [f.code for f in watcher.frame.failures] == ["erp_away", "other_buyer\x1b[2J"]
    watcher.press("tab")
    watcher.press("\t")
    watcher.press("r")
    assert (watcher.view.focus, watcher.view.note) == ("queues", "")


def test_one_frame_goes_into_a_pipe(queue: Any, busy: Store) -> None:
    out = queue("watch").out
    assert "bank_details_changed" in out
    assert "\x1b" not in out
    assert "q ends" not in out
    (frame,) = queue("watch", "--json").rows
    assert [w["pid"] for w in frame["workers"]] == ["4711"]
    assert frame["targets"][0]["failures"] == 5
    assert frame["failures"][0]["code"] == "erp_away"


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_it_lives_in_a_terminal_and_ends_with_q(busy: Store) -> None:
    import pty
    import termios

    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    command = [sys.executable, "-m", "tasks.commands.queue", "watch", "--every", "1"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"})
    try:
        seen = b""
        until = time.monotonic() + 60
        while b"erp_away" not in seen and time.monotonic() < until:
            if select.select([ours], [], [], 1)[0]:
                seen += os.read(ours, 65536)
        assert b"erp_away" in seen
        os.write(ours, b"q")
        while process.poll() is None and time.monotonic() < until:
            if select.select([ours], [], [], 0.2)[0]:
                os.read(ours, 65536)
        assert process.poll() == 0
        assert termios.tcgetattr(theirs)[3] == before[3]
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def test_the_log_is_followed(busy: Store) -> None:
    command = [sys.executable, "-m", "tasks.commands.queue", "events", "--last", "1", "--follow", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            assert "reserved" in process.stdout.readline()
            item_id = busy.put("invoice", 1, who="person:anna", why="by hand")
            line = process.stdout.readline()
            assert item_id in line
            assert "by hand" in line
        finally:
            process.kill()


def test_the_last_events_are_printed_without_what_steers_a_terminal(queue: Any, store: Store) -> None:
    store.put("invoice", 1)
    item_id = store.put("document", 1, why="a\x1b[2Jb\nc")
    rows = queue("events", "--queue", "document", "--json").rows
    assert [(r["item_id"], r["from_state"], r["to_state"], r["why"]) for r in rows] == [
        (item_id, None, "ready", "a\x1b[2Jb\nc")
    ]  # fmt: skip
    assert "\x1b" not in queue("events").out
    assert queue("events", "--last", "0").out == ""


def test_statistics_are_shown_by_queue(queue: Any, busy: Store) -> None:
    (row,) = queue("stats", "--json").rows
    assert row["counts"] == {"ready": 8, "review": 2, "done": 1, "taken": 1}
    assert (row["later"], row["straight"], row["outcomes"]) == (1, 1 / 3, 3)
    assert row["rates"]["hour"] == {"ready": 13, "taken": 5, "review": 2, "done": 1}
    page = queue("stats").out
    assert "without a person" in page
    assert "33.3% of 3" in page
    assert "Nothing has been here yet." in queue("stats", "nothing").out


def test_a_reader_that_has_seen_enough_is_no_failure(store: Store) -> None:
    for n in range(300):
        store.put("document", "x" * 500, why=f"{n}")
    command = f"{sys.executable} -m tasks.commands.queue items --limit 300 --json | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602 - a pipe
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_ages_in_five_characters() -> None:
    assert [short(s) for s in (0, 59, 100, 3599, 7200, 40_000, 200_000)] == [
        "0 s", "59 s", "2 m", "60 m", "2.0 h", "11 h", "2 d",
    ]  # fmt: skip
