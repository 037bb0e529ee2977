"""The words of made-up papers: JSON files of lists by language; alternatives are separated by semicolons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("words")


def words(name: str) -> dict[str, Any]:
    """The lists of one file."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found
