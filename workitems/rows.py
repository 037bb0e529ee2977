"""What the store answers: plain frozen values. Times are aware datetimes in UTC."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal

from workitems.states import State


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One work item. `code` and `message` say why it is in its state; `version` counts its changes."""

    id: str
    queue: str
    state: State
    payload: Any
    code: str | None
    message: str | None
    priority: int
    not_before: datetime | None
    deadline: datetime | None
    attempts: int
    lost_leases: int
    lease_owner: str | None
    lease_until: datetime | None
    parent_id: str | None
    root_id: str
    version: int
    created_at: datetime
    updated_at: datetime
    host: str | None = None
    """Who moves the item: None for this store, else another host, and the row shows what it said last."""
    assigned_to: str | None = None
    """The person who shall look at it; None: anybody."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of an item. `size` in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Event:
    """One transition: who moved the item where, and why. `from_state` is None where the item came into being."""

    item_id: str
    at: datetime
    from_state: State | None
    to_state: State
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One automated decision: `body` is items.Decision as JSON."""

    item_id: str
    at: datetime
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many items of a queue are in a state, and the age of the oldest of them."""

    queue: str
    state: State
    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Effect:
    """Something done in another system. `fresh`: this call made the row, so nobody has tried it before.

    `state` "intent" and not fresh means that an earlier attempt may or may not have done it: look there first.
    """

    key: str
    item_id: str
    state: Literal["intent", "done"]
    intent: dict[str, Any]
    result: dict[str, Any] | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Twin:
    """Another document that has a search key in common."""

    item_id: str
    root_id: str
    document_id: str
    key: str
    filename: str
    created_at: datetime


def at(seconds: float) -> datetime:
    """The moment, from seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


_TIMES = ("not_before", "deadline", "lease_until", "created_at", "updated_at")
_NAMES = tuple(f.name for f in fields(ItemRow))


def item_from(row: Any) -> ItemRow:
    """The item of a row of the table `items`: a mapping from column to value."""
    values = {name: row[name] for name in _NAMES}
    values |= {name: None if values[name] is None else at(values[name]) for name in _TIMES}
    return ItemRow(**values | {"payload": json.loads(values["payload"])})
