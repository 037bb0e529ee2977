"""A home whose items Temporal moves, on a task queue of its own on the session's server."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.servers import Temporal
from workitems.store import Store
from workitems.temporal.adapter import TemporalAdapter

LEASE_SECONDS = 2


@pytest.fixture
def temporal(temporal_server: Temporal, home: Path, monkeypatch: pytest.MonkeyPatch) -> Temporal:
    """The environment of every process of this test."""
    use(temporal_server, monkeypatch)
    return temporal_server


def use(server: Temporal, patch: pytest.MonkeyPatch) -> None:
    """Points the environment to a server."""
    patch.setenv("DESKHAND_ENGINE", "temporal")
    patch.setenv("DESKHAND_TEMPORAL", server.address)
    patch.setenv("DESKHAND_TEMPORAL_QUEUE", f"test-{secrets.token_hex(4)}")
    patch.setenv("DESKHAND_LEASE_SECONDS", str(LEASE_SECONDS))
    patch.setenv("DESKHAND_RETRY", "3 0.1 2 1")


@pytest.fixture
def desk(temporal: Temporal) -> Iterator[Store]:
    """The store as people see it."""
    store = Store.open()
    yield store
    store.close()


MakeAdapter = Callable[..., TemporalAdapter]


@pytest.fixture
def adapters(temporal: Temporal, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeAdapter]:
    """Builds adapters as a program does, from the environment."""
    made: list[TemporalAdapter] = []

    def make(queue: str = "in", output_queue: str = "out") -> TemporalAdapter:
        with monkeypatch.context() as patch:
            patch.setenv("RC_WORKITEM_QUEUE_NAME", queue)
            patch.setenv("RC_WORKITEM_OUTPUT_QUEUE_NAME", output_queue)
            made.append(TemporalAdapter())
        return made[-1]

    yield make
    for adapter in made:
        adapter.close()


def eventually(what: Callable[[], object], seconds: float = 20.0) -> None:
    """Waits until it is true. What Temporal does by itself (a timer, a lease that ends) takes its time."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.02)
