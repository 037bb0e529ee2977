"""What `run.py queue watch` shows: four panes that share the height of the screen. Nothing here asks or changes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tasks.commands.queue_output import clean
from tasks.commands.queue_panes import CELLS, COLUMNS, WIDE, Frame, Pane
from workitems.overview import Failure

PANES: tuple[Pane, ...] = ("queues", "workers", "targets", "failures")
TITLES = {"queues": "Queues", "workers": "Workers", "targets": "Targets", "failures": "Last failures"}
NOTHING = {
    "queues": "nothing has been here yet",
    "workers": "nobody works",
    "targets": "no system outside has been asked yet",
    "failures": "nothing has failed lately",
}
LEAST_ROWS: dict[Pane, int] = {"queues": 5, "workers": 3, "targets": 2, "failures": 4}
FIRST_COLUMN = 16
LOW = 14
ONCE_ROWS = 15
"""Of a pane in a single frame."""


@dataclass
class View:
    """What the person looks at: the pane that gets the room, and the row that is chosen in each."""

    focus: Pane = "failures"
    chosen: dict[Pane, int] = field(default_factory=dict)
    note: str = ""

    def turn(self, step: int) -> None:
        """The next pane, or the one before."""
        self.focus = PANES[(PANES.index(self.focus) + step) % len(PANES)]

    def move(self, step: int, frame: Frame) -> None:
        """Another row of the pane."""
        last = max(0, len(getattr(frame, self.focus)) - 1)
        self.chosen[self.focus] = min(max(self.chosen.get(self.focus, 0) + step, 0), last)

    def failure(self, frame: Frame) -> Failure | None:
        """The failure that is chosen, where that pane is looked at."""
        if self.focus != "failures" or not frame.failures:
            return None
        return frame.failures[min(self.chosen.get("failures", 0), len(frame.failures) - 1)]


def screen(frame: Frame, view: View | None, width: int, height: int | None) -> RenderableType:
    """The whole screen. Without a view (a single frame) nothing is chosen, and without a height nothing is cut."""
    # A very low terminal has room for one pane alone.
    panes: Sequence[Pane] = PANES if view is None or height is None or height >= LOW else (view.focus,)
    rows = {pane: len(getattr(frame, pane)) for pane in panes}
    footer = _footer(view, view.failure(frame), width) if view is not None else []
    shown = {pane: min(count, ONCE_ROWS) for pane, count in rows.items()}
    if view is not None and height is not None:
        shown = _share(rows, height - 1 - len(footer), view.focus)
    parts: list[RenderableType] = [_head(frame, width)]
    for pane in panes:
        first = 0 if view is None else _first(view.chosen.get(pane, 0), shown[pane], rows[pane])
        parts.append(_pane(pane, frame, range(first, first + shown[pane]), view, width))
    if height is not None and view is not None:
        used = 1 + sum(1 + max(1, n) for n in shown.values())
        parts += [Text("")] * max(0, height - used - len(footer))
    return Group(*parts, *footer)


def _share(rows: Mapping[Pane, int], height: int, focus: Pane) -> dict[Pane, int]:
    """How many rows each pane shows: all a few, then the one in focus what it wants, then the others."""
    shown = {pane: min(count, LEAST_ROWS[pane]) for pane, count in rows.items()}
    room = height - sum(1 + max(1, n) for n in shown.values())
    wanted = [pane for pane in (focus, "failures", "queues", "workers", "targets") if pane in rows]
    for pane in reversed(wanted):
        less = min(max(0, -room), max(0, shown[pane] - 1))
        shown[pane] -= less
        room += less
    for pane in wanted:
        more = max(0, min(rows[pane] - shown[pane], room))
        shown[pane] += more
        room -= more
    return shown


def _first(chosen: int, shown: int, rows: int) -> int:
    """The first row that is shown, so that the chosen one is among them."""
    return min(max(0, chosen - shown + 1), max(0, rows - shown))


def _head(frame: Frame, width: int) -> Text:
    if frame.away is not None:
        return _line(Text(clean(frame.away), "bold red"), width)
    time = f"{frame.at.astimezone():%Y-%m-%d %H:%M:%S}"
    name = clean(frame.name)
    left = Text.assemble(("Deskhand", "bold"), "  ", name if len(name) < width - 32 else f"…{name[33 - width :]}")
    return Text.assemble(left, " " * max(1, width - left.cell_len - len(time)), (time, "dim"))


def _footer(view: View, selected: Failure | None, width: int) -> list[RenderableType]:
    """The keys, and above them what was just said, or the whole sentence of the chosen failure."""
    keys = "q ends   tab pane   ↑ ↓ choose" + ("   r retry" if selected is not None else "")
    said = view.note or (f"{selected.item_id}  {selected.message}" if selected is not None else "")
    lines = textwrap.wrap(clean(said), width, max_lines=2, placeholder="…") or [""]
    return [*(Text(line, "bold" if view.note else "") for line in lines), _line(Text(keys, "dim"), width)]


def _line(text: Text, width: int) -> Text:
    text.no_wrap = True
    text.truncate(width, overflow="ellipsis")
    return text


def _pane(pane: Pane, frame: Frame, places: range, view: View | None, width: int) -> RenderableType:
    """A table whose first column is headed by the pane's title; a dim line where there is nothing."""
    rows = getattr(frame, pane)
    focused = view is not None and view.focus == pane
    cut = f" {len(places)}/{len(rows)}" if len(places) < len(rows) else ""
    title = Text(f"{'▸ ' if focused else ''}{TITLES[pane]}{cut}", "bold")
    if not rows:
        return Group(title, Text(f"  {NOTHING[pane]}", "dim"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    columns = COLUMNS[pane](width)
    for number, (name, side) in enumerate(columns):
        table.add_column(
            title if number == 0 else Text(name),
            justify="right" if side == "r" else "left",
            no_wrap=True,
            overflow="ellipsis",
            min_width=FIRST_COLUMN if number == 0 and width >= WIDE else None,
            ratio=1 if side == "rest" else None,
        )
    for place in places:
        cells = CELLS[pane](rows[place], frame, width)
        chosen = focused and view is not None and place == min(view.chosen.get(pane, 0), len(rows) - 1)
        # Colours upon the reversed row are hard to read.
        table.add_row(*([Text(cell.plain) for cell in cells] if chosen else cells), style="reverse" if chosen else "")
    return table
