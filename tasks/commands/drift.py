"""`run.py models drift`: whether papers, confidences or people's corrections are not what they used to be."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bots.drift.judge import NAMES, Drift, Watched
from tasks.drift import drift_of
from tasks.settings import SettingsError, home, load
from workitems.database import StoreError
from workitems.store import Store


def main(argv: list[str]) -> int:
    """0: judged, whether there is an alert or not; 1: it could not be judged; 2: wrong usage."""
    parser = argparse.ArgumentParser(prog="run.py models drift", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line: everything that is watched")
    args = parser.parse_args(argv)
    try:
        found = _drift(home())
    except (SettingsError, StoreError, OSError) as error:
        print(f"models drift: {error}", file=sys.stderr)
        return 1
    if args.json:
        for row in found.rows:
            print(json.dumps(as_json(row), ensure_ascii=False))
    else:
        _show(found)
    return 0


def as_json(row: Watched) -> dict[str, object]:
    """One row of the output."""
    return row.model_dump(mode="json") | {"alert": row.is_alert, "message": row.sentence if row.is_alert else None}


def _drift(folder: Path) -> Drift:
    store = Store.open(folder)
    try:
        return drift_of(store, folder, load().drift)
    finally:
        store.close()


def _show(found: Drift) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    if not found.rows:
        console.print(f"Too few documents to compare yet ({found.documents} read).")
        return
    for row in found.alerts:
        console.print(f"[red]![/] {escape(row.sentence)}", soft_wrap=True)
    if not found.alerts:
        console.print("Nothing has changed.")
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for title in ("watched", "", "before", "now", "documents", "score", "alert above"):
        table.add_column(title, justify="right" if title not in ("watched", "") else "left", header_style="dim")
    for row in found.rows:
        rates = ["" if r is None else f"{r:.1%}" for r in (row.before, row.now)]
        figures = [f"{row.documents} / {row.known}", f"{row.score:.2f}", f"{row.threshold:.2f}"]
        table.add_row(NAMES[row.what], escape(row.name.replace("_", " ")), *rates, *figures)
    console.print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
