"""`run.py queue`: what waits where, and why; and what a person may do about it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import Any

from tasks.commands import queue_exchange as exchange
from tasks.commands import queue_look as look
from tasks.commands import queue_mend as mend
from tasks.commands.queue_output import Failed, Usage, natural, takes_items
from tasks.commands.queue_times import length, moment
from workitems.interventions import NotAllowed
from workitems.states import State
from workitems.store import Store, StoreError, UnknownItem

Run = Callable[[Store, argparse.Namespace], None]
COMMANDS = "list | items | show | dead | stats | events | watch | put | retry | cancel | postpone | reassign | redrive"
COMMANDS += " | export | import | sweep"


def main(argv: list[str]) -> int:
    args = _parser().parse_args(argv)
    try:
        store = Store.open()
        try:
            run: Run = args.run
            run(store, args)
            sys.stdout.flush()
        finally:
            store.close()
    except Usage as wrong:
        return _say(wrong, 2)
    except (NotAllowed, UnknownItem, StoreError, Failed) as failure:
        return _say(failure, 1)
    except BrokenPipeError:  # the reader has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 0 if getattr(args, "endless", False) else 130
    return 0


def _say(failure: Exception, status: int) -> int:
    if str(failure):
        print(f"run.py queue: {failure}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py queue", description=__doc__)
    parser.set_defaults(run=look.list_queues)
    _takes_json(parser, default=False)
    commands = parser.add_subparsers(metavar=COMMANDS)

    def command(name: str, run: Run, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        _takes_json(added, default=argparse.SUPPRESS)
        return added

    _add_looks(command)
    _add_endless(command)
    _add_mends(command)
    _add_exchange(command)
    return parser


def _takes_json(parser: argparse.ArgumentParser, default: Any) -> None:
    parser.add_argument("--json", action="store_true", default=default, help="JSON on stdout, one object a line")


Command = Callable[[str, Run, str], argparse.ArgumentParser]
STATES: tuple[State, ...] = State.__args__  # type: ignore[attr-defined]


def _add_looks(command: Command) -> None:
    command("list", look.list_queues, "how many items are in which state of which queue (the default)")
    items = command("items", look.list_items, "the items of a queue or of all, oldest first")
    items.add_argument("queue", nargs="?", metavar="QUEUE")
    items.add_argument("--state", choices=STATES, help="only items in this state")
    _conditions(items)
    items.add_argument("--newest", action="store_true", help="newest first")
    show = command("show", look.show_item, "items with their files, lineage, events, decisions and effects")
    show.add_argument("ids", nargs="+", metavar="ID")
    dead = command("dead", look.list_dead, "dead letters: what was given up, why, when, after how many attempts")
    dead.add_argument("--queue", metavar="QUEUE")
    _conditions(dead)
    stats = command("stats", look.show_statistics, "by queue: counts, ages, rates, the share that needs no person")
    stats.add_argument("queue", nargs="?", metavar="QUEUE")


def _conditions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--code", help="only items with this code")
    parser.add_argument("--assigned", metavar="PERSON", help="only items of this person (nobody: of none)")
    parser.add_argument("--limit", type=natural, default=100, help="at most so many (default 100)")


def _add_endless(command: Command) -> None:
    events = command("events", look.tail_events, "the log: who moved what, when and why")
    events.add_argument("--queue", metavar="QUEUE")
    events.add_argument("--last", type=natural, default=20, metavar="N", help="so many of the past (default 20)")
    events.add_argument("-f", "--follow", action="store_true", help="go on with what happens, until Ctrl-C")
    events.set_defaults(every=0.5, endless=True)
    watch = command("watch", _watch, "queues, workers, targets and the last failures, live; q ends")
    watch.add_argument("--once", action="store_true", help="print one frame and end (as into a pipe)")
    watch.add_argument("--every", type=natural, default=2, metavar="SECONDS", help="look anew so often (default 2)")
    _signed(watch)
    watch.set_defaults(endless=True)


def _watch(store: Store, args: argparse.Namespace) -> None:
    from tasks.commands.queue_watch import watch

    watch(store, args)


def _signed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--who", metavar="NAME", help="who does it, for the record (default: your login)")


def _add_mends(command: Command) -> None:
    put = command("put", mend.put_item, "enqueue one item")
    put.add_argument("queue", metavar="QUEUE")
    put.add_argument("--payload", default="null", metavar="JSON", help="any JSON, or @FILE (default null)")
    put.add_argument("--file", action="append", default=[], metavar="PATH", help="attach a file (may be repeated)")
    put.add_argument("--priority", type=_priority, default=0, metavar="N", help="higher is taken first (default 0)")
    put.add_argument("--not-before", type=moment, metavar="WHEN", help="it is not taken before, e.g. 2026-11-23T08:00")
    put.add_argument("--deadline", type=moment, metavar="WHEN", help="when it should be done")
    _signed(put)

    about = "put items that are in review, dead, cancelled or in backoff back to work"
    retry = command("retry", mend.retry_items, about)
    takes_items(retry, ("review", "dead", "cancelled", "ready"), default=("review", "dead"))
    _signed(retry)
    cancel = command("cancel", mend.cancel_items, "end items that nobody works on")
    takes_items(cancel, ("ready", "review", "dead"))
    cancel.add_argument("--why", default="cancelled by hand", help="the reason, for the record")
    _signed(cancel)
    postpone = command("postpone", mend.postpone_items, "let ready items wait until a moment")
    takes_items(postpone, ("ready",))
    when = postpone.add_mutually_exclusive_group(required=True)
    when.add_argument("--until", type=moment, metavar="WHEN", help="2026-11-23T08:00, or 08:00 (the next one)")
    when.add_argument("--for", type=length, dest="length", metavar="LENGTH", help="90s, 10m, 2h, 1d12h")
    postpone.add_argument("--why", default="postponed by hand", help="the reason, for the record")
    _signed(postpone)
    reassign = command("reassign", mend.reassign_items, "say who shall look at items, or move them to another queue")
    takes_items(reassign, ("ready", "review", "dead"), default=("review", "dead"))
    reassign.add_argument("--to", metavar="PERSON", help="nobody: to none")
    reassign.add_argument("--to-queue", metavar="QUEUE")
    reassign.add_argument("--why", default="moved by hand", help="the reason of a move, for the record")
    _signed(reassign)
    redrive = command("redrive", mend.redrive_items, "put dead letters back to work, all at once or paced")
    takes_items(redrive, ("dead",))
    redrive.add_argument(
        "--per-minute", type=_rate, metavar="N", help="so many a minute: what was away is not run over"
    )
    _signed(redrive)
    command("sweep", mend.sweep, "delete file contents that no item has any more")


def _priority(text: str) -> int:
    number = int(text)
    if abs(number) > 1_000_000:
        raise argparse.ArgumentTypeError("a priority lies between -1000000 and 1000000")
    return number


def _rate(text: str) -> int:
    number = natural(text)
    if not 0 < number <= 60_000:
        raise argparse.ArgumentTypeError("a rate is a whole number from 1 to 60000")
    return number


def _add_exchange(command: Command) -> None:
    out = command("export", exchange.export_to_file, "write items with files and history into one file")
    takes_items(out, STATES[1:])
    out.add_argument("--all", action="store_true", help="every item")
    out.add_argument("--lineage", action="store_true", help="and all that have a root in common with them")
    out.add_argument("--to", required=True, metavar="FILE", help="the zip file to write")
    out.add_argument("--replace", action="store_true", help="write over a file that is there")
    into = command("import", exchange.import_from_file, "read items that are not here yet; twice adds nothing")
    into.add_argument("files", nargs="+", metavar="FILE")
    into.add_argument("--hold", action="store_true", help="what is ready there waits for a person here")
    _signed(into)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
