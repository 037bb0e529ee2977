"""Workers are killed (-9) before each of their statements and at random: nothing is lost, nothing is done twice."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.workitems.programs.dying_worker import OUTPUTS
from workitems.store import Store

PROGRAM = Path(__file__).parent / "programs" / "dying_worker.py"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the program forks")


def run(home: Path, *arguments: object) -> int:
    """Runs the program on the home and returns how many workers died."""
    env = os.environ | {"RC_WORKITEM_QUEUE_NAME": "in", "RC_WORKITEM_OUTPUT_QUEUE_NAME": "out"}
    done = subprocess.run(
        [sys.executable, PROGRAM, *map(str, arguments)],
        env=env | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return int(json.loads(done.stdout)["deaths"])


def check(home: Path) -> None:
    """Every item was released once, with all its outputs, and every output has its whole file."""
    store = Store.open(home)
    inputs = store.find("in", limit=10_000)
    assert {i.state for i in inputs} == {"done"}
    for item in inputs:
        assert item.payload["seen"]
        assert [e.to_state for e in store.events(item.id)].count("done") == 1
    outputs = store.find("out", limit=10_000)
    assert Counter(o.parent_id for o in outputs) == {i.id: OUTPUTS for i in inputs}
    assert {o.state for o in outputs} == {"ready"}
    for output in outputs:
        content = hashlib.sha256(f"{output.payload['n']}/{output.payload['output']}".encode()).hexdigest() * 50
        assert store.file_path(output.id, "content.txt").read_text() == content
    assert {(c.queue, c.state): c.count for c in store.depth()} == {
        ("in", "done"): len(inputs),
        ("out", "ready"): len(outputs),
    }
    assert store.database.rows("PRAGMA integrity_check")[0][0] == "ok"


def test_a_worker_that_dies_before_any_of_its_statements_leaves_nothing_half_done(home: Path) -> None:
    statements = 60  # an item takes fewer: the last workers of the series come through
    deaths = run(home, "each", statements)
    assert 35 < deaths < statements
    check(home)


def test_workers_that_die_at_random_lose_nothing(home: Path) -> None:
    assert run(home, "random", 20, 1) > 10
    check(home)


def test_workers_side_by_side_do_each_item_once(home: Path) -> None:
    assert run(home, "crowd", 4) == 0
    check(home)
