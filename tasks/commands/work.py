"""`run.py work`: runs the steps as long-lived workers, or (`--once`) until nothing is ready."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from tasks.flow import FLOW, ON_SCHEDULE, STEPS, Step
from tasks.health import Address, ListenFailed, address_of, served
from tasks.plan import Plan
from tasks.quietly import say
from tasks.runner import Runner, WorkerFailed
from tasks.service import Service
from tasks.settings import Settings, SettingsError, home, load, settings_file
from workitems.store import Store, StoreError

EPILOG = """\
Without names all steps run; report_day and train_models, which ask nobody, where a schedule starts them.
A worker that dies is started again, one that hangs is killed. SIGTERM and Ctrl-C let the workers finish what they have
in hand, a second one ends them at once. SIGHUP, and a changed settings file, make them begin anew after their item.
With --once what failed and is due again within a minute is waited for; a later retry is the next run's.
"""


def main(argv: list[str]) -> int:
    args = _arguments(argv)
    try:
        work(args.steps, args.once, dict(args.workers), args.listen)
    except (SettingsError, StoreError, WorkerFailed, ListenFailed) as failure:
        print(f"run.py work: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Interrupted before the work began.")
    return 0


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py work", description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"only these steps: {', '.join(STEPS)}")
    parser.add_argument("--once", action="store_true", help="end when nothing is ready")
    about = "processes of a step on this machine, before what the settings say; may be given for several steps"
    parser.add_argument("--workers", action="append", default=[], type=_workers, metavar="STEP=N", help=about)
    about = "answer /healthz, /readyz and /metrics there, as 127.0.0.1:9464 (a port alone: on this machine only)"
    parser.add_argument("--listen", type=_address, metavar="HOST:PORT", help=about)
    args = parser.parse_args(argv)
    unknown = [name for name in (*args.steps, *dict(args.workers)) if name not in STEPS]
    if unknown:
        parser.error(f"there is no step {unknown[0]!r}; the steps are {', '.join(STEPS)}")
    return args


def _workers(text: str) -> tuple[str, int]:
    step, _, number = text.partition("=")
    if not number.isdecimal() or not 1 <= int(number) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not like post_invoices=2 (1 to 64 processes)")
    return step, int(number)


def _address(text: str) -> Address:
    try:
        return address_of(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None


def work(names: Sequence[str], once: bool, workers: Mapping[str, int], listen: Address | None) -> None:
    """Runs the steps; with `once` until nothing is ready, else until it is asked to end.

    Raises WorkerFailed, SettingsError, StoreError, ListenFailed.
    """

    def read() -> tuple[Sequence[Step], Plan]:
        return decided(load(), names, once, workers)

    settings, folder = load(), home()
    steps, plan = decided(settings, names, once, workers)
    with ExitStack() as stack:
        store = Store.open(folder)
        stack.callback(store.close)
        runner = Runner(folder, store, steps, once, say, plan=plan)
        runner.control.listen()
        if listen is not None:
            said = stack.enter_context(served(listen, runner, folder))
            say(f"Health and metrics: {said}")
        _begin(store, steps, plan, once)
        until = " until nothing is ready." if once else "; Ctrl-C ends."
        say(f"Working on {', '.join(s.name for s in steps)}{until} Logs: {folder / 'logs'}")
        if settings.erp is None:
            say("No ERP is there: documents wait until there is one (`run.py check` says more).")
        if once:
            runner.run()
        else:
            runner.run(Service(runner, store, read, settings_file).tick)
        if runner.control.asked:
            say("The workers have ended; what waits is taken up by the next run.")
        else:
            _tell_what_waits(store)


def decided(
    settings: Settings, names: Sequence[str], once: bool, workers: Mapping[str, int]
) -> tuple[tuple[Step, ...], Plan]:
    """Which steps are run, and how. With `once` a producer is asked once, whatever its schedule."""
    plan = Plan(settings.work, () if once else settings.schedules, workers)
    asks = [s for s in FLOW if s.name not in ON_SCHEDULE or plan.scheduled(s)]
    return tuple(s for s in FLOW if s.name in names) or tuple(asks), plan


def _begin(store: Store, steps: Sequence[Step], plan: Plan, once: bool) -> None:
    """What an earlier run left behind waits again, and producers are asked at once."""
    store.release_dead_owners(blame=False)
    for step in steps:
        if step.producer and (once or not plan.scheduled(step)):
            store.trigger(step.takes)


def _tell_what_waits(store: Store) -> None:
    counts = {state: sum(c.count for c in store.depth() if c.state == state) for state in ("ready", "review", "dead")}
    later, review, dead = counts["ready"], counts["review"], counts["dead"]
    say(f"Nothing is ready: {review} wait for a person, {later} for a later attempt, {dead} were given up.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
