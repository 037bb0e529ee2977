"""Which step takes which kind of item and hands on which.

The one table that the runner, the demo, the tasks and the test of robot.yaml read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step: its name in robot.yaml, the queue that it takes from, and the queues that it hands on to.

    A producer takes no items of other steps: it is started by a schedule or by hand, with a trigger item of its own.
    """

    name: str
    takes: str
    gives: tuple[str, ...] = ()
    producer: bool = False


FLOW: tuple[Step, ...] = (
    Step("collect_mail", takes="collect_mail", gives=("document",), producer=True),
    Step(
        "read_documents", takes="document", gives=("invoice", "contract", "joiner", "document")
    ),  # a file of several is cut
    Step("post_invoices", takes="invoice"),
    Step("reverse_invoices", takes="reversal"),
    Step("register_contracts", takes="contract"),
    Step("watch_contracts", takes="watch_contracts", gives=("reminder",), producer=True),
    Step("remind_people", takes="reminder"),
    Step("file_joiners", takes="joiner", gives=("joiner_turn",)),
    Step("advance_joiners", takes="advance_joiners", gives=("joiner_turn",), producer=True),
    Step("onboard_joiners", takes="joiner_turn"),
    Step("train_models", takes="train_models", producer=True),
    Step("report_day", takes="report_day", producer=True),  # the last: it tells of all the others
)

ON_SCHEDULE = frozenset({"report_day", "train_models", "watch_contracts", "advance_joiners"})
"""Producers that ask nobody: they start by a schedule of the settings, or by hand. They look at what has been done."""


def started_by_nobody(scheduled: Iterable[str]) -> tuple[str, ...]:
    """The producers of ON_SCHEDULE that are not among the steps that schedules start, in the table's order."""
    known = set(scheduled)
    return tuple(s.name for s in FLOW if s.name in ON_SCHEDULE and s.name not in known)


STEPS = {s.name: s for s in FLOW}


def step(name: str) -> Step:
    """The step of that name. Raises KeyError, with the names there are, for a name that is not in the table."""
    if name not in STEPS:
        raise KeyError(f"there is no step {name!r}; the steps are {', '.join(STEPS)}")
    return STEPS[name]


def upstream(name: str) -> tuple[Step, ...]:
    """The steps whose outputs the step takes, directly or not: while they work, more may come."""
    takes = step(name).takes
    direct = tuple(s for s in FLOW if takes in s.gives and s.takes != takes)
    return direct + tuple(above for s in direct for above in upstream(s.name))


def with_following(queues: Iterable[str]) -> tuple[Step, ...]:
    """The steps that take from these queues, and those that take what they hand on, in the table's order."""
    wanted, known = set(queues), set[str]()
    while wanted - known:
        known |= wanted
        wanted |= {queue for s in FLOW if s.takes in known for queue in s.gives}
    return tuple(s for s in FLOW if s.takes in known)
