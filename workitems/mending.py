"""What operations does with items by their ids, whoever moves them: our store, or another host that is asked."""

from __future__ import annotations

import contextlib
from datetime import datetime

from workitems import interventions
from workitems.interventions import NotAllowed
from workitems.journal import Cause
from workitems.reservations import UnknownItem
from workitems.rows import ItemRow
from workitems.store import Store


class Mending:
    """A person (`who`) at the store. Every method raises UnknownItem, and NotAllowed with a sentence."""

    def __init__(self, store: Store, who: str) -> None:
        self.store, self.who = store, who

    def postpone(self, item_id: str, until: datetime, why: str) -> None:
        """A ready item is not taken before `until`."""
        item = self._must(item_id)
        remote = self.store.hosts.of(item)
        if remote is None:
            interventions.postpone(self.store.database, item, until.timestamp(), self._cause(why))
        else:
            remote.postpone(item, until, self.who, why)

    def redrive(self, item_id: str, until: datetime | None) -> None:
        """A dead letter goes back to work, at once or at `until`."""
        item = self._must(item_id)
        remote = self.store.hosts.of(item)
        if remote is None:
            moment = None if until is None else until.timestamp()
            why = "redrive" if until is None else f"redrive; not before {until:%Y-%m-%d %H:%M:%S} UTC"
            interventions.redrive(self.store.database, item, moment, self._cause(why))
        elif item.state != "dead":
            raise NotAllowed(f"The item {item.id} is {item.state}; only a dead letter can be redriven.")
        else:
            remote.retry(item, self.who)
            if until is not None:
                with contextlib.suppress(NotAllowed):  # it has begun already
                    remote.postpone(self._must(item_id), until, self.who, "redrive")

    def assign(self, item_id: str, person: str | None) -> None:
        """Says who shall look at the item; None: anybody. That is kept here whoever moves the item."""
        why = "assigned to nobody" if person is None else f"assigned to {person}"
        interventions.assign(self.store.database, self._must(item_id), person, self._cause(why))

    def move(self, item_id: str, queue: str, why: str) -> None:
        """An item that nobody works on goes to another queue."""
        item = self._must(item_id)
        if self.store.hosts.of(item) is not None:
            raise NotAllowed(f"The item {item.id} belongs to {item.host}, whose items keep their queue.")
        interventions.move(self.store.database, item, queue, self._cause(f"from {item.queue} to {queue}: {why}"))

    def _cause(self, why: str) -> Cause:
        return Cause(self.store.clock(), self.who, why)

    def _must(self, item_id: str) -> ItemRow:
        item = self.store.get(item_id)
        if item is None:
            raise UnknownItem(item_id)
        return item
