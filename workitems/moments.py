"""What is done at its moment, once over all machines: schedules that fire, and rates that are pruned."""

from __future__ import annotations

from collections.abc import Callable

from workitems import runner_sql as sql
from workitems import sql as items
from workitems.database import Database
from workitems.journal import Cause, Move, record, to_json
from workitems.store import new_id

RATES_KEPT_SECONDS = 8 * 86400.0


def fired_at(db: Database, name: str, now: float) -> float:
    """The last moment of a schedule that was fired; for one that nobody has seen yet it begins now."""
    last = last_fired(db, name)
    if last is not None:
        return last
    with db.write():
        db.change(sql.BEGIN_SCHEDULE, {"name": name, "now": now})
    return last_fired(db, name) or now


def last_fired(db: Database, name: str) -> float | None:
    """The last moment that a schedule fired (or when it was first seen); None: nobody has seen it yet."""
    row = db.row(sql.SELECT_FIRED, {"name": name})
    return None if row is None else float(row["fired_at"])


def claim(db: Database, name: str, seen: float, moment: float, act: Callable[[], object]) -> bool:
    """Fires a schedule unless another machine was faster: `act` happens in the transaction of the claim.

    `seen` is what `fired_at` said; `moment` the moment that is fired. What `act` raises undoes the claim.
    """
    with db.write():
        if db.change(sql.CLAIM_MOMENT, {"name": name, "seen": seen, "moment": moment}) != 1:
            return False
        act()
        return True


def trigger_within(db: Database, queue: str, cause: Cause) -> str:
    """Inside a transaction: a trigger waits in a producer's queue, takeable now. Returns its id."""
    db.exclude(f"trigger {queue}")  # of two who look and find none, one puts it
    waiting = db.row(items.SELECT_TRIGGER, {"queue": queue})
    if waiting is not None:
        db.change(items.PULL_FORWARD, {"id": waiting["id"]})
        db.announce(queue)
        return str(waiting["id"])
    item_id = new_id()
    item = {"id": item_id, "queue": queue, "payload": to_json({"trigger": queue}), "priority": 0, "now": cause.now}
    db.change(items.INSERT_ITEM, item | {"not_before": None, "deadline": None})
    record(db, [Move(item_id, queue, None, "ready")], cause)
    return item_id


def prune_rates(db: Database, now: float) -> int:
    """Deletes the counts of minutes that nobody asks for any more. Returns how many rows."""
    with db.write():
        return db.change(sql.PRUNE_RATES, {"minute": int((now - RATES_KEPT_SECONDS) // 60)})
