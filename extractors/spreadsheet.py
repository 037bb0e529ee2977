"""Excel workbooks that suppliers send, as pages of words: one page a sheet, a cell where it stands in the grid.

Read by rpaframework's Excel library, values only: a formula counts as what it showed when the file was saved, and no
macro is ever run.
"""

from __future__ import annotations

import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.refusal import Refused
from workitems.items import Doubt, Page, Word
from workitems.scratch import private_folder

if TYPE_CHECKING:
    from RPA.Excel.Files import Files

SUFFIXES = (".xlsx", ".xlsm", ".xls")
MAX_SHEETS = 20
MAX_ROWS, MAX_COLUMNS = 2_000, 60
PAGE_ROWS, PAGE_COLUMNS = 50, 6  # a small table does not fill the page: the finders know sheets of paper
MAX_UNPACKED = 200_000_000  # bytes
ROW_HEIGHT, COLUMN_WIDTH = 14.0, 90.0  # of the page that is made of a sheet
CELL_CHARS = 28  # as many characters fill a cell's width
# What openpyxl and xlrd raise on damaged workbooks:
BROKEN = (
    OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError, SyntaxError,
    AssertionError, zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError,
)  # fmt: skip


def read_spreadsheet(path: Path | str) -> tuple[list[Page], list[Doubt]]:
    """The sheets that hold anything, and a doubt about each that goes on where reading ends.

    Raises Refused (unreadable, too_large, blank).
    """
    _check(path)
    from RPA.Excel.Files import Files

    library = Files()
    try:
        with _named(Path(path)) as named:
            library.open_workbook(str(named), data_only=True)
        names = library.list_worksheets()
        sheets = [_rows(library, name) for name in names[:MAX_SHEETS]]
        doubts = [doubt for name in names[:MAX_SHEETS] if (doubt := _cut(library, name)) is not None]
    except BROKEN as error:
        raise Refused("unreadable", "The Excel file is damaged.") from error
    finally:
        library.close_workbook()
    pages = [page for rows in sheets if (page := _page(rows)) is not None]
    if not pages:
        raise Refused("blank", "The Excel file is empty.")
    if len(names) > MAX_SHEETS:
        doubts.append(_not_read(f"Only the first {MAX_SHEETS} of {len(names)} sheets were read."))
    return [page.model_copy(update={"number": number}) for number, page in enumerate(pages, 1)], doubts


def _rows(library: Files, name: str) -> list[Sequence[Any]]:
    """The corner of a sheet that is read. The library itself would fill the grid up to a stray cell in its last row."""
    book = library.workbook
    if book is None or book.extension == ".xls":  # at most 65,536 rows of 256 cells
        return [list(row.values()) for row in library.read_worksheet(name)]
    sheet = book.book[name]
    wide, high = min(sheet.max_column, MAX_COLUMNS), min(sheet.max_row, MAX_ROWS)
    return list(sheet.iter_rows(max_row=high, max_col=wide, values_only=True))


def _cut(library: Files, name: str) -> Doubt | None:
    """A doubt where a sheet has more rows or columns than are read, if only one cell of them was ever touched."""
    book = library.workbook
    if book is None or book.extension == ".xls":
        return None
    sheet = book.book[name]
    for count, most, what in ((sheet.max_row, MAX_ROWS, "rows"), (sheet.max_column, MAX_COLUMNS, "columns")):
        if count > most:
            return _not_read(f"Only the first {most:,} {what} of the sheet “{name}” were read; it goes on behind them.")
    return None


def _not_read(message: str) -> Doubt:
    return Doubt(code="pages_skipped", message=message, severity="warn")


@contextmanager
def _named(path: Path) -> Iterator[Path]:
    """The file under a name that the library takes for a workbook; parts of mails have names of their own."""
    if path.suffix.lower() in SUFFIXES:
        yield path
        return
    with private_folder() as folder:
        named = folder / ("book.xlsx" if zipfile.is_zipfile(path) else "book.xls")
        shutil.copyfile(path, named)
        yield named


def _check(path: Path | str) -> None:
    """A workbook is a zip: what it unpacks to is known before it is opened."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise Refused("unreadable", "The Excel file is damaged.") from error
    if size > MAX_UNPACKED:
        raise Refused("too_large", "The Excel file unpacks to more than is read.")


def _page(rows: Sequence[Sequence[Any]]) -> Page | None:
    """A sheet as a page; None for an empty one. Long cells run over to the right, up to the next that holds text."""
    lines = [[_text(value) for value in row[:MAX_COLUMNS]] for row in rows[:MAX_ROWS]]
    while lines and not any(lines[-1]):
        lines.pop()
    if not lines:
        return None
    columns, rows_high = max(PAGE_COLUMNS, *map(len, lines)), max(PAGE_ROWS, len(lines))
    cells = ((text, x, y, _room(line, x, columns)) for y, line in enumerate(lines) for x, text in enumerate(line))
    words = tuple(
        word
        for text, x, y, room in cells
        for word in _words(text, x / columns, y / rows_high, (columns, rows_high), room)
    )
    return Page(number=1, width=columns * COLUMN_WIDTH, height=rows_high * ROW_HEIGHT, words=words)


APART = 3  # characters of room that stay between a long cell and the next one


def _room(line: list[str], x: int, columns: int) -> int:
    """How many columns a cell may run over: its own, and the empty ones that follow."""
    return next((n for n in range(x + 1, len(line)) if line[n]), columns) - x


def _words(text: str, x: float, y: float, grid: tuple[int, int], room: int) -> Iterable[Word]:
    columns, rows = grid
    step = 1 / (columns * max(CELL_CHARS, (len(text) + APART) / room))
    for match in re.finditer(r"\S+", text):
        left = min(x + match.start() * step, 1 - step)
        box = (left, y, min(left + len(match.group()) * step, 1.0), y + 0.8 / rows)
        yield Word(text=match.group(), box=box)


def _text(value: object) -> str:
    """A cell as people see it: dates as dates, numbers without a float's tail."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return (
            f"{value:.2f}" if abs(value) < 1e12 and round(value, 2) == round(value, 6) and value % 1 else f"{value:g}"
        )
    return str(value)
