"""`run.py bench queue`: items a second, seconds until work starts, and what it costs when there are a million.

robocorp's own FileAdapter runs the same work in the same run. Wall clock and CPU seconds stand side by side: on a busy
machine trust the latter. Private servers are started where their programs are installed; else a row says "not there".
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import queue_hosts, queue_latency, queue_store
from benchmarks.servers import NotThere

Row = dict[str, Any]
SIZES = (100, 1_000, 10_000)
MILLION = 1_000_000
PARTS = ("file", "growth", "postgres", "temporal", "latency")


def main(argv: list[str]) -> int:
    args = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="deskhand-queue-") as temporary:
        for row in _rows(args, Path(temporary)):
            print(json.dumps(row) if args.json else line(row), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py bench queue", description=__doc__)
    parser.add_argument("--items", default=",".join(map(str, SIZES)), help="sizes against FileAdapter (100,1000,10000)")
    parser.add_argument("--to-million", action="store_true", help="the cost per item with a million items, too")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"some of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    parser.add_argument("--data", help="not used by this benchmark")
    return parser


def _rows(args: argparse.Namespace, folder: Path) -> Iterator[Row]:
    sizes = sorted(int(size) for size in args.items.split(","))
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "file": lambda: queue_store.against_files(sizes, folder),
        "growth": lambda: queue_store.growth([1_000, 10_000, 100_000, *([MILLION] if args.to_million else [])], folder),
        "postgres": lambda: queue_hosts.postgresql(folder),
        "temporal": lambda: queue_hosts.temporal_flow(folder),
        "latency": lambda: queue_latency.latencies(folder),
    }
    for name in args.parts.split(","):
        kept = dict(os.environ)
        try:
            for row in parts[name]():
                yield {"part": name, **row, "load": round(os.getloadavg()[0], 1)}
        except NotThere as missing:
            yield {"part": name, "what": "not there", "note": str(missing)}
        finally:
            os.environ.clear()
            os.environ.update(kept)


def line(row: Row) -> str:
    """One row for people: what was measured, then its figures by name."""
    figures = {k: v for k, v in row.items() if k not in ("part", "what", "note")}
    text = "  ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in figures.items() if value is not None)
    return f"{row['part']:<9} {row['what']:<44} {text}" + (f"  ({row['note']})" if row.get("note") else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
