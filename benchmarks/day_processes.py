"""CPU seconds and peak memory of every process of a run, from Linux's /proc.

What a process used after the last look at it is not lost: the kernel adds an ended process's time to the time of its
parent's ended children, and the difference is given to the one that has gone.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
LOOK_SECONDS = 0.5
WEIGH_EVERY = 6  # looks: shared memory is only counted in this file, and reading it costs the process time

KINDS = (
    ("tasks.bounded_child", "python child of {}"),
    ("tasks.commands.work", "python runner"),
    ("playwright/driver", "playwright driver (node)"),
    ("chrom", "chromium"),
)


@dataclass(frozen=True)
class Stat:
    """A look at one process: seconds of CPU, its own and those of its children that have ended."""

    pid: int
    parent: int
    began: int
    own: float
    ended: float


@dataclass
class Life:
    """What is known of one process. `own` in seconds, from when it was first watched; memory in MB."""

    pid: int
    parent: int
    began: int
    kind: str
    own: float
    ended: float
    before: float = 0.0
    peak_mb: float = 0.0
    gone: bool = False

    @property
    def seconds(self) -> float:
        """Its own CPU while it was watched."""
        return self.own - self.before


@dataclass(frozen=True)
class KindUse:
    """All processes of one kind. `peak_mb` of the largest, `together_mb` of all at once (shared pages counted once)."""

    kind: str
    processes: int
    seconds: float
    peak_mb: float
    together_mb: float

    def and_then(self, later: KindUse) -> KindUse:
        """The same kind in two runs, one after the other."""
        return KindUse(
            self.kind,
            self.processes + later.processes,
            self.seconds + later.seconds,
            max(self.peak_mb, later.peak_mb),
            max(self.together_mb, later.together_mb),
        )


class Processes:
    """Watches a process with all its descendants, beside a server that runs already."""

    def __init__(self, root: int, server: int) -> None:
        self._root, self._server = root, server
        self._lives: dict[int, Life] = {}
        self._past: list[Life] = []
        self._together: dict[str, float] = defaultdict(float)
        self._looks = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.look()
        if server in self._lives:
            self._lives[server].before = self._lives[server].own

    def __enter__(self) -> Processes:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self.look()

    def look(self) -> None:
        """Takes the figures of this moment."""
        seen = {stat.pid: stat for stat in _stats()}
        ours = _descendants(seen, {self._root, self._server} | set(self._lives))
        vanished = [life for pid, life in self._lives.items() if pid not in seen or seen[pid].began != life.began]
        growth: dict[int, float] = {}
        for pid in ours:
            life = self._lives.get(pid)
            if life is not None and life not in vanished:
                growth[pid] = seen[pid].ended - life.ended
            self._take(seen[pid])
        self._bury(vanished, growth)
        self._looks += 1
        if self._looks % WEIGH_EVERY == 1:
            self._weigh()

    def end(self, root_seconds: float) -> None:
        """The root has ended; `root_seconds`: what it and all its ended children used, as the kernel told."""
        root = self._lives.pop(self._root, None)
        left = [life for life in self._lives.values() if life.pid != self._server]
        if root is not None:
            rest = root_seconds - root.own - root.ended
            children = [life for life in left if life.parent == root.pid]
            if not children:
                root.own += max(0.0, rest)
            self._past.append(root)
            self._bury(left, {root.pid: rest})
        if self._server in self._lives:
            with contextlib.suppress(OSError, ValueError):
                self._take(_stat(self._server))

    def by_kind(self) -> list[KindUse]:
        """The sums, in the order in which the kinds were first seen."""
        lives = self._past + list(self._lives.values())
        kinds = dict.fromkeys(life.kind for life in lives)
        return [
            KindUse(
                kind,
                sum(life.kind == kind for life in lives),
                sum(life.seconds for life in lives if life.kind == kind),
                max(life.peak_mb for life in lives if life.kind == kind),
                self._together[kind],
            )
            for kind in kinds
        ]

    def _take(self, stat: Stat) -> None:
        life = self._lives.get(stat.pid)
        if life is None or life.began != stat.began:
            life = Life(stat.pid, stat.parent, stat.began, "", stat.own, stat.ended)
            self._lives[stat.pid] = life
        life.own, life.ended = stat.own, stat.ended
        with contextlib.suppress(OSError, ValueError):
            life.kind = self._kind(stat) or life.kind
            life.peak_mb = max(life.peak_mb, _status_mb(stat.pid, "VmHWM"))

    def _kind(self, stat: Stat) -> str:
        if stat.pid == self._server:
            return "ERP server"
        above = self._lives.get(stat.parent)
        words = (PROC / str(stat.pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
        return kind_of(words, above.kind if above else "")

    def _bury(self, vanished: Iterable[Life], growth: dict[int, float]) -> None:
        by_parent: dict[int, list[Life]] = defaultdict(list)
        for life in vanished:
            life.gone = True
            by_parent[life.parent].append(life)
            self._past.append(life)
            if self._lives.get(life.pid) is life:
                del self._lives[life.pid]
        for parent, lives in by_parent.items():
            rest = growth.get(parent, 0.0) - sum(life.own + life.ended for life in lives)
            for life in lives:
                life.own += max(0.0, rest) / len(lives)

    def _weigh(self) -> None:
        sums: dict[str, float] = defaultdict(float)
        for life in self._lives.values():
            with contextlib.suppress(OSError, ValueError):
                sums[life.kind] += _proportional_mb(life.pid)
        for kind, size in sums.items():
            self._together[kind] = max(self._together[kind], size)


def cpu_seconds(pid: int) -> float:
    """What a living process has used so far."""
    return _stat(pid).own


def kind_of(words: list[str], above: str) -> str:
    """What a process is for, by its command line, or nothing; `above` is the kind of its parent."""
    line = " ".join(words)
    if "robocorp.tasks" in words and "-t" in words:
        return f"python {words[words.index('-t') + 1]}"
    for sign, kind in KINDS:
        if sign in line:
            return kind.format(above.removeprefix("python "))
    # without a command line it has ended, and nobody has collected it yet
    return f"{Path(words[0]).name} of {above.removeprefix('python ')}" if line.strip() else ""


def _stats() -> Iterable[Stat]:
    for entry in os.listdir(PROC):
        if entry.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                yield _stat(int(entry))


def _stat(pid: int) -> Stat:
    text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    rest = text[text.rindex(")") + 2 :].split()  # the name before may hold blanks and brackets
    user, system, ended_user, ended_system = (int(rest[i]) for i in (11, 12, 13, 14))
    return Stat(pid, int(rest[1]), int(rest[19]), (user + system) / TICKS, (ended_user + ended_system) / TICKS)


def _descendants(seen: dict[int, Stat], known: set[int]) -> list[int]:
    """The processes that are known or come from one that is, parents before their children."""
    children: dict[int, list[int]] = defaultdict(list)
    for stat in seen.values():
        children[stat.parent].append(stat.pid)
    found: dict[int, None] = {}
    todo = sorted(pid for pid in known if pid in seen)
    while todo:
        pid = todo.pop(0)
        if pid not in found:
            found[pid] = None
            todo += children[pid]
    return list(found)


def _status_mb(pid: int, name: str) -> float:
    text = (PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace")
    found = next((line for line in text.splitlines() if line.startswith(f"{name}:")), None)
    return int(found.split()[1]) / 1024 if found else 0.0


def _proportional_mb(pid: int) -> float:
    text = (PROC / str(pid) / "smaps_rollup").read_text(encoding="utf-8")
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)
