"""The newest changes of the index, one a line, on the disk before anybody is told that they are kept.

A line is its CRC-32 and a JSON object: {"clause", "vector", "said", "shape"} or {"removed": id}. What a killed
writer left half-written is no line: readers skip it, and the next writer ends it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

Record = dict[str, Any]


def append(file: Path, records: Iterable[Record]) -> None:
    """Adds records, durably: all of one call, or (killed half-way) the first of them. Raises OSError."""
    lines = []
    for record in records:
        body = json.dumps(record).encode("ascii")
        lines.append(b"%08x %b\n" % (crc32(body), body))
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        data = memoryview((b"\n" if torn else b"") + b"".join(lines))
        while data:
            data = data[os.write(handle, data) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def read(file: Path, offset: int) -> tuple[list[Record], int]:
    """The records that are whole, from an offset on, and the offset behind them. Raises FileNotFoundError."""
    with file.open("rb") as opened:
        opened.seek(offset)
        data = opened.read()
    end = data.rfind(b"\n") + 1
    return [r for r in map(_record, data[:end].split(b"\n")) if r is not None], offset + end


def _record(line: bytes) -> Record | None:
    try:
        if int(line[:8], 16) != crc32(line[9:]):
            return None
        record: Record = json.loads(line[9:])
    except ValueError:
        return None
    return record


def newest(records: Sequence[Record]) -> tuple[list[Record], list[str]]:
    """Of each clause the last that was said: the records of those that are there, and the ids of those removed."""
    last: dict[str, Record] = {}
    for record in records:
        key = record["removed"] if "removed" in record else record["clause"]["id"]
        last.pop(key, None)
        last[key] = record
    return [r for r in last.values() if "clause" in r], [k for k, r in last.items() if "removed" in r]
