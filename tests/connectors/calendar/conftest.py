"""A CalDAV server for the tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

EMULATORS = str(Path(__file__).parents[2] / "emulators")
if EMULATORS not in sys.path:
    sys.path.insert(0, EMULATORS)

from caldav.server import CalDavServer  # noqa: E402


@pytest.fixture
def server() -> Iterator[CalDavServer]:
    with CalDavServer() as running:
        yield running
