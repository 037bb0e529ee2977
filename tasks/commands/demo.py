"""`run.py demo`: the whole suite on real parts, from a mail to a posted invoice in a real ERP."""

from __future__ import annotations

import argparse
import io
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from tasks import demo_erp
from tasks.demo.lock import DemoBusy, only_demo
from tasks.demo.stage import begin_again, make_ready, tell
from tasks.desks import NAMES, desk
from tasks.flow import FLOW, ON_SCHEDULE
from tasks.runner import Runner, WorkerFailed
from tasks.settings import SettingsError, settings_file
from tasks.settings import home as deskhand_home
from workitems.store import Store, StoreError

ENDS = {"invoice": "posted"}
"""What is said of items that are done in these queues."""


def main(argv: list[str]) -> int:
    args = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        home = deskhand_home()
        with only_demo(home):
            if args.stop:  # run.py does the same where nothing is installed
                demo_erp.stop(home)
                return 0
            outcome = run(home, args.fresh, [args.desk] if args.desk else NAMES)
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # names that a terminal cannot show
        if args.json:
            print(json.dumps(outcome, ensure_ascii=False))
        else:
            from tasks.demo.tables import show

            show(outcome, home)
    except (DemoBusy, WorkerFailed, SettingsError, StoreError, demo_erp.ErpFailed) as failure:
        print(f"run.py demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nrun.py demo: interrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py demo",
        description=__doc__,
        epilog="Run it again and it goes on where it was; it posts nothing twice. Everything lies in DESKHAND_HOME.",
    )
    parser.add_argument("desk", nargs="?", choices=NAMES, help="only this desk's papers (default: all that exist)")
    parser.add_argument("--fresh", action="store_true", help="begin again: empty store, full mailbox, the seeded ERP")
    parser.add_argument("--stop", action="store_true", help="end the ERP that the demo left running, and nothing else")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object, the last line of stdout")
    return parser


def run(home: Path, fresh: bool, desks: Sequence[str] = NAMES) -> dict[str, Any]:
    """Makes the stage ready with these desks' papers, works until nothing is ready, and returns the result.

    Raises SettingsError on a home of a company: the demo must not touch its mailboxes and its ERP.
    """
    own = settings_file()
    if own is not None:
        raise SettingsError(f"{own} is in force, and the demo has settings of its own: use another DESKHAND_HOME.")
    began = time.monotonic()
    if fresh:
        tell("A new beginning: empty store, full mailbox, the seeded ERP.")
        begin_again(home)
    tell("Starting the ERP and filling the mailbox ...")
    erp, mails = make_ready(home, desks)
    tell(f"The ERP answers at {erp.url}; {mails} mails and files lie in the mailbox.")
    ready = time.monotonic()
    store = Store.open(home)
    try:
        work(home, store, desks)
        from tasks.demo.result import result

        return result(store, erp, {"start": ready - began, "total": time.monotonic() - began})
    finally:
        store.close()


def work(home: Path, store: Store, desks: Sequence[str] = NAMES) -> None:
    """All steps until nothing is ready; then what comes later; then, in turn, those that look at what was done."""
    store.release_dead_owners(blame=False)
    progress = Progress(store)
    _collect(home, store, progress)
    if sum(desk(name).later(home) for name in desks):
        _collect(home, store, progress)
    for producer in (s for s in FLOW if s.name in ON_SCHEDULE):
        store.trigger(producer.takes)
        _until_nothing_is_ready(home, store, progress)
    progress.end()


def _collect(home: Path, store: Store, progress: Progress) -> None:
    for producer in (s for s in FLOW if s.producer and s.name not in ON_SCHEDULE):
        store.trigger(producer.takes)
    _until_nothing_is_ready(home, store, progress)


def _until_nothing_is_ready(home: Path, store: Store, progress: Progress) -> None:
    while True:
        Runner(home, store, FLOW, once=True).run(progress.tick)
        if not any(c.state == "taken" for c in store.depth()):
            break
        # A worker of a demo that was killed a moment ago may outlive it by a moment, with its item in hand.
        time.sleep(0.5)
        store.release_dead_owners(blame=False)


class Progress:
    """One line on stderr that tells how far the mailbox is, when something has changed."""

    def __init__(self, store: Store) -> None:
        self.store, self.last, self.began = store, "", time.monotonic()

    def tick(self) -> None:
        counts = {(c.queue, c.state): c.count for c in self.store.depth()}
        read = sum(
            n for (queue, state), n in counts.items() if queue == "document" and state not in ("ready", "taken", "held")
        )
        done = {queue: n for (queue, state), n in counts.items() if state == "done" and queue in ENDS}
        collected = sum(n for (queue, state), n in counts.items() if queue == "document" and state != "held")
        review = sum(n for (_, state), n in counts.items() if state in ("review", "dead"))
        told = [f"{ENDS[queue]} {done.get(queue, 0)}" for queue in ENDS]
        line = f"  collected {collected}, read {read}, {', '.join(told)}, waiting for a person {review}"
        if line != self.last:
            self.last = line
            start, end = ("\r\x1b[2K", "") if sys.stderr.isatty() else ("", "\n")
            print(f"{start}{line}  ({time.monotonic() - self.began:.0f} s)", end=end, file=sys.stderr, flush=True)

    def end(self) -> None:
        if sys.stderr.isatty():
            print(file=sys.stderr)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
