"""The report as one HTML page that needs nothing but itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from bots.drift.judge import NAMES, Drift
from bots.report.figures import DayFigures, reason
from bots.report.section import Cell, Section

TEMPLATES = Path(__file__).parent
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def page(day: date, figures: DayFigures, drift: Drift | None = None, sections: Sequence[Section] = ()) -> str:
    """The report as HTML; everything that came from a document is escaped."""
    from jinja2 import Environment, FileSystemLoader

    template = Environment(autoescape=True, loader=FileSystemLoader(TEMPLATES)).get_template("report.html")
    drift = drift or Drift()
    words = {
        "names": NAMES,
        "share": _share,
        "money": _money,
        "span": _span,
        "reason": reason,
        "cell": _cell,
        "is_day": _is_day,
    }
    return template.render(day=day, f=figures, drift=drift, sections=sections, **words)


def _is_day(value: Cell) -> bool:
    """Days, also those that a desk keeps as words: they are not broken over two lines."""
    return isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value) is not None)


def _cell(value: Cell) -> str:
    return "" if value is None else _money(value) if isinstance(value, Decimal) else str(value)


def _money(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"
