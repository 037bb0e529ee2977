"""The hosts of the crash benchmark, and what all its scenarios need of them."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.crashes_bot import PAPER, QUEUE, Outside, adapter, attempt, number, paper, payload
from benchmarks.crashes_forks import Aide
from benchmarks.crashes_truth import MOST, Verdict, judge
from benchmarks.servers import Postgres, Temporal
from workitems.adapter import StoreAdapter
from workitems.ledger import Ledger
from workitems.limits import DRIVEN
from workitems.store import Store

LEASE_SECONDS = 2.0
CLEARED = tuple(f"DESKHAND_{name}" for name in ("SETTINGS", "ENGINE", "TEMPORAL", "FILES", "WAIT_FOR", "RETRY"))


@dataclass(frozen=True)
class Size:
    """How much of everything. `every`: each n-th crash point only."""

    items: int
    moments: int
    every: int = 1
    workers: int = 4
    lock_seconds: float = 3.0


@dataclass(frozen=True)
class Host:
    """Who keeps the items. `server`: the private PostgreSQL; `engine`: Temporal's; where it is one."""

    name: str
    server: Postgres | None = None
    engine: Temporal | None = None


@dataclass
class Row:
    """One line of the table. `points`: how often something was killed, frozen or taken away."""

    scenario: str
    host: str
    points: int = 0
    lost: int = 0
    double: int = 0
    stuck: int = 0
    orphans: int = 0
    wrong: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    note: str = ""
    details: list[str] = field(default_factory=list)

    def take(self, verdict: Verdict) -> None:
        """The verdict's figures."""
        for name in ("lost", "double", "stuck", "orphans", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(verdict, name))
        self.details += verdict.notes

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.double or self.stuck or self.orphans or self.wrong)

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return asdict(self)


class Stop(Exception):
    """A scenario cannot be played on this machine; the message says why."""


class Scene:
    """A fresh home on a host, with an aide that has connections to it. The scenario's own process has none."""

    def __init__(self, host: Host, folder: Path, row: Row, size: int = 640) -> None:
        self.host, self.folder, self.row, self.paper_size = host, folder, row, size
        self.home, self.log = folder / "home", folder / "log.txt"
        self.outside = Outside(folder / "outside.txt")
        self.ids: list[str] = []
        self.aide: Callable[..., Any]

    def put(self, numbers: range) -> None:
        """Puts papers; from now on they must not be lost."""
        self.ids += self.aide("put", numbers, self.paper_size)

    def finish(self) -> int:
        """Another worker takes up whatever was left, until there is nothing; returns how many were redriven."""
        return int(self.aide("finish"))


@contextmanager
def scene(
    scenario: str, host: Host, folder: Path, lease_seconds: float = LEASE_SECONDS, size: int = 640
) -> Iterator[Scene]:
    """Sets the stage, plays the block, and judges. The row of the scene has the figures then."""
    row = Row(scenario, host.name)
    place = folder / f"{scenario}-{host.name}".replace(" ", "-")
    place.mkdir(parents=True, exist_ok=True)
    stage = Scene(host, place, row, size)
    database = host.server.database(f"{scenario}_{host.name}".replace(" ", "_")) if host.server else None
    kept = dict(os.environ)
    for name in CLEARED:
        os.environ.pop(name, None)
    os.environ.update(_environment(stage.home, database, lease_seconds) | _engine(host, place.name))
    began, used = time.monotonic(), _cpu()
    try:
        with Aide(lambda: _functions(stage.outside), stage.log) as aide:
            stage.aide = aide
            yield stage
            row.take(aide("judge", stage.ids, size))
    finally:
        os.environ.clear()
        os.environ.update(kept)
    row.seconds, row.cpu_seconds = round(time.monotonic() - began, 1), round(_cpu() - used, 1)


def _environment(home: Path, database: str | None, lease_seconds: float) -> dict[str, str]:
    return {
        "DESKHAND_HOME": str(home),
        "DESKHAND_DATABASE": database or "",
        "DESKHAND_LEASE_SECONDS": str(lease_seconds),
        "RC_WORKITEM_ADAPTER": "workitems.adapter.StoreAdapter",
        "RC_WORKITEM_QUEUE_NAME": QUEUE,
        "RC_WORKITEM_OUTPUT_QUEUE_NAME": "booked",
    }


def _engine(host: Host, scenario: str) -> dict[str, str]:
    if host.engine is None:
        return {}
    adapter = {"RC_WORKITEM_ADAPTER": "workitems.temporal.adapter.TemporalAdapter", "DESKHAND_ENGINE": "temporal"}
    # As under the runner: a process that is not killed drives the workflows, here the aide.
    adapter |= {"DESKHAND_TEMPORAL": host.engine.address, DRIVEN: "elsewhere"}
    return adapter | {"DESKHAND_TEMPORAL_QUEUE": scenario}


def _cpu() -> float:
    """Seconds of this process and its ended children; a server's are not among them."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _functions(outside: Outside) -> dict[str, Callable[..., Any]]:
    """What the aide does, on connections that it opens when it is first asked, and anew after a failure."""
    opened: list[Any] = []

    def connected() -> tuple[StoreAdapter, Ledger]:
        if not opened:
            opened.extend((adapter(), Ledger.open()))
            opened[0].store.carry()
        return opened[0], opened[1]

    def fresh(act: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any) -> Any:
            try:
                return act(*arguments)
            except Exception:
                opened.clear()
                raise

        return called

    def put(numbers: range, size: int) -> list[str]:
        store = connected()[0].store
        return [store.put(QUEUE, payload(n), {PAPER: paper(n, size)}) for n in numbers]

    def finish() -> int:
        ours, ledger = connected()
        redriven, until = 0, time.monotonic() + 60
        while time.monotonic() < until:
            ours.store.release_dead_owners()
            engine = ours.store.hosts.engine()
            if engine is not None:
                engine.settle_puts(0.0)  # nobody puts now
            redriven += _redrive(ours.store)
            while attempt(ours, ledger, outside):
                pass
            if not ours.store.find(QUEUE, ["taken", "ready", "review", "dead"], limit=1):
                break
            time.sleep(0.1)  # somebody else has it in hand, or its lease has to run out
        return redriven

    def once() -> None:
        ours, ledger = connected()
        while attempt(ours, ledger, outside):
            pass

    def verdict(ids: list[str], size: int) -> Verdict:
        return judge(connected()[0].store, ids, outside, size)

    acts: dict[str, Callable[..., Any]] = {"put": put, "finish": finish, "once": once, "judge": verdict}
    acts |= {"tidy": lambda: int(connected()[0].store.release_dead_owners())}
    acts |= {"numbers": lambda: [number(i.payload) for i in connected()[0].store.find(QUEUE, limit=MOST)]}
    acts |= {"left": lambda: _left(connected()[0].store)}
    return {name: fresh(act) for name, act in acts.items()}


def _left(store: Store) -> int:
    """How many papers are not done yet."""
    return sum(c.count for c in store.depth() if c.queue == QUEUE and c.state != "done")


def _redrive(store: Store) -> int:
    """What waits for a person or for its next attempt goes back to work; counts what was given up."""
    waiting = store.find(QUEUE, ["review", "dead"], limit=MOST)
    for item in waiting + [i for i in store.find(QUEUE, ["ready"], limit=MOST) if i.not_before is not None]:
        store.retry(item.id, "bench")
    return sum(item.state == "dead" for item in waiting)
