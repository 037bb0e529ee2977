"""Random moments: workers side by side are killed while they work, and others take their places."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from benchmarks.crashes_bot import key_of, work
from benchmarks.crashes_forks import Crowd
from benchmarks.crashes_hosts import Host, Row, Scene, Size, scene
from workitems.limits import DRIVEN

PAUSE_SECONDS = 0.01
PATIENCE_SECONDS = 300.0


def moments(host: Host, size: Size, folder: Path) -> list[Row]:
    """`size.moments` kills, spread evenly over the work on `size.items` papers."""
    with scene("random moments", host, folder) as stage:
        os.environ.pop(DRIVEN, None)  # who dies may drive workflows, too
        stage.put(range(size.items))
        crowd = Crowd(lambda: work(stage.outside, PAUSE_SECONDS), size.workers, stage.log)
        try:
            stage.row.points = _kill(stage, crowd, size)
            come_to_an_end(stage, crowd)
        finally:
            crowd.end()
        redriven = stage.finish()
        stage.row.note = f"{size.items} items, {size.workers} workers, {redriven} given up as poison and redriven"
    return [stage.row]


def _kill(stage: Scene, crowd: Crowd, size: Size) -> int:
    """Kills as the work goes on: however fast it goes, each kill meets items in hand. Returns how many there were."""
    chance = random.Random(2)  # noqa: S311 - to be repeated
    whole = 0.97 * sum(len(key_of(n)) + 1 for n in range(size.items))
    kills, until = 0, time.monotonic() + PATIENCE_SECONDS
    while kills < size.moments and crowd.tend() and time.monotonic() < until:
        if stage.outside.size() < whole * kills / size.moments:
            time.sleep(0.002)
            continue
        time.sleep(chance.random() * 0.02)
        crowd.kill_one()
        kills += 1
        if kills % 2:  # as the runner does; after the others the leases have to run out
            stage.aide("tidy")
    return kills


def come_to_an_end(stage: Scene, crowd: Crowd, seconds: float = PATIENCE_SECONDS) -> None:
    """Nobody disturbs the workers any more. What was in the dead ones' hands is free when its lease has run out."""
    if not crowd.wait(seconds):
        stage.row.stuck += 1
        stage.row.details.append(f"stuck: workers did not end in {seconds:.0f} s; see {stage.log}")
