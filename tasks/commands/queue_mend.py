"""`run.py queue`: what a person may do about items. Whoever moves them, one sentence or row an item comes back."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tasks.commands.queue_output import Usage, chosen, done, for_each, person
from workitems.mending import Mending
from workitems.statistics import fold_rates
from workitems.store import Store


def put_item(store: Store, args: argparse.Namespace) -> None:
    """Enqueues an item. Items of one queue keep their order."""
    payload = _payload(args.payload)
    paths = {Path(name).name: Path(name) for name in args.file}
    if len(paths) < len(args.file):
        raise Usage("Two files of one item must not have the same name.")
    times = {"not_before": args.not_before, "deadline": args.deadline}
    try:
        item_id = store.put(args.queue, payload, paths, priority=args.priority, who=person(args), **times)
    except OSError as error:
        raise Usage(f"The file {error.filename} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise Usage(str(error)) from None
    done(args, {"id": item_id}, f"The item {item_id} waits in the queue {args.queue}.")


def _payload(given: str) -> Any:
    """JSON, or (@FILE) what is in a file; @- is stdin."""
    name = given[1:] if given.startswith("@") else None
    try:
        if name is None:
            text = given
        elif name == "-":
            text = sys.stdin.read()
        else:
            text = Path(name).read_text(encoding="utf-8-sig")
        return json.loads(text)
    except OSError as error:
        raise Usage(f"The file {name} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise Usage(f"{f'The file {name}' if name else '--payload'} is no valid JSON.") from None


def retry_items(store: Store, args: argparse.Namespace) -> None:
    """Back to work."""

    def retry(item_id: str) -> tuple[dict[str, Any], str]:
        store.retry(item_id, person(args))
        return {"id": item_id, "state": "ready"}, f"The item {item_id} is ready again."

    for_each(args, chosen(store, args), retry)


def cancel_items(store: Store, args: argparse.Namespace) -> None:
    """Ends items."""

    def cancel(item_id: str) -> tuple[dict[str, Any], str]:
        store.cancel(item_id, person(args), args.why)
        return {"id": item_id, "state": "cancelled"}, f"The item {item_id} is cancelled."

    for_each(args, chosen(store, args), cancel)


def postpone_items(store: Store, args: argparse.Namespace) -> None:
    """Not before a moment."""
    now = datetime.now(UTC)
    until: datetime = args.until or now + args.length
    if until <= now:
        raise Usage("The moment until which items are postponed has passed.")
    mending = Mending(store, person(args))

    def postpone(item_id: str) -> tuple[dict[str, Any], str]:
        mending.postpone(item_id, until, args.why)
        here = f"{until.astimezone():%Y-%m-%d %H:%M:%S}"
        row = {"id": item_id, "state": "ready", "not_before": until.isoformat()}
        return row, f"The item {item_id} is not taken before {here}."

    for_each(args, chosen(store, args), postpone)


def reassign_items(store: Store, args: argparse.Namespace) -> None:
    """To a person, or to another queue."""
    if (args.to is None) == (args.to_queue is None):
        raise Usage("Say --to PERSON (nobody: to none) or --to-queue QUEUE.")
    if not 0 < len((args.to or args.to_queue or "").strip()) <= 200:
        raise Usage("--to and --to-queue need a name.")
    mending = Mending(store, person(args))
    to = None if args.to in (None, "nobody") else args.to.strip()

    def assign(item_id: str) -> tuple[dict[str, Any], str]:
        mending.assign(item_id, to)
        return {"id": item_id, "assigned_to": to}, f"The item {item_id} is assigned to {to or 'nobody'}."

    def move(item_id: str) -> tuple[dict[str, Any], str]:
        mending.move(item_id, args.to_queue, args.why)
        return {"id": item_id, "queue": args.to_queue}, f"The item {item_id} is in the queue {args.to_queue}."

    for_each(args, chosen(store, args), assign if args.to_queue is None else move)


def redrive_items(store: Store, args: argparse.Namespace) -> None:
    """Dead letters back to work, at once or paced."""
    mending, begin = Mending(store, person(args)), datetime.now(UTC)
    pace = timedelta(0) if args.per_minute is None else timedelta(minutes=1) / args.per_minute
    moments = {item_id: begin + n * pace for n, item_id in enumerate(chosen(store, args))}

    def redrive(item_id: str) -> tuple[dict[str, Any], str]:
        until = moments[item_id] if moments[item_id] > begin else None
        mending.redrive(item_id, until)
        row = {"id": item_id, "state": "ready", "not_before": until and until.isoformat()}
        later = "" if until is None else f", not before {until.astimezone():%Y-%m-%d %H:%M:%S}"
        return row, f"The item {item_id} is ready again{later}."

    for_each(args, list(moments), redrive)


def sweep(store: Store, args: argparse.Namespace) -> None:
    """Housekeeping on the disk and in the table of rates."""
    fold_rates(store.database, store.clock())
    swept = store.sweep_blobs(most_seconds=None)
    done(args, {"swept": swept}, f"{swept} files that no item has are deleted.")
