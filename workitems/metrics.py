"""Figures from the event rows: how long things waited, were worked on, and took in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from workitems.rows import Event

if TYPE_CHECKING:
    from workitems.store import Store


@dataclass(frozen=True)
class Passage:
    """One item's way through its queue. Seconds; `cycle` runs from the first time it was ready until it was done."""

    item_id: str
    root_id: str
    queue: str
    ready_at: datetime
    done_at: datetime | None
    waited: float
    worked: float
    reviewed: float = field(default=0.0)

    @property
    def cycle(self) -> float | None:
        """Seconds from ready to done; None while it is not done."""
        return None if self.done_at is None else (self.done_at - self.ready_at).total_seconds()


def passages(store: Store, root_ids: Iterable[str] | None = None) -> list[Passage]:
    """One passage per item, of some lineages or of all."""
    return list(_passages(store.moves(root_ids)))


def stage_seconds(store: Store, root_ids: Iterable[str] | None = None) -> dict[str, float]:
    """Seconds that each queue's items were worked on in all (by however many workers), by queue."""
    total: dict[str, float] = defaultdict(float)
    for passage in passages(store, root_ids):
        total[passage.queue] += passage.worked
    return dict(total)


def throughput(store: Store, root_ids: Iterable[str] | None = None) -> dict[str, float]:
    """Items done per second, by queue, between the first that was ready and the last that was done."""
    done = defaultdict(list)
    for passage in passages(store, root_ids):
        if passage.done_at is not None:
            done[passage.queue].append((passage.ready_at, passage.done_at))
    return {
        queue: len(spans) / max((max(e for _, e in spans) - min(b for b, _ in spans)).total_seconds(), 1e-3)
        for queue, spans in done.items()
    }


def _passages(moves: Iterable[tuple[str, str, Event]]) -> Iterator[Passage]:
    for item_id, group in groupby(moves, key=lambda move: move[2].item_id):
        rows = list(group)
        root_id, queue, _ = rows[0]
        events = [event for _, _, event in rows]
        spent: dict[str, float] = defaultdict(float)
        for event, following in pairwise(events):
            spent[event.to_state] += (following.at - event.at).total_seconds()
        done = [e.at for e in events if e.to_state == "done"]
        yield Passage(
            item_id,
            root_id,
            queue,
            events[0].at,
            done[-1] if done else None,
            spent["ready"],
            spent["taken"],
            spent["review"],
        )
