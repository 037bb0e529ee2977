"""Targets: how many use a system at once, how fast, and not while it fails. On SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from robocorp import workitems

from tests.workitems.conftest import Clock
from workitems import owners, targets_sql
from workitems.database import Database, connect
from workitems.errors import NeedsReview, TryLater
from workitems.items import Document, DocumentItem, Doubt
from workitems.ledger import Ledger
from workitems.loop import Outcome, Work, work_through
from workitems.store import Store
from workitems.targets import LEASE_SECONDS, TargetLimits, Targets, TargetState

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

NOW = TargetLimits(wait_seconds=0)
AWAY = TryLater("erp_away", "The ERP does not answer.")


@pytest.fixture
def db(home: Path) -> Iterator[Database]:
    db = connect(home)
    yield db
    db.close()


@pytest.fixture
def targets(db: Database, clock: Clock) -> Targets:
    return Targets(db, clock, clock.turn, lambda: 0.0)


def ask(targets: Targets, failure: BaseException | None = None, limits: TargetLimits = NOW) -> None:
    with targets.use("erp", limits):
        if failure is not None:
            raise failure


def refused(targets: Targets, limits: TargetLimits = NOW) -> TryLater:
    with pytest.raises(TryLater) as refusal, targets.use("erp", limits):
        pytest.fail("the target was to be had")
    return refusal.value


def fail(targets: Targets, times: int, limits: TargetLimits = NOW) -> None:
    for _ in range(times):
        with pytest.raises(TryLater):
            ask(targets, AWAY, limits)


def shown(targets: Targets) -> TargetState:
    (state,) = targets.states()
    return state


# ---- sessions


def test_no_more_use_it_at_once_than_may(db: Database) -> None:
    limits = TargetLimits(sessions=2, wait_seconds=60)
    inside, most, count = set[str](), list[int](), list[int]()

    def worker() -> None:
        own = db.another()
        for _ in range(4):
            with Targets(own, sleep=lambda seconds: time.sleep(0.001)).use("erp", limits):
                inside.add(threading.current_thread().name)
                most.append(len(inside))
                time.sleep(0.005)
                inside.discard(threading.current_thread().name)
                count.append(1)
        own.close()

    threads = [threading.Thread(target=worker) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(count) == 20
    assert max(most) == 2
    assert Targets(db).states()[0].in_use == 0


def test_who_finds_no_free_session_comes_later_and_is_not_to_blame(targets: Targets) -> None:
    with targets.use("erp", NOW), targets.use("hr", NOW):
        busy = refused(targets)
        assert [s.in_use for s in targets.states()] == [1, 1]
    assert (busy.code, busy.postpone is not None) == ("target_busy", True)
    ask(targets)


def hold(db: Database, owner: str, until: float) -> None:
    values = {"name": "erp", "slot": 0, "owner": owner, "token": "x", "expires_at": until}
    db.change(targets_sql.ADD_TARGET, {"name": "erp"})
    db.change(targets_sql.TAKE_SLOT, values)


def test_what_a_dead_process_held_is_free_at_once(db: Database, targets: Targets, clock: Clock) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = owners.of(child.pid)
    hold(db, owner, clock() + LEASE_SECONDS)
    refused(targets)
    child.kill()
    child.wait()
    ask(targets)


def test_what_a_lost_machine_held_is_free_when_its_lease_is_over(db: Database, targets: Targets, clock: Clock) -> None:
    hold(db, "elsewhere|boot|17|1", clock() + LEASE_SECONDS)
    refused(targets)
    clock.turn(LEASE_SECONDS)
    ask(targets)


def test_a_lease_of_before_the_clock_was_set_back_holds_nobody_up(db: Database, targets: Targets, clock: Clock) -> None:
    hold(db, "elsewhere|boot|17|1", clock() + 86_400)
    ask(targets)


def test_a_use_that_lasts_renews_its_lease(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workitems.targets.LEASE_SECONDS", 0.3)
    targets, until = Targets(db), time.monotonic() + 30
    expires = "SELECT expires_at FROM target_slots"
    with targets.use("erp", NOW):
        first = db.row(expires)[0]
        while db.row(expires)[0] == first and time.monotonic() < until:
            time.sleep(0.02)
        assert db.row(expires)[0] > first


# ---- pacing


def test_uses_begin_with_a_pause_between_them(targets: Targets, clock: Clock) -> None:
    limits = TargetLimits(pause_seconds=3, wait_seconds=10)
    began = []
    for _ in range(3):
        with targets.use("erp", limits):
            began.append(clock())
            clock.turn(1)
    assert [b - a for a, b in itertools.pairwise(began)] == [3, 3]


def test_a_long_pause_postpones_the_item(targets: Targets, clock: Clock) -> None:
    limits = TargetLimits(pause_seconds=60, wait_seconds=10)
    ask(targets, limits=limits)
    clock.turn(15)
    assert refused(targets, limits).postpone == 45
    clock.turn(45)
    ask(targets, limits=limits)


# ---- the circuit


def test_a_system_that_fails_again_and_again_is_left_in_peace_and_then_tried_by_one(
    targets: Targets, clock: Clock
) -> None:
    fail(targets, 5)
    assert (shown(targets).circuit, shown(targets).failures) == ("open", 5)
    opened = refused(targets)
    assert (opened.code, opened.postpone) == ("circuit_open", 60)
    assert str(opened) == "erp failed 5 times in a row; nobody asks it for another 60 s."
    clock.turn(60)
    assert shown(targets).circuit == "trial"
    limits = NOW.model_copy(update={"sessions": 3})
    with targets.use("erp", limits):
        assert refused(targets, limits).code == "circuit_open"  # one tries it for all
    ask(targets)
    assert (shown(targets).circuit, shown(targets).failures) == ("closed", 0)


def test_a_trial_that_fails_keeps_the_circuit_open(targets: Targets, clock: Clock) -> None:
    fail(targets, 5)
    clock.turn(60)
    fail(targets, 1)
    assert refused(targets).postpone == 60


def test_a_trial_that_dies_is_followed_by_another(targets: Targets, clock: Clock) -> None:
    fail(targets, 5)
    clock.turn(60)
    with pytest.raises(KeyboardInterrupt):
        ask(targets, KeyboardInterrupt())  # it says nothing about the system
    ask(targets)
    assert shown(targets).circuit == "closed"


def test_the_circuit_of_before_the_clock_was_set_back_holds_nobody_up(targets: Targets, clock: Clock) -> None:
    fail(targets, 5)
    clock.turn(-86_400)
    ask(targets)


def test_what_is_not_the_systems_fault_does_not_count(targets: Targets) -> None:
    for _ in range(6):
        with pytest.raises(TryLater), targets.use("erp", NOW, lambda failure: failure.code != "no_browser"):
            raise TryLater("no_browser", "No Chromium is installed.")
        with pytest.raises(ValueError, match="bug"):
            ask(targets, ValueError("bug"))
        with pytest.raises(TryLater):
            ask(targets, TryLater("locked", "Another worker is busy.", postpone=5))
    assert (shown(targets).circuit, shown(targets).failures) == ("closed", 0)


HAPPENS = st.lists(st.sampled_from(["well", "wrong", "review", "bug", "wait"]), max_size=25)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HAPPENS)
def test_whatever_happens_the_circuit_is_open_exactly_after_that_many_failures(
    db: Database, clock: Clock, happens: list[str]
) -> None:
    """Against a model of three lines: failures in a row, and until when it is open."""
    targets, limits = Targets(db, clock, clock.turn, lambda: 0.0), NOW.model_copy(update={"failures": 3})
    clock.turn(LEASE_SECONDS)
    ask(targets, limits=limits)  # what the example before left is over
    failures, opened = 0, 0.0
    raised: dict[str, BaseException] = {
        "wrong": AWAY,
        "review": NeedsReview([Doubt(code="x", message="X.")]),
        "bug": ValueError(),
    }
    for what in happens:
        if what == "wait":
            clock.turn(35)
            continue
        if clock() < opened:
            assert refused(targets, limits).postpone == pytest.approx(opened - clock())
            continue
        try:
            ask(targets, raised.get(what), limits)
        except (TryLater, NeedsReview, ValueError) as failure:
            assert failure is raised[what]  # noqa: PT017 - it was let in, and the block's own failure came out
        if what == "wrong":
            failures += 1
            opened = clock() + 60 if failures >= 3 else 0.0
        elif what != "bug":
            failures, opened = 0, 0.0


# ---- an item that meets it


def test_an_item_that_meets_an_open_circuit_is_postponed_and_keeps_its_attempts(
    db: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RC_WORKITEM_ADAPTER", "workitems.adapter.StoreAdapter")
    monkeypatch.setenv("RC_WORKITEM_QUEUE_NAME", "in")
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]  # as the next run begins
    store, ledger, targets = Store.open(home), Ledger.open(home), Targets(db)
    document = Document(sha256="0" * 64, filename="a.pdf", media_type="application/pdf")
    item_id = store.put("in", DocumentItem(document=document).model_dump(mode="json"))
    fail(targets, 5)

    def post(work: Work) -> Outcome:
        with targets.use("erp", NOW):
            pytest.fail("nobody asks it")

    assert work_through(post, ledger, "post") == 1
    item = store.get(item_id)
    assert item is not None
    assert (item.state, item.code, item.attempts) == ("ready", "circuit_open", 0)
    assert item.not_before is not None
    assert 50 < item.not_before.timestamp() - time.time() < 70
    store.close()
    ledger.close()
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]
