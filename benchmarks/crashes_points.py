"""Crash points: a worker dies before and after every database and file call of an attempt, and of a put."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from benchmarks.crashes_bot import ENDINGS, PAPER, QUEUE, adapter, attempt, paper, payload
from benchmarks.crashes_forks import fork, killed
from benchmarks.crashes_hosts import Host, Row, Scene, Size, scene
from benchmarks.crashes_trace import watched
from workitems.ledger import Ledger
from workitems.store import Store

Stage = Callable[[str], None]


def die_at(number: int) -> Callable[[str], None]:
    """Kills this process at its n-th point, counted from 0."""
    left = [number]

    def point(name: str) -> None:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    return point


def attempts(host: Host, size: Size, folder: Path) -> list[Row]:
    """An attempt that ends as done, for a person, or for later. Of the last two only the calls that differ: the end."""
    rows = []
    for ending in ENDINGS:
        with scene(f"points {ending}", host, folder, lease_seconds=_lease(host)) as stage:

            def act(point: Stage, ending: str = ending) -> None:
                with watched(point):
                    attempt(adapter(), Ledger.open(), stage.outside, ending)

            _every_point(stage, act, size, from_stage=0.0 if ending == "done" else 0.75)
        rows.append(stage.row)
    return rows


def puts(host: Host, size: Size, folder: Path) -> list[Row]:
    """A put with a file. Who was told an id finds the item; who was not finds all of it or nothing."""
    with scene("points put", host, folder, lease_seconds=_lease(host)) as stage:
        stage.put(range(1))  # the database is made, which is no part of a put
        names = _enumerate(stage, lambda point: _put(point, 1, stage.folder / "told"))
        stage.finish()
        for n, _ in list(enumerate(names))[:: size.every]:
            pid = fork(lambda n=n: _put(die_at(n), n + 2, stage.folder / "told"), stage.log)  # type: ignore[misc]
            stage.row.points += killed(pid)
        stage.ids += (stage.folder / "told").read_text(encoding="ascii").split()
        stage.finish()
        numbers = stage.aide("numbers")
        stage.row.double += len(numbers) - len(set(numbers))
        stage.row.note = f"{len(numbers)} of {stage.row.points} puts came to be"
    return [stage.row]


def _lease(host: Host) -> float:
    """Who has died is found at once by his process, so that no lease need run out; Temporal waits for the lease."""
    return 2.0 if host.engine else 60.0


def _put(point: Stage, n: int, told: Path) -> None:
    with watched(point):
        item_id = Store.open().put(QUEUE, payload(n), {PAPER: paper(n)})
    with told.open("a", encoding="ascii") as file:
        file.write(f"{item_id}\n")


def _every_point(stage: Scene, act: Callable[[Stage], None], size: Size, from_stage: float) -> None:
    """Each death has an item of its own (five would be poison), and another worker finishes it at once."""
    stage.put(range(1))
    names = _enumerate(stage, act)
    stage.finish()
    for n, _ in list(enumerate(names))[int(len(names) * from_stage) :: size.every]:
        stage.put(range(n + 1, n + 2))
        pid = fork(lambda n=n: act(die_at(n)), stage.log)  # type: ignore[misc]
        stage.row.points += killed(pid)
        if not stage.host.engine:  # there a lease has to run out each time
            stage.finish()
    stage.finish()
    stage.row.note = f"{len(names)} points in an attempt"


def _enumerate(stage: Scene, act: Callable[[Stage], None]) -> list[str]:
    """The names of all points of an undisturbed run."""
    file = stage.folder / "points.txt"

    def run() -> None:
        names: list[str] = []
        act(names.append)
        file.write_text("\n".join(names), encoding="utf-8")

    if killed(fork(run, stage.log)) or not file.exists():
        raise RuntimeError(f"the undisturbed run failed; see {stage.log}")
    return file.read_text(encoding="utf-8").splitlines()
