"""Kills the whole joiners desk at random moments and compares what is left with a desk that nobody disturbed.

    python -m benchmarks.joining_desk FOLDER [--kills 20] [--seed 7] [--longest 25]

In FOLDER/calm the demo's joiners are worked through undisturbed, in FOLDER/killed with all the desk's processes
(runner, workers, readers, browser; not the ERP) killed by SIGKILL again and again, each time followed by a new run.
Then a person releases every mail that waits, the desk runs on (with the rest of the kills), and once more: that run
must change nothing. Compared is what stands in the ERP, read through its RPC past the connector, and what lies in the
folders of mails and calendar files. A desk that is done is kept: FOLDER/calm is made once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.joining_traces import differences, orphans, traces
from connectors.tryton.rpc import TrytonRpc
from tasks import demo_erp

ROOT = Path(__file__).parents[1]
FIRST = 15  # kills before the mails are released; the others come after
SHORTEST = 3.0  # seconds that a run lives at least: it takes two to come to its first item
RELEASE = """
from tasks.joiner_book import HomeBook
book = HomeBook()
for todo in book.todos():
    kept = book.mail(todo.joiner, todo.mail) if todo.mail else None
    if kept is not None:
        book.decide_mail((todo.joiner, todo.mail), kept, "released", "the benchmark")
"""


def main(argv: Sequence[str]) -> int:
    """Prints one JSON object; 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.joining_desk", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7, help="of the moments")
    parser.add_argument("--longest", type=float, default=25.0, help="seconds that a run lives at most")
    told = parser.parse_args(argv)
    calm = worked(told.folder / "calm", iter(()))
    chance = random.Random(told.seed)  # noqa: S311 - a benchmark that can be repeated
    lives = iter([chance.uniform(SHORTEST, told.longest) for _ in range(told.kills)])
    killed = worked(told.folder / "killed", lives)
    left = len(list(lives))
    wrong = [*differences(calm["end"], killed["end"]), *killed["orphans"], *killed["again"]]
    counts = {name: len(rows) for name, rows in killed["end"].items()}
    print(json.dumps({"kills": told.kills - left, **counts, "moments": killed["moments"], "wrong": wrong}, indent=1))
    return 1 if wrong or left else 0


def worked(home: Path, lives: Iterator[float]) -> dict[str, Any]:
    """A home worked through, and what is then to be seen; `lives`: after how many seconds the next run is killed."""
    kept = home / "traces.json"
    if kept.exists():
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    home.mkdir(parents=True, exist_ok=True)
    erp = demo_erp.start(home)
    admin = TrytonRpc(erp.url, erp.database, erp.login, erp.password)
    moments: list[str] = []
    try:
        _to_the_end(home, lives, moments, FIRST)
        subprocess.run([sys.executable, "-c", RELEASE], check=True, cwd=ROOT, env=_env(home))
        _to_the_end(home, lives, moments, sys.maxsize)
        end = traces(admin, home)
        _run(home, None)
        again = [f"a second run: {line}" for line in differences(end, traces(admin, home))]
        found = {"end": end, "orphans": orphans(admin), "again": again, "moments": moments}
    finally:
        admin.close()
        demo_erp.stop(home)
    kept.write_text(json.dumps(found, indent=1, default=str), encoding="utf-8")
    return dict(json.loads(kept.read_text(encoding="utf-8")))


def _to_the_end(home: Path, lives: Iterator[float], moments: list[str], kills: int) -> None:
    """Runs until a run comes to its end; at most so many of the runs before it are killed."""
    for lived in islice(lives, kills):
        if _run(home, lived) is not None:
            return
        moments.append(f"{lived:.1f}")
    _run(home, None)


def _run(home: Path, lived: float | None) -> int | None:
    """A run's exit status; None: it was killed after `lived` seconds. Raises RuntimeError where it failed."""
    command = [sys.executable, "run.py", "demo", "joiners", "--json"]
    with subprocess.Popen(command, cwd=ROOT, env=_env(home), stdout=subprocess.DEVNULL) as run:
        try:
            status = run.wait(lived)
        except subprocess.TimeoutExpired:
            end_all(run.pid)
            return None
    if status:
        raise RuntimeError("a run failed without being killed; its words are above")
    return status


def _env(home: Path) -> dict[str, str]:
    return {**os.environ, "DESKHAND_HOME": str(home)}


def end_all(root: int) -> None:
    """SIGKILL to a process and all that it has started, in whatever session; stopped first, they start no more."""
    stopped: list[int] = []
    fresh = [root]
    while fresh:
        for pid in fresh:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        stopped += fresh
        fresh = [pid for pid, parent in _parents() if parent in stopped and pid not in stopped]
    for pid in stopped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    time.sleep(0.1)


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                yield int(folder.name), int((folder / "stat").read_text().rpartition(")")[2].split()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
