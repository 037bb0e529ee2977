"""`run.py bench crashes`: kills, freezes and starves workers wherever it can, and counts what was lost or done twice.

Every row must show 0 lost, 0 double, 0 stuck, 0 orphans and 0 wrong; else the exit status is 1. The private servers
that the hosts need are started where their programs are installed; a host whose server is missing says "not there".
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks import crashes_disasters, crashes_moments, crashes_points
from benchmarks.crashes_hosts import Host, Row, Size, Stop
from benchmarks.servers import NotThere, postgres, temporal

Scenario = Callable[[Host, Size, Path], list[Row]]

SCENARIOS: dict[str, Scenario] = {
    "points": crashes_points.attempts,
    "puts": crashes_points.puts,
    "moments": crashes_moments.moments,
    "disk": crashes_disasters.disk_full,
    "database": crashes_disasters.database_away,
    "clock": crashes_disasters.clock_jump,
    "frozen": crashes_disasters.frozen,
}
HOSTS = ("sqlite", "postgres", "temporal")
FULL = Size(items=2000, moments=500, lock_seconds=10.0)


def main(argv: list[str]) -> int:
    args = _parser().parse_args(argv)
    rows = []
    with tempfile.TemporaryDirectory(prefix="deskhand-crashes-") as temporary:
        folder = args.keep or Path(temporary)
        for row in _rows(args, folder.absolute()):
            rows.append(row)
            print(json.dumps(row.as_json()) if args.json else line(row), flush=True)
            for detail in row.details if not row.good else ():
                print(f"    {detail}", file=sys.stderr)
    if not args.json:
        print(f"\n{'Everything is where it should be.' if all(r.good for r in rows) else 'NOT GOOD: see above.'}")
    return 0 if rows and all(row.good for row in rows) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py bench crashes", description=__doc__)
    parser.add_argument("--items", type=int, default=800, help="for the random moments (default: 800)")
    parser.add_argument("--moments", type=int, default=200, help="random moments (default: 200)")
    parser.add_argument("--full", action="store_true", help="2,000 items, 500 moments, a lock of 10 s")
    parser.add_argument("--every", type=int, default=1, help="only each n-th crash point (default: 1, all)")
    parser.add_argument("--hosts", default=",".join(HOSTS), help=f"some of {', '.join(HOSTS)} (default: all)")
    parser.add_argument(
        "--scenarios", type=_scenarios, default=list(SCENARIOS), help=f"some of {', '.join(SCENARIOS)} (default: all)"
    )
    parser.add_argument("--keep", type=Path, help="an empty folder for homes and logs, instead of a temporary one")
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    parser.add_argument("--data", help="not used by this benchmark")
    return parser


def _scenarios(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in SCENARIOS]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no {unknown[0]!r}; there are {', '.join(SCENARIOS)}")
    return names


def _rows(args: argparse.Namespace, folder: Path) -> Iterator[Row]:
    size = FULL if args.full else Size(items=args.items, moments=args.moments, every=args.every)
    if not args.json:
        print(HEADER)
    for host in args.hosts.split(","):
        try:
            with ExitStack() as stack:
                yield from _on(_host(host, folder, stack), args.scenarios, size, folder)
        except NotThere as missing:
            yield Row("all", host, note=f"not there: {missing}")


def _host(name: str, folder: Path, stack: ExitStack) -> Host:
    if name == "sqlite":
        return Host(name)
    if name == "postgres":
        return Host(name, stack.enter_context(postgres(folder / "postgres")))
    if name == "temporal":
        return Host(name, engine=stack.enter_context(temporal(folder / "temporal")))
    raise NotThere("there is no such host")


def _on(host: Host, names: list[str], size: Size, folder: Path) -> Iterator[Row]:
    for name in names:
        try:
            yield from SCENARIOS[name](host, size, folder)
        except RuntimeError as failure:
            yield Row(name, host.name, stuck=1, details=[f"stuck: {failure}"])
        except Stop as stop:
            yield Row(name, host.name, note=f"not there: {stop}")


HEADER = (
    f"{'scenario':<22} {'host':<9} {'points':>6} {'lost':>5} {'double':>6} {'stuck':>5} {'orphans':>7} {'wrong':>5}"
    f" {'seconds':>7} {'CPU s':>6}  note"
)


def line(row: Row) -> str:
    """One row for people."""
    return (
        f"{row.scenario:<22} {row.host:<9} {row.points:>6} {row.lost:>5} {row.double:>6} {row.stuck:>5}"
        f" {row.orphans:>7} {row.wrong:>5} {row.seconds:>7.1f} {row.cpu_seconds:>6.1f}  {row.note}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
