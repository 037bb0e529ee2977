"""Unmodified bots under robocorp's own runner, on Temporal; and what their items look like to Temporal."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from tests.workitems.temporal.conftest import MakeAdapter, eventually
from workitems import states
from workitems.database import StoreError
from workitems.ledger import Ledger
from workitems.store import Store
from workitems.temporal.connection import Site, line
from workitems.temporal.flow import LOST_LEASES_MAX, ItemFlow
from workitems.temporal.nouns import Item

TOY = Path(__file__).parents[1] / "programs" / "toy_tasks.py"
ROOT = Path(__file__).parents[3]


def run(tmp_path: Path, task: str) -> str:
    command = [sys.executable, "-m", "robocorp.tasks", "run", str(TOY), "-t", task, "-o", str(tmp_path / "output")]
    env = os.environ | {"PYTHONPATH": str(ROOT), "RC_WORKITEM_ADAPTER": "workitems.temporal.adapter.TemporalAdapter"}
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_same_bots_from_a_trigger_to_the_last_queue(tmp_path: Path, desk: Store) -> None:
    desk.carry()
    assert "collected 5" in run(tmp_path, "collect")
    with closing(Ledger.open()) as ledger:
        assert [ledger.mail_state(f"mail{n}") for n in range(5)] == ["known"] * 5
    assert [c.count for c in desk.depth() if c.queue == "collect" and c.state == "done"] == [4]  # 2 + 2 + 1 + none
    assert len({i.root_id for i in desk.find("number")}) == 5  # each begins a lineage of its own
    run(tmp_path, "sort")
    found = {i.payload["document"]["filename"]: (i.state, i.code) for i in desk.find("number")}
    assert found["0.txt"] == found["1.txt"] == found["3.txt"] == ("done", None)
    assert found["2.txt"] == ("review", "even_prime")
    assert found["4.txt"] in [("ready", "later"), ("dead", "later"), ("taken", "later")]
    (even,) = desk.find("even")
    assert desk.file_names(even.id) == ["0.txt", "more.txt"]
    assert desk.read_file(even.id, "0.txt").decode() == "0"


def test_temporals_screens_tell_the_queue_and_the_state_and_nothing_of_the_payload(desk: Store) -> None:
    item_id = desk.put("in", {"iban": "DE02120300000000202051"})
    connection = line(Site.from_environment())
    described = connection.run(connection.client().get_workflow_handle(item_id).describe())
    memo = connection.run(described.memo())
    assert memo == {"queue": "in", "root": item_id}
    assert connection.run(described.static_summary()) == "in"
    shown = {pair.key.name: pair.value for pair in described.typed_search_attributes}
    assert (shown["DeskhandQueue"], shown["DeskhandState"]) == ("in", "ready")
    desk.cancel(item_id)

    def tells() -> bool:
        again = connection.run(connection.client().get_workflow_handle(item_id).describe())
        return {p.key.name: p.value for p in again.typed_search_attributes}["DeskhandState"] == "cancelled"

    eventually(tells)


def test_the_workflow_replays_in_temporals_sandbox(desk: Store, adapters: MakeAdapter) -> None:
    from robocorp.workitems import State

    item_id, step = desk.put("in", {"n": 1}), adapters()
    step.release_input(step.reserve_input(), State.FAILED, {"type": "APPLICATION", "code": "away"})
    eventually(lambda: desk.has_work("in"))
    step.release_input(step.reserve_input(), State.FAILED, {"type": "BUSINESS", "code": "odd"})
    desk.retry(item_id)
    step.reserve_input()
    step.create_output(item_id, {"n": 2})
    step.release_input(item_id, State.DONE)
    connection = line(Site.from_environment())
    handle: WorkflowHandle[object, object] = connection.client().get_workflow_handle(item_id)
    eventually(lambda: connection.run(handle.describe()).status.name == "COMPLETED")
    history = connection.run(handle.fetch_history())
    for runner in (SandboxedWorkflowRunner(), UnsandboxedWorkflowRunner()):
        replayer = Replayer(workflows=[ItemFlow], workflow_runner=runner)
        asyncio.run(replayer.replay_workflow(history))


def test_histories_of_earlier_versions_replay() -> None:
    """A change of the workflow that these refuse needs workflow.patched (docs/decisions/0005-temporal.md)."""
    files = sorted((Path(__file__).parent / "histories").glob("*.json"))
    assert len(files) >= 2
    for file in files:
        history = WorkflowHistory.from_json(file.stem, json.loads(file.read_text()))
        asyncio.run(Replayer(workflows=[ItemFlow]).replay_workflow(history))


def test_items_of_earlier_versions_still_fit() -> None:
    required = [f.name for f in dataclasses.fields(Item) if f.default is f.default_factory is dataclasses.MISSING]
    assert required == ["id", "queue", "prefix"]
    assert states.LOST_LEASES_MAX == LOST_LEASES_MAX


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DESKHAND_TEMPORAL", "", "must name the server"),
        ("DESKHAND_TEMPORAL", "localhost", "host:port"),
        ("DESKHAND_TEMPORAL", "127.0.0.1:1", "does not answer"),
        ("DESKHAND_TEMPORAL_CA", "/nowhere/ca.pem", "cannot be read"),
        ("DESKHAND_ENGINE", "temporary", "embedded or temporal"),
    ],
)
def test_wrong_settings_are_a_sentence(
    desk: Store, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=sentence):
        Store.open().put("in", {})
