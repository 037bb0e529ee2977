"""The concepts that a query and a clause may have in common: concepts.toml, compiled."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_ROWS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("concepts.toml").read_text(encoding="utf-8"))

NAMES: tuple[str, ...] = tuple(_ROWS)
NUMBER: dict[str, int] = {name: place for place, name in enumerate(NAMES)}
_ASKS = tuple(re.compile(row["asks"]) for row in _ROWS.values())
READS = tuple(re.compile(row["reads"]) for row in _ROWS.values())
"""How clauses say it, in the order of NAMES, for lower-case text."""


def asked(text: str) -> tuple[int, ...]:
    """The concepts that a query (lower-case) asks for, as numbers of NAMES."""
    return tuple(number for number, pattern in enumerate(_ASKS) if pattern.search(text))
