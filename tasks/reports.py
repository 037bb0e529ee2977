"""Writes the day's report into the home: an Excel workbook and an HTML page."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

from bots.drift.judge import Drift
from bots.report.figures import figures, of_day
from bots.report.page import page
from bots.report.workbook import workbook
from tasks.desks import desks
from tasks.drift import drift_of
from tasks.outcomes import all_outcomes
from tasks.settings import Settings
from workitems.store import Store

log = logging.getLogger(__name__)


def write_report(home: Path, settings: Settings) -> tuple[Path, Path]:
    """The report of today in local time; a later one of the same day replaces it. Returns both files."""
    now = datetime.now().astimezone()
    store = Store.open(home)
    try:
        rows = of_day(all_outcomes(store), now.date(), now.tzinfo or UTC)
        drift = drift_of(store, home, settings.drift)
        sections = [section for desk in desks() for section in desk.report(store, settings)]
    finally:
        store.close()
    found = figures(rows)
    folder = home / "reports"
    folder.mkdir(exist_ok=True)
    files = folder / f"{now.date()}.xlsx", folder / f"{now.date()}.html"
    _say(drift)
    html = page(now.date(), found, drift, sections).encode("utf-8", "replace")
    for file, content in zip(files, (workbook(now.date(), found, drift, sections), html), strict=True):
        new = file.with_suffix(file.suffix + ".new")
        new.write_bytes(content)
        new.replace(file)
    return files


def _say(drift: Drift) -> None:
    """An alert line in the log for each; a supplier is named in the report alone."""
    for row in drift.alerts:
        log.warning("drift: %s", "a supplier is corrected more often" if row.what == "supplier" else row.sentence)
