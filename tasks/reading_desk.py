"""Files to lines of `read`: containers taken apart, documents read in bounded children, two at a time, order kept."""

from __future__ import annotations

import json
import os
import queue
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

from connectors import Part
from extractors import media
from extractors.refusal import Refused, refusal
from extractors.settings import ReadingSettings
from tasks.bounded import Bounded, ChildDied, OverMemory, OverTime
from workitems.items import Box, Doubt, Paper, Reading, Route, Why
from workitems.scratch import private_file

READ = "extractors.cascade:read_document"
UNPACK = "connectors.mail.mime:unpack_file"
CONTAINERS = (media.ZIP, media.MAIL)
LIST_FIELDS = ("parties",)  # their value is a JSON array
Judge = Callable[[Paper], tuple[Route, tuple[Doubt, ...]]]
"""The route of a document as far as it alone can say, and all doubts."""
AHEAD = 8  # files that may be under way or finished before the one whose turn it is


@dataclass(frozen=True)
class Request:
    """A file to read: as it was given, and where it lies."""

    shown: str
    path: str


@dataclass(frozen=True)
class Line:
    """One document and what becomes of it."""

    file: str
    part: str | None
    paper: Paper
    route: Route
    doubts: tuple[Doubt, ...]
    seconds: float

    def as_json(self, why: bool = False) -> dict[str, Any]:
        """What docs/interface promises for `read --json`; `why` adds to each field where it came from."""
        paper = self.paper
        line = self._plain()
        for name, reading in paper.fields.items() if why else ():
            line["fields"][name]["why"] = why_json(reading, paper)
        return line

    def _plain(self) -> dict[str, Any]:
        paper = self.paper
        return {
            "file": self.file,
            "part": self.part,
            "kind": paper.kind,
            "kind_confidence": paper.kind_confidence,
            "source": paper.source,
            "pages": paper.pages,
            "fields": {name: _field(name, r.model_dump(exclude={"why"})) for name, r in paper.fields.items()},
            "lines": [
                {
                    "description": row.description,
                    "quantity": plain_number(row.quantity),
                    "unit": row.unit,
                    "unit_price": plain_number(row.unit_price),
                    "tax_rate": plain_number(row.tax_rate),
                    "amount": plain_number(row.amount),
                    "order_line": row.order_line,
                    "confidence": row.confidence,
                    "cells": row.cells,
                }
                for row in paper.lines
            ],
            "clauses": [clause.model_dump() for clause in paper.clauses],
            "doubts": [doubt.model_dump(include={"code", "field", "message", "severity"}) for doubt in self.doubts],
            "route": self.route,
            "seconds": round(self.seconds, 3),
        }


def _field(name: str, reading: dict[str, Any]) -> dict[str, Any]:
    if name in LIST_FIELDS:
        reading["value"] = json.loads(reading["value"])
    reading["box"] = _rounded(reading["box"])
    return reading


def why_json(reading: Reading, paper: Paper) -> dict[str, Any]:
    """What a reading rests on. Electronic invoices say what each value is: there is nothing to weigh."""
    why = reading.why or Why(engine="the XML inside" if paper.source == "xml" else None)
    return {
        "page": reading.page,
        "box": _rounded(reading.box),
        "engine": why.engine,
        "reader": reading.reader,
        "models": paper.models,
        "signs": [{"sign": sign, "weight": weight} for sign, weight in why.signs],
        "alternatives": [a.model_dump(exclude={"box"}) | {"box": _rounded(a.box)} for a in why.alternatives],
    }


def _rounded(box: Box | None) -> list[float] | None:
    return [round(side, 4) for side in box] if box else None


def plain_number(number: Decimal | None) -> str | None:
    """A plain decimal without exponent."""
    return None if number is None else format(number, "f")


