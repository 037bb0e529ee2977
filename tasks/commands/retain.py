"""`run.py retain`: deletes what has ended for longer than [retention] says: items with their files, evidence, reports.

Identity papers, joiners and contracts go by the figures of [joiners] and [contracts].
What must never be done twice (postings, mails that were taken, documents that were seen) stays by its key alone.
Without --apply it only says what it would delete.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tasks.settings import Settings, SettingsError, home, load
from tasks.training_rows import forget_deleted
from workitems.retention import delete_ended
from workitems.states import State
from workitems.store import Store, StoreError

DAY = 86400.0


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py retain", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--apply", action="store_true", help="delete it; without this nothing is changed")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    args = parser.parse_args(argv)
    try:
        result = retain(home(), load(), args.apply)
    except (SettingsError, StoreError) as failure:
        print(f"run.py retain: {failure}", file=sys.stderr)
        return 1
    print(json.dumps(result) if args.json else _sentence(result))
    return 0


def retain(folder: Path, settings: Settings, apply: bool) -> dict[str, int | bool]:
    """Deletes (or, without `apply`, counts) what the rules say. Raises StoreError."""
    now, rules = time.time(), settings.retention
    ends: dict[State, float | None] = {
        "done": rules.done_days,
        "cancelled": rules.cancelled_days,
        "dead": rules.dead_days,
    }
    limits = {state: now - days * DAY for state, days in ends.items() if days is not None}
    store = Store.open(folder)
    try:
        desks = _desks(store, settings, datetime.fromtimestamp(now, UTC), apply)
        deleted = delete_ended(store.database, limits, now, apply)
        if apply:
            store.sweep_blobs(most_seconds=None)
            forget_deleted(store)
    finally:
        store.close()
    folders = {"evidence": rules.evidence_days, "reports": rules.reports_days, "logs": rules.logs_days}
    others = [
        path for name, days in folders.items() if days is not None for path in _older(folder / name, now - days * DAY)
    ]
    if apply:
        for path in others:
            path.unlink(missing_ok=True)
    return {"applied": apply, **asdict(deleted), **desks, "others": len(others)}


def _desks(store: Store, settings: Settings, now: datetime, apply: bool) -> dict[str, int]:
    """What the desks keep besides, by their own rules."""
    from tasks.contract_keeping import keep_contracts
    from tasks.joiner_keeping import keep_joiners

    joiners = keep_joiners(store, settings.joiners, now, apply)
    return joiners | keep_contracts(store, settings.contracts, now, apply)


def _older(folder: Path, limit: float) -> Iterator[Path]:
    """The files below a folder that were last written before `limit`."""
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if not path.is_symlink() and path.is_file() and path.stat().st_mtime < limit:
                yield path


def _sentence(result: dict[str, int | bool]) -> str:
    what = (
        "{lineages} documents with {items} items and {files} files, {identity_papers} files of identity papers, "
        "{joiners} joiners, {contracts} contracts, {others} of evidence, reports and logs"
    ).format(**result)
    return f"Deleted: {what}." if result["applied"] else f"Would be deleted (with --apply): {what}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
