"""The loops under robocorp's own runner, as Control Room and `python -m robocorp.tasks run` call them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.workitems.programs.toy_tasks import item
from workitems.reservations import Ending
from workitems.store import Store

PROGRAMS = Path(__file__).parent / "programs"
OURS = {"RC_WORKITEM_ADAPTER": "workitems.adapter.StoreAdapter"}


def start(tmp_path: Path, task: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "robocorp.tasks", "run", str(PROGRAMS), "-t", task, "-o", str(tmp_path / "output")]
    env = os.environ | environment | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(tmp_path: Path, task: str, **environment: str) -> str:
    process = start(tmp_path, task, **environment)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    return out


def states(store: Store, queue: str) -> list[tuple[str, str, str | None]]:
    return [(i.payload["document"]["filename"], i.state, i.code) for i in store.find(queue)]


def test_with_our_store_from_a_trigger_to_the_last_queue(tmp_path: Path, home: Path) -> None:
    assert "collected 5" in run(tmp_path, "collect", **OURS)
    store = Store.open(home)
    assert [c.count for c in store.depth() if c.queue == "collect" and c.state == "done"] == [4]  # 2 + 2 + 1 + none
    out = run(tmp_path, "sort", **OURS)
    assert "sorted 5" in out
    assert states(store, "number") == [
        ("0.txt", "done", None),
        ("1.txt", "done", None),
        ("2.txt", "review", "even_prime"),
        ("3.txt", "done", None),
        ("4.txt", "ready", "later"),
    ]
    assert [i.payload["document"]["filename"] for i in store.find("odd")] == ["1.txt", "3.txt"]
    (even,) = store.find("even")
    assert store.file_names(even.id) == ["0.txt", "more.txt"]
    assert store.read_file(even.id, "0.txt").decode() == "0"
    assert {e.who for e in store.events(even.id)} == {"sort"}


def test_with_robocorps_file_adapter(tmp_path: Path, home: Path) -> None:
    outputs, into = tmp_path / "collected" / "workitems.json", tmp_path / "sorted" / "workitems.json"
    for path in (outputs, into):
        path.parent.mkdir()
    assert "collected 5" in run(tmp_path, "collect", RC_WORKITEM_OUTPUT_PATH=str(outputs))
    environment = {"RC_WORKITEM_INPUT_PATH": str(outputs), "RC_WORKITEM_OUTPUT_PATH": str(into)}
    assert "sorted 5" in run(tmp_path, "sort", **environment)
    made = [(i["payload"]["kind"], sorted(i["files"])) for i in json.loads(into.read_text())]
    assert made == [("even", ["0.txt", "more.txt"]), ("odd", ["1.txt", "more.txt"]), ("odd", ["3.txt", "more.txt"])]
    doubted = json.loads(outputs.read_text())[2]["payload"]
    assert (doubted["route"], doubted["doubts"][0]["code"]) == ("review", "even_prime")


def put(store: Store, *numbers: int) -> None:
    for n in numbers:
        store.put("number", item(n, "number").model_dump(mode="json"), {f"{n}.txt": str(n).encode()})


def test_a_worker_that_is_asked_to_end_finishes_the_item_in_hand(tmp_path: Path, home: Path) -> None:
    store = Store.open(home)
    put(store, 8, 1)
    sign = tmp_path / "sign"
    process = start(tmp_path, "sort", TOY_SIGN=str(sign), **OURS)
    until = time.monotonic() + 30
    while not sign.exists() and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0, out
    assert "sorted 1" in out
    assert [state for _, state, _ in states(store, "number")] == ["done", "ready"]


def test_a_worker_waits_while_a_step_before_it_works(tmp_path: Path, home: Path) -> None:
    store = Store.open(home)
    store.trigger("collect")
    collector = store.reservations("collector")
    trigger = collector.reserve("collect", 60)
    assert trigger is not None
    process = start(tmp_path, "sort", DESKHAND_WAIT_FOR="collect", **OURS)
    time.sleep(2.5)
    assert process.poll() is None
    put(store, 1, 3)
    until = time.monotonic() + 20
    while not store.find("number", ["done"]) and time.monotonic() < until:
        time.sleep(0.05)
    assert process.poll() is None  # the collector may hand on more
    collector.release(trigger, Ending("done"))
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0, out
    assert "sorted 2" in out
