"""Between the workflow's nouns and ours: payloads that are too large travel as kept files, rows show items."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, cast

from workitems.files import Blobs
from workitems.journal import to_json
from workitems.projection import Projected
from workitems.rows import FileRow
from workitems.states import State
from workitems.temporal.nouns import Ended, Item

INLINE = 100_000
"""Bytes of one payload that Temporal carries itself; its limit is 2 MB."""
INLINE_TOGETHER = 500_000
"""Bytes of an attempt's result that it carries."""
SMALL = 500


def pack(payload: Any, blobs: Blobs) -> tuple[str, str | None]:
    """The payload as (JSON text, None), or (`null`, SHA-256 of the kept text)."""
    return pack_text(to_json(payload), blobs)


def pack_text(text: str, blobs: Blobs) -> tuple[str, str | None]:
    """As `pack`, for a payload that is JSON text already."""
    return (text, None) if len(text) <= INLINE else ("null", blobs.keep(text.encode("ascii")))


def text_of(item: Item, blobs: Blobs) -> str:
    """The payload's JSON text. Raises FileNotFoundError where its blob is gone."""
    return item.payload if item.blob is None else blobs.read(item.blob).decode("ascii")


def row_of(item: Item, blobs: Blobs, *pins: str | None) -> Projected:
    """What the row of an item shows. `pins` are contents that it refers to besides its payload and files."""
    return Projected(
        id=item.id,
        queue=item.queue,
        state=cast("State", item.state),
        payload=text_of(item, blobs),
        version=item.revision,
        code=item.code,
        message=item.message,
        priority=item.priority,
        not_before=item.not_before,
        deadline=item.deadline,
        attempts=item.attempts,
        lost_leases=item.lost_leases,
        fence=item.fence,
        parent_id=item.parent_id,
        root_id=item.root_id,
        files=file_rows(item.files),
        pins=[sha256 for sha256 in (item.blob, *pins) if sha256],
    )


def file_rows(files: Sequence[Sequence[Any]]) -> tuple[FileRow, ...]:
    """Files as rows."""
    return tuple(FileRow(str(name), str(sha256), int(size)) for name, sha256, size in files)


def fold(ended: Ended, blobs: Blobs) -> Ended:
    """The ending with its outputs beside it, where they are too large to be carried."""
    ended = replace(ended, outputs_count=len(ended.outputs))
    size = len(ended.payload or "") + sum(len(o.payload) + SMALL + 200 * len(o.files) for o in ended.outputs)
    if size <= INLINE_TOGETHER:
        return ended
    light = [_light(output, blobs) for output in ended.outputs]
    listed = blobs.keep(json.dumps([asdict(o) for o in light]).encode("ascii"))
    return replace(ended, outputs=[], outputs_blob=listed)


def _light(output: Item, blobs: Blobs) -> Item:
    if len(output.payload) <= SMALL:
        return output
    return replace(output, payload="null", blob=blobs.keep(output.payload.encode("ascii")))


def unfold(blob: str, blobs: Blobs) -> list[Item]:
    """The outputs of a folded ending."""
    return [Item(**each) for each in json.loads(blobs.read(blob))]
