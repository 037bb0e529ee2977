"""A desk's own part of the day's report: one table, in the page and as a sheet of the workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workitems.items import Noun

Cell = str | int | float | Decimal | date | None


class Section(Noun):
    """A table with a title and a sentence above it; where there are no rows, `note` says so."""

    title: str
    note: str = ""
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
