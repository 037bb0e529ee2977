"""Who must do what by when, as of today: a pure function of the dossier, the checklist and the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from bots.joiners.checklist import Checklist, Task
from bots.joiners.nouns import Done, Joiner
from bots.working_days import moved

Standing = Literal["done", "ready", "waits", "held", "late"]


class Step(NamedTuple):
    """A task with its day and how it stands.

    ready: may be done now. waits: for others (`waits_for`). held: not before `opens_on`. late: overdue.
    """

    task: Task
    due_on: date
    opens_on: date | None
    standing: Standing
    waits_for: tuple[str, ...] = ()
    done: Done | None = None

    @property
    def doable(self) -> bool:
        """Whether it may be done now."""
        return self.standing in ("ready", "late") and not self.waits_for


def plan(joiner: Joiner, checklist: Checklist, starts_on: date, today: date, country: str | None) -> tuple[Step, ...]:
    """Every task of the checklist, in its order; `country` says which days are holidays."""
    return tuple(_step(task, joiner, starts_on, today, country) for task in checklist.tasks)


def _step(task: Task, joiner: Joiner, starts_on: date, today: date, country: str | None) -> Step:
    due_on = moved(starts_on, task.due, country)
    opens_on = None if task.not_before is None else moved(starts_on, task.not_before, country)
    done = joiner.done.get(task.code)
    if done is not None:
        return Step(task, due_on, opens_on, "done", done=done)
    missing = tuple(code for code in task.after if code not in joiner.done)
    if due_on < today:
        return Step(task, due_on, opens_on, "late", missing if missing or opens_on is None or opens_on <= today else ())
    if missing:
        return Step(task, due_on, opens_on, "waits", missing)
    if opens_on is not None and opens_on > today:
        return Step(task, due_on, opens_on, "held")
    return Step(task, due_on, opens_on, "ready")


def late_first(steps: Iterable[Step]) -> list[Step]:
    """What is late first, then by the day; what is done is left out."""
    return sorted((s for s in steps if s.standing != "done"), key=lambda s: (s.standing != "late", s.due_on))


def bots_turn(steps: Iterable[Step]) -> list[Step]:
    """What a bot may do now, in the checklist's order."""
    return [s for s in steps if s.doable and s.task.does is not None]


def is_ready(steps: Iterable[Step], first_day: date) -> bool:
    """Whether everything that is due by the first day is done."""
    return all(s.standing == "done" for s in steps if s.due_on <= first_day)
