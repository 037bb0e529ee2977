"""The other hosts of items, as people and programs reach them: what is decided about an item goes to its owner."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from workitems.database import Database, StoreError
from workitems.projection import Projected, Projection
from workitems.rows import ItemRow

ENGINE = "DESKHAND_ENGINE"


class Remote(Protocol):
    """The host that owns an item: what a person decides goes there. It shows what follows before it returns.

    `item` is the row as the person saw it. Raises NotAllowed where the host has moved on or refuses, StoreError where
    it does not answer.
    """

    def answer(self, item: ItemRow, payload: Any, who: str, why: str) -> None:
        """An item that waits for a person goes back to work with a new payload."""
        ...

    def retry(self, item: ItemRow, who: str) -> None:
        """An item that waits for a person, was cancelled or is in its backoff goes back to work."""
        ...

    def cancel(self, item: ItemRow, who: str, why: str) -> None:
        """An item that nobody works on ends."""
        ...

    def postpone(self, item: ItemRow, until: datetime, who: str, why: str) -> None:
        """An item that is ready waits until then."""
        ...

    def close(self) -> None:
        """Ends the connection."""
        ...


class Engine(Remote, Protocol):
    """A host that also takes new items, and drives them: DESKHAND_ENGINE names it."""

    def put(self, item: Projected, who: str, why: str) -> None:
        """Starts an item whose files are kept. It is there, and shown, when this returns."""
        ...

    def settle_puts(self, seconds: float = ...) -> int:
        """Ends what those began, so long ago, who died while they put an item. Returns how many there were."""
        ...

    def end_attempts_of_the_dead(self, blame: bool) -> int:
        """Ends the attempts of processes of this machine that have died, at once. Returns how many.

        Each counts as a lost lease of its item; not so with `blame` False.
        """
        ...

    def describe(self) -> str:
        """A sentence about where it is, after it has answered. Raises StoreError."""
        ...

    def carry(self) -> None:
        """From now on this process moves items on, until `close`."""
        ...

    def end_all(self) -> int:
        """Ends every item that has not ended, for a new beginning. Returns how many."""
        ...


REMOTES: Mapping[str, tuple[str, str]] = {
    "temporal": ("workitems.temporal.engine", "TemporalEngine"),
    "control_room": ("workitems.control_room", "ControlRoomRemote"),
}
"""Where the Remote of a host is; each is built as `Kind(home, database)`."""


class Hosts:
    """The hosts as one store sees them, each connected when it is first asked. `clock` is of the rows alone."""

    def __init__(self, home: Path, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._home, self._db, self._clock = home, db, clock
        self._remotes: dict[str, Remote] = {}

    def of(self, item: ItemRow) -> Remote | None:
        """The host that owns the item; None: our store does. Raises StoreError for one that is not known here."""
        return None if item.host is None else self._remote(item.host)

    def engine(self) -> Engine | None:
        """Who takes new items; None: our store does. Raises StoreError for a wrong DESKHAND_ENGINE."""
        return None if engine_name() == "embedded" else cast("Engine", self._remote("temporal"))

    def has_work(self, queue: str) -> bool:
        """Whether the engine has something that could be taken now, as far as the rows show; False: there is none."""
        name = engine_name()
        return name != "embedded" and Projection(self._db, name, self._clock).has_work(queue)

    def close(self) -> None:
        """Ends the connections."""
        while self._remotes:
            self._remotes.popitem()[1].close()

    def _remote(self, host: str) -> Remote:
        if host not in self._remotes:
            if host not in REMOTES:
                raise StoreError(f"The item belongs to the host {host!r}, which this version does not know.")
            module, name = REMOTES[host]
            self._remotes[host] = getattr(importlib.import_module(module), name)(self._home, self._db)
        return self._remotes[host]


def engine_name() -> Literal["embedded", "temporal"]:
    """What DESKHAND_ENGINE says. Raises StoreError for anything else."""
    name = os.environ.get(ENGINE) or "embedded"
    if name == "temporal":
        return "temporal"
    if name != "embedded":
        raise StoreError("DESKHAND_ENGINE must be embedded or temporal.")
    return "embedded"
