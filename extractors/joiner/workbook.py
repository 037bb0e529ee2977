"""What a workbook that came as a form must not hold: formulas and macros, whose values nobody typed."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from workitems.items import Doubt

MOST_SHEET = 20_000_000  # bytes of a sheet that are looked through
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_MACROS = ("vbaProject.bin", "macrosheets/", "activeX/", "vbaData.xml")


def workbook_doubts(path: Path | str) -> tuple[Doubt, ...]:
    """Doubts about an Excel form: `form_formulas`, `form_macros`, `form_links`. Opens nothing and runs nothing."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            formulas = any(_FORMULA.search(_start_of(archive, name)) for name in sheets[:20])
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, zlib.error, OSError, EOFError, ValueError):
        return ()  # who reads the workbook says what is wrong with it
    found = []
    if formulas:
        message = "The form holds formulas: what it shows was not typed and may change. Ask for plain values."
        found.append(Doubt(code="form_formulas", message=message))
    if any(part in name for name in names for part in _MACROS):
        found.append(
            Doubt(code="form_macros", message="The form holds macros. They were not run; ask for one without.")
        )
    if any("externalLinks/" in name for name in names):
        found.append(Doubt(code="form_links", message="The form takes values from other files. Ask for plain values."))
    return tuple(found)


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(MOST_SHEET)
