"""`run.py queue`: what waits where, and why; and what a person may do about it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from workitems.rows import ItemRow
from workitems.states import State
from workitems.store import NotAllowed, Store, StoreError, UnknownItem


class Usage(Exception):
    """The command was called wrongly; the message is a sentence."""


def main(argv: list[str]) -> int:
    args = _parser().parse_args(argv)
    try:
        store = Store.open()
        try:
            run: Callable[[Store, argparse.Namespace], None] = args.run
            run(store, args)
        finally:
            store.close()
    except Usage as wrong:
        return _say(wrong, 2)
    except (NotAllowed, UnknownItem, StoreError) as failure:
        return _say(failure, 1)
    return 0


def _say(failure: Exception, status: int) -> int:
    print(f"run.py queue: {failure}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py queue", description=__doc__)
    parser.set_defaults(run=list_queues)
    _takes_json(parser, default=False)
    commands = parser.add_subparsers(metavar="list | items | show | put | retry | cancel | sweep")

    def command(name: str, run: Callable[[Store, argparse.Namespace], None], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        _takes_json(added, default=argparse.SUPPRESS)
        return added

    command("list", list_queues, "how many items are in which state of which queue (the default)")
    items = command("items", list_items, "the items of a queue or of all, oldest first")
    items.add_argument("queue", nargs="?", metavar="QUEUE")
    items.add_argument("--state", choices=State.__args__, help="only items in this state")  # type: ignore[attr-defined]
    items.add_argument("--limit", type=int, default=100, help="at most so many (default 100)")
    show = command("show", show_item, "one item with its files, lineage, events and decisions")
    show.add_argument("id", metavar="ID")
    put = command("put", put_item, "enqueue one item")
    put.add_argument("queue", metavar="QUEUE")
    put.add_argument("--payload", default="null", metavar="JSON", help="any JSON (default null)")
    put.add_argument("--file", action="append", default=[], metavar="PATH", help="attach a file (may be repeated)")
    retry = command("retry", retry_item, "put an item that is in review, dead, cancelled or in backoff back to work")
    retry.add_argument("id", metavar="ID")
    cancel = command("cancel", cancel_item, "end an item that nobody works on")
    cancel.add_argument("id", metavar="ID")
    cancel.add_argument("--why", default="cancelled by hand", help="the reason, for the record")
    command("sweep", sweep, "delete file contents that no item has any more")
    return parser


def _takes_json(parser: argparse.ArgumentParser, default: Any) -> None:
    parser.add_argument("--json", action="store_true", default=default, help="JSON on stdout, one object a line")


# ---- the commands


def list_queues(store: Store, args: argparse.Namespace) -> None:
    """Counts and the oldest age, by queue and state."""
    rows = [asdict(c) | {"oldest_seconds": round(c.oldest_seconds, 3)} for c in store.depth()]
    if args.json:
        return _print(*rows)
    if not rows:
        return print("Nothing waits, and nothing has been here yet.")
    from tasks.commands.queue_tables import queues_table

    return queues_table(rows)


def list_items(store: Store, args: argparse.Namespace) -> None:
    """Items in short."""
    found = store.find(args.queue, [args.state] if args.state else None, limit=max(args.limit, 0))
    if args.json:
        return _print(*[_brief(item) for item in found])
    from tasks.commands.queue_tables import items_table

    return items_table(found)


def show_item(store: Store, args: argparse.Namespace) -> None:
    """Everything that is known about an item."""
    item = store.get(args.id)
    if item is None:
        raise UnknownItem(args.id)
    whole = _plain(asdict(item)) | {
        "files": [asdict(f) for f in store.files(item.id)],
        "lineage": [_brief(relative) for relative in store.lineage(item.id)],
        "events": [_plain(asdict(e)) for e in store.events(item.id)],
        "decisions": [{"at": d.at.isoformat(), **d.body} for d in store.decisions(item.id)],
    }
    if args.json:
        return _print(whole)
    from tasks.commands.queue_tables import item_page

    return item_page(whole)


def put_item(store: Store, args: argparse.Namespace) -> None:
    """Enqueues an item. Items of one queue keep their order."""
    try:
        payload = json.loads(args.payload)
    except (ValueError, RecursionError):
        raise Usage("--payload is no valid JSON.") from None
    paths = {Path(name).name: Path(name) for name in args.file}
    if len(paths) < len(args.file):
        raise Usage("Two files of one item must not have the same name.")
    try:
        item_id = store.put(args.queue, payload, paths, who=_person())
    except OSError as error:
        raise Usage(f"The file {error.filename} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise Usage(str(error)) from None
    _done(args, {"id": item_id}, f"The item {item_id} waits in the queue {args.queue}.")


def retry_item(store: Store, args: argparse.Namespace) -> None:
    """Back to work."""
    store.retry(args.id, _person())
    _done(args, {"id": args.id, "state": "ready"}, f"The item {args.id} is ready again.")


def cancel_item(store: Store, args: argparse.Namespace) -> None:
    """Ends an item."""
    store.cancel(args.id, _person(), args.why)
    _done(args, {"id": args.id, "state": "cancelled"}, f"The item {args.id} is cancelled.")


def sweep(store: Store, args: argparse.Namespace) -> None:
    """Housekeeping on the disk."""
    swept = store.sweep_blobs()
    _done(args, {"swept": swept}, f"{swept} files that no item has are deleted.")


# ---- what is printed


def _brief(item: ItemRow) -> dict[str, Any]:
    names = ("id", "queue", "state", "code", "message", "attempts", "parent_id", "created_at", "updated_at")
    return _plain({name: getattr(item, name) for name in names})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in values.items()}


def _print(*rows: dict[str, Any]) -> None:
    for row in rows:
        print(json.dumps(row))


def _done(args: argparse.Namespace, row: dict[str, Any], sentence: str) -> None:
    if args.json:
        _print(row)
    else:
        print(sentence)


def _person() -> str:
    """Who called the command, for the event rows."""
    import getpass

    try:
        return f"person:{getpass.getuser()}"
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return "person"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
