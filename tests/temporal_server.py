"""Temporal's development server for a test session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.servers import NotThere, Temporal

ATTRIBUTES = ("DeskhandQueue", "DeskhandState")


@pytest.fixture(scope="session")
def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Temporal]:
    """The session's server. Tests keep apart by the task queue that they name (DESKHAND_TEMPORAL_QUEUE)."""
    try:
        server = Temporal(tmp_path_factory.mktemp("temporal"), ATTRIBUTES)
    except NotThere as missing:
        pytest.skip(str(missing))
    server.start()
    yield server
    server.stop()
