"""`run.py schedule`: what the settings' schedules start, and when. Nothing is started here."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any

from tasks.flow import started_by_nobody
from tasks.schedules import ScheduleSettings
from tasks.settings import SettingsError, home, load
from workitems import moments
from workitems.database import StoreError, connect

MOST = 1000


def main(argv: list[str]) -> int:
    args = _arguments(argv)
    try:
        schedules = load().schedules
        rows = listed(schedules) if args.what == "list" else list(islice(coming(schedules, _now()), args.count))
    except (SettingsError, StoreError) as failure:
        print(f"run.py schedule: {failure}", file=sys.stderr)
        return 1
    if args.json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return 0
    if rows:
        show(rows)
    if not schedules:
        print("The settings have no [[schedules]]: collect_mail asks every minute.")
    if args.what == "list" and (idle := started_by_nobody(each.step for each in schedules)):
        print(f"Nobody starts {', '.join(idle)}; docs/settings.example.toml has a schedule for each.")
    return 0


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py schedule", description=__doc__)
    about = "list (default): every schedule with its last and its next moment; next: the next moments of all, in order"
    parser.add_argument("what", nargs="?", choices=("list", "next"), default="list", help=about)
    parser.add_argument("--count", type=int, default=10, metavar="N", help="how many moments `next` shows (10)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    args = parser.parse_args(argv)
    if not 1 <= args.count <= MOST:
        parser.error(f"--count is 1 to {MOST}")
    return args


def listed(schedules: Sequence[ScheduleSettings]) -> list[dict[str, Any]]:
    """Every schedule: when it was last fired (null: never yet) and fires next. Raises StoreError."""
    db = connect(home())
    try:
        last = {each.name: moments.last_fired(db, each.name) for each in schedules}
    finally:
        db.close()
    rows = []
    for each in schedules:
        fired, following = last[each.name], each.next(_now())
        rows.append(
            {
                "name": each.name,
                "step": each.step,
                "cron": each.cron,
                "time_zone": each.time_zone,
                "on_holiday": each.on_holiday,
                "last": None if fired is None else each.local(fired),
                "next": None if following is None else following.isoformat(" ", "minutes"),
            }
        )
    return rows


def coming(schedules: Sequence[ScheduleSettings], after: datetime) -> Iterator[dict[str, Any]]:
    """The moments of all schedules in order."""

    def of(each: ScheduleSettings) -> Iterator[tuple[float, str, dict[str, Any]]]:
        for moment in each.moments(after):
            at = moment.isoformat(" ", "minutes")
            yield moment.timestamp(), each.name, {"at": at, "name": each.name, "step": each.step}

    for _, _, row in merge(*map(of, schedules), key=lambda entry: entry[:2]):
        yield row


def show(rows: Sequence[dict[str, Any]]) -> None:
    """A table for people."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*(name.replace("_", " ") for name in rows[0]))
    for row in rows:
        table.add_row(*(escape("-" if value is None else str(value)) for value in row.values()))
    Console(soft_wrap=True, highlight=False).print(table)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
