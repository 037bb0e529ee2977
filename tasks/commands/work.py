"""`run.py work`: runs the steps as long-lived workers, or (`--once`) until nothing is ready."""

from __future__ import annotations

import argparse
import signal
import sys
from types import FrameType

from tasks.flow import FLOW, STEPS
from tasks.installation import say
from tasks.runner import Runner, WorkerFailed
from tasks.settings import SettingsError, home, load
from workitems.store import Store


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py work", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"only these steps: {', '.join(STEPS)} (default: all)")
    parser.add_argument("--once", action="store_true", help="end when nothing is ready")
    args = parser.parse_args(argv)
    unknown = [name for name in args.steps if name not in STEPS]
    if unknown:
        parser.error(f"there is no step {unknown[0]!r}; the steps are {', '.join(STEPS)}")
    steps = [STEPS[name] for name in args.steps] or [s for s in FLOW if s.name != "report_day"]
    try:
        load()
        store = Store.open(home())
        for step in steps:
            if step.producer:
                store.trigger(step.takes)
        say(
            f"Working on {', '.join(s.name for s in steps)}"
            + (" until nothing is ready." if args.once else "; Ctrl-C ends.")
        )
        signal.signal(signal.SIGTERM, _end)
        Runner(home(), store, steps, once=args.once).run()
    except (SettingsError, WorkerFailed) as failure:
        print(f"run.py work: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("The workers have ended; what was in hand is taken up again by the next run.")
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
