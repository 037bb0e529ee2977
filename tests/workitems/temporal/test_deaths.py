"""Workers and the server are killed or frozen: every item is done once, and none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from robocorp.workitems import State

from benchmarks.servers import NotThere, Temporal
from tests.temporal_server import ATTRIBUTES
from tests.workitems.temporal.conftest import LEASE_SECONDS, MakeAdapter, eventually, use
from workitems.projection import Projected, Projection
from workitems.store import NotHeld, Store
from workitems.temporal.engine import TemporalEngine

WORKER = Path(__file__).parents[1] / "programs" / "temporal_worker.py"
ROOT = Path(__file__).parents[3]


def worker(step: str, dies_after: int = 0) -> subprocess.Popen[bytes]:
    """A worker of its own process, as the runner starts it: the test's store drives the workflows."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "DESKHAND_WAIT_FOR": "*", "DESKHAND_TEMPORAL_FLOW": "elsewhere"}
    return subprocess.Popen([sys.executable, WORKER, step, str(dies_after)], env=env)


@contextmanager
def workers(*started: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def seen(home: Path) -> Counter[str]:
    return Counter((home / "seen").read_text().splitlines()) if (home / "seen").exists() else Counter()


def count(store: Store, queue: str, state: str) -> int:
    return sum(c.count for c in store.depth() if (c.queue, c.state) == (queue, state))


def test_fifty_items_go_through_two_steps_once_whoever_dies(desk: Store, home: Path) -> None:
    desk.carry()
    items = [desk.put("in", {"n": n}, {"n.txt": b"%d" % n}) for n in range(50)]
    with workers(worker("in", dies_after=10), worker("in"), worker("out", dies_after=10), worker("out")):
        eventually(lambda: count(desk, "out", "done") == 50, 60)
    assert {i.state for i in desk.find("in")} == {"done"}
    outputs = desk.find("out", limit=100)
    assert Counter(o.parent_id for o in outputs) == Counter(items)
    assert [desk.read_file(o.id, "n.txt").decode() for o in outputs] == [str(o.payload["n"]) for o in outputs]
    assert sorted(Counter(seen(home).values()).items()) == [(1, 98), (2, 2)]  # what the two who died had in hand
    assert [(c.queue, c.state, c.count) for c in desk.depth()] == [("in", "done", 50), ("out", "done", 50)]


@pytest.mark.parametrize("blame", [True, False])
def test_what_a_dead_worker_had_in_hand_waits_for_no_lease(
    desk: Store, adapters: MakeAdapter, home: Path, monkeypatch: pytest.MonkeyPatch, blame: bool
) -> None:
    monkeypatch.setenv("DESKHAND_LEASE_SECONDS", "600")
    desk.carry()
    item_id, another = desk.put("in", {"n": 1}), adapters()
    process = worker("in", dies_after=1)
    with workers(process):
        process.wait()
        lively = desk.put("in", {"n": 2})
        assert another.reserve_input() == lively
        assert desk.release_dead_owners(blame) == 1
        eventually(lambda: desk.has_work("in"))
    item = desk.get(item_id)
    assert item is not None
    assert (item.code, item.lost_leases) == ("lost_lease", int(blame))
    assert desk.release_dead_owners(blame) == 0
    another.release_input(lively, State.DONE)
    assert another.reserve_input() == item_id
    another.release_input(item_id, State.DONE)


def test_a_worker_that_wakes_up_after_its_lease_finishes_nothing(
    desk: Store, adapters: MakeAdapter, home: Path
) -> None:
    desk.carry()
    item_id = desk.put("in", {"n": 1, "sleeps": True})
    process = worker("in")
    with workers(process):
        eventually(lambda: seen(home))
        os.kill(process.pid, signal.SIGSTOP)
        eventually(lambda: desk.has_work("in"), 10 * LEASE_SECONDS)
        again = adapters()
        assert again.reserve_input() == item_id
        again.save_payload(item_id, {"n": 2})
        os.kill(process.pid, signal.SIGCONT)
        output_id = again.create_output(item_id, {"n": 2})
        again.release_input(item_id, State.DONE)
    item = desk.get(item_id)
    assert item is not None
    assert (item.state, item.lost_leases) == ("done", 1)
    assert [o.id for o in desk.find("out")] == [output_id]


def test_a_release_after_the_lease_is_refused(desk: Store, adapters: MakeAdapter) -> None:
    item_id, late = desk.put("in", {}), adapters()
    late.reserve_input()
    late._heartbeat.stop()  # frozen, as seen from outside
    late.create_output(item_id, {})
    eventually(lambda: desk.has_work("in"), 10 * LEASE_SECONDS)
    with pytest.raises(NotHeld):
        late.release_input(item_id, State.DONE)
    assert desk.find("out") == []


def test_an_item_that_costs_five_workers_is_poison(
    desk: Store, adapters: MakeAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_LEASE_SECONDS", "1")
    item_id = desk.put("in", {"n": 1})
    for attempt in range(1, 6):
        dying = adapters()
        assert dying.reserve_input() == item_id
        dying._heartbeat.stop()

        def lost(attempt: int = attempt) -> bool:
            item = desk.get(item_id)
            return item is not None and item.lost_leases == attempt and item.state != "taken"

        eventually(lost)
    item = desk.get(item_id)
    assert item is not None
    assert (item.state, item.code) == ("dead", "poison")
    next_id, healthy = desk.put("in", {"n": 2}), adapters()
    assert healthy.reserve_input() == next_id
    healthy.release_input(next_id, State.DONE)


def test_what_waits_for_a_person_and_what_is_worked_on_survive_the_servers_death(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        server = Temporal(tmp_path / "server", ATTRIBUTES)
    except NotThere as missing:
        pytest.skip(str(missing))
    server.start()
    use(server, monkeypatch)
    monkeypatch.setenv("DESKHAND_LEASE_SECONDS", "30")
    monkeypatch.setenv("RC_WORKITEM_QUEUE_NAME", "in")
    monkeypatch.setenv("RC_WORKITEM_OUTPUT_QUEUE_NAME", "out")
    from workitems.temporal.adapter import TemporalAdapter

    desk, adapter = Store.open(), TemporalAdapter()
    try:
        for n in range(20):
            desk.put("in", {"n": n})
        for _ in range(20):
            adapter.release_input(adapter.reserve_input(), State.FAILED, {"type": "BUSINESS", "code": "c"})
        last = desk.put("in", {"n": 20})
        adapter.reserve_input()
        adapter.create_output(last, {"n": 20})
        server.stop()
        server.start()
        adapter.release_input(last, State.DONE)
        waiting = desk.find("in", ["review"])
        assert len(waiting) == 20
        for item in waiting:
            desk.answer(item.id, item.payload | {"answered": True}, "anna", "yes", item.version)
        for _ in range(20):
            adapter.release_input(adapter.reserve_input(), State.DONE)
        assert all(i.state == "done" for i in desk.find("in"))
        assert sum(bool(i.payload.get("answered")) for i in desk.find("in")) == 20
        eventually(lambda: [o.state for o in desk.find("out")] == ["ready"])
    finally:
        adapter.close()
        desk.close()
        server.stop()


def test_a_put_that_was_cut_short_is_finished_or_never_was(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(TemporalEngine, "_start", die)  # Temporal has never heard of it
        with pytest.raises(KeyboardInterrupt):
            desk.put("in", {"n": 1}, {"a.txt": b"a"})
    show = Projection.show

    def dies_after_the_start(self: Projection, items: list[Projected], *more: Any, **named: Any) -> int:
        return die() or 0 if items[0].state == "ready" else show(self, items, *more, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Projection, "show", dies_after_the_start)  # Temporal has it, and the row does not say so
        with pytest.raises(KeyboardInterrupt):
            desk.put("in", {"n": 2})
    engine = desk.hosts.engine()
    assert engine is not None
    assert desk.release_dead_owners() == 0  # they may be at it still
    assert [i.state for i in desk.find("in")] == ["held", "held"]
    assert engine.settle_puts(0.0) == 2
    assert [(i.payload, i.state) for i in desk.find("in")] == [({"n": 2}, "ready")]
    assert [(c.queue, c.state, c.count) for c in desk.depth()] == [("in", "ready", 1)]
    assert engine.settle_puts(0.0) == 0
