"""`run.py demo`: the whole suite on real parts, from a mail to a posted invoice in a real ERP."""

from __future__ import annotations

import argparse
import json
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from bots.outcomes import DocumentOutcome
from tasks import demo_erp
from tasks.demo.stage import DemoBusy, begin_again, make_ready, only_demo, tell
from tasks.flow import FLOW
from tasks.runner import Runner, WorkerFailed
from tasks.settings import home as deskhand_home
from workitems.store import Store

DESKS = ("invoices",)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py demo", description=__doc__)
    parser.add_argument("desk", nargs="?", choices=DESKS, help="only this desk (default: all that exist)")
    parser.add_argument("--fresh", action="store_true", help="begin again: empty store, full mailbox, the seeded ERP")
    parser.add_argument("--stop", action="store_true", help="end the ERP that the demo left running")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object, the last line of stdout")
    args = parser.parse_args(argv)
    home = deskhand_home()
    try:
        with only_demo(home):
            if args.stop:
                demo_erp.stop(home)
                tell("The demo's ERP is stopped; the next demo starts it again.")
                return 0
            return show(run(home, args.fresh), args.json)
    except (DemoBusy, WorkerFailed, demo_erp.ErpFailed) as failure:
        print(f"run.py demo: {failure}", file=sys.stderr)
        return 1


def run(home: Path, fresh: bool) -> dict[str, Any]:
    """Makes the stage ready, works until nothing is ready, and returns the result."""
    began = time.monotonic()
    if fresh:
        tell("A new beginning: empty store, full mailbox, the seeded ERP.")
        begin_again(home)
    tell("Starting the ERP and filling the mailbox ...")
    erp, mails = make_ready(home)
    tell(f"The ERP answers at {erp.url}; {mails} mails and files lie in the mailbox.")
    ready = time.monotonic()
    store = Store.open(home)
    store.release_dead_owners()
    for producer in (s for s in FLOW if s.producer and s.gives):
        store.trigger(producer.takes)
    progress = Progress(store)
    Runner(home, store, [s for s in FLOW if s.name != "report_day"], once=True).run(progress.tick)
    progress.end()
    store.trigger("report_day")
    Runner(home, store, [s for s in FLOW if s.name == "report_day"], once=True).run()
    return result(store, erp, {"start": ready - began, "total": time.monotonic() - began})


def result(store: Store, erp: demo_erp.ErpInfo, seconds: dict[str, float]) -> dict[str, Any]:
    """The demo's result over every document that was ever in the mailbox of this home."""
    from tasks.outcomes import all_outcomes
    from workitems.metrics import stage_seconds

    rows = all_outcomes(store)
    stages = {f"{name}_work": value for name, value in stage_seconds(store).items()}
    return {
        "posted": [_posted(o) for o in rows if o.state == "posted"],
        "review": [_held(o) for o in rows if o.state in ("review", "waiting")],
        "rejected": [_held(o) for o in rows if o.state == "rejected"],
        "seconds": {name: round(value, 1) for name, value in (seconds | stages).items()},
        "erp": {"url": erp.url, "database": erp.database, "login": erp.login, "password": erp.password},
    }


def _posted(outcome: DocumentOutcome) -> dict[str, Any]:
    posting = outcome.posting
    assert posting is not None  # noqa: S101 - the state says so
    return {
        "document": outcome.document,
        "supplier": posting.supplier,
        "number": posting.number,
        "total": None if posting.total is None else f"{posting.total:f}",
        "currency": posting.currency,
        "system": posting.system,
        "reference": posting.reference,
    }


def _held(outcome: DocumentOutcome) -> dict[str, Any]:
    doubts = [d.model_dump() for d in outcome.doubts]
    if outcome.state == "waiting":
        doubts = [{"code": "waiting", "field": None, "message": "The document waits for its turn.", "severity": "warn"}]
    return {"document": outcome.document, "kind": outcome.kind, "doubts": doubts}


class Progress:
    """One line on stderr that tells how far the mailbox is, when something has changed."""

    def __init__(self, store: Store) -> None:
        self.store, self.last, self.began = store, "", time.monotonic()

    def tick(self) -> None:
        counts = {(c.queue, c.state): c.count for c in self.store.depth()}
        read = sum(
            n for (queue, state), n in counts.items() if queue == "document" and state not in ("ready", "taken", "held")
        )
        collected = sum(n for (queue, state), n in counts.items() if queue == "document" and state != "held")
        posted = counts.get(("invoice", "done"), 0)
        review = sum(n for (_, state), n in counts.items() if state in ("review", "dead"))
        line = f"  collected {collected}, read {read}, posted {posted}, waiting for a person {review}"
        if line != self.last:
            self.last = line
            start, end = ("\r\x1b[2K", "") if sys.stderr.isatty() else ("", "\n")
            print(f"{start}{line}  ({time.monotonic() - self.began:.0f} s)", end=end, file=sys.stderr, flush=True)

    def end(self) -> None:
        if sys.stderr.isatty():
            print(file=sys.stderr)


def show(outcome: dict[str, Any], as_json: bool) -> int:
    if as_json:
        print(json.dumps(outcome, ensure_ascii=False))
        return 0
    from rich.console import Console
    from rich.table import Table

    console = Console()
    posted = Table(title="Posted in the ERP", title_justify="left")
    for column in ("document", "supplier", "number", "total", "", "in the ERP"):
        posted.add_column(column, justify="right" if column == "total" else "left", overflow="fold")
    for row in outcome["posted"]:
        total = f"{Decimal(row['total']):,.2f}"
        posted.add_row(row["document"], row["supplier"], row["number"], total, row["currency"], row["reference"])
    console.print(posted)
    for title, rows in (("Waits for a person", outcome["review"]), ("Rejected", outcome["rejected"])):
        table = Table(title=title, title_justify="left")
        for column in ("document", "kind", "why"):
            table.add_column(column, overflow="fold")
        for row in rows:
            blocking = [d for d in row["doubts"] if d["severity"] == "block"] or row["doubts"]
            table.add_row(row["document"], row["kind"], "\n".join(d["message"] for d in blocking[:3]))
        console.print(table)
    seconds = ", ".join(f"{name.replace('_', ' ')} {value:g} s" for name, value in outcome["seconds"].items())
    erp = outcome["erp"]
    console.print(
        f"[bold]{len(outcome['posted'])}[/] posted, [bold]{len(outcome['review'])}[/] wait for a person, "
        f"[bold]{len(outcome['rejected'])}[/] rejected. Time: {seconds}."
    )
    console.print("\nWhere to look next:")
    console.print("  python3 run.py review        the review desk, for what waits")
    console.print(
        f"  {erp['url']}   the ERP (database {erp['database']}, login {erp['login']}, password {erp['password']})"
    )
    console.print(f"  {deskhand_home() / 'reports'}   the day's report (Excel and HTML)")
    console.print("  python3 run.py queue show ID  an item with its history; `queue list` for all queues")
    console.print("  python3 run.py demo --stop    ends the ERP")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
