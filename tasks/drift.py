"""Keeps the daily counts that drift is judged on, in HOME/drift.json: read on from where the last time ended."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bots.drift.counts import Day, Seen, add
from bots.drift.judge import Drift, judge
from bots.drift.policy import DriftPolicy
from extractors.atomic import write_file
from workitems.decided import decided_after, last_decided
from workitems.store import Store

NAME = "drift.json"
QUEUE = "document"
AT_ONCE, MOST = 500, 20_000
"""Decisions read at a time, and in one turn; the next turn goes on from there."""
KEPT_DAYS = 120


class Kept(BaseModel):
    """What the file holds: counts by day, up to and with decision `seq`. Suppliers' names are the only words in it."""

    seq: int = 0
    days: dict[date, Day] = {}


def drift_of(store: Store, home: Path, policy: DriftPolicy | None = None, today: date | None = None) -> Drift:
    """Counts what was decided since the last time, and judges. Raises OSError, StoreError."""
    kept = counted(store, home)
    return judge(kept.days, today or datetime.now(UTC).date(), policy)


def last_drift(home: Path, policy: DriftPolicy | None = None) -> Drift:
    """What was counted the last time, judged as of today: for those who ask often. Never raises."""
    return judge(_read(home).days, datetime.now(UTC).date(), policy)


def counted(store: Store, home: Path) -> Kept:
    """The counts with all that was decided since, written back. Raises OSError, StoreError."""
    kept = _read(home)
    if kept.seq > last_decided(store.database):
        kept = Kept()  # the store began anew
    read = 0
    while read < MOST and (rows := decided_after(store.database, kept.seq, QUEUE, AT_ONCE)):
        seen = [
            Seen(on=r.at.date(), is_first=r.is_first, route=str(r.body.get("route")), payload=r.payload) for r in rows
        ]
        add(kept.days, seen)
        kept.seq, read = rows[-1].seq, read + len(rows)
    oldest = datetime.now(UTC).date() - timedelta(days=KEPT_DAYS)
    kept.days = {day: counts for day, counts in sorted(kept.days.items()) if day >= oldest}
    if read:
        write_file(home / NAME, kept.model_dump_json().encode(), mode=0o600)
    return kept


def _read(home: Path) -> Kept:
    try:
        return Kept.model_validate(json.loads((home / NAME).read_bytes()))
    except (OSError, ValueError, ValidationError):
        return Kept()  # counted anew from what the store still has
