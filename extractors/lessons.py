"""The lessons of supplier memory as files: HOME/memory/lessons, found by HOME/memory/signs.

A lesson is one signed file, named by its item; below `signs` an empty file of the same name stands for each of its
supplier's signs, under the sign's hash. Nothing needs a lock: each file is whole or not there, and a mark whose
lesson is gone says nothing. A lesson that was changed, or signed elsewhere, is left out, and the log says so.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from extractors import model_keys
from extractors.atomic import write_file
from extractors.invoice.memory import Lesson
from extractors.invoice.signs import strength
from workitems.database import home_folder

log = logging.getLogger(__name__)

MOST = 40
"""Lessons that share a sign and are looked at: those of the newest items."""


class LessonFiles:
    """The lessons of one home. Several processes may read and write side by side."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = home or home_folder()
        self._folder = self._home / "memory"

    def lessons(self, signs: Sequence[str]) -> list[Lesson]:
        """The lessons that share signs enough to be about the same supplier."""
        shared: dict[str, list[str]] = defaultdict(list)
        for sign in signs:
            with suppress(OSError):
                for mark in sorted((self._folder / "signs" / _name(sign)).iterdir())[-MOST:]:
                    shared[mark.name].append(sign)
        near = [name for name, by in shared.items() if strength(by) >= 1.0]
        return [lesson for name in near if (lesson := self._read(name)) is not None]

    def keep(self, lesson: Lesson) -> None:
        """Writes a lesson; an earlier one of the same item is replaced. Raises OSError."""
        name = _name(lesson.item)
        text = lesson.model_dump_json(exclude_defaults=True)
        signed = {"lesson": text, "signature": model_keys.signature(self._key(sign=True), {"lesson": text})}
        (self._folder / "lessons").mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(self._folder / "lessons" / name, json.dumps(signed).encode(), mode=0o600)
        for sign in lesson.signs:
            marks = self._folder / "signs" / _name(sign)
            marks.mkdir(parents=True, exist_ok=True, mode=0o700)
            (marks / name).touch(mode=0o600)

    def forget(self, item: str) -> None:
        """Deletes what an item taught."""
        lesson = self._read(_name(item))
        (self._folder / "lessons" / _name(item)).unlink(missing_ok=True)
        for sign in lesson.signs if lesson else ():
            marks = self._folder / "signs" / _name(sign)
            (marks / _name(item)).unlink(missing_ok=True)
            with suppress(OSError):  # others stand there
                marks.rmdir()

    def all(self) -> Iterator[Lesson]:
        """Every lesson that can be read."""
        with suppress(OSError):
            for file in sorted((self._folder / "lessons").iterdir()):
                if not file.name.startswith(".") and (lesson := self._read(file.name)) is not None:
                    yield lesson

    def _key(self, *, sign: bool = False) -> bytes:
        found = model_keys.key_for_signing(self._home) if sign else model_keys.known_key(self._home)
        return found or b""

    def _read(self, name: str) -> Lesson | None:
        file = self._folder / "lessons" / name
        try:
            seen = file.stat()
        except OSError:
            return None
        return _parsed(file, seen.st_mtime_ns, self._key())


@lru_cache(maxsize=512)
def _parsed(file: Path, changed: int, key: bytes) -> Lesson | None:
    try:
        signed = json.loads(file.read_bytes())
        text = str(signed["lesson"])
        if key and hmac.compare_digest(str(signed["signature"]), model_keys.signature(key, {"lesson": text})):
            return Lesson.model_validate_json(text)
        log.warning("The lesson %s is left out: it was not signed with this machine's key.", file.name)
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        log.warning("The lesson %s is left out: it cannot be read.", file.name)
    return None


def suppliers(lessons: Iterator[Lesson]) -> list[tuple[str, int, Counter[str]]]:
    """For people: a supplier's plainest sign, how many lessons it has, and how often each field was corrected."""
    found: dict[str, tuple[int, Counter[str]]] = {}
    for lesson in lessons:
        sign = min(lesson.signs, key=_plainness)
        count, fields = found.get(sign, (0, Counter()))
        found[sign] = (count + 1, fields + Counter(lesson.corrected))
    return [(sign, count, fields) for sign, (count, fields) in sorted(found.items())]


def _plainness(sign: str) -> int:
    kinds = ("name", "short", "vat", "iban", "head")
    kind = sign.partition(":")[0]
    return kinds.index(kind) if kind in kinds else len(kinds)


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
