"""Files to clauses in the index: lines of .jsonl, and contracts, whose sections are read in a bounded child."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from extractors.precedents import Clause, Precedents
from extractors.precedents.clauses import Prepared, prepare
from tasks.bounded import Bounded, ChildDied, OverMemory, OverTime
from tasks.settings import load

READ = "extractors.precedents.contracts:read_clauses"
BATCH = 4_096
"""Clauses that are saved together."""
SHARE = 32
PARALLEL_MIN = 128
"""Fewer clauses are not worth another process."""
LINE_MAX = 2_000_000
FIELDS = ("id", "text", "heading", "document", "category", "kind", "counterparty", "accepted")


@dataclass(frozen=True)
class Refusal:
    """What could not be indexed, and why."""

    sentence: str


Refuse = Callable[[Refusal], None]


def index_paths(paths: Sequence[str], home: Path, refuse: Refuse) -> int:
    """Indexes files and folders; gives the number of different clauses. What is broken is refused, the rest goes in.

    Raises PrecedentsError.
    """
    precedents = Precedents.open(home)
    seen: set[str] = set()
    clauses = _clauses(paths, refuse)
    while batch := list(islice(clauses, BATCH)):
        unique = list({clause.id: clause for clause in batch}.values())
        precedents.add_prepared(prepared(unique))
        seen.update(clause.id for clause in unique)
    return len(seen)


def prepared(clauses: Sequence[Clause]) -> list[Prepared]:
    """Prepares clauses, many on all cores."""
    workers = min(os.cpu_count() or 1, len(clauses) // SHARE)
    if len(clauses) < PARALLEL_MIN or workers < 2:
        return prepare(clauses)
    shares = [clauses[n : n + SHARE] for n in range(0, len(clauses), SHARE)]
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        return [one for share in pool.map(prepare, shares) for one in share]


def _clauses(paths: Sequence[str], refuse: Refuse) -> Iterator[Clause]:
    files = [file for path in paths for file in _files(path)]
    lines = [file for file in files if file.suffix.lower() == ".jsonl"]
    for file in lines:
        yield from _lines(file, refuse)
    contracts = [file for file in files if file.suffix.lower() != ".jsonl"]
    if contracts:
        yield from _sections(contracts, refuse)


def _files(path: str) -> list[Path]:
    if not Path(path).is_dir():
        return [Path(path)]
    return sorted(file for file in Path(path).rglob("*") if file.is_file())


def _lines(file: Path, refuse: Refuse) -> Iterator[Clause]:
    try:
        with file.open("rb") as opened:
            for number, line in enumerate(iter(lambda: opened.readline(LINE_MAX + 1), b""), start=1):
                if not line.strip():
                    continue
                found = clause_of(line)
                if isinstance(found, Clause):
                    yield found
                else:
                    refuse(Refusal(f"{file}, line {number}: {found}"))
    except OSError as error:
        refuse(Refusal(f"{file}: {error.strerror}."))


def clause_of(line: bytes) -> Clause | str:
    """A line's clause, or a sentence that says what is wrong with it."""
    if len(line) > LINE_MAX:
        return f"the line is longer than {LINE_MAX:,} bytes."
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return "this is no JSON."
    if not isinstance(row, dict):
        return "this is no JSON object."
    known = {name: row[name] for name in FIELDS if row.get(name) is not None}
    if isinstance(known.get("id"), int) and not isinstance(known["id"], bool):
        known["id"] = str(known["id"])
    try:
        clause = Clause.model_validate(known, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}."
    if not clause.id or not clause.text.strip():
        return f"its {'text' if clause.id else 'id'} is empty."
    return clause


def _sections(files: Iterable[Path], refuse: Refuse) -> Iterator[Clause]:
    settings = load().reading
    with Bounded(READ, settings.seconds, settings.memory_mb) as reader:
        for file in files:
            try:
                found = reader.call(str(file.absolute()), file.name, settings)
            except (OverTime, OverMemory, ChildDied):
                found = "Reading was stopped: it took more time or memory than a document may take."
            if isinstance(found, str):
                refuse(Refusal(f"{file}: {found}"))
            else:
                yield from found
