"""The supervisor with processes that do nothing: several per step, asked to end, killed, begun anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tasks.chores import keep_retention
from tasks.flow import STEPS
from tasks.health import Health, ListenFailed, address_of, served
from tasks.plan import Plan
from tasks.runner import Runner
from tasks.schedules import ScheduleSettings
from tasks.service import Service
from tasks.settings import SettingsError
from tasks.watch import SILENT_SECONDS, Watch
from tasks.work_settings import WorkSettings
from tasks.worker import Worker
from workitems import owners, workers
from workitems.limits import SCHEDULED
from workitems.runner_sql import SAY_ALIVE
from workitems.states import RetryPolicy
from workitems.store import Store
from workitems.waiting import WAIT_FOR

READ, POST, REPORT = (STEPS[name] for name in ("read_documents", "post_invoices", "report_day"))
OBEDIENT = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


class Idle(Runner):
    """A runner whose workers are programs that wait."""

    program = OBEDIENT

    def _start(self, worker: Worker) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", self.program], stdout=subprocess.PIPE)
        if self.program == STUBBORN:
            assert process.stdout is not None
            process.stdout.readline()
        return process


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path)
    yield store
    store.close()


@pytest.fixture
def make(tmp_path: Path, store: Store) -> Iterator[Callable[..., Idle]]:
    """Runners whose processes end with the test."""
    made: list[Idle] = []

    def make(*steps: Any, told: list[str] | None = None, **plan: Any) -> Idle:
        tell = (lambda _: None) if told is None else told.append
        made.append(Idle(tmp_path, store, steps or [READ], once=False, tell=tell, plan=Plan(**plan)))
        return made[-1]

    yield make
    for runner in made:
        for worker in runner.workers:
            worker.kill()


def turn(runner: Runner, condition: Callable[[], bool] = lambda: True) -> None:
    """Turns of the runner, until the condition holds."""
    ends = time.monotonic() + 30
    ended = [False]

    def on_tick() -> None:
        assert time.monotonic() < ends
        if condition():
            ended[0] = True
            raise StopAsyncIteration

    stop = runner.stop
    runner.stop = lambda: None  # type: ignore[method-assign]
    try:
        with pytest.raises(StopAsyncIteration):
            runner.run(on_tick)
    finally:
        runner.stop = stop  # type: ignore[method-assign]


def pids(runner: Runner) -> dict[str, int]:
    return {w.label: w.process.pid for w in runner.workers if w.process is not None}


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


def seen(store: Store, pid: int, at: float) -> None:
    row = {"id": owners.of(pid), "step": "read_documents", "started_at": 1.0, "now": at, "item_id": None}
    with store.database.write():
        store.database.change(SAY_ALIVE, row)


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


# ---- health and metrics


def fetched(url: str) -> tuple[int, str]:
    import httpx

    answer = httpx.get(url, trust_env=False, timeout=30)
    return answer.status_code, answer.text


def test_health_is_told_over_http_and_names_no_item(make: Callable[..., Idle], store: Store, tmp_path: Path) -> None:
    store.put("document", {"supplier": "Kessler"}, {"kessler.pdf": b"x"})
    runner = make()
    with served(address_of("127.0.0.1:0"), runner, tmp_path) as url:
        base = url.removesuffix("/metrics")
        assert fetched(f"{base}/healthz")[0] == 200
        status, said = fetched(f"{base}/readyz")
        assert (status, "read_documents does not run" in said) == (503, True)
        turn(runner)
        assert fetched(f"{base}/readyz")[0] == 200
        assert fetched(f"{base}/secrets")[0] == 404
        status, metrics = fetched(url)
        assert status == 200
        assert 'deskhand_items{queue="document",state="ready"} 1.0' in metrics
        assert "Kessler" not in metrics
        assert "kessler" not in metrics
        runner.control.asked = 1
        assert fetched(f"{base}/readyz")[0] == 503
        with (
            pytest.raises(ListenFailed, match="cannot be listened on"),
            served(address_of(base.removeprefix("http://")), runner, tmp_path),
        ):
            pass


def test_the_figures_say_what_the_store_and_the_runner_know(make: Callable[..., Idle], store: Store) -> None:
    runner = make()
    turn(runner)
    runner.restarts["read_documents", "died"] += 2
    store.put("document", {})
    with store.database.write():
        open_target = "INSERT INTO targets (name, failures, open_until) VALUES ('erp', 5, :until)"
        store.database.change(open_target, {"until": store.database.clock() + 60})
    seen(store, os.getpid(), store.database.clock())
    text = Health(runner, store).answer("/metrics").body.decode()
    for line in (
        "deskhand_up 1.0",
        'deskhand_items{queue="document",state="ready"} 1.0',
        'deskhand_arrivals_per_hour{queue="document",state="ready"} 1.0',
        'deskhand_overdue{queue="document"} 0.0',
        'deskhand_target_open{target="erp"} 1.0',
        'deskhand_target_failures{target="erp"} 5.0',
        'deskhand_workers{busy="false",step="read_documents"} 1.0',
        'deskhand_processes{running="true",step="read_documents"} 1.0',
        'deskhand_restarts_total{step="read_documents",why="died"} 2.0',
    ):
        assert line in text
    assert 'deskhand_oldest_seconds{queue="document",state="ready"}' in text


def test_without_its_database_the_runner_is_alive_but_not_ready(make: Callable[..., Idle], store: Store) -> None:
    runner = make()
    turn(runner)
    other = Store.open(store.home)
    health = Health(runner, other)
    with other.database.write():  # the store has lost its tables: whatever is asked fails
        other.database.change("DROP TABLE counters", {})
    text = health.answer("/metrics").body.decode()
    assert "deskhand_up 0.0" in text
    assert "deskhand_processes" in text
    assert health.answer("/healthz").status == 200
    runner.ticked -= 1000
    assert health.answer("/healthz").status == 503
    other.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9464", ("127.0.0.1", 9464)), ("0.0.0.0:80", ("0.0.0.0", 80)), ("[::1]:9464", ("::1", 9464))],  # noqa: S104
)
def test_where_to_listen(text: str, expected: tuple[str, int]) -> None:
    assert address_of(text) == expected


@pytest.mark.parametrize("text", ["", "here", "localhost:http", "127.0.0.1:99999", "127.0.0.1:-1"])
def test_what_is_no_address_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:9464"):
        address_of(text)


def test_the_rules_of_a_step_are_checked() -> None:
    def fault(values: Mapping[str, Any]) -> str:
        with pytest.raises(ValueError, match="validation error") as raised:
            WorkSettings.model_validate(values)
        return str(raised.value)

    assert "there is no step 'pay'" in fault({"steps": {"pay": {}}})
    assert "more than most_seconds of read_documents" in fault({"steps": {"read_documents": {"most_seconds": 5}}})
    assert "greater than or equal to 1" in fault({"steps": {"read_documents": {"workers": 0}}})
    assert workers.GONE_AFTER_SECONDS > 2 * workers.EVERY_SECONDS
