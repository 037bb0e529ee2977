"""Works through the queue `in` of DESKHAND_HOME and is killed: before its n-th statement, or by somebody else.

usage: dying_worker.py each LOOPS    items are put and workers forked; the n-th dies before its n-th statement
       dying_worker.py random ROUNDS SEED    workers are forked and killed at random moments
       dying_worker.py crowd WORKERS    that many work side by side, nobody dies

Everything runs in forks of one process, because starting Python anew for each death would take most of the time.
Prints one JSON object: {"deaths": n}.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable

from robocorp.workitems import EmptyQueue, State

from workitems import journal
from workitems.adapter import StoreAdapter
from workitems.database import Database
from workitems.store import Store

OUTPUTS = 2


def work(adapter: StoreAdapter, pause: float = 0.0) -> None:
    """One item after the other: a log file, outputs with a file of their own, then done."""
    while True:
        try:
            item_id = adapter.reserve_input()
        except EmptyQueue:
            return
        n = adapter.load_payload(item_id)["n"]
        adapter.save_payload(item_id, {"n": n, "seen": True})
        for output in range(OUTPUTS):
            made = adapter.create_output(item_id, {"n": n, "output": output})
            time.sleep(pause)
            content = hashlib.sha256(f"{n}/{output}".encode()).hexdigest() * 50
            adapter.add_file(made, "content.txt", content.encode())
        adapter.release_input(item_id, State.DONE)


def fork(child: Callable[[], None]) -> int:
    """Starts the function in a fork that ends with it, and returns its pid."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        child()
        status = 0
    finally:
        os._exit(status)


def killed(pid: int) -> bool:
    """Waits for the fork; False: it ended by itself and well."""
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def die_before_statement(number: int) -> None:
    """From now on this process counts its statements, commits included, and dies before the n-th."""
    left = [number]

    def counted(run: Callable[..., object]) -> Callable[..., object]:
        def method(self: Database, *args: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return run(self, *args)

        return method

    Database._run = counted(Database._run)  # type: ignore[method-assign]


def put(first: int, last: int) -> Callable[[], None]:
    def child() -> None:
        store = Store.open()
        for n in range(first, last):
            store.put("in", {"n": n})

    return child


def tidy() -> None:
    Store.open().release_dead_owners()


def each(loops: int) -> int:
    """Dies before every statement that one item takes. Each death has an item of its own: five would be poison."""
    deaths = 0
    for n in range(loops):

        def child(n: int = n) -> None:
            adapter = StoreAdapter()
            adapter.store.put("in", {"n": n})
            die_before_statement(n + 1)
            work(adapter)

        def heir() -> None:
            tidy()
            work(StoreAdapter())

        deaths += killed(fork(child))
        killed(fork(heir))
    return deaths


def at_random(rounds: int, seed: int) -> int:
    chance, deaths = random.Random(seed), 0  # noqa: S311 - to be repeated
    journal.LOST_LEASES_MAX = 10**6  # on a busy machine one item may meet every killer: here it is no poison
    killed(fork(put(0, rounds * 6)))
    for _ in range(rounds):
        pid = fork(lambda: work(StoreAdapter(), pause=0.001))
        time.sleep(chance.uniform(0.01, 0.12))
        os.kill(pid, signal.SIGKILL)
        deaths += killed(pid)
        killed(fork(tidy))
    killed(fork(lambda: work(StoreAdapter())))
    return deaths


def crowd(workers: int) -> int:
    killed(fork(put(0, 100)))
    return sum([killed(pid) for pid in [fork(lambda: work(StoreAdapter())) for _ in range(workers)]])


if __name__ == "__main__":
    how, *numbers = sys.argv[1:]
    deaths = {"each": each, "random": at_random, "crowd": crowd}[how](*map(int, numbers))
    print(json.dumps({"deaths": deaths}))
