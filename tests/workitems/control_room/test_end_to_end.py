"""Producer and consumer under robocorp's own runner, each a process, while Control Room's answers get lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emulators.control_room import ControlRoom
from workitems.store import Store

PROGRAMS = Path(__file__).parents[1] / "programs"
PAPERS = 5


class Runs:
    """Step runs as a worker of Control Room starts them."""

    def __init__(self, room: ControlRoom, folder: Path) -> None:
        self.room, self.folder = room, folder
        self.shared = {
            "DESKHAND_DATABASE": f"sqlite:///{folder / 'shared.db'}",
            "DESKHAND_FILES": str(folder / "files"),
            "DESKHAND_KEYS": str(folder / "files.key"),
        }
        self.started = 0

    def start(self, step: int, task: str, **more: str) -> tuple[str, subprocess.Popen[str]]:
        """A process on a machine that knows nothing of the others."""
        self.started += 1
        machine = self.folder / f"machine{self.started}"
        run, first = self.room.start(step)
        environment = self.room.environment(run, first) | self.shared | {"DESKHAND_HOME": str(machine)}
        environment |= {"TOY_BOOKS": str(self.folder / "books.db"), "TOY_PAPERS": str(PAPERS), "TOY_HURRY": "1"}
        environment["PYTHONPATH"] = str(Path(__file__).parents[3])
        program = str(PROGRAMS / "posting_tasks.py")
        command = [sys.executable, "-m", "robocorp.tasks", "run", program, "-t", task, "-o", str(machine / "output")]
        machine.mkdir()
        process = subprocess.Popen(
            command,
            env={k: v for k, v in (os.environ | environment | more).items() if v},
            cwd=machine,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return run, process

    def end(self, run: str, process: subprocess.Popen[str]) -> tuple[int, str]:
        """Waits for its end; Control Room notes what it left."""
        out, _ = process.communicate(timeout=120)
        self.room.end(run)
        return process.returncode, out


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    with sqlite3.connect(tmp_path / "books.db") as books:
        books.execute("CREATE TABLE postings (name TEXT, answers TEXT)")
    return Runs(ControlRoom(), tmp_path)


def postings(folder: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(folder / "books.db") as books:
        return sorted(books.execute("SELECT name, answers FROM postings"))


def test_every_paper_is_collected_once_and_posted_once(
    runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with runs.room as room:
        room.storm(seed=4)
        room.fail("output", "lost reply")
        for _ in range(2):  # the mailbox is asked twice
            room.put({"trigger": True})
        code, out = runs.end(*runs.start(0, "gather"))
        assert code == 0, out
        for _ in range(12):
            failed = [i for i in room.of(1, "failed") if not i.exception or i.exception["type"] != "BUSINESS"]
            room.batch("retry", [i.id for i in failed])  # as Control Room does, or a person there
            if not room.of(1, "pending"):
                break
            pair = [runs.start(1, "post") for _ in room.of(1, "pending")[:2]]
            for code, out in [runs.end(*each) for each in pair]:
                assert code == 0 or "Control Room" in out, out
        assert [n for n, _ in postings(tmp_path)] == ["0.txt", *[f"{n}.txt" for n in range(2, PAPERS)]]

        for name, value in runs.shared.items():
            monkeypatch.setenv(name, value)
        store = Store.open(tmp_path / "desk")
        (doubted,) = store.find(states=["review"])
        assert store.read_file(doubted.id, "1.txt").decode() == "1.txt"
        room.answered()
        seen = room.item(doubted.id).payload
        room.update_payload(doubted.id, seen | {"answers": [ANSWER]})
        room.batch("retry", [doubted.id])
        code, out = runs.end(*runs.start(1, "post"))
        assert code == 0, out
        assert postings(tmp_path) == [(f"{n}.txt", "yes" if n == 1 else "") for n in range(PAPERS)]
        assert {i.state for i in room.of(1)} == {"done"}
        assert store.find(states=["review"]) == []
        assert len(room.of(1)) > PAPERS  # some replies to outputs were lost
        store.close()


ANSWER = {"field": "number", "value": "yes", "who": "anna", "at": "2026-01-01T00:00:00Z"}
