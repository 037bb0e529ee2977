"""What the runner shall do, decided: which steps with how many workers, under which rules, started by what."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

from tasks.flow import Step, upstream
from tasks.schedules import ScheduleSettings
from tasks.work_settings import StepRules, WorkSettings
from workitems.limits import ADAPTERS, DRIVEN, SCHEDULED
from workitems.waiting import WAIT_FOR
from workitems.workers import STEP

ROOT = Path(__file__).resolve().parent.parent
RARE = timedelta(minutes=15)
"""A producer that is started less often than this has no process in between."""


@dataclass(frozen=True)
class Plan:
    """The settings' [work] and [[schedules]], and what the command line says besides.

    `workers`: processes by step, before the settings'. `tasks`: the folder with the steps' tasks.
    """

    work: WorkSettings = field(default_factory=WorkSettings)
    schedules: Sequence[ScheduleSettings] = ()
    workers: Mapping[str, int] = field(default_factory=dict)
    stop_seconds: float | None = None
    tasks: Path = ROOT / "tasks"

    def rules(self, step: Step) -> StepRules:
        """What holds for a step."""
        return self.work.of(step.name)

    def count(self, step: Step) -> int:
        """How many workers the step has on this machine."""
        return self.workers.get(step.name) or self.rules(step).workers

    def scheduled(self, step: Step) -> bool:
        """Whether schedules start the step; else a producer asks by itself, every minute."""
        return any(each.step == step.name for each in self.schedules)

    def rare(self, step: Step) -> bool:
        """Whether the step is started so seldom that a process for it is started with it."""
        now = datetime.now(UTC)
        moments = sorted(m for each in self.schedules if each.step == step.name for m in islice(each.moments(now), 5))
        return self.scheduled(step) and all(later - early >= RARE for early, later in pairwise(moments))

    def patience(self) -> float:
        """Seconds that workers get to finish what they have in hand."""
        return self.work.stop_seconds if self.stop_seconds is None else self.stop_seconds

    def environment(self, step: Step, once: bool) -> dict[str, str]:
        """The variables of a step's worker. What the caller has set of leases and retries stays."""
        engine = os.environ.get("DESKHAND_ENGINE") or "embedded"
        env = self.rules(step).environment() | os.environ
        env |= {STEP: step.name, "RC_WORKITEM_ADAPTER": ADAPTERS[engine], "DESKHAND_PARENT": str(os.getpid())}
        env[DRIVEN] = "elsewhere"  # Temporal's workflows: by the runner itself, which does not die with a bot
        for name in ("RC_WORKITEM_QUEUE_NAME", "RC_WORKITEM_OUTPUT_QUEUE_NAME", SCHEDULED):
            env.pop(name, None)
        if once:
            env[WAIT_FOR] = ",".join(s.takes for s in upstream(step.name))
            return env
        if self.scheduled(step):
            env[SCHEDULED] = "1"
        env[WAIT_FOR] = "" if self.rare(step) else "*"
        return env
