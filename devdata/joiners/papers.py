"""The demo's joiners."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date


def papers(today: date) -> Iterator[tuple[str, bytes]]:
    """Their papers, dated from the day of the demo."""
    yield from ()
