"""Drives the items' workflows in this process, and runs their errands: to show in our database what they say."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from workitems.files import Blobs
from workitems.projection import Projection
from workitems.temporal.connection import Line
from workitems.temporal.flow import ItemFlow
from workitems.temporal.nouns import FINISH, OPEN_OUTPUTS, SHOW, Ended, Item
from workitems.temporal.texts import row_of, unfold

log = logging.getLogger(__name__)

AGAIN_SECONDS = 2.0
STICKY = timedelta(seconds=3)
"""A workflow that this process has in memory is given to another one after so long, should this one have died."""


class Errands:
    """What the workflow asks of the process that runs it. Each may be asked for twice."""

    def __init__(self, projection: Projection, blobs: Blobs) -> None:
        self._projection, self._blobs = projection, blobs

    @activity.defn(name=SHOW)
    def show(self, item: Item, who: str, why: str) -> None:
        """The row says what the item says, and has reached the disk."""
        self._projection.show([row_of(item, self._blobs)], who, why, durable=item.state != "ready")

    @activity.defn(name=FINISH)
    def finish(self, item: Item, ended: Ended) -> None:
        """The item is done and its outputs are ready, in one transaction."""
        outputs = unfold(ended.outputs_blob, self._blobs) if ended.outputs_blob else ended.outputs
        rows = [row_of(output, self._blobs) for output in outputs]
        done = row_of(item, self._blobs, ended.outputs_blob)
        self._projection.show([*rows, done], ended.who, "done", durable=True)

    @activity.defn(name=OPEN_OUTPUTS)
    def open_outputs(self, blob: str, first: int, count: int) -> list[Item]:
        """Some of the outputs that were too large to be carried."""
        return unfold(blob, self._blobs)[first : first + count]

    def all(self) -> list[Callable[..., Any]]:
        """The activities."""
        return [self.show, self.finish, self.open_outputs]


class Carrier:
    """A worker for the workflows, on the line's thread, until `close`. Should it end, it is started again."""

    def __init__(self, line: Line, errands: Errands) -> None:
        self._line, self._errands = line, errands
        self._threads = ThreadPoolExecutor(2, "temporal-errands")
        self._worker: Worker | None = None
        self._closed = threading.Event()
        client = line.client()
        self._run = asyncio.run_coroutine_threadsafe(self._keep_running(client), line.loop)

    async def _keep_running(self, client: Any) -> None:
        while not self._closed.is_set():
            self._worker = Worker(
                client,
                task_queue=self._line.site.queue,
                workflows=[ItemFlow],
                activities=self._errands.all(),
                activity_executor=self._threads,
                # The module imports nothing that could be unsafe, and the sandbox would load it anew for every item.
                workflow_runner=UnsandboxedWorkflowRunner(),
                no_remote_activities=True,
                max_cached_workflows=300,
                max_concurrent_workflow_tasks=20,
                max_concurrent_local_activities=2,
                sticky_queue_schedule_to_start_timeout=STICKY,
            )
            try:
                await self._worker.run()
            except Exception:  # a server that is away for long, for instance
                log.warning("the worker of the items' workflows has ended; it is started again", exc_info=True)
                await asyncio.sleep(AGAIN_SECONDS)

    def close(self) -> None:
        """Ends it. What it has in memory goes on elsewhere."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._worker is not None:
            self._line.run(self._worker.shutdown())
        self._threads.shutdown(wait=True)
