"""`run.py bench day`: a day at a mid-sized company, from the mailbox to posted or review, on two cores.

The day's mails are drawn by the demo's generator (35 % e-invoices, 45 % digital PDFs, 15 % scans, 5 % trouble) and lie
in a folder; an ERP of its own holds the suppliers' framework orders. Then `run.py work --once` runs, as it is, while
the kernel's figures of every process are taken. The mails are made and the ERP is filled before the clock starts. The
baseline, taken on the same ERP afterwards: postings through its RPC.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import day_figures
from benchmarks.day_company import suppliers_for
from benchmarks.day_papers import Day, a_day
from benchmarks.day_processes import KindUse, Processes, cpu_seconds
from benchmarks.day_stage import DayProgram, Stage, fill_mailbox, on_stage
from benchmarks.posting_papers import Papers
from benchmarks.posting_rpc import RpcPosting
from connectors.tryton.rpc import TrytonRpc
from tasks.demo_erp import ErpFailed
from tasks.outcomes import all_outcomes
from workitems.store import Store

RPC_POSTINGS = 5
STEPS = (("collect_mail",), ("read_documents",), ("post_invoices",))


def main(argv: list[str]) -> int:
    args = _parser().parse_args(argv)
    if not Path("/proc/self/stat").exists():
        print("run.py bench day: it takes its figures from Linux's /proc, which is not here.", file=sys.stderr)
        return 1
    try:
        with ExitStack() as stack:
            home = args.home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deskhand-day-")))
            if home.exists() and any(home.iterdir()):
                print(f"run.py bench day: {home} is not empty; a day needs a home of its own.", file=sys.stderr)
                return 1
            home.mkdir(parents=True, exist_ok=True)
            result = measure(home.absolute(), args)
    except ErpFailed as failure:
        print(f"run.py bench day: {failure}", file=sys.stderr)
        return 1
    print(json.dumps(result, ensure_ascii=False) if args.json else day_figures.table(result))
    return 0 if result["ended"] and not result["posted_wrongly"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py bench day", description=__doc__)
    parser.add_argument("--count", type=int, default=day_figures.DAY, help="documents (default: 500)")
    parser.add_argument("--seed", type=int, default=1, help="another day (default: 1)")
    parser.add_argument("--cores", type=int, default=2, help="processors that all of it may use (default: 2)")
    parser.add_argument("--home", type=Path, help="an empty folder that is kept, instead of a temporary one")
    parser.add_argument("--one-by-one", action="store_true", help="each step alone, so that none slows another")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--data", help="not used by this benchmark")
    return parser


def measure(home: Path, args: argparse.Namespace) -> dict[str, Any]:
    """Makes the day and works through it. Raises ErpFailed."""
    cores = _use_only(args.cores)
    program = DayProgram(suppliers=suppliers_for(args.count))
    _tell("Filling the day's ERP (kept for the next time) and drawing its mails ...")
    program.make()
    day = a_day(program.company, max(1, args.count), args.seed)
    size = fill_mailbox(home, day)
    with on_stage(home, program) as stage:
        _tell(f"{len(day.files)} mails and files, {size / 1e6:.1f} MB. Logs: {home / 'logs'}")
        posted_before = _in_the_erp(stage)
        load = os.getloadavg()[0]
        began = time.monotonic()
        uses = _work(stage, args.one_by_one)
        wall = time.monotonic() - began
        machine = {"cores": cores, "load_before": round(load, 1), "load_after": round(os.getloadavg()[0], 1)}
        result = {"count": args.count, "seed": args.seed, "megabytes": round(size / 1e6, 1), **machine}
        result |= {"one_by_one": args.one_by_one, "wall_seconds": round(wall, 1)}
        result |= _figures(stage, day, uses, wall)
        result["in_the_erp"] = _in_the_erp(stage) - posted_before
        result["rpc"] = _through_rpc(stage) | {"screens_server_cpu_seconds": _server_cpu(result)}
    return result


def _figures(stage: Stage, day: Day, uses: list[KindUse], wall: float) -> dict[str, Any]:
    store = Store.open(stage.home)
    try:
        rows = all_outcomes(store)
        became = day_figures.what_became(rows, day.expected)
        return became | {
            "ended": len(rows) == len(day.files) and not became["outcomes"]["waiting"],
            "goals": day_figures.against_goals(wall, uses, len(rows)),
            "stages": day_figures.stages(store),
            "reading": day_figures.reading(store, rows, day.expected),
            "processes": day_figures.processes(uses, len(rows)),
        }
    finally:
        store.close()


def _work(stage: Stage, one_by_one: bool) -> list[KindUse]:
    """Runs the workers until nothing is ready; returns what the processes used."""
    found: dict[str, KindUse] = {}
    for steps in STEPS if one_by_one else ((),):
        command = [sys.executable, "-m", "tasks.commands.work", *steps, "--once"]
        with (stage.home / "work.log").open("ab") as log:
            runner = subprocess.Popen(command, env=stage.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            with Processes(runner.pid, stage.erp_pid) as watched:
                _, status, usage = os.wait4(runner.pid, 0)
            runner.returncode = os.waitstatus_to_exitcode(status)
            watched.end(usage.ru_utime + usage.ru_stime)
        if runner.returncode:
            _tell(f"run.py work ended with status {runner.returncode}; see {stage.home / 'work.log'}")
        for use in watched.by_kind():
            found[use.kind] = found[use.kind].and_then(use) if use.kind in found else use
    return list(found.values())


def _through_rpc(stage: Stage) -> dict[str, float]:
    """Seconds per posting through RPC, and the server's CPU for it; the first one is not counted."""
    erp = stage.erp
    rpc = TrytonRpc(erp.url, erp.database, erp.bot_login, erp.bot_password)
    try:
        papers = Papers(rpc, stage.home)
        direct = RpcPosting(rpc, papers.invoice("BENCH-0"))
        direct.post(papers.invoice("BENCH-1"), papers.scan)
        began, used = time.monotonic(), cpu_seconds(stage.erp_pid)
        for number in range(RPC_POSTINGS):
            direct.post(papers.invoice(f"BENCH-R{number}"), papers.scan)
        seconds, cpu = time.monotonic() - began, cpu_seconds(stage.erp_pid) - used
    finally:
        rpc.close()
    return {"seconds": round(seconds / RPC_POSTINGS, 3), "server_cpu_seconds": round(cpu / RPC_POSTINGS, 3)}


def _server_cpu(result: dict[str, Any]) -> float:
    """Of the server, per posted invoice; the checks' questions of both steps are in it."""
    used: float = sum(row["cpu_seconds"] for row in result["processes"] if row["kind"] == "ERP server")
    posted: int = result["outcomes"]["posted"]
    return round(used / max(1, posted), 3)


def _in_the_erp(stage: Stage) -> int:
    """How many supplier invoices and credit notes stand posted in the ERP."""
    erp = stage.erp
    rpc = TrytonRpc(erp.url, erp.database, erp.bot_login, erp.bot_password)
    try:
        domain = [("type", "=", "in"), ("state", "in", ["posted", "paid"])]
        return int(rpc.call("model.account.invoice.search_count", domain))
    finally:
        rpc.close()


def _use_only(cores: int) -> int:
    """Keeps this process, and what it starts, on so many processors; returns how many they are."""
    mine = sorted(os.sched_getaffinity(0))[: max(1, cores)]
    os.sched_setaffinity(0, mine)
    return len(mine)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
