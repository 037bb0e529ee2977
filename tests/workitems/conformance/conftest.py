"""Each test runs on every host."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from robocorp import workitems

from tests.postgres import fresh_database
from tests.workitems.conformance.hosts import HOSTS, Host


@pytest.fixture(scope="session")
def shared_postgres(request: pytest.FixtureRequest) -> str:
    """A PostgreSQL database that is emptied before each test."""
    given = os.environ.get("DESKHAND_TEST_POSTGRESQL", "").rstrip("/")
    return fresh_database(given or request.getfixturevalue("postgres_server").url)


@pytest.fixture(params=list(HOSTS))
def host(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host with empty queues."""
    # Robocorp's library keeps one context per task; without a task it is forgotten by hand.
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]
    host = HOSTS[request.param](request, tmp_path, monkeypatch)
    yield host
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]
    host.close()


@pytest.fixture
def two(host: Host) -> Host:
    """Two inputs wait; the first has three files."""
    host.put({"user": "first"}, {"file1.txt": b"data1", "file2.txt": b"data2", "file3.png": b"data3"})
    host.put({"user": "second"})
    return host
