"""The demo's result for a person at a terminal."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.desks import desks

if TYPE_CHECKING:
    from rich.console import Console

MOST_SENTENCES = 3
WIDTH = 120  # where no terminal says how wide it is
STAGES = {
    "start": "starting up",
    "collect_mail_work": "collecting",
    "document_work": "reading and checking",
    "invoice_work": "posting",
    "report_day_work": "the report",
    "total": "this run, all in all",
}


def show(outcome: dict[str, Any], home: Path) -> None:
    """Prints what was posted where, what waits and why, how long it took, and where to look next."""
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    _posted(console, outcome["posted"])
    for desk in desks():
        desk.show(console, outcome)
    _held(console, "Waits for a person", outcome["review"])
    _held(console, "Rejected", outcome["rejected"])
    counts = {name: len(outcome[name]) for name in ("posted", "review", "rejected")}
    console.print(f"{counts['posted']} posted, {counts['review']} wait for a person, {counts['rejected']} rejected.")
    times = [f"{STAGES.get(name, name)} {seconds:g} s" for name, seconds in outcome["seconds"].items()]
    console.print(f"Time: {', '.join(times)}.")
    _next(console, outcome["erp"], home)


def _posted(console: Console, rows: list[dict[str, Any]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Posted in the ERP", title_justify="left", box=SIMPLE_HEAD)
    for column in ("document", "supplier", "number", "total", "", "in the ERP"):
        whole = column in ("total", "", "in the ERP")
        table.add_column(column, justify="right" if column == "total" else "left", overflow="fold", no_wrap=whole)
    for row in rows:
        total = "" if row["total"] is None else f"{Decimal(row['total']):,.2f}"
        cells = (row["document"], row["supplier"], row["number"], total, row["currency"], row["reference"])
        table.add_row(*(Text(printable(cell or "")) for cell in cells))
    console.print(table)


def _held(console: Console, title: str, rows: list[dict[str, Any]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for column in ("document", "kind", "why"):
        table.add_column(column, overflow="fold", no_wrap=column == "kind")
    for row in rows:
        blocking = [d for d in row["doubts"] if d["severity"] == "block"] or row["doubts"]
        why = "\n".join(d["message"] for d in blocking[:MOST_SENTENCES])
        kind = row["kind"].replace("_", " ")
        table.add_row(*(Text(printable(cell)) for cell in (row["document"], kind, why)))
    console.print(table)


def printable(text: str) -> str:
    """Text of a sender without what would steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def _next(console: Console, erp: dict[str, str], home: Path) -> None:
    login = f"database {erp['database']}, login {erp['login']}, password {erp['password']}"
    places = (
        ("python3 run.py review", "the review desk, for what waits"),
        (f"{erp['url']}", f"the ERP ({login})"),
        (f"{home / 'reports'}", "the day's report (Excel and HTML)"),
        ("python3 run.py queue items", "all items; `queue show ID`: one with its history"),
        ("python3 run.py demo --stop", "ends the ERP"),
    )
    console.print("\nWhere to look next:")
    for place, what in places:
        console.print(f"  {place:<30} {what}", markup=False, soft_wrap=True)
