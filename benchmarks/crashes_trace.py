"""Finds the database and file calls that a thread makes, by watching it: before and after each is a point to die at."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

FILE_CALLS = """
open close read write pwrite fsync fdatasync rename replace link symlink unlink remove mkdir rmdir utime stat lstat
scandir listdir truncate ftruncate chmod sendfile copy_file_range
"""
FILE_METHODS = "read readinto readall write writelines flush truncate close __exit__"
_CALLS, _METHODS = frozenset(FILE_CALLS.split()), frozenset(FILE_METHODS.split())
FILES = ("FileIO", "BufferedWriter", "BufferedReader", "BufferedRandom", "TextIOWrapper")
# Every conversation with a server passes through one of these.
WIRES = {("psycopg/connection.py", "wait"): "postgres", ("psycopg/connection.py", "connect"): "postgres"}
WIRES |= {("workitems/temporal/connection.py", "run"): "temporal"}
WIRE_NAMES = frozenset(name for _, name in WIRES)

Point = Callable[[str], None]


class Tracer:
    """Tells `point` of every call: "before NAME" and, once it has returned or raised, "after NAME"."""

    def __init__(self, point: Point) -> None:
        self._point = point

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        """What sys.setprofile calls."""
        if event in ("c_call", "c_return", "c_exception"):
            name = _c_name(arg)
            if name and not frame.f_code.co_filename.startswith("<frozen importlib"):
                self._point(("before " if event == "c_call" else "after ") + name)
        elif frame.f_code.co_name in WIRE_NAMES:
            name = _wire_name(frame)
            if name:
                self._point(("before " if event == "call" else "after ") + name)


@contextmanager
def watched(point: Point) -> Iterator[None]:
    """Watches the calling thread for as long as the block lasts."""
    sys.setprofile(Tracer(point))
    try:
        yield
    finally:
        sys.setprofile(None)


def _wire_name(frame: FrameType) -> str | None:
    file = "/".join(frame.f_code.co_filename.replace("\\", "/").split("/")[-3:])
    found = (kind for (end, name), kind in WIRES.items() if name == frame.f_code.co_name and file.endswith(end))
    kind = next(found, None)
    return kind and f"{kind} {frame.f_code.co_name}"


def _c_name(function: Any) -> str | None:
    """The name of a database or file call; None for everything else."""
    owner, name = getattr(function, "__self__", None), function.__name__
    if isinstance(owner, (sqlite3.Connection, sqlite3.Cursor)):
        return f"sqlite {name}"
    module = getattr(owner, "__name__", None)
    if module == "_sqlite3" and name == "connect":
        return "sqlite connect"
    if module in ("posix", "nt") and name in _CALLS:
        return f"os.{name}"
    if module == "io" and name == "open":
        return "open"
    kind = type(owner)
    if kind.__module__ == "_io" and kind.__name__ in FILES and name in _METHODS:
        return f"file {name}"
    return None
