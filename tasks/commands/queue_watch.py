"""`run.py queue watch`: looks at the store every few seconds, draws, and listens to the keys."""

from __future__ import annotations

import argparse
import json
import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tasks.commands.queue_output import person
from workitems import overview
from workitems.rows import at
from workitems.store import NotAllowed, Store, StoreError, UnknownItem

if TYPE_CHECKING:
    from rich.console import Console

    from tasks.commands.queue_panes import Frame

ReadKey = Callable[[float], str]
FAILURES = 50
DRAW_SECONDS = 0.5
"""A terminal that changed its size is drawn anew after so long."""


def watch(store: Store, args: argparse.Namespace) -> None:
    """Live where there is a terminal, else one frame."""
    from rich.console import Console

    if args.json:
        return print(json.dumps(_plain(asdict(look(store)))))
    console = Console()
    if args.once or not console.is_terminal:
        from tasks.commands.queue_screen import screen

        return console.print(screen(look(store), None, console.width, None))
    with _keys() as read:
        _live(Watcher(store, person(args), max(args.every, 1)), console, read)
    return None


def look(store: Store) -> Frame:
    """The store as it is."""
    from tasks.commands.queue_panes import Frame

    now, db = store.clock(), store.database
    return Frame(
        db.name,
        at(now),
        store.figures(),
        overview.workers(db, now),
        overview.targets(db, now),
        overview.last_failures(db, FAILURES),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(v) for name, v in value.items() if name != "away"}
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value


class Watcher:
    """The screen of one person: what was seen last, what is looked at, and the item whose retry waits for a yes."""

    def __init__(self, store: Store, who: str, every: float) -> None:
        from tasks.commands.queue_screen import View

        self.store, self.who, self.every = store, who, every
        self.frame, self.view = look(store), View()
        self.looked, self.asked = time.monotonic(), ""

    def look_again(self, now: float, at_once: bool = False) -> None:
        """Asks the store where it is time. One that is away may come back."""
        if now - self.looked < self.every and not at_once:
            return
        try:
            self.frame = look(self.store)
        except StoreError as failure:
            self.frame = replace(self.frame, away=str(failure))
        self.looked = now

    def press(self, key: str) -> None:
        """What a key does."""
        if self.asked:
            self.view.note = self._retry(self.asked) if key == "y" else ""
            self.asked = ""
            return
        self.view.note = ""
        if key in _TURNS:
            self.view.turn(_TURNS[key])
        elif key in _MOVES:
            self.view.move(_MOVES[key], self.frame)
        elif key == "r" and (failure := self.view.failure(self.frame)) is not None:
            self.view.note = f"Put {failure.item_id} back to work, as good as new? y: yes, any other key: no"
            self.asked = failure.item_id

    def _retry(self, item_id: str) -> str:
        """What came of it. A retry is safe: what was done outside is looked for before it is done again."""
        try:
            self.store.retry(item_id, self.who)
        except (NotAllowed, UnknownItem, StoreError) as failure:
            return str(failure)
        self.look_again(time.monotonic(), at_once=True)
        return f"The item {item_id} is ready again."


def _live(watcher: Watcher, console: Console, read: ReadKey) -> None:
    from rich.live import Live

    from tasks.commands.queue_screen import screen

    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            live.update(screen(watcher.frame, watcher.view, console.width, console.height), refresh=True)
            key = read(DRAW_SECONDS)
            if key in ("q", "\x03", "\x04"):
                return
            if key:
                watcher.press(key)
            watcher.look_again(time.monotonic())


# ---- the keyboard

_ESCAPES = {"\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left", "\x1b[Z": "backtab"}
_ESCAPES |= {"\x1bOA": "up", "\x1bOB": "down", "\x1bOC": "right", "\x1bOD": "left"}


_TURNS = {"\t": 1, "right": 1, "backtab": -1, "left": -1}
_MOVES = {"up": -1, "k": -1, "down": 1, "j": 1}


@contextmanager
def _keys() -> Iterator[ReadKey]:
    """A function that waits so many seconds for a key and names it ("": none). Without a keyboard it only waits."""
    if not sys.stdin.isatty() or sys.platform == "win32":  # Ctrl-C ends
        yield _only_wait
        return
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield lambda seconds: _read_key(descriptor, seconds)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _only_wait(seconds: float) -> str:
    time.sleep(seconds)
    return ""


def _read_key(descriptor: int, seconds: float) -> str:
    if not select.select([descriptor], [], [], seconds)[0]:
        return ""
    pressed = os.read(descriptor, 16).decode("utf-8", errors="replace")
    if not pressed:
        return "q"  # the terminal is gone
    return _ESCAPES.get(pressed, pressed[:1])
