"""The one workflow: it carries one item through its step, whatever step that is.

Temporal replays this code to know where an item stands. So it does nothing by itself, imports nothing of ours but its
nouns, and an open item must still fit after a change: docs/decisions/0005-temporal.md says how it may be changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError

from workitems.temporal.nouns import (
    FINISH,
    FLOW,
    OPEN_OUTPUTS,
    RUN_STEP,
    SHOW,
    SHUT_DOWN,
    STATE_KEY,
    Ended,
    Item,
    Word,
    about,
    priority_of,
)

LONGEST_ATTEMPT = timedelta(hours=24)
"""The step's own maximum is enforced by its worker, whose heart stops beating then; this one holds in any case."""
LOST_LEASES_MAX = 5
OUTPUTS_AT_ONCE = 100
TAKE_BACK_SECONDS = 3
WAITS = ("review", "dead")


@workflow.defn(name=FLOW)
class ItemFlow:
    """An item: ready, being worked on, done; or waiting for a person, or for a later attempt."""

    @workflow.init
    def __init__(self, item: Item) -> None:
        self.item = item
        self._attempt: workflow.ActivityHandle[Ended] | None = None
        self._taking_back = False

    @workflow.run
    async def run(self, item: Item) -> str:
        """Ends when the item is done or cancelled, and says which."""
        while self.item.state not in ("done", "cancelled"):
            if self.item.state in WAITS:
                await workflow.wait_condition(lambda: self.item.state not in WAITS)
            elif await self._is_due():
                await self._try()
            if workflow.info().is_continue_as_new_suggested() and self.item.state == "ready":
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self.item)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.item.state

    async def _is_due(self) -> bool:
        """Waits until the item may be taken. False: somebody has said something in the meantime."""
        seen, until = self.item.revision, self.item.not_before
        if until is not None and until > workflow.time():
            try:
                wait = timedelta(seconds=until - workflow.time())
                await workflow.wait_condition(lambda: self.item.revision != seen, timeout=wait)
            except TimeoutError:
                return True
            return False
        return True

    # ---- an attempt

    async def _try(self) -> None:
        item = self.item
        item.not_before = None
        item.revision += 1
        item.fence += 1
        self._attempt = workflow.start_activity(
            RUN_STEP,
            item,
            result_type=Ended,
            task_queue=f"{item.prefix}.{item.queue}",
            start_to_close_timeout=LONGEST_ATTEMPT,
            heartbeat_timeout=timedelta(seconds=item.lease_seconds),
            retry_policy=RetryPolicy(maximum_attempts=1),  # what an attempt's end means is decided here
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            priority=priority_of(item.priority),
            summary=f"attempt {item.fence}",
        )
        try:
            ended = await self._attempt
        except ActivityError as error:
            self._attempt = None
            if isinstance(error.cause, CancelledError) and self._taking_back:
                await workflow.wait_condition(lambda: not self._taking_back)  # who takes it back says what follows
            else:
                await self._lost(error.cause)
            return
        self._attempt, self._taking_back = None, False
        await self._ended(ended)

    async def _lost(self, cause: BaseException | None) -> None:
        """The worker ended without a word, or was cut off: at once again, unless this happens too often."""
        self.item.lost_leases += int(not (isinstance(cause, ApplicationError) and cause.type == SHUT_DOWN))
        poison = self.item.lost_leases >= LOST_LEASES_MAX
        message = f"The worker that had this item ended without a word ({self.item.lost_leases} in all)."
        code = "poison" if poison else "lost_lease"
        await self._move("dead" if poison else "ready", "temporal", code, message)

    async def _ended(self, ended: Ended) -> None:
        item = self.item
        if ended.payload is not None or ended.blob is not None:
            item.payload, item.blob = ended.payload or "null", ended.blob
        item.files = ended.files
        if ended.result == "done":
            await self._finish(ended)
        elif ended.result == "review":
            await self._move("review", ended.who, ended.code, ended.message)
        else:
            item.attempts += int(ended.result == "failed")
            await self._again_later(ended)

    async def _again_later(self, ended: Ended) -> None:
        due = None if ended.retry_after is None else workflow.time() + ended.retry_after
        if due is None:
            await self._move("dead", ended.who, ended.code, ended.message)
        elif self.item.deadline is not None and due > self.item.deadline:
            await self._move("dead", ended.who, "deadline_passed", ended.message)
        else:
            self.item.not_before = due
            await self._move("ready", ended.who, ended.code, ended.message)

    async def _finish(self, ended: Ended) -> None:
        """The item is done: it and its outputs are shown, in one transaction; then the outputs begin, each once."""
        item = self.item
        item.state, item.code, item.message = "done", ended.code, ended.message
        item.revision += 1
        self._tell()
        await self._ask(FINISH, [item, ended])
        for first in range(0, ended.outputs_count, OUTPUTS_AT_ONCE):
            if ended.outputs_blob is None:
                outputs = ended.outputs[first : first + OUTPUTS_AT_ONCE]
            else:
                outputs = await self._ask(OPEN_OUTPUTS, [ended.outputs_blob, first, OUTPUTS_AT_ONCE], list[Item])
            await asyncio.gather(*(_begin(output) for output in outputs))

    # ---- what a person says

    @workflow.update
    async def answer(self, word: Word) -> None:
        """An item in review, or dead, goes back to work with another payload."""
        self.item.payload, self.item.blob = word.payload or "null", word.blob
        await self._back(word)

    @workflow.update
    async def retry(self, word: Word) -> None:
        """An item in review, dead, or in its backoff is tried again now."""
        await self._back(word)

    @workflow.update
    async def cancel(self, word: Word) -> None:
        """An item that nobody works on ends."""
        await self._take_back()
        self.item.not_before = None
        await self._move("cancelled", word.who, "cancelled", word.why, word.why)

    @workflow.update
    async def postpone(self, word: Word) -> None:
        """An item that is ready waits until `until`."""
        await self._take_back()
        self.item.not_before = word.until
        await self._move("ready", word.who, "postponed", word.why, word.why)

    @answer.validator
    def _may_answer(self, word: Word) -> None:
        self._must_be(word, *WAITS)

    @retry.validator
    def _may_retry(self, word: Word) -> None:
        self._must_be(word, "ready", *WAITS)

    @cancel.validator
    def _may_cancel(self, word: Word) -> None:
        self._must_be(word, "ready", *WAITS)

    @postpone.validator
    def _may_postpone(self, word: Word) -> None:
        self._must_be(word, "ready")

    def _must_be(self, word: Word, *states: str) -> None:
        if self.item.state not in states:
            raise ApplicationError(f"The item {self.item.id} is {self.item.state}.", type="refused")
        if word.revision and word.revision != self.item.revision and self.item.state in WAITS:
            raise ApplicationError("overtaken", type="overtaken")

    async def _back(self, word: Word) -> None:
        item = self.item
        item.not_before, item.attempts, item.lost_leases = None, 0, 0
        if self._attempt is None:
            await self._move("ready", word.who, None, None, word.why)

    async def _take_back(self) -> None:
        """Takes the item from the step's queue. Raises where a worker has it already."""
        if self._attempt is None:
            return
        self._taking_back = True
        self._attempt.cancel()
        try:
            await workflow.wait_condition(lambda: self._attempt is None, timeout=timedelta(seconds=TAKE_BACK_SECONDS))
        except TimeoutError:
            self._taking_back = False
        if not self._taking_back:  # it is being worked on, or that has just ended
            raise ApplicationError("busy", type="busy", non_retryable=True)

    # ---- moving and telling

    async def _move(self, state: str, who: str, code: str | None, message: str | None, why: str | None = None) -> None:
        item = self.item
        item.state, item.code, item.message = state, code, message
        item.revision += 1
        self._taking_back = False
        self._tell()
        reason = why or code or state
        if state == "ready" and item.not_before is not None:
            reason = f"{reason}; again in {max(0.0, item.not_before - workflow.time()):.0f} s"
        await self._ask(SHOW, [item, who, reason])

    async def _ask(self, activity: str, arguments: Sequence[Any], gives: Any = None) -> Any:
        """A short errand of the process that runs this workflow. It is repeated until it succeeds."""
        return await workflow.execute_local_activity(
            activity,
            args=arguments,
            result_type=gives,
            start_to_close_timeout=timedelta(seconds=60),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=20)
            ),
        )

    def _tell(self) -> None:
        """What Temporal's own screens show of the item."""
        item = self.item
        workflow.set_current_details(f"{item.state}: {item.code or '-'}. {item.message or ''}")
        if item.searchable:
            workflow.upsert_search_attributes([STATE_KEY.value_set(item.state)])


async def _begin(output: Item) -> None:
    await workflow.start_child_workflow(
        FLOW,
        output,
        id=output.id,
        task_queue=output.prefix,
        parent_close_policy=workflow.ParentClosePolicy.ABANDON,
        cancellation_type=workflow.ChildWorkflowCancellationType.ABANDON,
        **about(output),
    )
