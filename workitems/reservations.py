"""What workers do with items: reserve, renew, make outputs, save, release. Who holds no reservation writes nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from workitems import owners, sql
from workitems.database import Database
from workitems.files import Blobs, check_name
from workitems.journal import Cause, Move, drop_outputs, free_outputs, lose_lease, record, to_json
from workitems.states import RetryPolicy, State

MESSAGE_CHARACTERS = 2000
Result = Literal["done", "review", "failed"]


class NotHeld(ValueError):
    """Somebody writes or releases what he does not hold (any more). Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation: the item and its fencing token."""

    item_id: str
    fence: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended: `failed` is tried again later, `review` waits for a person. Outputs live with `done`."""

    result: Result
    code: str | None = None
    message: str | None = None


class Reservations:
    """The working side of the store, for one worker named `who`."""

    def __init__(self, db: Database, blobs: Blobs, who: str, clock: Callable[[], float]) -> None:
        self._db, self._blobs, self._who, self._clock = db, blobs, who, clock
        self.retry = RetryPolicy()

    def reserve(self, queue: str, lease_seconds: float) -> Hold | None:
        """The first item of the queue that may be worked on, or None. An item whose lease ran out keeps its place."""
        look = self._db.rows(sql.LOOK, {"queue": queue, "now": self._clock()})[0]
        if not any(look):
            return None
        with self._db.write():
            now = self._clock()  # the lease begins when the lock is had, however long that took
            here = {"queue": queue, "now": now}
            if look["expired"]:
                for lost in self._db.rows(sql.SELECT_EXPIRED, here):
                    lose_lease(self._db, lost, Cause(now, self._who, f"the lease of {lost['lease_owner']} ran out"))
            if look["due"]:
                self._db.change(sql.END_BACKOFF, here)
            lease = {"owner": owners.me(), "lease_until": now + lease_seconds}
            taken = self._db.row(sql.TAKE_HEAD, here | lease)
            if taken is None:
                return None
            record(self._db, [Move(taken["id"], queue, "ready", "taken")], Cause(now, self._who, "reserved"))
            return Hold(taken["id"], taken["fence"])

    def renew(self, hold: Hold, lease_seconds: float) -> bool:
        """The heartbeat. False: the reservation is lost, and nothing can be done about it."""
        with self._db.write():
            until = self._clock() + lease_seconds
            return self._db.change(sql.RENEW_LEASE, {**_named(hold), "lease_until": until}) == 1

    def release(self, hold: Hold, ending: Ending) -> State:
        """Ends the attempt and, in the same transaction, releases or deletes its outputs. Returns the new state.

        Raises NotHeld after a lost lease or a second time.
        """
        now = self._clock()
        # A mail that is known may be moved out of the inbox: what replaces it must have reached the disk.
        durable = self._db.row(sql.HAS_MAILS, {"id": hold.item_id}) is not None
        with self._db.write(durable):
            was = self._db.row(sql.SELECT_HOLD, _named(hold))
            if was is None:
                raise NotHeld(f"The item {hold.item_id} is not released: its reservation has ended.")
            state, delay = self._after(ending, was["attempts"])
            values = {"state": state, "code": ending.code, "now": now, "lost_leases": was["lost_leases"]}
            values |= {"message": ending.message and ending.message[:MESSAGE_CHARACTERS]}
            values |= {"failures": int(ending.result == "failed"), "not_before": None if delay is None else now + delay}
            self._db.rows(sql.RELEASE, _named(hold) | values)
            cause = Cause(now, self._who, _reason(ending, delay))
            record(self._db, [Move(hold.item_id, was["queue"], "taken", state)], cause)
            if state == "done":
                free_outputs(self._db, hold.item_id, cause)
            else:
                drop_outputs(self._db, hold.item_id, cause)
            return state

    def _after(self, ending: Ending, attempts: int) -> tuple[State, float | None]:
        """The state that follows, and for a retry the seconds until then."""
        if ending.result != "failed":
            return ending.result, None
        delay = self.retry.delay(attempts + 1, random.random())  # noqa: S311 - jitter, no secret
        return ("dead", None) if delay is None else ("ready", delay)

    def create_output(self, parent: Hold, item_id: str, queue: str, payload: Any) -> None:
        """An output that exists once its parent is released as done. Raises NotHeld."""
        now = self._clock()
        values = {"id": item_id, "queue": queue, "payload": to_json(payload), "now": now}
        with self._db.write():
            if self._db.change(sql.INSERT_OUTPUT, {**values, "parent_id": parent.item_id, "fence": parent.fence}) != 1:
                raise NotHeld(f"No output is made: the reservation of its parent {parent.item_id} has ended.")
            record(self._db, [Move(item_id, queue, None, "held")], Cause(now, self._who, "output"))

    def parent_of(self, item_id: str) -> str | None:
        """The parent of an output that is still held; None for any other item."""
        row = self._db.row(sql.SELECT_OUTPUT_PARENT, {"id": item_id})
        return None if row is None else str(row["parent_id"])

    def save_payload(self, item_id: str, hold: Hold, payload: Any) -> None:
        """Saves the payload of the held item or of one of its outputs. Raises NotHeld."""
        text = to_json(payload)
        with self._db.write():
            self._must_hold(item_id, hold)
            own = item_id == hold.item_id
            values = {"id": item_id, "payload": text, "now": self._clock()}
            self._db.change(sql.SAVE_PAYLOAD if own else sql.SAVE_OUTPUT_PAYLOAD, {**values, "fence": hold.fence})

    def add_file(self, item_id: str, hold: Hold, name: str, content: bytes) -> None:
        """Adds or replaces a file. Raises NotHeld, and ValueError for a name that is no plain file name."""
        check_name(name)
        sha256 = self._blobs.keep(content)  # the slow part, outside the transaction
        with self._db.write():
            self._must_hold(item_id, hold)
            self._db.exclude(sha256, shared=True)  # against the sweep, which names it too
            self._blobs.ensure(sha256, content)
            self._db.change(sql.UPSERT_FILE, {"item_id": item_id, "name": name, "sha256": sha256, "size": len(content)})

    def remove_file(self, item_id: str, hold: Hold, name: str) -> None:
        """Removes a file. Raises NotHeld, and FileNotFoundError for an unknown name."""
        with self._db.write():
            self._must_hold(item_id, hold)
            if self._db.change(sql.DELETE_FILE, {"item_id": item_id, "name": name}) != 1:
                raise FileNotFoundError(f"The item {item_id} has no file of that name.")

    def load_payload(self, item_id: str) -> Any:
        """Any item's payload. Raises UnknownItem."""
        row = self._db.row(sql.SELECT_PAYLOAD, {"id": item_id})
        if row is None:
            raise UnknownItem(item_id)
        return json.loads(row["payload"])

    def _must_hold(self, item_id: str, hold: Hold) -> None:
        """Inside a transaction: the hold is still good, and the item is the held one or one of its outputs."""
        good = self._db.row(sql.SELECT_HOLD, _named(hold)) is not None
        if not good or (item_id != hold.item_id and self.parent_of(item_id) != hold.item_id):
            raise NotHeld(f"The item {item_id} is not changed: its reservation has ended.")


class UnknownItem(ValueError):
    """There is no such item."""

    def __init__(self, item_id: str) -> None:
        super().__init__(f"There is no item {item_id!r}.")


def _named(hold: Hold) -> dict[str, Any]:
    return {"id": hold.item_id, "fence": hold.fence}


def _reason(ending: Ending, delay: float | None) -> str:
    if ending.result == "done":
        return "done"
    code = ending.code or ending.result
    return code if delay is None else f"{code}; again in {delay:.0f} s"
