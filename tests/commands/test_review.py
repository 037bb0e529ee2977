"""`run.py review`: its address, its key, its end; and the bots that it runs beside the pages."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from connectors import Account, Supplier
from connectors.tryton.rpc import RpcFault
from tasks.commands import review, review_bots
from tasks.commands.review_bots import DeskBots
from tasks.commands.review_records import Asked
from tasks.flow import Step, with_following
from tasks.runner import WorkerFailed
from tests.bots.fakes import SUPPLIERS, FakeRecords, RecordsThatAreAway
from workitems.store import Store

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("DESKHAND_HOME", str(folder))
    monkeypatch.delenv("DESKHAND_DATABASE", raising=False)
    return folder


@pytest.mark.skipif(os.name == "nt", reason="signals are another matter there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_behind_its_key_and_ends_in_order(home: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "tasks.commands.review"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs in the background ignores it
    try:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        assert process.stdout is not None
        printed = process.stdout.readline()
        found = re.search(r"(http://127\.0\.0\.1:\d+)/\?token=(\S+)", printed)
        assert found, printed
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{found[1]}/", timeout=10)  # noqa: S310
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "The review desk is closed." in said
    assert "Traceback" not in said


def test_the_key_is_made_once_and_read_by_its_owner_alone(home: Path) -> None:
    first = review.key(home)
    assert len(first) >= 32
    assert review.key(home) == first
    if os.name != "nt":
        assert stat.S_IMODE((home / "desk.key").stat().st_mode) == 0o600


def test_a_taken_port_is_a_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert review.main(["--port", str(port)]) == 1
    assert review.main(["--port", "99999"]) == 1
    assert "choose another" in capsys.readouterr().err


def test_broken_settings_are_a_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "settings.toml").write_text("colour = 'red'", encoding="utf-8")
    assert review.main(["--no-work"]) == 1
    assert "colour" in capsys.readouterr().err


def test_a_store_that_was_made_anew_is_opened_anew(home: Path) -> None:
    seen = review.HomeStore(home)
    before = seen.current()
    assert before is not None
    before.put("document", {"n": 1})
    (home / "fresh.pending").touch()
    assert seen.current() is None
    for file in home.glob("deskhand.db*"):
        file.unlink()
    (home / "fresh.pending").unlink()
    assert seen.current() is None
    Store.open(home).put("document", {"n": 2})
    after = seen.current()
    assert after is not None
    assert [i.payload for i in after.find("document")] == [{"n": 2}]


class FakeRunner:
    """Workers that take everything; what they were asked for is kept."""

    started: list[tuple[str, ...]]
    ended = 0
    fails = False

    def __init__(self, home: Path, store: Store, steps: Sequence[Step], once: bool) -> None:
        self.store, self.steps = store, steps
        type(self).started.append(tuple(s.name for s in steps))
        assert not once

    def run(self, on_tick: Callable[[], None]) -> None:
        if self.fails:
            raise WorkerFailed("The step post_invoices ended 5 times in a row; see its log.")
        for item in self.store.find(states=["ready", "taken"]):
            self.store.cancel(item.id, "worker")
        try:
            while True:
                on_tick()
                time.sleep(0.01)
        finally:
            type(self).ended += 1


@pytest.fixture
def watched(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, DeskBots, type[FakeRunner]]]:
    """A desk's bots, quick and on a runner of our own."""
    store = Store.open(home)
    for name, value in {
        "LOOK_SECONDS": 0.02,
        "PATIENCE_SECONDS": 0.1,
        "QUIET_SECONDS": 0.2,
        "AGAIN_SECONDS": 60,
    }.items():
        monkeypatch.setattr(review_bots, name, value)
    runner = type("Runner", (FakeRunner,), {"started": []})
    bots = DeskBots(home, lambda: store, runner)
    bots.start()
    yield store, bots, runner
    bots.close()
    assert not [t for t in threading.enumerate() if t.name == "desk-bots"]


def soon(true: Callable[[], object], seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(true())


Watched = tuple[Store, DeskBots, type[FakeRunner]]


def test_workers_of_what_is_ready_and_what_follows_start_and_end_when_it_is_quiet(watched: Watched) -> None:
    store, _, runner = watched
    time.sleep(0.3)
    assert runner.started == []
    for queue in ("document", "invoice"):  # one after the other: the first ones have ended when the second start
        count = len(runner.started)
        store.put(queue, {})
        assert soon(lambda: len(runner.started) == count + 1)  # noqa: B023
        assert soon(lambda: not store.find(states=["ready"]))
        assert soon(lambda: runner.ended == count + 1)  # noqa: B023
    assert runner.started == [tuple(s.name for s in with_following([q])) for q in ("document", "invoice")]


def test_what_others_work_on_starts_no_workers(watched: Watched) -> None:
    store, _, runner = watched
    store.put("document", {})
    assert store.reservations("another").reserve("document", 60) is not None
    store.put("document", {})
    store.put("collect_mail", {})
    time.sleep(0.5)
    assert runner.started == []


def test_what_a_killed_worker_left_is_taken_up(watched: Watched) -> None:
    store, _, runner = watched
    with_lease = store.put("document", {})
    assert store.reservations("killed").reserve("document", 0.3) is not None
    assert soon(lambda: runner.started)
    assert store.get(with_lease)


def test_workers_that_fail_are_told_of(watched: Watched) -> None:
    store, bots, runner = watched
    runner.fails = True
    store.put("document", {})
    assert soon(bots.sentence)
    assert "nothing goes on: The step post_invoices ended 5 times" in bots.sentence()


def test_records_that_are_away_or_slow_hold_no_page_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    class SlowRecords(FakeRecords):
        def suppliers(self) -> Sequence[Supplier]:
            answered.wait(60)
            return SUPPLIERS

    monkeypatch.setattr("tasks.commands.review_records.WAIT_SECONDS", 0.1)
    asked = Asked(SlowRecords)
    assert asked([]).away  # while the records still think
    assert asked([]).away
    answered.set()
    asked.close()

    monkeypatch.setattr("tasks.commands.review_records.WAIT_SECONDS", 60)
    asked = Asked(RecordsThatAreAway)
    assert asked([]).away
    assert asked([]).away
    asked.close()


def test_records_that_refuse_the_login_its_rights_take_no_page_down(caplog: pytest.LogCaptureFixture) -> None:
    class Refusing(FakeRecords):
        def accounts(self) -> Sequence[Account]:
            raise RpcFault("model.account.account.search_read", "UserError")

    asked = Asked(Refusing)
    assert asked([]).away
    assert "the ERP refused model.account.account.search_read" in caplog.text
    asked.close()


def test_records_offer_suppliers_accounts_and_the_orders_that_count() -> None:
    asked = Asked(FakeRecords)
    offers = asked(["PO-2026-0101", "PO-2026-0199"])
    asked.close()
    assert [o.number for o in offers.orders] == ["PO-2026-0101"]
    assert offers.label("supplier_id", "7") == "Hansen Büro & Papier GmbH (7)"
    assert offers.value("order_line", "PO-2026-0101/1 (id:101)") == "id:101"
