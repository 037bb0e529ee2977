"""Writes the day's report into the home: an Excel workbook and an HTML page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bots.report.figures import figures, of_day
from bots.report.page import page
from bots.report.workbook import workbook
from tasks.outcomes import all_outcomes
from workitems.store import Store


def write_report(home: Path) -> tuple[Path, Path]:
    """The report of today in local time; a later one of the same day replaces it. Returns both files."""
    now = datetime.now().astimezone()
    store = Store.open(home)
    try:
        rows = of_day(all_outcomes(store), now.date(), now.tzinfo or UTC)
    finally:
        store.close()
    found = figures(rows)
    folder = home / "reports"
    folder.mkdir(exist_ok=True)
    files = folder / f"{now.date()}.xlsx", folder / f"{now.date()}.html"
    html = page(now.date(), found).encode("utf-8", "replace")
    for file, content in zip(files, (workbook(now.date(), found), html), strict=True):
        new = file.with_suffix(file.suffix + ".new")
        new.write_bytes(content)
        new.replace(file)
    return files
