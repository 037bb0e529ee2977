"""The nouns of the workflow, and its names. Histories hold them: fields are only added, with defaults (flow.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from temporalio.common import Priority, SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

FLOW = "deskhand_item"
RUN_STEP = "run_step"
SHOW, FINISH, OPEN_OUTPUTS = "show", "finish", "open_outputs"
DIED, SHUT_DOWN = "died", "shut_down"
"""How an attempt's worker ended, as is known from outside: by itself, or with the whole suite (no item is to blame)."""
QUEUE_KEY = SearchAttributeKey.for_keyword("DeskhandQueue")
STATE_KEY = SearchAttributeKey.for_keyword("DeskhandState")


@dataclass
class Item:
    """One item: its id is the workflow's. The payload is JSON text, or (`blob`) the SHA-256 of a kept file with it.

    `revision` counts its changes of state, `fence` its attempts, `attempts` its failures since a person spoke.
    Files are [name, sha256, size]; times are seconds since 1970.
    """

    id: str
    queue: str
    prefix: str
    payload: str = "null"
    blob: str | None = None
    files: list[list[Any]] = field(default_factory=list)
    priority: int = 0
    not_before: float | None = None
    deadline: float | None = None
    parent_id: str | None = None
    root_id: str | None = None
    lease_seconds: float = 60.0
    searchable: bool = False
    revision: int = 1
    fence: int = 0
    attempts: int = 0
    lost_leases: int = 0
    state: str = "ready"
    code: str | None = None
    message: str | None = None


@dataclass
class Ended:
    """How an attempt ended: done, review, failed or postponed. `retry_after` in seconds; None: no further attempt.

    Payload and files are the item's from now on. `outputs`, or (many or large) the kept file that lists them.
    """

    result: str
    who: str = ""
    code: str | None = None
    message: str | None = None
    payload: str | None = None
    blob: str | None = None
    files: list[list[Any]] = field(default_factory=list)
    retry_after: float | None = None
    outputs: list[Item] = field(default_factory=list)
    outputs_blob: str | None = None
    outputs_count: int = 0


@dataclass
class Word:
    """What a person says: the revision that was seen, who says it and why, and what the word needs."""

    revision: int
    who: str
    why: str = ""
    payload: str | None = None
    blob: str | None = None
    until: float | None = None


def about(item: Item) -> dict[str, Any]:
    """What a workflow is started with, for Temporal's screens and queues. Ids and queues, nothing of the payload."""
    words: dict[str, Any] = {
        "memo": {"queue": item.queue, "parent": item.parent_id, "root": item.root_id},
        "static_summary": item.queue,
        "priority": priority_of(item.priority),
    }
    if item.searchable:
        pairs = [SearchAttributePair(QUEUE_KEY, item.queue), SearchAttributePair(STATE_KEY, item.state)]
        words["search_attributes"] = TypedSearchAttributes(pairs)
    return words


def priority_of(priority: int) -> Priority:
    """Temporal's priority of an item. Ours: higher first, 0 as a rule. Temporal's: 1 (first) to 5, 3 as a rule."""
    return Priority(priority_key=min(5, max(1, 3 - priority)))
