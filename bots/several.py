"""Readings that have several values: a JSON array in the text of one."""

from __future__ import annotations

import json
from typing import Any


def listed(text: str) -> list[Any] | None:
    """The values of a text that is a JSON array; None of any other text. Never raises, however deep it is nested."""
    if not text.lstrip().startswith("["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None
