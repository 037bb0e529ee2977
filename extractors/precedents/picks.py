"""What people picked teaches what the signs are worth: it is kept with the signs of that moment.

HOME/precedents-picks.jsonl has a line for each pick: the query, the signs of the clause that was chosen and of those
that stood above it (and of one below). No clause's text is in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FILE = "precedents-picks.jsonl"


def keep(home: Path, query: str, chosen: Floats, others: Sequence[Floats]) -> None:
    """Adds a pick. Raises OSError."""
    row = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "query": query,
        "chosen": _numbers(chosen),
        "others": [_numbers(other) for other in others],
    }
    handle = os.open(home / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, b"\n" + json.dumps(row).encode("ascii") + b"\n")  # a half line before it spoils nothing
        os.fsync(handle)
    finally:
        os.close(handle)


def kept(home: Path) -> list[dict[str, Any]]:
    """All picks, oldest first; half-written lines are left out."""
    try:
        lines = (home / FILE).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and {"query", "chosen", "others"} <= row.keys():
            found.append(row)
    return found


def _numbers(signs: Floats) -> list[float]:
    return [round(float(value), 5) for value in signs]
