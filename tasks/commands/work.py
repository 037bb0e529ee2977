"""`run.py work`: runs the steps as long-lived workers, or (`--once`) until nothing is ready."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from tasks.flow import FLOW, STEPS, Step
from tasks.quietly import say
from tasks.runner import Runner, WorkerFailed
from tasks.settings import SettingsError, home, load
from workitems.store import Store, StoreError

EPILOG = """\
Without names all steps run but report_day, which a schedule or `run.py task report_day` starts.
A worker that dies is started again. SIGTERM and Ctrl-C let the workers finish what they have in hand.
With --once what failed and is due again within a minute is waited for; a later retry is the next run's.
"""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py work", description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"only these steps: {', '.join(STEPS)}")
    parser.add_argument("--once", action="store_true", help="end when nothing is ready")
    args = parser.parse_args(argv)
    unknown = [name for name in args.steps if name not in STEPS]
    if unknown:
        parser.error(f"there is no step {unknown[0]!r}; the steps are {', '.join(STEPS)}")
    steps = [s for s in FLOW if s.name in args.steps] or [s for s in FLOW if s.name != "report_day"]
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        work(steps, args.once)
    except (SettingsError, StoreError, WorkerFailed) as failure:
        print(f"run.py work: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("The workers have ended; what waits is taken up by the next run.")
    return 0


def work(steps: Sequence[Step], once: bool) -> None:
    """Runs the steps; returns only with `once`. Raises WorkerFailed, SettingsError, StoreError."""
    settings, folder = load(), home()
    store = Store.open(folder)
    try:
        store.release_dead_owners(blame=False)
        for step in steps:
            if step.producer:
                store.trigger(step.takes)
        until = " until nothing is ready." if once else "; Ctrl-C ends."
        say(f"Working on {', '.join(s.name for s in steps)}{until} Logs: {folder / 'logs'}")
        if settings.erp is None:
            say("No ERP is there: documents wait until there is one (`run.py check` says more).")
        Runner(folder, store, steps, once, say).run()
        _tell_what_waits(store)
    finally:
        store.close()


def _tell_what_waits(store: Store) -> None:
    counts = {state: sum(c.count for c in store.depth() if c.state == state) for state in ("ready", "review", "dead")}
    later, review, dead = counts["ready"], counts["review"], counts["dead"]
    say(f"Nothing is ready: {review} wait for a person, {later} for a later attempt, {dead} were given up.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
