"""`run.py queue export | import`: items as one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from tasks.commands.queue_output import Failed, Usage, chosen, done, person
from workitems.choices import Choice, choose_ids
from workitems.reservations import UnknownItem
from workitems.store import Store


def export_to_file(store: Store, args: argparse.Namespace) -> None:
    """Items, their files and their history."""
    from workitems.exchange_format import ExchangeError
    from workitems.export import export_items, lineages

    if args.all:
        if args.ids or any((args.queue, args.state, args.code, args.assigned)):
            raise Usage("--all means every item: say no others beside it.")
        item_ids = choose_ids(store.database, Choice(limit=args.limit))
    else:
        args.states = args.states or EXPORTED
        item_ids = chosen(store, args)
    for item_id in args.ids:
        if not store.exists(item_id):
            raise UnknownItem(item_id)
    to = Path(args.to)
    if to.exists() and not args.replace:
        raise Failed(f"{to} is there already; say --replace to write over it.")
    try:
        manifest = export_items(store, lineages(store, item_ids) if args.lineage else item_ids, to)
    except ExchangeError as error:
        raise Failed(str(error)) from None
    row = {"file": str(to), "items": manifest.items, "files": manifest.files, "bytes": to.stat().st_size}
    done(args, row, f"{manifest.items} items with {manifest.files} files are in {to} ({row['bytes']} bytes).")


EXPORTED = ("ready", "taken", "done", "review", "dead", "cancelled")


def import_from_file(store: Store, args: argparse.Namespace) -> None:
    """Items that are not here yet."""
    from workitems.exchange_format import ExchangeError
    from workitems.importing import import_items

    for path in args.files:
        try:
            came = import_items(store, Path(path), person(args), args.hold)
        except ExchangeError as error:
            raise Failed(str(error)) from None
        row = {"file": path, "imported": came.items, "known": came.known}
        done(args, row, f"{came.items} items came in from {path}; {came.known} were here already.")
