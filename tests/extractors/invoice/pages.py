"""Pages of words from plain text: a golden case is typed as it looks, columns and all."""

from __future__ import annotations

import re
from pathlib import Path

from workitems.items import Page, Source, Word

COLUMN, ROW = 5.0, 12.0


def typed_pages(text: str, source: Source = "text") -> list[Page]:
    """One page per form feed; every character is 5 points wide and 10 of a row's 12 points high."""
    pages = []
    for number, sheet in enumerate(text.split("\f"), 1):
        rows = sheet.splitlines()
        width = max([120, *(len(r) + 4 for r in rows)]) * COLUMN
        height = max(70, len(rows) + 2) * ROW
        words = tuple(
            Word(
                text=found[0],
                box=(
                    found.start() * COLUMN / width,
                    n * ROW / height,
                    (found.end() - 0.3) * COLUMN / width,
                    (n * ROW + 10) / height,
                ),
            )
            for n, row in enumerate(rows)
            for found in re.finditer(r"\S+", row)
        )
        pages.append(Page(number=number, width=width, height=height, words=words, source=source))
    return pages


def golden_pages(case: Path) -> list[Page]:
    """The pages of a golden case."""
    return typed_pages((case / "page.txt").read_text(encoding="utf-8"))
