"""A Control Room, and steps that run against it in this process with robocorp's own client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from robocorp import workitems

from tests.emulators.control_room import ControlRoom
from workitems.ledger import Ledger
from workitems.loop import Handle, Make, produce, work_through
from workitems.store import Store


@pytest.fixture
def room() -> Iterator[ControlRoom]:
    with ControlRoom() as room:
        yield room


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients wait for seconds between their tries."""
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.01)))


@pytest.fixture
def shared(home: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The database and the files that all machines share, as the review desk sees them."""
    home.mkdir(parents=True)
    monkeypatch.setenv("DESKHAND_DATABASE", f"sqlite:///{home.parent / 'shared.db'}")
    monkeypatch.setenv("DESKHAND_FILES", str(home.parent / "files"))
    monkeypatch.setenv("DESKHAND_KEYS", str(home.parent / "files.key"))
    return Store.open()


class Steps:
    """Runs of a step, one after the other, each as a new process would see them."""

    def __init__(self, room: ControlRoom, patch: pytest.MonkeyPatch) -> None:
        self.room, self.patch = room, patch

    def run(self, step: int, what: Callable[[Ledger], int]) -> int:
        """One step run, to its end."""
        workitems._ctx.clear_cache()  # type: ignore[attr-defined]
        run, first = self.room.start(step)
        for name, value in self.room.environment(run, first).items():
            self.patch.setenv(name, value)
        ledger = Ledger.open()
        try:
            return what(ledger)
        finally:
            self.room.end(run)
            ledger.close()
            workitems._ctx.clear_cache()  # type: ignore[attr-defined]

    def work(self, step: int, handle: Handle) -> int:
        """A run that takes items."""
        return self.run(step, lambda ledger: work_through(handle, ledger, f"step{step}"))

    def produce(self, make: Callable[[Ledger], Make]) -> int:
        """A run of the first step, started by a trigger."""
        self.room.put({"trigger": True})
        return self.run(0, lambda ledger: produce(make(ledger), ledger, "step0"))


@pytest.fixture
def steps(room: ControlRoom, shared: Store, monkeypatch: pytest.MonkeyPatch) -> Steps:
    return Steps(room, monkeypatch)
