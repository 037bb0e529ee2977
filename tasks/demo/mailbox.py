"""The demo's mailbox: the papers of each desk, put once into one folder of the home."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Mail = tuple[str, bytes]
"""A file of the mailbox: its name and its content."""

_AGO = 3600.0
"""Seconds ago that the first of a desk's mails arrived; the others came a second apart, always in one order."""


def folder(home: Path) -> Path:
    return home / "demo" / "mailbox"


def files_of(source: Path) -> Iterator[Mail]:
    """The files of a folder, by name."""
    for file in sorted(p for p in source.iterdir() if p.is_file()):
        yield file.name, file.read_bytes()


def fill(home: Path, desk: str, mails: Callable[[], Iterable[Mail]]) -> int:
    """Puts a desk's mails into the mailbox, once in the home's life; returns how many there are.

    Killed half-way it goes on where it was: nothing is collected before the stamp is written, so a mail that is
    already there is simply put there again.
    """
    stamp = home / "demo" / f"{desk}.filled"
    if stamp.exists():
        return int(stamp.read_text(encoding="ascii"))
    inbox, count, first = folder(home), 0, time.time() - _AGO
    inbox.mkdir(parents=True, exist_ok=True)
    for count, (name, content) in enumerate(mails(), 1):
        new = inbox / ("." + name + ".new")
        new.write_bytes(content)
        os.utime(new, (first + count, first + count))
        new.replace(inbox / name)
    stamp.write_text(str(count), encoding="ascii")
    return count
