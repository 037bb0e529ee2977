"""The supervisor with processes that do nothing: several per step, asked to end, killed, begun anew."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tasks.chores import keep_retention
from tasks.plan import Plan
from tasks.schedules import ScheduleSettings
from tasks.service import Service
from tasks.settings import SettingsError
from tasks.watch import SILENT_SECONDS, Watch
from tasks.work_settings import WorkSettings
from tests.tasks.conftest import POST, READ, REPORT, STUBBORN, Idle, pids, seen, turn
from workitems import owners, workers
from workitems.limits import SCHEDULED
from workitems.states import RetryPolicy
from workitems.store import Store
from workitems.waiting import WAIT_FOR


def test_a_step_has_as_many_workers_as_the_settings_or_the_command_line_say(make: Callable[..., Idle]) -> None:
    rules = WorkSettings.model_validate({"steps": {"post_invoices": {"workers": 3}}})
    assert [w.label for w in make(READ, POST, work=rules).workers] == [
        "read_documents", "post_invoices", "post_invoices-2", "post_invoices-3",
    ]  # fmt: skip
    named = make(POST, work=rules, workers={"post_invoices": 2})
    assert [w.label for w in named.workers] == ["post_invoices", "post_invoices-2"]
    assert len({w.log for w in named.workers}) == 2


def test_other_settings_begin_every_worker_anew_without_counting_a_death(make: Callable[..., Idle]) -> None:
    told: list[str] = []
    runner = make(told=told, workers={"read_documents": 2})
    turn(runner)
    before = pids(runner)
    runner.follow([READ, POST], Plan())
    turn(
        runner,
        lambda: (
            set(pids(runner)) == {"read_documents", "post_invoices"}
            and pids(runner)["read_documents"] != before["read_documents"]
        ),
    )
    assert pids(runner)["read_documents"] != before["read_documents"]
    assert dict(runner.restarts) == {("read_documents", "reload"): 1}
    assert told == []
    assert all(w.deaths == 0 for w in runner.workers)


def test_the_second_signal_ends_them_at_once(make: Callable[..., Idle], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(Idle, "program", STUBBORN)
    runner = make(told=told)
    runner.control.listen()
    try:
        turn(runner)
        (pid,) = pids(runner).values()
        os.kill(os.getpid(), signal.SIGTERM)
        assert runner.control.asked == 1
        os.kill(os.getpid(), signal.SIGTERM)
        runner.stop()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    assert not Path(f"/proc/{pid}").exists()
    assert "read_documents" in told[-1]


def test_who_does_not_end_in_time_is_killed(make: Callable[..., Idle], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Idle, "program", STUBBORN)
    runner = make(stop_seconds=0.1)
    turn(runner)
    runner.stop()
    assert not any(w.running() for w in runner.workers)


def evening(cron: str = "0 18 * * *", step: str = "report_day") -> ScheduleSettings:
    return ScheduleSettings(name=f"{step} {cron}", step=step, cron=cron)


def test_a_step_that_is_seldom_started_has_a_process_only_for_work(make: Callable[..., Idle], store: Store) -> None:
    runner = make(REPORT, schedules=[evening()])
    turn(runner)
    assert pids(runner) == {}
    assert runner.missing() == []
    store.trigger("report_day")
    turn(runner, lambda: len(pids(runner)) == 1)


def test_a_worker_learns_its_rules_and_whether_schedules_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DESKHAND_LEASE_SECONDS", "DESKHAND_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    values = {"retry": {"attempts": 3}, "steps": {"report_day": {"most_seconds": 120, "lease_seconds": 20}}}
    rules = WorkSettings.model_validate(values)
    often, seldom = Plan(rules, [evening("* * * * *")]), Plan(rules, [evening()])
    env = often.environment(REPORT, once=False)
    assert (env["DESKHAND_LEASE_SECONDS"], env["DESKHAND_MOST_SECONDS"]) == ("20", "120")
    assert env["DESKHAND_RETRY"] == "3 2 4 3600"
    assert (env[SCHEDULED], env[WAIT_FOR]) == ("1", "*")
    assert seldom.environment(REPORT, once=False)[WAIT_FOR] == ""
    assert SCHEDULED not in seldom.environment(READ, once=False)
    assert rules.of("read_documents").retry.policy() == RetryPolicy(attempts=3)
    monkeypatch.setenv("DESKHAND_LEASE_SECONDS", "7")
    monkeypatch.setenv("DESKHAND_ENGINE", "temporal")
    env = often.environment(REPORT, once=False)
    assert env["DESKHAND_LEASE_SECONDS"] == "7"
    assert env["RC_WORKITEM_ADAPTER"].endswith("TemporalAdapter")


class Hands:
    """A clock that is turned by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_worker_that_holds_an_item_for_too_long_or_is_silent_hangs(make: Callable[..., Idle], store: Store) -> None:
    runner, clock = make(), Hands()
    turn(runner)
    (worker,) = runner.workers
    watch, rules = Watch(store, clock), WorkSettings(most_seconds=600).of("read_documents")
    assert worker.process is not None
    seen(store, worker.process.pid, 1.0)
    assert watch.hung(worker, rules) is None
    item = store.put("document", {})
    store.reservations("w").reserve("document", 60)
    with store.database.write():
        store.database.change("UPDATE items SET lease_owner = :o", {"o": owners.of(worker.process.pid)})
    assert watch.hung(worker, rules) is None
    clock.now += SILENT_SECONDS - 1
    assert watch.hung(worker, rules) is None
    clock.now += 2
    assert "has said nothing" in (watch.hung(worker, rules) or "")
    for minute in range(10):
        seen(store, worker.process.pid, 2.0 + minute)
        clock.now += 60
        said = watch.hung(worker, rules)
    assert said == f"has worked on the item {item} for more than 600 s"
    watch.take_away(worker.process.pid, said)
    row = store.get(item)
    assert row is not None
    assert (row.state, row.code, row.lost_leases) == ("ready", "lost_lease", 1)
    assert "more than 600 s" in store.events(item)[-1].why


