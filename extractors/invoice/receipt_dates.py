"""Every date on a receipt, with what speaks for and against it being the day of the purchase."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from extractors.invoice.candidates import Context
from extractors.invoice.layout import Cell, Piece, Row
from extractors.values import Day, dates_in

_PATTERNS = {
    "date": re.compile(r"\bda[tf]e|tarikh|\bdt\b"),
    "invoice": re.compile(r"\binv|bill|receipt|\brcpt|\bdoc|slip"),
    "other": re.compile(r"due|exp|valid|since|until|effective|before|print|deliver|\bdo\b|from|best|from|period|reg"),
    "time": re.compile(r"(?<!\d)\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s*(?:am|pm)?|\btime\b"),
    "cashier": re.compile(r"cashier|counter|operator|\bpos\b|staff|server|\btill"),
    "tax": re.compile(r"gst|tax|\bsst\b"),
}
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>[0-3]\d)(?P<m>[01]\d)(?P<y>20[0-3]\d)(?!\d)")
_TORN = re.compile(
    r"(?<![\d.,:])(?P<d>[0-3]\d)(?:[-/.] ?| )(?P<m>[01]\d)(?:[-/.] ?| )(?P<y>20[0-3]\d|[0-3]\d)(?![\d.,:])"
)
"""A date whose dashes or dots were lost in part: looked for where the paper has no other."""
_ZERO_MONTH = re.compile(r"(?<![a-z\d])0(?=ct(?:ober)?\b)", re.IGNORECASE)
_GLUED = re.compile(r"(?P<d>[0-3]\d)(?P<s>[-/.])(?P<m>[01]\d)(?P=s)(?P<y>20[0-3]\d)(?!\d)")
"""One that touches the number before it."""
EARLIEST, LATEST = 1995, 2049


@dataclass(frozen=True)
class DatePlace:
    """One date where it stands."""

    value: date
    page: int
    pieces: tuple[Piece, ...]
    unclear: bool
    signs: Mapping[str, float]


def date_places(context: Context) -> list[DatePlace]:
    """All dates of the first page that may be those of a purchase."""
    rows = [r for r in context.sheet.rows if r.page == context.sheet.first_page]
    found: list[tuple[Cell, Day]] = []
    for row in rows:
        cell = Cell(row.pieces, row.page, row.index)
        found += [(cell, d) for d in _days(context, cell) if EARLIEST <= d.value.year <= LATEST]
    found = found or list(_torn(rows))
    times = Counter(d.value for _, d in found)
    places = []
    for n, (cell, day) in enumerate(found[:60]):
        signs = _signs(context, cell, day)
        signs |= {
            "order": float(n),
            "dates": float(min(10, len(times))),
            "times": float(min(5, times[day.value])),
            "latest": float(day.value == max(times)),
            "earliest": float(day.value == min(times)),
            "from latest": float(min(4000, (max(times) - day.value).days)),
        }
        pieces = tuple(cell.span(day.start, day.end))
        places.append(DatePlace(day.value, cell.page, pieces, day.unclear, signs))
    return places


def _torn(rows: Iterable[Row]) -> Iterator[tuple[Cell, Day]]:
    """Dates that lost a dash (`05 02-18`) or a space (`#19536001/06/2018`), beside a time or word for it."""
    for row in rows:
        cell = Cell(row.pieces, row.page, row.index)
        if not (_PATTERNS["time"].search(cell.folded) or _PATTERNS["date"].search(cell.folded)):
            continue
        for match in chain(_GLUED.finditer(cell.text), _TORN.finditer(cell.text)):
            year = int(match["y"]) % 100 + 2000
            if (value := _date_or_none(year, int(match["m"]), int(match["d"]))) is not None:
                yield cell, Day(value, match.start(), match.end(), "numeric")


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _days(context: Context, cell: Cell) -> Iterator[Day]:
    seen = False
    for day in dates_in(_ZERO_MONTH.sub("O", cell.text), context.order):
        seen = True
        yield day
    if seen:
        return
    for match in _DAY_FIRST.finditer(cell.text):
        if (value := _date_or_none(int(match["y"]), int(match["m"]), int(match["d"]))) is not None:
            yield Day(value, match.start(), match.end(), "day first")


def _signs(context: Context, cell: Cell, day: Day) -> dict[str, float]:
    rows = context.sheet.rows
    above = rows[cell.row - 1].folded if cell.row else ""
    below = rows[cell.row + 1].folded if cell.row + 1 < len(rows) else ""
    left, right = cell.folded[: day.start], cell.folded[day.end :]
    signs: dict[str, float] = {}
    for where, text in (("left", left), ("right", right), ("above", above), ("below", below)):
        signs |= {f"{where} {name}": float(bool(p.search(text))) for name, p in _PATTERNS.items()}
    written = cell.text[day.start : day.end]
    signs |= {
        f"as {name}": float(day.pattern == name)
        for name in ("iso", "dotted", "numeric", "day-month", "month-day", "compact", "day first")
    }
    return signs | {
        "row": cell.row / max(1, len(rows)),
        "from top": float(min(60, cell.row)),
        "from end": float(min(60, len(rows) - cell.row)),
        "starts": float(not left.strip()),
        "ends": float(not right.strip()),
        "left letters": float(min(30, sum(c.isalpha() for c in left))),
        "left digits": float(min(30, sum(c.isdigit() for c in left))),
        "right letters": float(min(30, sum(c.isalpha() for c in right))),
        "right digits": float(min(30, sum(c.isdigit() for c in right))),
        "year": float(day.value.year),
        "long": float(len(written)),
        "spaces": float(written.count(" ")),
        "unclear": float(day.unclear),
        "touches": float(bool(left[-1:].strip(" :")) + bool(right[:1].strip())),
    }
