"""`run.py bench NAME`: figures of the product, with their baseline from the same run."""

from __future__ import annotations

import argparse
import importlib
import sys

BENCHES = {
    "crashes": "workers killed at every point, at random, frozen, starved: what was lost or done twice (must be 0)",
    "day": "500 documents from the mailbox to posted or review: time per step, CPU and memory per process",
    "hosts": "the same bots on every host of work items end in the same posted invoices",
    "joining": "seconds per joiner through the HR screens, against RPC, and what killed bots leave behind",
    "playbook": "every change of an accepted clause is told by its code, and no faithful copy is",
    "posting": "seconds per invoice posted through the ERP's screens, against its RPC and the server's own time",
    "precedents": "clauses found for attorney queries, latency and memory up to a million clauses",
    "queue": "items a second against robocorp's FileAdapter, latency, and the cost with a million items",
    "reading": "what is read rightly, how far confidences hold, CPU and memory a page, with baselines",
    "two_machines": "two machines share a database and a file store, one is unplugged half-way (Linux, root)",
}


def main(argv: list[str]) -> int:
    names = "\n".join(f"  {name:<12} {what}" for name, what in BENCHES.items())
    parser = argparse.ArgumentParser(
        prog="run.py bench",
        description=__doc__,
        epilog=f"names:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", choices=sorted(BENCHES), help="which figures")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="`run.py bench NAME --help` lists them")
    args = parser.parse_args(argv)
    status: int = importlib.import_module(f"benchmarks.{args.name}").main(args.options)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
