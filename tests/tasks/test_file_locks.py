"""Locks that die with their process: one at a time, told, waited for."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tasks.demo.lock import DemoBusy, only_demo
from tasks.demo_erp.locks import is_held, only_one

HOLD = """
import sys, time
from pathlib import Path
from tasks.demo_erp.locks import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_free_again_as_soon_as_who_held_it_is_dead(tmp_path: Path) -> None:
    path = tmp_path / "server.lock"
    assert not is_held(path)
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        assert is_held(path)
        holder.kill()
    began = time.monotonic()
    with only_one(path):
        assert time.monotonic() - began < 5
    assert not is_held(path)


def test_two_demos_on_one_home_are_told_apart(tmp_path: Path) -> None:
    with only_demo(tmp_path), pytest.raises(DemoBusy, match="Another demo"), only_demo(tmp_path):
        pass
    with only_demo(tmp_path):
        pass
