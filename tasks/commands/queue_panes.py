"""The four panes of `run.py queue watch`: their columns, and a row's cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rich.text import Text

from tasks.commands.queue_output import clean, short
from tasks.commands.queue_tables import COLOURS
from workitems.overview import Failure, TargetRow, WorkerRow
from workitems.statistics import COUNTED, QueueFigures, Spread

Pane = Literal["queues", "workers", "targets", "failures"]
WIDE = 110
"""Columns of characters from which on there is room for more."""
SILENT_SECONDS = 20.0


@dataclass(frozen=True)
class Frame:
    """One look at a store. `away` is the sentence why it could not be looked at again."""

    name: str
    at: datetime
    queues: Sequence[QueueFigures] = ()
    workers: Sequence[WorkerRow] = ()
    targets: Sequence[TargetRow] = ()
    failures: Sequence[Failure] = ()
    away: str | None = None


Cells = list[Text]
Columns = list[tuple[str, str]]


def _queue_columns(width: int) -> Columns:
    names = ["ready", "later", "taken", "review", "dead", "late", "oldest"]
    names += ["/min", "/hour", "/day", "done", "in review", "to done"] if width >= WIDE else ["/hour"]
    return [("", "l"), *((name, "r") for name in [*names, "alone"]), ("", "rest")]


def _queue_cells(row: QueueFigures, frame: Frame, width: int) -> Cells:
    counts = {state: _count(row.counts.get(state, 0), state) for state in ("ready", "taken", "review", "dead", "done")}
    oldest = max([row.oldest[s] for s in ("ready", "taken", "review", "dead") if s in row.oldest], default=None)
    cells = [Text(clean(row.queue)), counts["ready"], _at_least(row.later), counts["taken"], counts["review"]]
    cells += [counts["dead"], _at_least(row.overdue, "dead"), _short(oldest)]
    windows = ("minute", "hour", "day") if width >= WIDE else ("hour",)
    cells += [_count(row.rates[window].get("done", 0)) for window in windows]
    if width >= WIDE:
        cells += [counts["done"], _middle(row.asking), _middle(row.cycle)]
    return [*cells, Text("" if row.straight is None else f"{row.straight:.0%}"), Text("")]


def _worker_cells(row: WorkerRow, frame: Frame, width: int) -> Cells:
    working = None if row.since is None else (frame.at - row.since).total_seconds()
    item = Text(row.item_id or "waits", "" if row.item_id else "dim")
    heard = Text("")
    if row.silent_seconds is not None:
        heard = Text(f"{short(row.silent_seconds)} ago", "red" if row.silent_seconds > SILENT_SECONDS else "dim")
    return [Text(clean(row.step)), Text(clean(row.host)), Text(row.pid), item, _short(working), heard, Text("")]


def _target_cells(row: TargetRow, frame: Frame, width: int) -> Cells:
    circuit = Text("closed", "green")
    if row.open_until is not None and row.open_until > frame.at:
        circuit = Text(f"open until {row.open_until.astimezone():%H:%M:%S}", "bold red")
    asked = None if row.asked_at is None else (frame.at - row.asked_at).total_seconds()
    return [Text(clean(row.name)), circuit, _count(row.failures, "dead"), _count(row.in_use), _short(asked), Text("")]


def _failure_cells(row: Failure, frame: Frame, width: int) -> Cells:
    ago = max(0.0, (frame.at - row.at).total_seconds())
    # What is ready tries again by itself: only what waits for a person has a colour.
    state = Text(row.state, "dim" if row.state == "ready" else COLOURS[row.state])
    cells = [Text(clean(row.queue)), _short(ago), state, _count(row.attempts)]
    cells += [Text(row.item_id)] if width >= WIDE else []
    whose = f"({clean(row.assigned_to)}) " if row.assigned_to else ""
    return [*cells, Text.assemble(whose, (clean(row.code), "bold"), " ", clean(row.message).replace("\n", " "))]


def _failure_columns(width: int) -> Columns:
    item = [("item", "l")] if width >= WIDE else []
    return [("", "l"), ("ago", "r"), ("now", "l"), ("tries", "r"), *item, ("why", "rest")]


WORKERS: Columns = [("", "l"), ("host", "l"), ("pid", "r"), ("item", "l"), ("since", "r"), ("heard", "r"), ("", "rest")]
TARGETS: Columns = [("", "l"), ("circuit", "l"), ("failures", "r"), ("in use", "r"), ("asked", "r"), ("", "rest")]

COLUMNS: dict[Pane, Callable[[int], Columns]] = {
    "queues": _queue_columns,
    "workers": lambda width: WORKERS,
    "targets": lambda width: TARGETS,
    "failures": _failure_columns,
}
"""A column's head, and its side: l, r, or `rest` for the one that takes the room that is left."""
CELLS: dict[Pane, Callable[..., Cells]] = {
    "queues": _queue_cells,
    "workers": _worker_cells,
    "targets": _target_cells,
    "failures": _failure_cells,
}


def _count(number: int, state: str = "") -> Text:
    if not number:
        return Text("·", "dim")
    words = f"{number:,}" if number < 100_000 else f"{number / 1000:,.0f}k"
    return Text(words, f"bold {COLOURS[state]}" if state in ("review", "dead") else COLOURS.get(state, ""))


def _at_least(number: int, state: str = "") -> Text:
    """What is counted up to a bound."""
    return _count(number, state).append("+" if number >= COUNTED else "")


def _short(seconds: float | None) -> Text:
    return Text("" if seconds is None else short(max(0.0, seconds)))


def _middle(spread: Spread | None) -> Text:
    return _short(None if spread is None else spread.p50)
