"""What workers do with items: reserve, renew, make outputs, save, release. Who holds no reservation writes nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from workitems import late_sql, owners, sql
from workitems.database import Database
from workitems.files import Blobs, check_name
from workitems.journal import Cause, Move, drop_outputs, free_outputs, lose_lease, record, to_json
from workitems.states import RetryPolicy, State

MESSAGE_CHARACTERS = 2000
Result = Literal["done", "review", "failed", "postponed"]
Clock = Callable[[], float]


class NotHeld(ValueError):
    """Somebody writes or releases what he does not hold (any more). Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation: the item and its fencing token."""

    item_id: str
    fence: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended: `failed` is tried again later, `review` waits for a person. Outputs live with `done`.

    `postponed` is tried again after `seconds` and was no attempt: a target's circuit is open, and no item is to blame.
    """

    result: Result
    code: str | None = None
    message: str | None = None
    seconds: float | None = None


class Reservations:
    """The working side of the store, for one worker named `who`. `retry` says when what failed is tried again.

    Where the connection to the database is lost, a call finds out whether what it did has taken effect, and does it
    again if not; a database that stays away is a StoreError, and the reservation still holds.
    """

    def __init__(
        self, db: Database, blobs: Blobs, who: str, clocks: tuple[Clock, Clock], retry: RetryPolicy | None = None
    ) -> None:
        """`clocks`: the one that people have, and the one that leases are measured by (`Database.wall`, `.clock`)."""
        self._db, self._blobs, self._who = db, blobs, who
        self._clock, self._lease_clock = clocks
        self.retry = retry or RetryPolicy()

    def reserve(self, queue: str, lease_seconds: float) -> Hold | None:
        """The first item of the queue that may be worked on, or None. An item whose lease ran out keeps its place."""
        moment = {"now": self._clock(), "lease_now": self._lease_clock()}
        look = self._db.rows(sql.LOOK, {"queue": queue, **moment})[0]
        if not any(look):
            return None
        here: dict[str, Any] = {"queue": queue, "owner": owners.me()}

        def take() -> Hold | None:
            with self._db.write():
                lease_now = self._lease_clock()  # the lease begins when the lock is had, however long that took
                here.update(now=self._clock(), lease_now=lease_now, lease_until=lease_now + lease_seconds)
                return self._take(here, bool(look["expired"]), bool(look["due"]))

        def taken() -> Hold | None:
            row = self._db.row(sql.SELECT_TAKEN_AT, here)
            return None if row is None else Hold(row["id"], row["fence"])

        return self._db.settle(take, taken)

    def _take(self, here: Mapping[str, Any], expired: bool, due: bool) -> Hold | None:
        now, queue = here["now"], here["queue"]
        if expired:
            for lost in self._db.rows(sql.SELECT_EXPIRED, {"queue": queue, "lease_now": here["lease_now"]}):
                lose_lease(self._db, lost, Cause(now, self._who, f"the lease of {lost['lease_owner']} ran out"))
        if due:
            self._db.change_many(sql.END_BACKOFF, [{"queue": queue, "now": now}])
        row = self._db.row(sql.TAKE_HEAD, here)
        if row is None:
            return None
        record(self._db, [Move(row["id"], queue, "ready", "taken")], Cause(now, self._who, "reserved"))
        return Hold(row["id"], row["fence"])

    def renew(self, hold: Hold, lease_seconds: float) -> bool:
        """The heartbeat. False: the reservation is lost, and nothing can be done about it."""
        with self._db.write():
            until = self._lease_clock() + lease_seconds
            return self._db.change(sql.RENEW_LEASE, {**_named(hold), "lease_until": until}) == 1

    def release(self, hold: Hold, ending: Ending) -> State:
        """Ends the attempt and, in the same transaction, releases or deletes its outputs. Returns the new state.

        Raises NotHeld after a lost lease or a second time.
        """
        now = self._clock()
        ending = replace(ending, code=_plain(ending.code), message=_plain(ending.message))
        # A mail that is known may be moved out of the inbox: what replaces it must have reached the disk.
        durable = self._db.row(sql.HAS_MAILS, {"id": hold.item_id}) is not None

        def end() -> State:
            with self._db.write(durable):
                return self._end(hold, ending, now)

        def ended() -> State | None:
            sought = {"id": hold.item_id, "now": now, "who": self._who, "from_state": "taken"}
            row = self._db.row(sql.SELECT_EVENT_AT, sought)
            return None if row is None else row["to_state"]

        return self._db.settle(end, ended)

    def _end(self, hold: Hold, ending: Ending, now: float) -> State:
        was = self._db.row(sql.SELECT_HOLD, _named(hold))
        if was is None:
            raise NotHeld(f"The item {hold.item_id} is not released: its reservation has ended.")
        state, delay = self._after(ending, was["attempts"])
        if delay is not None and was["deadline"] is not None and now + delay > was["deadline"]:
            # It would be late by itself: a person shall see it while there may be time.
            state, delay, ending = "dead", None, _too_late(ending)
        values: dict[str, Any] = {"state": state, "now": now, "lost_leases": was["lost_leases"]}
        values |= {"code": ending.code, "message": ending.message and ending.message[:MESSAGE_CHARACTERS]}
        values |= {"failures": int(ending.result == "failed"), "not_before": None if delay is None else now + delay}
        self._db.change_many(sql.RELEASE, [_named(hold) | values])
        cause = Cause(now, self._who, _reason(ending, delay))
        record(self._db, [Move(hold.item_id, was["queue"], "taken", state)], cause)
        if state == "done":
            free_outputs(self._db, hold.item_id, cause)
        else:
            drop_outputs(self._db, hold.item_id, cause)
        return state

    def _after(self, ending: Ending, attempts: int) -> tuple[State, float | None]:
        """The state that follows, and for a retry the seconds until then."""
        if ending.result == "postponed":
            return "ready", self.retry.first_seconds if ending.seconds is None else max(0.0, ending.seconds)
        if ending.result != "failed":
            return ending.result, None
        delay = self.retry.delay(attempts + 1, random.random())  # noqa: S311 - jitter, no secret
        return ("dead", None) if delay is None else ("ready", delay)

    def create_output(self, parent: Hold, item_id: str, queue: str, payload: Any) -> None:
        """An output that exists once its parent is released as done. Raises NotHeld."""
        now = self._clock()
        values = {"id": item_id, "queue": queue, "payload": to_json(payload), "now": now}
        values |= {"parent_id": parent.item_id, "fence": parent.fence}

        def make() -> bool:
            with self._db.write():
                if self._db.change(sql.INSERT_OUTPUT, values) != 1:
                    raise NotHeld(f"No output is made: the reservation of its parent {parent.item_id} has ended.")
                record(self._db, [Move(item_id, queue, None, "held")], Cause(now, self._who, "output"))
                return True

        self._db.settle(make, lambda: self.parent_of(item_id) == parent.item_id or None)

    def parent_of(self, item_id: str) -> str | None:
        """The parent of an output that is still held; None for any other item."""
        row = self._db.row(sql.SELECT_OUTPUT_PARENT, {"id": item_id})
        return None if row is None else str(row["parent_id"])

    def save_payload(self, item_id: str, hold: Hold, payload: Any) -> None:
        """Saves the payload of the held item or of one of its outputs. Raises NotHeld."""
        text = to_json(payload)

        def save() -> None:
            with self._db.write():
                late = self._must_hold(item_id, hold)
                values = {"id": item_id, "payload": text, "now": self._clock()}
                output = late_sql.SAVE_PAYLOAD if late else sql.SAVE_OUTPUT_PAYLOAD
                own = item_id == hold.item_id
                self._db.change_many(sql.SAVE_PAYLOAD if own else output, [{**values, "fence": hold.fence}])

        self._db.settle(save, _again)

    def add_file(self, item_id: str, hold: Hold, name: str, content: bytes) -> None:
        """Adds or replaces a file. Raises NotHeld, and ValueError for a name that is no plain file name."""
        check_name(name)
        sha256 = self._blobs.keep(content)  # the slow part, outside the transaction
        file = {"item_id": item_id, "name": name, "sha256": sha256, "size": len(content)}

        def add() -> None:
            with self._db.write():
                self._must_hold(item_id, hold)
                self._db.exclude(sha256, shared=True)  # against the sweep, which names it too
                self._blobs.ensure(sha256, content)
                self._db.change_many(sql.UPSERT_FILE, [file])

        self._db.settle(add, _again)

    def remove_file(self, item_id: str, hold: Hold, name: str) -> None:
        """Removes a file. Raises NotHeld, and FileNotFoundError for an unknown name."""
        file = {"item_id": item_id, "name": name}

        def remove() -> bool:
            with self._db.write():
                self._must_hold(item_id, hold)
                if self._db.change(sql.DELETE_FILE, file) != 1:
                    raise FileNotFoundError(f"The item {item_id} has no file of that name.")
                return True

        self._db.settle(remove, lambda: self._db.row(sql.SELECT_FILE, file) is None or None)

    def load_payload(self, item_id: str) -> Any:
        """Any item's payload. Raises UnknownItem."""
        row = self._db.row(sql.SELECT_PAYLOAD, {"id": item_id})
        if row is None:
            raise UnknownItem(item_id)
        return json.loads(row["payload"])

    def _must_hold(self, item_id: str, hold: Hold) -> bool:
        """Inside a transaction: the hold is still good, and the item is the held one or one of its outputs.

        True: the parent was released as done by this hold, and the output waits untouched (late_sql.py).
        """
        if self._db.row(sql.SELECT_HOLD, _named(hold)) is not None:
            if item_id == hold.item_id or self.parent_of(item_id) == hold.item_id:
                return False
        elif item_id != hold.item_id:
            late = {"id": item_id, "parent_id": hold.item_id, "fence": hold.fence, "now": self._clock()}
            if self._db.change(late_sql.TOUCH, late) == 1:
                return True
        raise NotHeld(f"The item {item_id} is not changed: its reservation has ended.")


class UnknownItem(ValueError):
    """There is no such item."""

    def __init__(self, item_id: str) -> None:
        super().__init__(f"There is no item {item_id!r}.")


def _named(hold: Hold) -> dict[str, Any]:
    return {"id": hold.item_id, "fence": hold.fence}


def _again() -> None:
    """What may be done twice is done again, whether or not it has taken effect."""


def _plain(text: str | None) -> str | None:
    """Without what databases refuse: NUL characters and lone surrogates."""
    return text and text.replace("\0", "�").encode("utf-8", "replace").decode("utf-8")


def _too_late(ending: Ending) -> Ending:
    said = " ".join(filter(None, (ending.code, ending.message)))
    return replace(ending, code="deadline_passed", message=f"Its next attempt would come after its deadline. {said}")


def _reason(ending: Ending, delay: float | None) -> str:
    if ending.result == "done":
        return "done"
    code = ending.code or ending.result
    return code if delay is None else f"{code}; again in {delay:.0f} s"
