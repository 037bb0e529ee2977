"""Robocorp's work item adapter over the store: `RC_WORKITEM_ADAPTER=workitems.adapter.StoreAdapter`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from robocorp.tasks import get_current_task
from robocorp.workitems import BaseAdapter, EmptyQueue, State

from workitems.database import StoreError
from workitems.heartbeat import Heartbeat, Renew
from workitems.limits import retry_from_environment, seconds_from_environment
from workitems.reservations import Ending, Hold, NotHeld
from workitems.store import Store, UnknownItem, new_id

LEASE_SECONDS = 60.0
MOST_LATE = 1000
"""Of how many released outputs the adapter knows that it has made them, and may finish them while nobody has them."""
MOST_SECONDS = 900.0
"""How long one item may be worked on: beyond it the lease is not renewed. `@task(most_seconds=...)` changes it, and
before that the settings' [work] (DESKHAND_MOST_SECONDS)."""


class StoreAdapter(BaseAdapter):
    """One worker's view of the store. Reads the environment, and the options of the running task, when it is built.

    Any item may be read by its id. Only who holds the reservation of an item (of an output: of its parent) writes and
    releases it; everybody else gets NotHeld, a ValueError.
    """

    def __init__(self) -> None:
        task = get_current_task()
        options: Mapping[str, Any] = (task.options if task else None) or {}
        self.queue = os.environ.get("RC_WORKITEM_QUEUE_NAME") or options.get("queue")
        self._output_queue = os.environ.get("RC_WORKITEM_OUTPUT_QUEUE_NAME")
        self._output_kinds: Sequence[str] = tuple(options.get("outputs") or ())
        self._lease_seconds = seconds_from_environment("DESKHAND_LEASE_SECONDS", LEASE_SECONDS)
        self.store = Store.open()
        self._work = self.store.reservations(task.name if task else "adapter")
        self._work.retry = retry_from_environment()
        self._holds: dict[str, Hold] = {}
        self._postponed: dict[str, float] = {}  # seconds, where a failure is not the held item's own
        self._made: dict[str, list[str]] = {}  # the outputs of each held item
        self._late: dict[str, Hold] = {}  # outputs that were released with their parent, and by whom
        home, ours, lease = self.store.home, self.store.database, self._lease_seconds

        def connect() -> Renew:
            """A connection of the heartbeat's own: it must not wait for what the worker does with his."""
            work = Store(home, ours.another()).reservations("heartbeat")
            return lambda hold: work.renew(hold, lease)

        most = seconds_from_environment("DESKHAND_MOST_SECONDS", float(options.get("most_seconds") or MOST_SECONDS))
        self._heartbeat = Heartbeat(connect, lease, most)

    # ---- the input

    def reserve_input(self) -> str:
        """Reserves the next item of the queue and returns its id. Raises EmptyQueue where nothing is ready."""
        if not self.queue:
            raise StoreError(
                "No queue is named: set RC_WORKITEM_QUEUE_NAME, or give the task the option queue, "
                'as in @task(queue="document").'
            )
        hold = self._work.reserve(self.queue, self._lease_seconds)
        if hold is None:
            raise EmptyQueue(f"No work items in the queue {self.queue}")
        self._holds[hold.item_id] = hold
        self._heartbeat.add(hold)
        return hold.item_id

    def release_input(self, item_id: str, state: State, exception: dict[str, Any] | None = None) -> None:
        """Ends the attempt: done with its outputs, or (by the exception's type) to a person or to a later attempt."""
        ending = _ending(State(state), exception or {})
        hold = self._hold(item_id)
        if ending.result == "failed" and item_id in self._postponed:
            ending = replace(ending, result="postponed", seconds=self._postponed[item_id])
        self._heartbeat.remove(hold)
        try:
            self._work.release(hold, ending)
        except NotHeld:
            self._holds.pop(item_id)  # what is lost stays lost
            self._postponed.pop(item_id, None)
            self._made.pop(item_id, None)
            raise
        except BaseException:
            self._heartbeat.add(hold)  # a full disk, for instance: the item is still ours
            raise
        self._holds.pop(item_id)
        self._postponed.pop(item_id, None)
        made = self._made.pop(item_id, ())
        if made and ending.result == "done":
            self._late |= dict.fromkeys(made, hold)
            for oldest in list(self._late)[:-MOST_LATE]:
                del self._late[oldest]

    def postpone(self, item_id: str, seconds: float) -> None:
        """Should the attempt fail, the item is not to blame: it is ready again then, its attempts as before."""
        self._postponed[item_id] = seconds

    # ---- outputs

    def create_output(self, parent_id: str, payload: Any = None) -> str:
        """Makes an output of the held item and returns its id. Others see it once the item is released as done."""
        hold = self._hold(parent_id)
        item_id = new_id()
        self._work.create_output(hold, item_id, self._queue_for(payload), payload)
        self._made.setdefault(parent_id, []).append(item_id)
        return item_id

    def _queue_for(self, payload: Any) -> str:
        if self._output_queue:
            return self._output_queue
        kind = payload.get("kind") if isinstance(payload, dict) else None
        if kind in self._output_kinds:
            return str(kind)
        if self._output_kinds:
            return self._output_kinds[0]
        raise StoreError(
            "No output queue is named: set RC_WORKITEM_OUTPUT_QUEUE_NAME, or give the task the option outputs, "
            'as in @task(outputs=["invoice"]).'
        )

    # ---- payload and files

    def load_payload(self, item_id: str) -> Any:
        """The item's payload. Raises ValueError for an unknown id."""
        return self._work.load_payload(item_id)

    def save_payload(self, item_id: str, payload: Any) -> None:
        """Saves the payload of the held item or of one of its outputs, at once."""
        self._work.save_payload(item_id, self._hold_over(item_id), payload)

    def list_files(self, item_id: str) -> list[str]:
        """The names of the item's files, in the order in which they were added."""
        names = self.store.file_names(item_id)
        if not names:
            self._must_exist(item_id)
        return names

    def get_file(self, item_id: str, name: str) -> bytes:
        """The content of a file. Raises FileNotFoundError."""
        self._must_exist(item_id)
        return self.store.read_file(item_id, name)

    def add_file(self, item_id: str, name: str, content: bytes) -> None:
        """Adds or replaces a file. Raises ValueError for a name that is no plain file name."""
        self._work.add_file(item_id, self._hold_over(item_id), name, bytes(content))

    def remove_file(self, item_id: str, name: str) -> None:
        """Removes a file. Raises FileNotFoundError."""
        self._work.remove_file(item_id, self._hold_over(item_id), name)

    def close(self) -> None:
        """Ends the heartbeat and the connection. What is still held is taken up by others when its lease runs out."""
        self._heartbeat.stop()
        self.store.close()

    # ---- holds

    def _hold(self, item_id: str) -> Hold:
        hold = self._holds.get(item_id)
        if hold is None:
            self._must_exist(item_id)
            raise NotHeld(f"The item {item_id} is not reserved by this worker, or was released already.")
        return hold

    def _hold_over(self, item_id: str) -> Hold:
        """The hold that allows to write the item: its own, or its parent's, which for a late output has ended."""
        if item_id in self._holds or item_id in self._late:
            return self._holds.get(item_id) or self._late[item_id]
        return self._hold(self._work.parent_of(item_id) or item_id)

    def _must_exist(self, item_id: str) -> None:
        if not self.store.exists(item_id):
            raise UnknownItem(item_id)


def _ending(state: State, exception: Mapping[str, Any]) -> Ending:
    if state == State.DONE:
        return Ending("done")
    kind = getattr(exception.get("type"), "value", exception.get("type"))
    code, message = exception.get("code"), exception.get("message")
    return Ending(
        "review" if str(kind).upper() == "BUSINESS" else "failed",
        None if code is None else str(code),
        None if message is None else str(message),
    )
