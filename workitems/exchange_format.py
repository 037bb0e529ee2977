"""Items as one file: a zip with everything that belongs to them, for another home, a colleague or the archive.

`manifest.json` says what it is, `items.jsonl` holds an item a line (with its events, decisions, effects and search
keys), `files/<sha256>` each content once. What is read is never trusted: nothing is unpacked to a path, everything has
a bound, and what does not fit is a sentence.
"""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from workitems.states import State

FORMAT: Literal["deskhand-items"] = "deskhand-items"
VERSION = 1
MANIFEST, ITEMS, FILES = "manifest.json", "items.jsonl", "files/"
LINE_BYTES = 256 * 2**20
FILE_BYTES = 512 * 2**20
TOTAL_BYTES = int(os.environ.get("DESKHAND_IMPORT_BYTES") or 20 * 2**30)
"""How much an import unpacks at most: a zip of a few megabytes may claim terabytes."""


class ExchangeError(Exception):
    """The file cannot be written or read; the message is a sentence."""


# PostgreSQL keeps no NUL characters in text.
Name = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$")]
Seconds = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Exchanged(BaseModel):
    """Part of the format."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Manifest(Exchanged):
    """What the file is. `version` counts changes of the format that older programs cannot read."""

    format: Literal["deskhand-items"] = FORMAT
    version: int = VERSION
    exported_at: Seconds
    items: Count
    files: Count


class ExchangedFile(Exchanged):
    """A file of an item; `size` in bytes."""

    name: Name
    sha256: Sha256
    size: Annotated[int, Field(ge=0, le=FILE_BYTES)]


class ExchangedEvent(Exchanged):
    """A transition."""

    at: Seconds
    from_state: State | None
    to_state: State
    who: Text
    why: Text


class ExchangedDecision(Exchanged):
    """A decision; `body` is items.Decision."""

    at: Seconds
    body: dict[str, Any]


class ExchangedEffect(Exchanged):
    """What was done outside for the item, or was about to be done."""

    key: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]
    state: Literal["intent", "done"]
    intent: dict[str, Any]
    result: dict[str, Any] | None
    created_at: Seconds
    finished_at: Seconds | None


class ExchangedFingerprint(Exchanged):
    """A key under which the item's document is found again."""

    key: Text
    root_id: Name
    document_id: Text
    filename: Text
    created_at: Seconds


class ExchangedItem(Exchanged):
    """One item with all that belongs to it; the names are those of the table `items`."""

    id: Name
    queue: Name
    state: Literal["ready", "taken", "done", "review", "dead", "cancelled"]
    payload: Any
    code: Text | None
    message: Text | None
    priority: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
    not_before: Seconds | None
    deadline: Seconds | None
    attempts: Count
    lost_leases: Count
    parent_id: Name | None
    root_id: Name
    is_batch: Literal[0, 1]
    version: Count
    created_at: Seconds
    updated_at: Seconds
    assigned_to: Name | None
    files: Annotated[tuple[ExchangedFile, ...], Field(max_length=10_000)]
    events: Annotated[tuple[ExchangedEvent, ...], Field(max_length=1_000_000)]
    decisions: Annotated[tuple[ExchangedDecision, ...], Field(max_length=100_000)]
    effects: Annotated[tuple[ExchangedEffect, ...], Field(max_length=10_000)]
    fingerprints: Annotated[tuple[ExchangedFingerprint, ...], Field(max_length=10_000)]
