"""What every `run.py queue` command does alike: JSON lines, sentences, who it was, many items at once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from workitems.choices import Choice, choose_ids
from workitems.interventions import NotAllowed
from workitems.reservations import UnknownItem
from workitems.rows import ItemRow
from workitems.states import State
from workitems.store import Store

SAID_SINGLY = 20
"""Of more items a person gets the first so many sentences and a count; JSON has them all."""


class Usage(Exception):
    """The command was called wrongly; the message is a sentence."""


class Failed(Exception):
    """The work failed; the message is a sentence."""


def brief(item: ItemRow) -> dict[str, Any]:
    """An item in short, as JSON has it."""
    names: tuple[str, ...] = (
        "id",
        "queue",
        "state",
        "code",
        "message",
        "attempts",
        "parent_id",
        "created_at",
        "updated_at",
    )
    names += ("priority", "not_before", "deadline", "lost_leases", "assigned_to", "host")
    return plain({name: getattr(item, name) for name in names})


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Moments as ISO 8601."""
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in values.items()}


def print_rows(*rows: dict[str, Any]) -> None:
    """One JSON object a line."""
    for row in rows:
        print(json.dumps(row))


def done(args: argparse.Namespace, row: dict[str, Any], sentence: str) -> None:
    """What a command did: a row or a sentence."""
    if args.json:
        print_rows(row)
    else:
        print(sentence)


def person(args: argparse.Namespace) -> str:
    """Who called the command, for the event rows: --who, else the login."""
    named = getattr(args, "who", None)
    if named:
        return f"person:{named}"
    import getpass

    try:
        return f"person:{getpass.getuser()}"
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return "person"


def clean(text: str) -> str:
    """Nothing that steers the terminal: a file's name may come from anybody."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def age(seconds: float) -> str:
    """The two largest units: 3 d 4 h, 5 min 10 s."""
    parts: list[str] = []
    rest = int(seconds)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        amount, rest = divmod(rest, size)
        if amount or (unit == "s" and not parts):
            parts.append(f"{amount} {unit}")
    return " ".join(parts[:2])


def short(seconds: float) -> str:
    """One unit, in five characters: 48 s, 12 m, 3.4 h, 12 d."""
    for unit, size, most in (("s", 1, 100), ("m", 60, 6000), ("h", 3600, 172_800)):
        if seconds < most:
            amount = seconds / size
            return f"{amount:.1f} {unit}" if size > 60 and amount < 10 else f"{amount:.0f} {unit}"
    return f"{seconds / 86400:.0f} d"


# ---- which items


def takes_items(parser: argparse.ArgumentParser, states: Sequence[State], default: Sequence[State] = ()) -> None:
    """Items by their ids, or by queue, state, code and person. `default` holds where no state is said."""
    parser.add_argument("ids", nargs="*", metavar="ID")
    parser.add_argument("--queue", metavar="QUEUE", help="items of this queue, oldest first")
    if len(states) > 1:
        said = f" (else {' and '.join(default)})" if default else ""
        parser.add_argument("--state", choices=states, help=f"those in this state{said}")
    parser.add_argument("--code", help="those with this code")
    parser.add_argument("--assigned", metavar="PERSON", help="those of this person (nobody: of none)")
    parser.add_argument("--limit", type=natural, default=2**31, metavar="N", help="at most so many, the oldest first")
    parser.set_defaults(state=None, states=tuple(states if len(states) == 1 else default))


def natural(text: str) -> int:
    """A whole number from 0 on. For argparse."""
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def chosen(store: Store, args: argparse.Namespace) -> list[str]:
    """The ids that are meant, each once. Raises Usage where nothing says which."""
    conditions = [c for c in (args.queue, args.state, args.code, args.assigned) if c is not None]
    if args.ids and conditions:
        raise Usage("Name items by their ids or by --queue, --state, --code and --assigned, not by both.")
    if args.ids:
        return list(dict.fromkeys(args.ids))
    if not conditions:
        raise Usage("Say which items: their ids, or --queue, --state, --code, --assigned.")
    states = (args.state,) if args.state else args.states
    if not states:
        raise Usage("Say also which --state.")
    return choose_ids(store.database, Choice(args.queue, states, args.code, args.assigned, args.limit))


def for_each(
    args: argparse.Namespace, item_ids: Iterable[str], act: Callable[[str], tuple[dict[str, Any], str]]
) -> None:
    """Does it with each item and prints what came of it; what is not allowed is said, and the others go on.

    Raises Failed at the end if one was refused.
    """
    acted = refused = 0
    for item_id in item_ids:
        try:
            row, sentence = act(item_id)
        except (NotAllowed, UnknownItem) as failure:
            print(f"run.py queue: {failure}", file=sys.stderr)
            refused += 1
            continue
        acted += 1
        if args.json or acted <= SAID_SINGLY:
            done(args, row, sentence)
    if not args.json and acted > SAID_SINGLY:
        print(f"... and so {acted - SAID_SINGLY} more, {acted} in all.")
    if not args.json and not acted and not refused:
        print("No item is meant by that.")
    if refused:
        raise Failed("" if acted + refused == 1 else f"{refused} of {acted + refused} items were left as they are.")
