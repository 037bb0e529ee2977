"""Robocorp's work item adapter over Temporal: `RC_WORKITEM_ADAPTER=workitems.temporal.adapter.TemporalAdapter`.

One process per step, as with the store: its `reserve_input` asks for the next activity of the step's queue, its
`release_input` completes that activity.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

from robocorp.tasks import get_current_task
from robocorp.workitems import State

from workitems import workers
from workitems.adapter import MOST_SECONDS, StoreAdapter
from workitems.database import StoreError
from workitems.files import open_files
from workitems.heartbeat import Heartbeat, Renew
from workitems.limits import DRIVEN, retry_from_environment, seconds_from_environment
from workitems.remotes import engine_name
from workitems.temporal.connection import Site, line
from workitems.temporal.working import TemporalWork
from workitems.waiting import WAIT_FOR

if TYPE_CHECKING:
    from workitems.reservations import Reservations


class TemporalAdapter(StoreAdapter):
    """One worker's view of Temporal's items. What it changes is its own until it releases the item."""

    def __init__(self) -> None:
        if engine_name() != "temporal":
            raise StoreError("TemporalAdapter needs DESKHAND_ENGINE=temporal, and DESKHAND_TEMPORAL=host:port.")
        super().__init__()
        task = get_current_task()
        self._blobs = open_files(self.store.home)
        waits = os.environ.get(WAIT_FOR) == "*"
        self._items = TemporalWork(
            line(Site.from_environment()), self.store.database, self._blobs, task.name if task else "adapter", waits
        )
        self._items.retry = retry_from_environment()
        self._work = cast("Reservations", self._items)  # the same verbs
        options = (task.options if task else None) or {}
        most = seconds_from_environment("DESKHAND_MOST_SECONDS", float(options.get("most_seconds") or MOST_SECONDS))

        def connect() -> Renew:
            return self._items.renew

        self._heartbeat = self._items.heart = Heartbeat(connect, self._lease_seconds, most)

    def reserve_input(self) -> str:
        """Reserves the next item of the queue and returns its id. Raises EmptyQueue where nothing is ready."""
        if os.environ.get(DRIVEN) != "elsewhere":
            self.store.carry()
        item_id = super().reserve_input()
        workers.works_on(item_id)
        return item_id

    def release_input(self, item_id: str, state: State, exception: dict[str, Any] | None = None) -> None:
        """Ends the attempt, as StoreAdapter's does."""
        try:
            super().release_input(item_id, state, exception)
        finally:
            if item_id not in self._holds:
                workers.works_on(None)

    def list_files(self, item_id: str) -> list[str]:
        """The names of the item's files, in the order in which they were added."""
        files = self._items.files_of(item_id)
        return super().list_files(item_id) if files is None else [file.name for file in files]

    def get_file(self, item_id: str, name: str) -> bytes:
        """The content of a file. Raises FileNotFoundError."""
        files = self._items.files_of(item_id)
        if files is None:
            return super().get_file(item_id, name)
        for file in files:
            if file.name == name:
                return self._blobs.read(file.sha256)
        raise FileNotFoundError(f"The item {item_id} has no file of that name.")

    def _must_exist(self, item_id: str) -> None:
        if self._items.in_hand(item_id) is None:
            super()._must_exist(item_id)