def test_a_killed_worker_is_started_again_and_the_reason_is_told(make: Callable[..., Idle]) -> None:
    told: list[str] = []
    runner = make(told=told)
    turn(runner)
    before = pids(runner)
    runner.kill(runner.workers[0], "has said nothing for more than 180 s")
    turn(runner, lambda: set(pids(runner).values()).isdisjoint(before.values()) and len(pids(runner)) == 1)
    assert dict(runner.restarts) == {("read_documents", "hung"): 1}
    assert told == ["The worker read_documents has said nothing for more than 180 s; it is killed and started again."]


def test_a_changed_settings_file_is_followed_and_a_wrong_one_is_not(
    make: Callable[..., Idle], store: Store, tmp_path: Path
) -> None:
    told: list[str] = []
    runner, file = make(told=told), tmp_path / "settings.toml"
    file.write_text("1")

    def read() -> tuple[Any, Plan]:
        if "wrong" in file.read_text():
            raise SettingsError("The key 'wrong' is not known.")
        return [READ, POST], Plan()

    service = Service(runner, store, read, lambda: file)
    service.tick()
    file.write_text("wrong")
    runner.control.reload = True
    service.tick()
    assert told == ["The old settings stay in force. The key 'wrong' is not known."]
    assert [w.label for w in runner.workers] == ["read_documents"]
    file.write_text("fine again")
    ends = time.monotonic() + 30
    while len(runner.workers) == 1:
        assert time.monotonic() < ends
        service.tick()
        time.sleep(0.05)
    assert [w.label for w in runner.workers] == ["read_documents", "post_invoices"]


def test_retention_runs_by_itself_where_the_settings_are_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path))
    for name in ("SETTINGS", "DATABASE"):
        monkeypatch.delenv(f"DESKHAND_{name}", raising=False)
    settings = '[company]\nname = "We"\n[[mailboxes]]\nkind = "folder"\nname = "in"\npath = "inbox"\n'
    (tmp_path / "settings.toml").write_text("nothing")
    assert keep_retention(tmp_path) is None
    (tmp_path / "settings.toml").write_text(settings)
    assert "retain.log" in (keep_retention(tmp_path) or "")
    ends = time.monotonic() + 60
    while not (tmp_path / "logs" / "retain.log").read_text():
        assert time.monotonic() < ends
        time.sleep(0.1)
    assert "Traceback" not in (tmp_path / "logs" / "retain.log").read_text()


def test_the_rules_of_a_step_are_checked() -> None:
    def fault(values: Mapping[str, Any]) -> str:
        with pytest.raises(ValueError, match="validation error") as raised:
            WorkSettings.model_validate(values)
        return str(raised.value)

    assert "there is no step 'pay'" in fault({"steps": {"pay": {}}})
    assert "more than most_seconds of read_documents" in fault({"steps": {"read_documents": {"most_seconds": 5}}})
    assert "greater than or equal to 1" in fault({"steps": {"read_documents": {"workers": 0}}})
    assert workers.GONE_AFTER_SECONDS > 2 * workers.EVERY_SECONDS
