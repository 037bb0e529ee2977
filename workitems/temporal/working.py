"""What a worker does with Temporal's items: as reservations.py, but the lease is an activity's.

The worker asks Temporal for the next activity of its step's queue, keeps the attempt to itself, and hands over all of
it with the release. An attempt that Temporal has given up (no heartbeat for as long as a lease) is refused there.
"""

from __future__ import annotations

import json
import logging
import random
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import PollActivityTaskQueueRequest, PollActivityTaskQueueResponse
from temporalio.client import AsyncActivityCancelledError, Client
from temporalio.service import RPCError, RPCStatusCode

from workitems import owners
from workitems.database import Database, StoreError
from workitems.files import Blobs, check_name
from workitems.heartbeat import Heartbeat
from workitems.journal import to_json
from workitems.projection import Projected, Projection
from workitems.reservations import MESSAGE_CHARACTERS, Ending, Hold, NotHeld, UnknownItem
from workitems.rows import FileRow
from workitems.states import RetryPolicy, State
from workitems.temporal.connection import Line
from workitems.temporal.nouns import Ended, Item
from workitems.temporal.texts import fold, pack_text, row_of, text_of

log = logging.getLogger(__name__)

POLL_SECONDS = 3.0
"""How long one question for an activity waits; Temporal answers a second before, and refuses less than two."""
SHOWN_BUT_NOT_THERE_SECONDS = 10.0
SHOWN_SECONDS = 5.0
HAND_OVER_SECONDS = 120.0
"""How long a release waits for a Temporal that is away."""
AWAY = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.RESOURCE_EXHAUSTED)


@dataclass
class _Work:
    """An item in hand or one of its outputs, as this worker has changed it. `files`: name -> (SHA-256, size)."""

    queue: str
    text: str
    files: dict[str, tuple[str, int]] = field(default_factory=dict)

    def listed(self) -> list[list[Any]]:
        return [[name, sha256, size] for name, (sha256, size) in self.files.items()]


@dataclass
class _Attempt:
    """An activity in hand. `lost`: Temporal has said that it is no longer ours."""

    token: bytes
    item: Item
    work: _Work
    outputs: dict[str, _Work] = field(default_factory=dict)
    lost: bool = False


