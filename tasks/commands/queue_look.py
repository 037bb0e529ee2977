"""`run.py queue`: what waits where, and why. Nothing here changes anything."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tasks.commands.queue_output import brief, clean, plain, print_rows
from workitems import overview, people_sql
from workitems.choices import Choice, choose
from workitems.overview import EventRow
from workitems.reservations import UnknownItem
from workitems.rows import ItemRow
from workitems.store import Store

LATE_EVENTS = 500
"""On PostgreSQL an event may show itself after a later one: so many places back are looked at again."""


def list_queues(store: Store, args: argparse.Namespace) -> None:
    """Counts and the oldest age, by queue and state."""
    rows = [asdict(c) | {"oldest_seconds": round(c.oldest_seconds, 3)} for c in store.depth()]
    if args.json:
        return print_rows(*rows)
    if not rows:
        return print("Nothing waits, and nothing has been here yet.")
    from tasks.commands.queue_tables import queues_table

    return queues_table(rows)


def list_items(store: Store, args: argparse.Namespace) -> None:
    """Items in short."""
    states = (args.state,) if args.state else ()
    found = choose(store.database, Choice(args.queue, states, args.code, args.assigned, args.limit, args.newest))
    if args.json:
        return print_rows(*[brief(item) for item in found])
    from tasks.commands.queue_tables import items_table

    return items_table(found)


def list_dead(store: Store, args: argparse.Namespace) -> None:
    """Dead letters with their reason."""
    found = choose(store.database, Choice(args.queue, ("dead",), args.code, args.assigned, args.limit))
    now = store.clock()
    rows = [brief(item) | {"dead_seconds": round(max(0.0, now - item.updated_at.timestamp()), 3)} for item in found]
    if args.json:
        return print_rows(*rows)
    if not rows:
        return print("There are no dead letters.")
    from tasks.commands.queue_tables import dead_table

    return dead_table(rows, Counter((item.queue, item.code or "") for item in found))


def show_item(store: Store, args: argparse.Namespace) -> None:
    """Everything that is known about some items."""
    items = [store.get(item_id) for item_id in args.ids]
    for item_id, item in zip(args.ids, items, strict=True):
        if item is None:
            raise UnknownItem(item_id)
        whole = _whole(store, item)
        if args.json:
            print_rows(whole)
            continue
        from tasks.commands.queue_tables import item_page

        item_page(whole)


def _whole(store: Store, item: ItemRow) -> dict[str, Any]:
    now = store.clock()
    effects = store.database.rows(people_sql.SELECT_EFFECTS_OF, {"item_id": item.id})
    return plain(asdict(item)) | {
        "age_seconds": round(max(0.0, now - item.created_at.timestamp()), 3),
        "overdue": item.deadline is not None and item.deadline.timestamp() < now and item.state not in ENDED,
        "files": [asdict(f) for f in store.files(item.id)],
        "mail": _mail(item.payload),
        "lineage": [brief(relative) for relative in store.lineage(item.id)],
        "events": [plain(asdict(e)) for e in store.events(item.id)],
        "decisions": [{"at": d.at.isoformat(), **d.body} for d in store.decisions(item.id)],
        "effects": [_effect(row) for row in effects],
    }


ENDED = ("done", "cancelled")


def _mail(payload: Any) -> dict[str, Any] | None:
    """The mail that the item came with, as its payload says."""
    document = payload.get("document", payload) if isinstance(payload, dict) else None
    mail = document.get("mail") if isinstance(document, dict) else None
    return mail if isinstance(mail, dict) else None


def _effect(row: Any) -> dict[str, Any]:
    from workitems.rows import at

    return {
        "key": row["key"],
        "state": row["state"],
        "begun_at": at(row["created_at"]).isoformat(),
        "finished_at": None if row["finished_at"] is None else at(row["finished_at"]).isoformat(),
        "intent": json.loads(row["intent"]),
        "result": None if row["result"] is None else json.loads(row["result"]),
    }


# ---- the log of events


def tail_events(store: Store, args: argparse.Namespace) -> None:
    """The last events, and with --follow what comes."""
    db, seen = store.database, deque[int](maxlen=2 * LATE_EVENTS)
    last = overview.last_events(db, args.last, args.queue) if args.last else []
    _print_events(args, last)
    if not args.follow:
        return
    newest = overview.last_events(db, LATE_EVENTS)
    seen.extend(event.seq for event in newest)
    last_seq = newest[-1].seq if newest else 0
    while True:
        time.sleep(args.every)
        fresh = overview.events_after(db, max(0, last_seq - LATE_EVENTS), 10 * LATE_EVENTS, args.queue)
        fresh = [event for event in fresh if event.seq not in seen]
        _print_events(args, fresh)
        seen.extend(event.seq for event in fresh)
        last_seq = max([last_seq, *(event.seq for event in fresh)])


def _print_events(args: argparse.Namespace, events: Iterable[EventRow]) -> None:
    for event in events:
        if args.json:
            print(json.dumps(plain(asdict(event))), flush=True)
        else:
            change = f"{event.from_state or ''} → {event.to_state}"
            at = f"{event.at.astimezone():%Y-%m-%d %H:%M:%S}"
            print(clean(f"{at}  {event.item_id}  {event.queue:<12} {change:<18} {event.who}: {event.why}"), flush=True)


# ---- figures


def show_statistics(store: Store, args: argparse.Namespace) -> None:
    """Counts, ages, rates and shares by queue."""
    figures = store.figures()
    if args.queue is not None:
        figures = [f for f in figures if f.queue == args.queue]
    if args.json:
        return print_rows(*[asdict(f) for f in figures])
    if not figures:
        return print("Nothing has been here yet.")
    from tasks.commands.queue_tables import figures_table

    return figures_table(figures)
