"""Workers are killed and frozen wherever it can be done: nothing is lost, nothing is done twice.

`run.py bench crashes` is the whole of it; here it runs on fewer points of the same kind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.servers import NotThere, postgres_programs

PROJECT = Path(__file__).parents[2]
FIGURES = ("lost", "double", "stuck", "orphans", "wrong")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the workers are forks")


def bench(folder: Path, host: str, *options: str) -> list[dict[str, object]]:
    """The rows of the benchmark; none of their figures may differ from 0."""
    command = [sys.executable, "-m", "benchmarks.crashes", "--hosts", host, "--keep", str(folder), "--json", *options]
    # Everybody may enter the folders above: PostgreSQL runs as a user of its own where we are root.
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows, done.stderr[-2000:]
    assert [row for row in rows if any(row[name] for name in FIGURES)] == [], done.stderr[-2000:]
    assert done.returncode == 0
    return rows


@pytest.fixture(params=["sqlite", "postgres"])
def host(request: pytest.FixtureRequest) -> str:
    if request.param == "postgres":
        try:
            postgres_programs()
        except NotThere as missing:
            pytest.skip(f"{missing}: apt-get install postgresql")
    return str(request.param)


def test_a_worker_that_dies_at_any_call_of_an_attempt_leaves_nothing_half_done(tmp_path: Path, host: str) -> None:
    rows = bench(tmp_path, host, "--scenarios", "points", "--every", "15")
    assert {row["scenario"] for row in rows} == {"points done", "points review", "points failed"}
    assert all(int(str(row["points"])) > 4 for row in rows)


def test_a_put_that_dies_left_all_of_its_item_or_nothing(tmp_path: Path, host: str) -> None:
    (row,) = bench(tmp_path, host, "--scenarios", "puts", "--every", "5")
    assert int(str(row["points"])) > 3


def test_workers_side_by_side_that_die_at_random_do_each_item_once(tmp_path: Path, host: str) -> None:
    (row,) = bench(tmp_path, host, "--scenarios", "moments", "--items", "60", "--moments", "12")
    assert int(str(row["points"])) > 6


def test_a_worker_that_was_frozen_past_its_lease_finishes_nothing(tmp_path: Path, host: str) -> None:
    (row,) = bench(tmp_path, host, "--scenarios", "frozen")
    assert "were refused" in str(row["note"])
