"""A store in a new home, a clock that is turned by hand, and adapters on that home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workitems.adapter import StoreAdapter
from workitems.ledger import Ledger
from workitems.reservations import Reservations
from workitems.store import Store

VARIABLES = (
    "HOME",
    "DATABASE",
    "FILES",
    "KEYS",
    "SCRATCH",
    "CACHE_MB",
    "PAYLOAD_MB",
    "LEASE_SECONDS",
    "WAIT_FOR",
    "PARENT",
)


ON_BOTH_DATABASES = ("adapter", "dossiers", "heartbeat", "ledger", "migrations", "reservations", "store", "waiting")
"""The tests of these run on SQLite and on PostgreSQL."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each of those tests gets the fixture `database` twice."""
    if metafunc.module.__name__.rpartition("test_")[2] in ON_BOTH_DATABASES:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


class Clock:
    """Seconds since 1970, turned by hand; it starts in the past, so that leases of real processes outlast it."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str | None:
    """The url of the database: SQLite in the home, or an empty PostgreSQL database."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return None
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str | None) -> Path:
    """A new home; nothing of the caller's environment reaches the test."""
    for name in VARIABLES:
        monkeypatch.delenv(f"DESKHAND_{name}", raising=False)
    if database is not None:
        monkeypatch.setenv("DESKHAND_DATABASE", database)
    for name in ("ADAPTER", "QUEUE_NAME", "OUTPUT_QUEUE_NAME", "INPUT_PATH", "OUTPUT_PATH"):
        monkeypatch.delenv(f"RC_WORKITEM_{name}", raising=False)
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def place_of(store: Store, item_id: str, name: str) -> Path:
    """Where a file of an item lies, sealed, in the home."""
    address = next(file.sha256 for file in store.files(item_id) if file.name == name)
    return store.home / "files" / address[:2] / address[2:4] / address


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(home: Path, clock: Clock) -> Iterator[Store]:
    store = Store.open(home, clock=clock)
    yield store
    store.close()


@pytest.fixture
def ledger(home: Path, clock: Clock) -> Iterator[Ledger]:
    ledger = Ledger.open(home, clock=clock)
    yield ledger
    ledger.close()


@pytest.fixture
def worker(store: Store) -> Reservations:
    return store.reservations("tester")


MakeAdapter = Callable[..., StoreAdapter]


@pytest.fixture
def make_adapter(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeAdapter]:
    """Builds adapters as a program does: from the environment of the moment."""
    made: list[StoreAdapter] = []

    def make(queue: str = "in", output_queue: str = "out", **environment: str) -> StoreAdapter:
        with monkeypatch.context() as patch:
            patch.setenv("RC_WORKITEM_QUEUE_NAME", queue)
            patch.setenv("RC_WORKITEM_OUTPUT_QUEUE_NAME", output_queue)
            for name, value in environment.items():
                patch.setenv(name, value)
            made.append(StoreAdapter())
        return made[-1]

    yield make
    for adapter in made:
        adapter.close()
