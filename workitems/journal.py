"""What every transition writes besides the item itself: the event row and the counters, in the same transaction."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workitems import sql
from workitems.database import Database, StoreError
from workitems.states import LOST_LEASES_MAX, State

SLOTS = 16
"""In how many rows a count is kept."""

PAYLOAD_MB = "DESKHAND_PAYLOAD_MB"
DEFAULT_PAYLOAD_MB = 20
"""Payloads are loaded with every list of items, so what is large belongs into a file."""
SURELY_FINE = 1_000_000


@dataclass(frozen=True, slots=True)
class Move:
    """An item of a queue that goes from one state (None: it comes into being) to another (None: it never existed)."""

    item_id: str
    queue: str
    from_state: State | None
    to_state: State | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Who moved something when (seconds since 1970), and why."""

    now: float
    who: str
    why: str


def record(db: Database, moves: Iterable[Move], cause: Cause) -> None:
    """Writes an event per move that leads to a visible state, and brings the counters up to date."""
    events, changes, arrivals = [], Counter[tuple[str, State]](), Counter[tuple[str, State]]()
    for move in moves:
        if move.from_state is not None:
            changes[move.queue, move.from_state] -= 1
        if move.to_state is None:
            continue
        changes[move.queue, move.to_state] += 1
        if move.to_state == "held":  # an output shows itself with its parent's release, or never
            continue
        arrivals[move.queue, move.to_state] += 1
        event = {"item_id": move.item_id, "now": cause.now, "who": cause.who, "why": cause.why}
        events.append(event | {"from_state": move.from_state, "to_state": move.to_state})
        if move.to_state == "ready":
            db.announce(move.queue)
    db.change_many(sql.INSERT_EVENT, events)
    count(db, changes)
    minute = {"slot": os.getpid() % SLOTS, "minute": int(cause.now // 60)}
    for (queue, state), change in arrivals.items():
        db.add_up(sql.RATE, minute | {"queue": queue, "state": state}, change)


def count(db: Database, changes: Mapping[tuple[str, State], int]) -> None:
    """Brings the counters up to date, by (queue, state). Alone for what is no transition: a move, an import."""
    for (queue, state), change in changes.items():
        db.add_up(sql.COUNT, {"queue": queue, "state": state, "slot": os.getpid() % SLOTS}, change)


def free_outputs(db: Database, item_id: str, cause: Cause) -> None:
    """The attempt succeeded: its outputs may be taken, and its mails are known."""
    freed = db.rows(sql.RELEASE_OUTPUTS, {"id": item_id, "now": cause.now})
    if freed:
        why = Cause(cause.now, cause.who, f"output of {item_id}")
        record(db, [Move(row["id"], row["queue"], "held", "ready") for row in freed], why)
    db.change_many(sql.CONFIRM_MAILS, [{"id": item_id}])


def drop_outputs(db: Database, item_id: str, cause: Cause) -> None:
    """The attempt failed: the outputs and mail claims that it made never existed."""
    db.change_many(sql.DELETE_OUTPUT_FILES, [{"id": item_id}])
    gone = db.rows(sql.DELETE_OUTPUTS, {"id": item_id})
    record(db, [Move(row["id"], row["queue"], "held", None) for row in gone], cause)
    db.change_many(sql.DROP_MAILS, [{"id": item_id}])


def lose_lease(db: Database, taken: Any, cause: Cause, blame: bool = True) -> State:
    """Takes a reservation away from a worker that is gone: the item waits at its old place, or is poison.

    `taken` is a row of id, queue, fence, lost_leases; without `blame` it does not count towards poison. Returns the
    item's new state.
    """
    lost = taken["lost_leases"] + int(blame)
    state: State = "dead" if lost >= LOST_LEASES_MAX else "ready"
    values = {"id": taken["id"], "fence": taken["fence"], "state": state, "lost_leases": lost, "now": cause.now}
    values |= {"code": "poison" if state == "dead" else "lost_lease", "not_before": None, "failures": 0}
    values |= {"message": f"The worker that had this item ended without a word ({lost} in all)."}
    db.change_many(sql.RELEASE, [values])
    drop_outputs(db, taken["id"], cause)
    record(db, [Move(taken["id"], taken["queue"], "taken", state)], cause)
    return state


class BadPayload(ValueError, TypeError):
    """What cannot be a payload: no JSON, or too much of it. The message is a sentence without any of its values."""

    code = "bad_payload"


def to_json(payload: Any) -> str:
    """The payload as JSON text. Raises BadPayload for what is no JSON, or larger than DESKHAND_PAYLOAD_MB."""
    try:
        # ASCII only: any string survives, lone surrogates and NUL characters too, in every database.
        text = json.dumps(payload, allow_nan=False, separators=(",", ":"))
    except RecursionError:
        raise BadPayload("The payload is nested too deeply.") from None
    except TypeError as error:  # it names types, no values
        raise BadPayload(f"The payload is no JSON: {error}.") from None
    except ValueError:  # NaN and infinity, a list that holds itself
        raise BadPayload("The payload is no valid JSON.") from None
    if len(text) > SURELY_FINE and len(text) > payload_bytes():
        raise BadPayload(
            f"The payload has {len(text) / 1e6:.1f} MB; a work item carries at most {payload_bytes() / 1e6:g} MB "
            f"({PAYLOAD_MB}). Put large content into a file of the item."
        )
    return text


def payload_bytes() -> int:
    """How large a payload may be, as JSON. Raises StoreError for a DESKHAND_PAYLOAD_MB that is no number above zero."""
    text = os.environ.get(PAYLOAD_MB) or str(DEFAULT_PAYLOAD_MB)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise StoreError(f"{PAYLOAD_MB} must be a number of megabytes above zero.")
    return int(text) * 1_000_000
