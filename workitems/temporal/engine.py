"""Temporal as the host of items, for those who put them and for people: `projection.Engine`."""

from __future__ import annotations

import threading
import time
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from workitems import owners
from workitems.database import Database, StoreError
from workitems.files import open_files
from workitems.interventions import OVERTAKEN, NotAllowed
from workitems.limits import seconds_from_environment
from workitems.projection import Projected, Projection
from workitems.rows import ItemRow
from workitems.temporal.carrier import Carrier, Errands
from workitems.temporal.connection import Line, Site, line
from workitems.temporal.nouns import DIED, FLOW, SHUT_DOWN, Item, Word, about
from workitems.temporal.texts import pack, pack_text, row_of

LEASE_SECONDS = 60.0  # as in adapter.py
BEGINNING_SECONDS = 5.0
PUT_SECONDS = 120.0
"""No `put` takes so long: one that has not ended by then never will."""
REFUSED = {
    "overtaken": OVERTAKEN,
    "busy": "The item {id} is being worked on right now; try again when that has ended.",
}


class TemporalEngine:
    """Starts items as workflows, hands people's words to them, and drives them where asked."""

    def __init__(self, home: Path, db: Database) -> None:
        self._db, self._blobs = db, open_files(home)
        self._projection = Projection(db, "temporal")
        self._line: Line | None = None
        self._carrier: Carrier | None = None
        self._lock = threading.RLock()

    # ---- new items

    def put(self, item: Projected, who: str, why: str) -> None:
        """Starts an item whose files are kept, and shows it."""
        line = self._connected()
        new = self._item(replace(item, root_id=item.id))
        # First the row, so that no sweep takes the files; it is `held` until Temporal has the item.
        held = replace(item, state="held", version=0, pins=[new.blob] if new.blob else [])
        self._projection.show([held], who, why, durable=True)
        try:
            self._call(self._start(line.client(), new))
        except RPCError as error:
            self._projection.forget([held], who, "refused")
            raise StoreError(f"Temporal refuses the item: {error.message[:300]}.") from None
        self._projection.show([replace(held, state="ready", version=new.revision)], who, why, durable=True)

    def _item(self, shown: Projected) -> Item:
        """The item as its workflow begins with it."""
        line = self._connected()
        payload, blob = pack_text(shown.payload, self._blobs)
        return Item(
            id=shown.id,
            queue=shown.queue,
            prefix=line.site.queue,
            payload=payload,
            blob=blob,
            files=[[f.name, f.sha256, f.size] for f in shown.files or ()],
            priority=shown.priority,
            not_before=shown.not_before,
            deadline=shown.deadline,
            parent_id=shown.parent_id,
            root_id=shown.root_id,
            lease_seconds=seconds_from_environment("DESKHAND_LEASE_SECONDS", LEASE_SECONDS),
            searchable=line.searchable(),
        )

    async def _start(self, client: Client, item: Item) -> None:
        await client.start_workflow(
            FLOW,
            item,
            id=item.id,
            task_queue=item.prefix,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            **about(item),
        )

    def settle_puts(self, seconds: float = PUT_SECONDS) -> int:
        """Ends what those began who died while they put an item: Temporal has it, or it never existed.

        Returns how many there were. `seconds`: how long ago they began at least.
        """
        begun = self._projection.begun(seconds)
        for item in begun:
            if self._call(self._has(item.id)):
                self._projection.show(
                    [replace(item, state="ready", version=Item.revision)], "store", "put", durable=True
                )
            else:
                self._projection.forget([item], "store", "its putting was cut short")
        return len(begun)

    def end_attempts_of_the_dead(self, blame: bool) -> int:
        """Ends the attempts of processes of this machine that have died, at once. Returns how many.

        Temporal itself would wait for a heartbeat, for as long as a lease.
        """
        return sum(self._call(self._end_attempt_of_the_dead(item_id, blame)) for item_id in self._projection.taken())

    async def _end_attempt_of_the_dead(self, item_id: str, blame: bool) -> bool:
        """An activity is given to one worker only, so that its failure can be said in the dead one's place."""
        client = self._connected().client()
        try:
            flow = await client.get_workflow_handle(item_id).describe()
            for activity in flow.raw_description.pending_activities:
                if owners.is_dead(activity.last_worker_identity):
                    handle = client.get_async_activity_handle(
                        workflow_id=item_id, run_id=flow.run_id, activity_id=activity.activity_id
                    )
                    await handle.fail(ApplicationError("The worker has ended.", type=DIED if blame else SHUT_DOWN))
                    return True
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:  # not open, or the attempt has just ended
                raise StoreError(f"Temporal does not tell of the item: {error.message[:300]}.") from None
        return False

    async def _has(self, item_id: str) -> bool:
        try:
            await self._connected().client().get_workflow_handle(item_id).describe()
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise StoreError(f"Temporal does not tell of the item: {error.message[:300]}.") from None
            return False
        return True

    # ---- what a person decides

    def answer(self, item: ItemRow, payload: Any, who: str, why: str) -> None:
        """An item that waits for a person goes back to work with a new payload."""
        text, blob = pack(payload, self._blobs)
        self._say("answer", item, Word(item.version, who, why, text, blob))

    def retry(self, item: ItemRow, who: str) -> None:
        """An item that waits for a person, was cancelled or is in its backoff goes back to work."""
        if item.state == "cancelled":
            self._begin_again(item, who)
        else:
            self._say("retry", item, Word(item.version, who, "retry"))

    def cancel(self, item: ItemRow, who: str, why: str) -> None:
        """An item that nobody works on ends."""
        self._say("cancel", item, Word(item.version, who, why))

    def postpone(self, item: ItemRow, until: datetime, who: str, why: str) -> None:
        """An item that is ready waits until then."""
        self._say("postpone", item, Word(item.version, who, why, until=until.timestamp()))

    def _say(self, update: str, item: ItemRow, word: Word) -> None:
        if item.state == "taken":
            raise NotAllowed(REFUSED["busy"].format(id=item.id))
        self.carry()  # somebody has to drive the workflow for the word to be heard
        try:
            self._until_there(item, update, word)
        except WorkflowUpdateFailedError as refused:
            kind = refused.cause.type if isinstance(refused.cause, ApplicationError) else None
            sentence = REFUSED.get(kind or "", f"The item {item.id} is {item.state}, and Temporal refuses: {{why}}")
            raise NotAllowed(sentence.format(id=item.id, why=refused.cause)) from None
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise StoreError(f"Temporal does not take the word: {error.message[:300]}.") from None
            raise NotAllowed(f"Temporal does not have the item {item.id} as an open one (any more).") from None

    def _until_there(self, item: ItemRow, update: str, word: Word) -> None:
        """An output is shown a moment before its workflow begins."""
        handle = self._connected().client().get_workflow_handle(item.id)
        until = time.monotonic() + BEGINNING_SECONDS
        while True:
            try:
                self._call(handle.execute_update(update, word))
                return
            except RPCError as error:
                if error.status != RPCStatusCode.NOT_FOUND or item.state != "ready" or time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _begin_again(self, row: ItemRow, who: str) -> None:
        """A cancelled item's workflow has ended; another run of it takes the item up as it was shown last."""
        shown = self._projection.get(row.id)
        if shown is None or shown.version != row.version:
            raise NotAllowed(OVERTAKEN)
        item = self._item(shown)
        item.revision, item.fence = row.version + 1, shown.fence
        line = self._connected()
        try:
            self._call(self._start(line.client(), item))
        except WorkflowAlreadyStartedError:
            raise NotAllowed(OVERTAKEN) from None
        except RPCError as error:
            raise StoreError(f"Temporal refuses the item: {error.message[:300]}.") from None
        self._projection.show([row_of(item, self._blobs)], who, "retry", durable=True)

    # ---- driving

    def describe(self) -> str:
        """Where Temporal is, and under which names the items are there."""
        site = self._connected().site
        try:
            self._call(self._ask_for_namespace(self._connected().client()))
        except RPCError as error:
            raise StoreError(f"Temporal at {site.address} refuses: {error.message[:300].rstrip('.')}.") from None
        return f"Temporal at {site.address} answers; namespace {site.namespace}, task queue {site.queue}."

    async def _ask_for_namespace(self, client: Client) -> None:
        request = DescribeNamespaceRequest(namespace=client.namespace)
        await client.workflow_service.describe_namespace(request, timeout=timedelta(seconds=10))

    def carry(self) -> None:
        """From now on this process drives the items' workflows."""
        with self._lock:
            if self._carrier is None:
                errands = Errands(Projection(self._another(), "temporal"), self._blobs)
                self._carrier = Carrier(self._connected(), errands)

    def _another(self) -> Database:
        """A connection of the errands' own: they must not wait for what the caller does with his."""
        self._second = self._db.another()
        return self._second

    def end_all(self) -> int:
        """Ends every open item of this installation, for a new beginning. Returns how many."""
        line = self._connected()
        return int(self._call(_terminate_all(line.client(), line.site.queue), seconds=600))

    def close(self) -> None:
        """Ends the driving. The connection itself stays with the process."""
        with self._lock:
            carrier, self._carrier = self._carrier, None
        if carrier is not None:
            carrier.close()
            self._second.close()

    def _connected(self) -> Line:
        with self._lock:
            if self._line is None:
                self._line = line(Site.from_environment())
            return self._line

    def _call(self, work: Coroutine[Any, Any, Any], seconds: float = 30.0) -> Any:
        return self._connected().run(work, seconds)


async def _terminate_all(client: Client, queue: str) -> int:
    """Lists and ends, until nothing is listed any more: the list lags behind by a moment."""
    ended: set[str] = set()
    while True:
        query = f"WorkflowType = '{FLOW}' AND TaskQueue = '{queue}' AND ExecutionStatus = 'Running'"
        found = {flow.id async for flow in client.list_workflows(query)} - ended
        if not found:
            return len(ended)
        for item_id in found:
            try:
                await client.get_workflow_handle(item_id).terminate("a new beginning")
            except RPCError as error:
                if error.status != RPCStatusCode.NOT_FOUND:
                    raise
        ended |= found
