"""Fires the schedules: at each moment a producer's queue gets a trigger, once over all machines."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tasks.flow import STEPS
from tasks.schedules import ScheduleSettings
from workitems import moments
from workitems.journal import Cause
from workitems.store import Store

MISSED_AFTER_SECONDS = 60.0
"""A moment that is found later than this was missed: nothing ran."""


def fire(
    store: Store, schedules: Sequence[ScheduleSettings], now: float, tell: Callable[[str], None] = lambda _: None
) -> list[str]:
    """Fires what is due and that no other machine has fired. Returns the names. Raises StoreError.

    A schedule that nobody has seen before begins now. Of several missed moments one is fired, or with
    `catch_up = "none"` none.
    """
    fired = []
    for each in schedules:
        seen = moments.fired_at(store.database, each.name, now)
        due = each.last(datetime.fromtimestamp(seen, UTC), datetime.fromtimestamp(now, UTC))
        if due is None:
            continue
        missed = now - due.timestamp() > MISSED_AFTER_SECONDS
        wanted = each.catch_up == "one" or not missed
        if _claim(store, each, (seen, due.timestamp(), now), wanted) and wanted:
            tell(f"The schedule {each.name!r} starts {each.step}{', which was missed' if missed else ''}.")
            fired.append(each.name)
    return fired


def _claim(store: Store, schedule: ScheduleSettings, times: tuple[float, float, float], wanted: bool) -> bool:
    """Claims the moment and puts the trigger, in one transaction where the store keeps the items itself."""
    seen, moment, now = times
    queue, who = STEPS[schedule.step].takes, f"schedule {schedule.name}"
    if not wanted:
        return moments.claim(store.database, schedule.name, seen, moment, _nothing)
    if os.environ.get("DESKHAND_ENGINE") == "temporal":  # the trigger lives elsewhere: it cannot share a transaction
        claimed = moments.claim(store.database, schedule.name, seen, moment, _nothing)
        if claimed:
            store.trigger(queue, who=who)
        return claimed

    def put() -> None:
        moments.trigger_within(store.database, queue, Cause(now, who, f"due at {schedule.local(moment)}"))

    return moments.claim(store.database, schedule.name, seen, moment, put)


def _nothing() -> None:
    """The moment passes."""
