"""What Control Room keeps: the work items of one process, in steps one after the other.

Where the real one is not documented, the worse case is taken: an output can be reserved as soon as it is made, it
stays when its parent fails, a second release is refused, and one name can be given to two files.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["pending", "in_progress", "failed", "done"]
RELEASES: dict[str, State] = {"COMPLETED": "done", "FAILED": "failed"}
NO_PAYLOAD = object()
WORKSPACE, PROCESS, PROCESS_RUN = "ws-1", "proc-1", "prun-1"


class Refused(Exception):
    """An answer of the 400s, with Control Room's own code."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.status, self.code = status, code


@dataclass
class StoredFile:
    """A file; `content` is None until it was uploaded."""

    id: str
    name: str
    content: bytes | None = None


@dataclass
class WorkItem:
    """A work item. `run` has it reserved; `changes` counts changes of state, and `releases` are (state, exception)."""

    id: str
    step: int
    payload: Any = NO_PAYLOAD
    files: list[StoredFile] = field(default_factory=list)
    parent: str | None = None
    state: State = "pending"
    exception: dict[str, Any] | None = None
    run: str | None = None
    changes: int = 0
    releases: list[tuple[str, dict[str, Any] | None]] = field(default_factory=list)

    def move(self, state: State, run: str | None = None, exception: dict[str, Any] | None = None) -> None:
        """The item is in another state from now on."""
        self.state, self.run, self.exception = state, run, exception
        self.changes += 1

    @property
    def contents(self) -> dict[str, bytes]:
        """What was uploaded, by name."""
        return {f.name: f.content for f in self.files if f.content is not None}


class Room:
    """One process. All calls are from the server's threads, under one lock."""

    def __init__(self) -> None:
        self.items: dict[str, WorkItem] = {}
        self.runs: dict[str, int] = {}  # step runs, and their step
        self.second_release_is_refused = True
        self.lock = threading.RLock()

    # ---- what tests do and see

    def put(self, payload: Any, files: Mapping[str, bytes] | None = None, step: int = 0) -> str:
        """An item waits at a step; its id."""
        with self.lock:
            item = self._new(step, payload)
            item.files = [StoredFile(secrets.token_hex(4), name, data) for name, data in (files or {}).items()]
            return item.id

    def of(self, step: int, *states: State) -> list[WorkItem]:
        """The items of a step in some states (none given: in any), oldest first."""
        with self.lock:
            return [i for i in self.items.values() if i.step == step and (not states or i.state in states)]

    def start(self, step: int) -> tuple[str, str]:
        """A step run begins, with its first item reserved: its id and the item's. Raises LookupError without items."""
        with self.lock:
            run = f"run-{len(self.runs)}"
            self.runs[run] = step
            first = self.reserve(run)
            if first is None:
                raise LookupError(f"nothing waits at step {step}")
            return run, first

    def end(self, run: str) -> list[str]:
        """The run's process has ended. What it did not release has failed; returns the ids."""
        with self.lock:
            left = [i for i in self.items.values() if i.run == run and i.state == "in_progress"]
            for item in left:
                item.move("failed", None, {"type": "ORCHESTRATOR", "message": "The run ended."})
            return [i.id for i in left]

    # ---- the process API, for robots

    def reserve(self, run: str) -> str | None:
        """The oldest item that waits at the run's step; None where nothing does."""
        with self.lock:
            if run not in self.runs:
                raise Refused(404, "RUN_NOT_FOUND")
            for item in self.of(self.runs[run], "pending"):
                item.move("in_progress", run)
                return item.id
            return None

    def release(self, run: str, item_id: str, state: str, exception: dict[str, Any] | None) -> None:
        """Ends the run's work on an item."""
        with self.lock:
            item = self.item(item_id)
            if state not in RELEASES:
                raise Refused(400, "BAD_REQUEST", f"unknown state {state}")
            if exception is not None and exception.get("type") not in ("BUSINESS", "APPLICATION"):
                raise Refused(400, "BAD_REQUEST", "unknown type of exception")
            if item.run != run or item.state != "in_progress":
                if self.second_release_is_refused:
                    raise Refused(409, "WORK_ITEM_NOT_RESERVED", f"work item {item_id} is not reserved by this run")
                return
            item.releases.append((state, exception))
            item.move(RELEASES[state], run, exception)

    def output(self, parent_id: str, payload: Any) -> str:
        """An output of a reserved item: an item of the next step."""
        with self.lock:
            parent = self.item(parent_id)
            if parent.state != "in_progress":
                raise Refused(409, "WORK_ITEM_NOT_RESERVED", f"work item {parent_id} is not reserved")
            item = self._new(parent.step + 1, payload)
            item.parent = parent_id
            return item.id

    # ---- the work item API, for robots

    def file(self, item_id: str, file_id: str) -> StoredFile:
        """A file of an item. Raises Refused."""
        found = [f for f in self.item(item_id).files if f.id == file_id]
        if not found:
            raise Refused(404, "FILE_NOT_FOUND")
        return found[0]

    def add_file(self, item_id: str, name: str) -> StoredFile:
        """A file that is to be uploaded. A name that is there already is there twice."""
        with self.lock:
            added = StoredFile(secrets.token_hex(4), name)
            self.item(item_id).files.append(added)
            return added

    # ---- the public API, for people's programs

    def update_payload(self, item_id: str, payload: Any) -> None:
        """Another payload for an item that nobody works on."""
        with self.lock:
            item = self.item(item_id)
            if item.state == "in_progress":
                raise Refused(409, "CONFLICT", "the work item is in progress")
            item.payload = payload

    def batch(self, operation: str, ids: list[str]) -> None:
        """Retries failed items at their step, or marks them as done."""
        with self.lock:
            items = [self.item(i) for i in ids]
            if operation not in ("retry", "mark_as_done"):
                raise Refused(400, "BAD_REQUEST", f"unknown operation {operation}")
            if any(i.state != "failed" for i in items):
                raise Refused(409, "CONFLICT", "only failed work items can be retried or marked as done")
            for item in items:
                item.move("pending" if operation == "retry" else "done")

    def item(self, item_id: str) -> WorkItem:
        """The item. Raises Refused."""
        if item_id not in self.items:
            raise Refused(404, "WORK_ITEM_NOT_FOUND")
        return self.items[item_id]

    def _new(self, step: int, payload: Any) -> WorkItem:
        item = WorkItem(f"{len(self.items):08x}-0000-4000-8000-{secrets.token_hex(6)}", step, payload)
        self.items[item.id] = item
        return item