class TemporalWork:
    """The working side of the items, for one worker named `who`. `waits`: an empty queue is worth a long question."""

    def __init__(self, line: Line, db: Database, blobs: Blobs, who: str, waits: bool) -> None:
        self._line, self._db, self._blobs, self._who, self._waits = line, db, blobs, who, waits
        self._projection = Projection(db, "temporal")
        self._attempts: dict[str, _Attempt] = {}
        self.retry = RetryPolicy()
        self.heart: Heartbeat | None = None

    # ---- taking and giving back

    def reserve(self, queue: str, lease_seconds: float) -> Hold | None:
        """The next item of the queue, or None. The lease is what the item was started with."""
        until = time.monotonic() + SHOWN_BUT_NOT_THERE_SECONDS
        while self._waits or self._projection.has_work(queue):
            task = self._line.run(self._poll(self._line.client(), queue), 2 * POLL_SECONDS + 10)
            hold = None if task is None else self._take(task)
            if hold is not None:
                return hold
            if self._waits or time.monotonic() > until:
                return None
        return None

    async def _poll(self, client: Client, queue: str) -> PollActivityTaskQueueResponse | None:
        name = f"{self._line.site.queue}.{queue}"
        request = PollActivityTaskQueueRequest(
            namespace=self._line.site.namespace, task_queue=TaskQueue(name=name), identity=owners.me()
        )
        try:
            task = await client.workflow_service.poll_activity_task_queue(
                request, retry=False, timeout=timedelta(seconds=POLL_SECONDS)
            )
        except RPCError as error:
            if error.status in AWAY:
                return None
            raise StoreError(f"Temporal gives no work: {error.message[:300]}.") from None
        return task if task.task_token else None

    def _take(self, task: PollActivityTaskQueueResponse) -> Hold | None:
        """The attempt begins: the row shows it, unless it shows something newer."""
        client = self._line.client()
        item: Item = self._line.run(client.data_converter.decode(task.input.payloads, [Item]))[0]
        attempt = _Attempt(task.task_token, item, _Work(item.queue, "null"))
        try:
            attempt.work.text = text_of(item, self._blobs)
            attempt.work.files = {str(name): (str(sha256), int(size)) for name, sha256, size in item.files}
            shown = self._projection.show(
                [row_of(replace(item, state="taken"), self._blobs)], self._who, "reserved", durable=False
            )
        except (StoreError, OSError) as error:
            back = Ended("postponed", self._who, "store_away", "The store does not answer.", retry_after=5.0)
            self._complete(attempt, replace(back, files=item.files))
            raise StoreError(f"An item cannot be taken: {error}") from None
        if not shown:
            return None
        hold = Hold(item.id, item.fence)
        self._attempts[item.id] = attempt
        return hold

    def renew(self, hold: Hold) -> bool:
        """The heartbeat. False: the attempt is lost."""
        attempt = self._attempts.get(hold.item_id)
        if attempt is None:
            return True  # it has just been released
        try:
            self._line.run(self._line.client().get_async_activity_handle(task_token=attempt.token).heartbeat())
        except AsyncActivityCancelledError:
            return True  # somebody wanted it back, and was told that it is being worked on
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                attempt.lost = True
                return False
            raise
        return True

    def release(self, hold: Hold, ending: Ending) -> State:
        """Ends the attempt and hands over what it made. Raises NotHeld after a lost lease."""
        attempt = self._must_hold(hold)
        try:
            # The heart beats on: handing over what is large takes its time, and Temporal waits no longer than a lease.
            if self.heart is not None:
                self.heart.add(hold)
            ended = self._hand_over(attempt, ending)
        finally:
            if self.heart is not None:
                self.heart.remove(hold)
        if not self._waits:
            self._until_shown(hold)
        if ended.result in ("failed", "postponed"):
            return "dead" if ended.retry_after is None else "ready"
        return cast("State", ended.result)

    def _hand_over(self, attempt: _Attempt, ending: Ending) -> Ended:
        ended, staged = self._ended(attempt, ending), list[Projected]()
        if ended.outputs:
            ended, staged = self._stage(attempt, ended)
        if not self._complete(attempt, ended):
            self._projection.forget(staged, self._who, "the attempt was void")
            self._attempts.pop(attempt.item.id, None)
            raise NotHeld(f"The item {attempt.item.id} is not released: its reservation has ended.")
        self._attempts.pop(attempt.item.id, None)
        return ended

    def _until_shown(self, hold: Hold) -> None:
        """Who ends when nothing is ready, or looks what came of it, must see what follows from the release."""
        until = time.monotonic() + SHOWN_SECONDS
        while time.monotonic() < until:
            row = self._projection.get(hold.item_id)
            if row is None or row.state != "taken" or row.fence != hold.fence:
                return
            time.sleep(0.005)

    def _ended(self, attempt: _Attempt, ending: Ending) -> Ended:
        item, made = attempt.item, attempt.work
        text, blob = pack_text(made.text, self._blobs)
        ended = Ended(ending.result, self._who, ending.code, payload=text, blob=blob, files=made.listed())
        ended.message = ending.message and ending.message[:MESSAGE_CHARACTERS]
        if ending.result == "failed":
            ended.retry_after = self.retry.delay(item.attempts + 1, random.random())  # noqa: S311 - jitter, no secret
        elif ending.result == "postponed":
            ended.retry_after = self.retry.first_seconds if ending.seconds is None else max(0.0, ending.seconds)
        elif ending.result == "done":
            ended.outputs = [self._output(attempt, item_id, work) for item_id, work in attempt.outputs.items()]
        return ended

    def _output(self, attempt: _Attempt, item_id: str, work: _Work) -> Item:
        payload, blob = pack_text(work.text, self._blobs)
        heir = Item(item_id, work.queue, attempt.item.prefix, payload, blob, work.listed())
        heir.lease_seconds, heir.searchable = attempt.item.lease_seconds, attempt.item.searchable
        return heir

    def _stage(self, attempt: _Attempt, ended: Ended) -> tuple[Ended, list[Projected]]:
        """The outputs are in the database before Temporal hears of them, so that no sweep takes their files."""
        parent = row_of(attempt.item, self._blobs)
        rows = [replace(row_of(output, self._blobs), state="held") for output in ended.outputs]
        staged = self._projection.stage(parent, rows, self._who)
        if staged is None:
            self._attempts.pop(attempt.item.id, None)
            raise NotHeld(f"The item {attempt.item.id} is not released: its reservation has ended.")
        for output, row in zip(ended.outputs, staged, strict=True):
            output.parent_id, output.root_id = row.parent_id, row.root_id
            output.priority, output.deadline = row.priority, row.deadline
        folded = fold(ended, self._blobs)
        if folded.outputs_blob is not None:
            self._projection.pin(parent.id, [folded.outputs_blob])
        return folded, staged

    def _complete(self, attempt: _Attempt, ended: Ended) -> bool:
        """Hands the ending over. False: Temporal does not wait for it (any more)."""
        handle = self._line.client().get_async_activity_handle(task_token=attempt.token)
        until = time.monotonic() + HAND_OVER_SECONDS
        while True:
            try:
                self._line.run(handle.complete(ended))
                return True
            except RPCError as error:
                if error.status == RPCStatusCode.NOT_FOUND:
                    return False
                if error.status not in AWAY or time.monotonic() > until:
                    raise StoreError(f"Temporal does not take the release: {error.message[:300]}.") from None
                time.sleep(0.5)

    # ---- the attempt

    def create_output(self, parent: Hold, item_id: str, queue: str, payload: Any) -> None:
        """An output that exists once its parent is released as done. Raises NotHeld."""
        self._must_hold(parent).outputs[item_id] = _Work(queue, to_json(payload))

    def parent_of(self, item_id: str) -> str | None:
        """The item in hand that made this output; None for any other item."""
        return next((i for i, attempt in self._attempts.items() if item_id in attempt.outputs), None)

    def save_payload(self, item_id: str, hold: Hold, payload: Any) -> None:
        """Changes the payload of the held item or of one of its outputs. Raises NotHeld."""
        self._of(item_id, hold).text = to_json(payload)

    def add_file(self, item_id: str, hold: Hold, name: str, content: bytes) -> None:
        """Adds or replaces a file. Raises NotHeld, and ValueError for a name that is no plain file name."""
        check_name(name)
        work = self._of(item_id, hold)
        work.files[name] = (self._blobs.keep(content), len(content))

    def remove_file(self, item_id: str, hold: Hold, name: str) -> None:
        """Removes a file. Raises NotHeld, and FileNotFoundError for an unknown name."""
        if self._of(item_id, hold).files.pop(name, None) is None:
            raise FileNotFoundError(f"The item {item_id} has no file of that name.")

    def load_payload(self, item_id: str) -> Any:
        """Any item's payload. Raises UnknownItem."""
        work = self.in_hand(item_id)
        if work is not None:
            return json.loads(work.text)
        row = self._projection.get(item_id)
        if row is None:
            raise UnknownItem(item_id)
        return json.loads(row.payload)

    def files_of(self, item_id: str) -> list[FileRow] | None:
        """The files of an item in hand or of one of its outputs; None for any other item."""
        work = self.in_hand(item_id)
        return None if work is None else [FileRow(name, *file) for name, file in work.files.items()]

    def in_hand(self, item_id: str) -> _Work | None:
        """The item in hand, or the output, of that id."""
        if item_id in self._attempts:
            return self._attempts[item_id].work
        parent = self.parent_of(item_id)
        return None if parent is None else self._attempts[parent].outputs[item_id]

    def _of(self, item_id: str, hold: Hold) -> _Work:
        attempt = self._must_hold(hold)
        work = attempt.work if item_id == hold.item_id else attempt.outputs.get(item_id)
        if work is None:
            raise NotHeld(f"The item {item_id} is not changed: it is no output of {hold.item_id}.")
        return work

    def _must_hold(self, hold: Hold) -> _Attempt:
        attempt = self._attempts.get(hold.item_id)
        if attempt is None or attempt.lost or attempt.item.fence != hold.fence:
            raise NotHeld(f"The item {hold.item_id} is not changed: its reservation has ended.")
        return attempt