class ReadingDesk:
    """Bounded readers for many files. Use it as a context manager."""

    def __init__(self, settings: ReadingSettings, files: int) -> None:
        """`files`: how many there are about to be; for one file one reader is enough."""
        self._settings = settings
        count = max(1, min(2, os.cpu_count() or 1, files))
        self._readers: queue.SimpleQueue[Bounded] = queue.SimpleQueue()
        self._all = [Bounded(READ, settings.seconds, settings.memory_mb) for _ in range(count)]
        for reader in self._all:
            reader.warm()
            self._readers.put(reader)
        self._unpacker = Bounded(UNPACK, settings.seconds, settings.memory_mb)
        self._threads = ThreadPoolExecutor(count, "reading")

    def __enter__(self) -> ReadingDesk:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown(wait=error is None, cancel_futures=True)
        for child in (*self._all, self._unpacker):
            child.close()

    def read_all(self, requests: Sequence[Request], judge: Judge) -> Iterator[list[Line]]:
        """The lines of each file, in the order of the files; a few files are read ahead."""
        waiting: deque[Future[list[Line]]] = deque()
        for request in requests:
            waiting.append(self._threads.submit(self._lines, request, judge))
            if len(waiting) >= AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _lines(self, request: Request, judge: Judge) -> list[Line]:
        started = time.monotonic()
        name = Path(request.path).name
        try:
            kind = media.media_type_of(_ordinary(request.path), name)
        except OSError:
            return [_judged(request, None, _refused("unreadable", "The file cannot be opened."), judge, started)]
        except Refused as refused:
            return [_judged(request, None, _paper(refused.doubt), judge, started)]
        if kind in CONTAINERS or name.lower().endswith(".eml"):
            return self._parts(request, judge, started)
        return _each(request, None, self._read(request.path, name), judge, started)

    def _parts(self, request: Request, judge: Judge, started: float) -> list[Line]:
        try:
            parts = self._unpacker.call(request.path)
        except (OverTime, OverMemory, ChildDied) as stopped:
            return [_judged(request, None, _paper(_doubt_of(stopped)), judge, started)]
        lines: list[Line] = []
        for part in parts:
            lines += _each(request, part.path, self._read_part(part), judge, started)
            started = time.monotonic()
        return lines or [_judged(request, None, _refused("blank", "There is nothing in the file."), judge, started)]

    def _read_part(self, part: Part) -> Paper:
        if any(doubt.severity == "block" for doubt in part.doubts):  # a container that stayed closed
            return Paper(kind="other", kind_confidence=0.0, doubts=part.doubts)
        with private_file(part.data) as file:
            paper = self._read(str(file), part.name)
        return paper.model_copy(update={"doubts": (*part.doubts, *paper.doubts)})

    def _read(self, path: str, name: str) -> Paper:
        reader = self._readers.get()
        try:
            paper = reader.call(path, name, None, self._settings)
            return paper if isinstance(paper, Paper) else _refused("unreadable")
        except (OverTime, OverMemory, ChildDied) as stopped:
            return _paper(_doubt_of(stopped))
        finally:
            self._readers.put(reader)


def _ordinary(path: str) -> str:
    """Pipes and devices have no end; they are not read. Nor is a file without size: the system's own may wait."""
    if not Path(path).is_file():
        raise Refused("unsupported_type", "This is no ordinary file.")
    if not Path(path).stat().st_size:
        raise Refused("empty_file")
    return path


def _doubt_of(stopped: OverTime | OverMemory | ChildDied) -> Doubt:
    if isinstance(stopped, OverTime):
        return refusal("timeout")
    if isinstance(stopped, OverMemory):
        return refusal("memory")
    return refusal("unreadable", f"The file broke the program that reads it ({stopped.detail}).")


def _paper(doubt: Doubt) -> Paper:
    return Paper(kind="other", kind_confidence=0.0, doubts=(doubt,))


def _refused(code: Any, detail: str = "") -> Paper:
    return _paper(refusal(code, detail))


def _each(request: Request, part: str | None, paper: Paper, judge: Judge, started: float) -> list[Line]:
    """The document, or each of several surely in one file, by its pages below the part that the file is."""
    sure = [(pages, pages.paper) for pages in paper.parts if pages.paper is not None]
    if not sure:
        return [_judged(request, part, paper, judge, started)]
    lines = []
    for pages, own in sure:
        name = f"{part}/{pages.name}" if part else pages.name
        spent = paper.seconds * (pages.last - pages.first + 1) / max(paper.pages, 1)
        timed = own.model_copy(update={"seconds": round(spent, 3)})
        lines.append(_judged(request, name, timed, judge, started))
    return lines


def _judged(request: Request, part: str | None, paper: Paper, judge: Judge, started: float) -> Line:
    route, doubts = judge(paper)
    return Line(request.shown, part, paper, route, doubts, paper.seconds or time.monotonic() - started)
