"""Whether the store tells the truth after all that: nothing lost, nothing twice, nothing stuck, nothing left over."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.crashes_bot import CONTENT, NEXT, PAPER, QUEUE, Outside, content, key_of, number, paper
from workitems.states import TRANSITIONS
from workitems.store import Store

MOST = 10_000_000


@dataclass
class Verdict:
    """How many of each; all must be 0. `wrong`: counters that differ from the rows, steps that are not allowed."""

    lost: int = 0
    double: int = 0
    stuck: int = 0
    orphans: int = 0
    wrong: int = 0
    notes: list[str] = field(default_factory=list)

    def count(self, what: str, how_many: int, note: str) -> None:
        """Adds to one of the sums, and keeps the first few reasons."""
        if how_many:
            setattr(self, what, getattr(self, what) + how_many)
            if len(self.notes) < 10:
                self.notes.append(f"{what}: {note}")

    @property
    def good(self) -> bool:
        """Whether nothing was found."""
        return not (self.lost or self.double or self.stuck or self.orphans or self.wrong)


def judge(store: Store, ids: Iterable[str], outside: Outside, size: int = 640) -> Verdict:
    """Looks at everything after the last worker has ended. `ids`: what `put` has promised to keep."""
    verdict = Verdict()
    inputs = {item.id: item for item in store.find(QUEUE, limit=MOST)}
    outputs: dict[str | None, list[Any]] = defaultdict(list)
    for item in store.find(NEXT, limit=MOST):
        outputs[item.parent_id].append(item)
    for item_id in ids:
        verdict.count("lost", item_id not in inputs, f"{item_id} is gone")
    booked = outside.bookings()
    for item in inputs.values():
        n = number(item.payload)
        verdict.count("stuck", item.state != "done", f"{item.id} is {item.state} ({item.code})")
        verdict.count("double", max(0, booked[key_of(n)] - 1), f"{key_of(n)} was booked {booked[key_of(n)]} times")
        if item.state != "done":
            continue
        made = outputs[item.id]
        verdict.count("lost", item.payload.get("route") != "straight", f"the payload of {item.id}")
        verdict.count("lost", not booked[key_of(n)], f"{key_of(n)} was never booked")
        verdict.count("lost", not made, f"the output of {item.id}")
        verdict.count("double", max(0, len(made) - 1), f"{item.id} has {len(made)} outputs")
        verdict.count("lost", not _holds(store, item.id, PAPER, paper(n, size)), f"the file of {item.id}")
        for each in made:
            verdict.count("stuck", each.state != "ready", f"the output {each.id} is {each.state}")
            verdict.count("lost", not _holds(store, each.id, CONTENT, content(n)), f"the file of {each.id}")
    parentless = [each for parent, made in outputs.items() if parent not in inputs for each in made]
    verdict.count("wrong", len(parentless), "outputs without a parent")
    for look in (_files, _counters, _events, _integrity):
        look(store, verdict)
    return verdict


def _holds(store: Store, item_id: str, name: str, expected: bytes) -> bool:
    try:
        return store.read_file(item_id, name) == expected
    except FileNotFoundError:
        return False


def _files(store: Store, verdict: Verdict) -> None:
    """After the sweep the folder holds what rows name, and the rows name what the folder holds."""
    store.sweep_blobs(0.0)
    named = {row["sha256"] for row in store.database.rows("SELECT DISTINCT sha256 FROM item_files")}
    there = {path.name for path in (store.home / "files").glob("??/??/*") if path.is_file()}
    verdict.count("orphans", len(there - named), "files that no item has")
    verdict.count("lost", len(named - there), "files that a row names")
    rows = store.database.rows(
        "SELECT f.item_id FROM item_files f LEFT JOIN items i ON i.id = f.item_id WHERE i.id IS NULL"
    )
    verdict.count("orphans", len(rows), "rows of files without an item")


def _counters(store: Store, verdict: Verdict) -> None:
    rows = store.database.rows("SELECT queue, state, COUNT(*) AS n FROM items GROUP BY queue, state")
    counted = {(row["queue"], row["state"]): row["n"] for row in rows}
    kept = {(c.queue, c.state): c.count for c in store.depth()}
    differing = {key for key in counted.keys() | kept.keys() if counted.get(key, 0) != kept.get(key, 0)}
    verdict.count("wrong", len(differing), f"counters of {sorted(differing)}")


def _events(store: Store, verdict: Verdict) -> None:
    """Every item is where its events led it, by allowed steps only; done at most once."""
    steps: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for row in store.database.rows("SELECT item_id, from_state, to_state FROM events ORDER BY item_id, seq"):
        steps[row["item_id"]].append((row["from_state"], row["to_state"]))
    states = {row["id"]: row["state"] for row in store.database.rows("SELECT id, state FROM items")}
    forbidden = Counter(
        step for taken in steps.values() for step in taken if step[1] not in TRANSITIONS.get(step[0], frozenset())
    )
    verdict.count("wrong", sum(forbidden.values()), f"steps {dict(forbidden)}")
    for item_id, taken in steps.items():
        broken = any(before[1] != after[0] for before, after in itertools.pairwise(taken))
        verdict.count("wrong", broken or taken[-1][1] != states.get(item_id), f"events of {item_id}: {taken}")
        verdict.count("double", max(0, [to for _, to in taken].count("done") - 1), f"{item_id} was done twice")


def _integrity(store: Store, verdict: Verdict) -> None:
    """What the database says of itself; only SQLite can be asked."""
    ask: Callable[..., list[Any]] = store.database.rows
    if not (store.home / "deskhand.db").exists():
        return
    answers = [row[0] for row in ask("PRAGMA integrity_check")]
    verdict.count("wrong", answers != ["ok"], f"integrity: {answers[:3]}")
