"""Whether the process that holds something still lives."""

from __future__ import annotations

import subprocess
import sys

import pytest

from workitems import owners
from workitems.reservations import Reservations
from workitems.store import Store

PRINT_ME = "from workitems import owners; print(owners.me(), flush=True); input()"


def test_a_process_is_alive_until_it_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PRINT_ME], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        owner = child.stdout.readline().strip()
        assert not owners.is_dead(owner)
        child.kill()
        child.wait()
        assert owners.is_dead(owner)
    assert not owners.is_dead(owners.me())


@pytest.mark.parametrize(
    ("change", "dead"),
    [
        (("host", "other"), False),  # another machine: nobody knows
        (("boot", "other"), True),  # this machine, before its last start
        (("start", "1"), True),  # the pid was given to another process
        (("pid", "999999999"), True),
        (("pid", "x"), False),  # not written by us
    ],
)
def test_what_tells_a_dead_owner_from_a_living_one(change: tuple[str, str], dead: bool) -> None:
    parts = dict(zip(("host", "boot", "pid", "start"), owners.me().rsplit("|", 3), strict=True))
    parts[change[0]] = change[1]
    assert owners.is_dead("|".join(parts.values())) is dead
    assert not owners.is_dead("")


def test_the_leases_of_dead_processes_end_at_once_and_others_stay(store: Store, worker: Reservations) -> None:
    program = (
        "from workitems.store import Store; w = Store.open().reservations('x');"
        "print(w.reserve('q', 3600).item_id, w.reserve('q', 3600).item_id)"
    )
    first, second = store.put("q", 1), store.put("q", 2)
    out = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert out.split() == [first, second]
    third = store.put("q", 3)
    hold = worker.reserve("q", 3600)
    assert hold is not None
    assert hold.item_id == third
    assert store.release_dead_owners() == 2
    assert store.release_dead_owners() == 0
    hold = worker.reserve("q", 3600)
    assert hold is not None
    assert hold.item_id == first
    item = store.get(first)
    assert item is not None
    assert item.lost_leases == 1
