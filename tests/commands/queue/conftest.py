"""A new home for each test, and `run.py queue` called in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tasks.commands.queue import main
from workitems.reservations import Ending
from workitems.store import Store


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "home"))
    for name in ("DATABASE", "FILES", "ENGINE"):
        monkeypatch.delenv(f"DESKHAND_{name}", raising=False)
    return Store.open()


class Called:
    """What a call printed and how it ended."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def queue(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: str) -> Called:
        try:
            status = main(list(arguments))
        except SystemExit as ended:
            status = int(ended.code or 0)
        return Called(status, *capsys.readouterr())

    return call


def work_once(store: Store, ending: Ending) -> str:
    worker = store.reservations("reader")
    hold = worker.reserve("document", 60)
    assert hold is not None
    worker.release(hold, ending)
    return hold.item_id
