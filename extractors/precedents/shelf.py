"""Where an index lies: HOME/precedents with its segments, its journal and the file that says which of them count.

    current           {"features", "segments": [names, oldest first], "journal": name}, replaced in one go
    segments/NAME/    a part that never changes
    journal-N.jsonl   what was saved since the last segment was made
    lock              held by who writes; who searches needs no lock

Whatever ends a writer at any moment, `current` names a whole index; what it does not name is waste of a writer that was
killed, and the next one clears it away.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from extractors.atomic import write_file
from extractors.precedents.clause_view import FEATURES
from extractors.precedents.segments import Columns, save
from workitems.items import Noun

log = logging.getLogger(__name__)


class PrecedentsError(Exception):
    """The index cannot be used. The message is one sentence for the person who asked."""


class Current(Noun):
    """Which files are the index."""

    features: str = FEATURES
    segments: tuple[str, ...] = ()
    journal: str = "journal-0.jsonl"


class Shelf:
    """The files of one index."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "precedents"
        self.file = self.folder / "current"

    def stamp(self) -> tuple[int, ...]:
        """Changes whenever `current` is replaced; empty where there is no index yet."""
        try:
            seen = os.stat(self.file)
        except OSError:
            return ()
        return (seen.st_mtime_ns, seen.st_ino, seen.st_size)

    def current(self) -> Current:
        """What counts now. Raises PrecedentsError."""
        try:
            found = Current.model_validate(json.loads(self.file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Current()
        except (OSError, ValueError, ValidationError):
            raise PrecedentsError(
                f"{self.file} is not what an index of clauses writes; index the clauses anew."
            ) from None
        if found.features != FEATURES:
            raise PrecedentsError(
                f"The index of clauses in {self.folder} was made by another version of Deskhand: remove that folder and"
                " index the clauses anew."
            )
        return found

    def segment(self, name: str) -> Path:
        """The folder of a segment."""
        return self.folder / "segments" / name

    def journal(self, current: Current) -> Path:
        """The file of what is newest."""
        return self.folder / current.journal

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Waits until nobody else writes. Raises PrecedentsError where the folder cannot be written."""
        try:
            (self.folder / "segments").mkdir(parents=True, exist_ok=True, mode=0o700)
            file = (self.folder / "lock").open("a+b")
        except OSError as error:
            raise PrecedentsError(f"The index of clauses cannot be kept in {self.folder}: {error.strerror}.") from None
        with file:
            _lock(file.fileno())
            try:
                yield
            finally:
                _unlock(file.fileno())

    def put(self, columns: Columns) -> str:
        """Writes a segment; it counts once `replace` names it. Call while `writing`."""
        name = uuid.uuid4().hex
        save(columns, self.segment(name))
        return name

    def replace(self, new: Current) -> None:
        """Makes other files the index, then clears away what it is no longer. Call while `writing`."""
        write_file(self.file, (new.model_dump_json() + "\n").encode(), 0o600)
        for old in (self.folder / "segments").iterdir():
            if old.name not in new.segments:
                shutil.rmtree(old, ignore_errors=True)
        for journal in self.folder.glob("journal-*.jsonl"):
            if journal.name != new.journal:
                journal.unlink(missing_ok=True)


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        while True:
            with contextlib.suppress(OSError):
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
                return
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX)


def _unlock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
        return
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_UN)
