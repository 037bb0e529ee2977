"""The contract desk's mails for the demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

MAILBOX = Path(__file__).parent / "mailbox"


def mails(today: date) -> Iterator[tuple[str, bytes]]:
    """The demo's mails, by name."""
    for file in sorted(MAILBOX.iterdir()) if MAILBOX.is_dir() else ():
        yield file.name, file.read_bytes()
