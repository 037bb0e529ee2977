"""`run.py bench joining`: seconds per joiner through the HR screens against RPC, and what kills leave behind.

On an ERP of its own. First people are joined in turns through the screens, as the bots work (search, one save a record,
read back), and through Tryton's RPC. Then a bot joins others and is killed with SIGKILL at random moments, each time
followed by a new one; in the end two bots run through undisturbed, some of the joiners withdraw, and everything is
counted from outside: exactly one person, employee, account and request each, and nothing that belongs to nobody.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.joining_rpc import RpcJoining
from benchmarks.joining_staff import Joiner, join, look
from benchmarks.joining_worker import system_at
from connectors.tryton.rpc import TrytonRpc

DECIMALS = 2
SHORTEST, LONGEST = 3.0, 16.0  # seconds that a bot lives: from its login to its second joiner
WORKER_SECONDS = 900
ROOT = Path(__file__).parents[1]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py bench joining", description=__doc__)
    parser.add_argument("--count", type=int, default=5, help="joiners each way, besides the first (default: 5)")
    parser.add_argument("--kills", type=int, default=20, help="bots that are killed (default: 20; 0: none)")
    parser.add_argument("--seed", type=int, default=7, help="of the moments")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--data", help="not used by this benchmark")
    args = parser.parse_args(argv)
    from tasks import demo_erp

    with tempfile.TemporaryDirectory(prefix="deskhand-bench-") as folder:
        home = Path(folder)
        info = demo_erp.start(home)
        sites = {
            "url": info.url,
            "database": info.database,
            "hr": [info.hr_login, info.hr_password],
            "records": [info.records_login, info.records_password],
        }
        admin = TrytonRpc(info.url, info.database, info.login, info.password)
        try:
            result = seconds(sites, admin, home, max(1, args.count))
            if args.kills:
                result |= kills(sites, admin, home, (args.kills, args.seed))
        finally:
            admin.close()
            demo_erp.stop(home)
    print(json.dumps(result) if args.json else table(result))
    return 1 if result.get("wrong") else 0


def seconds(sites: dict[str, Any], admin: TrytonRpc, home: Path, count: int) -> dict[str, Any]:
    """Joins `count` people each way, in turns, so that a busy machine slows both."""
    today: date = admin.call("model.ir.date.today")
    rpc = TrytonRpc(sites["url"], sites["database"], *sites["hr"])
    direct = RpcJoining(rpc)
    system, records = system_at(sites, home / "evidence")
    try:
        first = _timed(partial(join, Joiner(key="jspeed-s0", starts_on=today), system, records))
        direct.join(Joiner(key="jspeed-r0", starts_on=today))
        screens, through_rpc, calls = [], [], []
        for turn in range(1, count + 1):
            system.recorder.events.clear()
            screens.append(_timed(partial(join, Joiner(key=f"jspeed-s{turn}", starts_on=today), system, records)))
            calls.append([call[1] for event in system.recorder.events for call in event.get("calls", ())])
            through_rpc.append(_timed(partial(direct.join, Joiner(key=f"jspeed-r{turn}", starts_on=today))))
    finally:
        system.close()
        rpc.close()
    middle = statistics.median
    return {
        "joiners": count,
        "screens_seconds": round(middle(screens), DECIMALS),
        "rpc_seconds": round(middle(through_rpc), DECIMALS),
        "times_rpc": round(middle(screens) / middle(through_rpc), 1),
        "calls": middle(map(len, calls)),
        "calls_seconds": round(middle(map(sum, calls)), DECIMALS),
        "first_seconds": round(first, DECIMALS),
    }


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def kills(sites: dict[str, Any], admin: TrytonRpc, home: Path, plan: tuple[int, int]) -> dict[str, Any]:
    """Joins people with bots that die; `plan`: how many die, and the seed of the moments."""
    wanted, seed = plan
    moments = random.Random(seed)  # noqa: S311 - a benchmark that can be repeated
    today: date = admin.call("model.ir.date.today")
    joiners = [
        Joiner(key=f"jbench-{n:02d}", starts_on=today, licence=n % 4 == 0, withdrawn=n % 8 == 0)
        for n in range(1, wanted + 1)
    ]
    given = {"sites": sites, "joiners": [j.model_dump(mode="json") for j in joiners], "evidence": str(home / "e")}
    killed = early = 0
    while killed < wanted:
        lived = moments.uniform(SHORTEST, LONGEST)
        if _killed(given, lived):
            killed += 1
            continue
        early += 1  # done before its moment: the rest of the kills would hit bots that only look
        break
    for _ in range(2):
        _run(given, None)
    truth = look(admin, joiners)
    return {"kills": killed, "done_early": bool(early), **truth.model_dump(), "wrong": list(truth.wrong)}


def _killed(given: dict[str, Any], lived: float) -> bool:
    """Whether a bot was killed after so many seconds; False: it was done before."""
    return _run(given, lived) != 0


def _run(given: dict[str, Any], lived: float | None) -> int:
    """A bot's exit status; it is killed after `lived` seconds. Its browser is left to itself, as by a power cut."""
    command = [sys.executable, "-m", "benchmarks.joining_worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True, cwd=ROOT) as worker:
        try:
            worker.communicate(json.dumps(given), timeout=lived or WORKER_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
            return 1
    if worker.returncode != 0:
        raise RuntimeError("a bot failed without being killed; its words are above")
    return 0


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f"{result['joiners']} joiners (person, employment, account with groups), seconds each (median):",
        f"  through the screens  {result['screens_seconds']:7.2f}",
        f"  through RPC          {result['rpc_seconds']:7.2f}   the screens take {result['times_rpc']} times as long",
        f"  of that in calls     {result['calls_seconds']:7.2f}   {result['calls']:g} calls, as the page sees them",
        f"  the first one, with login and the screens' definitions: {result['first_seconds']:.2f}",
    ]
    if "kills" in result:
        counted = ", ".join(f"{result[what]} {what}" for what in ("parties", "employees", "accounts", "orders"))
        lines += ["", f"After {result['kills']} bots killed at random moments and two that were not: {counted}."]
        lines += [f"  WRONG: {sentence}" for sentence in result["wrong"]] or [
            "  Nothing twice, nothing lost, no orphan."
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
