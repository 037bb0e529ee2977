"""`run.py bench posting`: how long one order-matched invoice of two lines takes, and where the time goes.

Three figures from one run on an ERP of its own: through the screens as the bots work (one login, one batch, the search
before and the PDF included), the same posting through Tryton's RPC, and the server's own time for the very calls that
the screens made. The first invoice of a session also loads the screens' definitions, so it is shown apart.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from benchmarks.posting_papers import Papers
from benchmarks.posting_rpc import RpcPosting
from connectors.evidence import Recorder
from connectors.tryton.erp import TrytonErp, TrytonSite
from connectors.tryton.rpc import TrytonRpc
from workitems.items import Noun

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page, Request

GOAL = 3.0  # times the server's own time
DECIMALS = 3


class Spent(Noun):
    """One step of one invoice, in seconds: on the wire, at work in the page, and waiting, which is all the rest."""

    step: str
    calls: int
    wall: float
    server: float
    browser: float
    waiting: float


class Watched(Recorder):
    """A recorder that also asks the wire and the page, step by step."""

    def __init__(self) -> None:
        super().__init__()
        self._page: Page | None = None
        self._cdp: CDPSession | None = None
        self._sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 5)  # calls, wall, server, busy, blocked

    def watch(self, page: Page) -> None:
        """From now on everything that this page does is counted."""
        if page is not self._page:
            self._page = page
            page.on("requestfinished", self._finished)
            self._cdp = page.context.new_cdp_session(page)
            self._cdp.send("Performance.enable")

    def take(self) -> list[Spent]:
        """What was counted since the last time."""
        rows = []
        for step, (calls, wall, server, busy, blocked) in self._sums.items():
            browser = max(0.0, busy - blocked)
            waiting = max(0.0, wall - server - browser)
            rows.append(Spent(step=step, calls=int(calls), wall=wall, server=server, browser=browser, waiting=waiting))
        self._sums.clear()
        return rows

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """As the recorder's; also counts the step's wall time and the page's work."""
        busy, start = self._busy(), time.perf_counter()
        with super().step(name):
            yield
        row = self._sums[name]
        row[1] += time.perf_counter() - start
        row[3] += self._busy() - busy

    def add(self, what: str, **figures: Any) -> None:
        """As the recorder's; also counts how long the page stood still in calls."""
        super().add(what, **figures)
        self._sums[self.current][4] += sum(seconds for _, seconds, _, blocking in figures.get("calls", ()) if blocking)

    def _busy(self) -> float:
        if self._cdp is None:
            return 0.0
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))

    def _finished(self, request: Request) -> None:
        if request.method == "POST":
            row = self._sums[self.current]
            row[0] += 1
            row[2] += max(0.0, request.timing["responseEnd"] - request.timing["requestStart"]) / 1000


class WatchedErp(TrytonErp):
    """The screens, as the bots use them, with somebody who counts."""

    def __init__(self, site: TrytonSite, evidence: Path) -> None:
        self.watched = Watched()
        super().__init__(site, evidence, recorder=self.watched)

    def begin(self) -> None:
        """Logs in and opens the invoice list."""
        self.session.tab()
        page = self.session.browser.page
        if page is not None:
            self.watched.watch(page)
        self.watched.take()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py bench posting", description=__doc__)
    parser.add_argument("--count", type=int, default=8, help="invoices each way, besides the first (default: 8)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--data", help="not used by this benchmark")
    args = parser.parse_args(argv)
    from tasks import demo_erp

    with tempfile.TemporaryDirectory(prefix="deskhand-bench-") as folder:
        home = Path(folder)
        info = demo_erp.start(home)
        try:
            result = measure(info, home, max(1, args.count))
        finally:
            demo_erp.stop(home)
    print(json.dumps(result) if args.json else table(result))
    return 0


def measure(info: Any, folder: Path, count: int) -> dict[str, Any]:
    """Posts `count` invoices each way, in turns, so that a busy machine slows both."""
    rpc = TrytonRpc(info.url, info.database, info.bot_login, info.bot_password)
    papers = Papers(rpc, folder)
    direct = RpcPosting(rpc, papers.invoice("BENCH-0"))
    password = SecretStr(info.bot_password)
    site = TrytonSite(url=info.url, database=info.database, login=info.bot_login, password=password)
    erp = WatchedErp(site, folder / "evidence")
    try:
        login = timed(erp.begin)
        first = timed(lambda: erp.post_invoice(papers.invoice("BENCH-S0"), papers.scan))
        timed(lambda: direct.post(papers.invoice("BENCH-R0"), papers.scan))
        erp.watched.take()
        screens, calls, through_rpc = [], [], []
        for turn in range(1, count + 1):
            screens.append(timed(partial(erp.post_invoice, papers.invoice(f"BENCH-S{turn}"), papers.scan)))
            calls.append(erp.watched.take())
            through_rpc.append(timed(partial(direct.post, papers.invoice(f"BENCH-R{turn}"), papers.scan)))
    finally:
        erp.close()
        rpc.close()
    return figures((login, first), screens, calls, through_rpc)


def timed(act: Callable[[], object]) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def figures(
    once: tuple[float, float], screens: list[float], calls: list[list[Spent]], through_rpc: list[float]
) -> dict[str, Any]:
    """Medians over the invoices, and means per step. `once`: seconds of the login and of the first invoice."""
    login, first = once
    server = [sum(row.server for row in rows) for rows in calls]
    ratios = [wall / own for wall, own in zip(screens, server, strict=True)]
    return {
        "invoices": len(screens),
        "screens_seconds": round(statistics.median(screens), DECIMALS),
        "rpc_seconds": round(statistics.median(through_rpc), DECIMALS),
        "server_seconds": round(statistics.median(server), DECIMALS),
        "times_server": round(statistics.median(ratios), 2),
        "times_rpc": round(statistics.median(screens) / statistics.median(through_rpc), 2),
        "goal_times_server": GOAL,
        "login_seconds": round(login, DECIMALS),
        "first_seconds": round(first, DECIMALS),
        "steps": [mean(step, calls) for step in dict.fromkeys(row.step for rows in calls for row in rows)],
    }


def mean(step: str, calls: list[list[Spent]]) -> dict[str, Any]:
    """One step, averaged over the invoices."""
    rows = [row for one in calls for row in one if row.step == step]
    names = ("calls", "wall", "server", "browser", "waiting")
    means = {name: round(sum(getattr(row, name) for row in rows) / len(calls), DECIMALS) for name in names}
    share = means["waiting"] / means["wall"] if means["wall"] else 0.0
    return {"step": step, **means, "waiting_share": round(share, 2)}


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f"{result['invoices']} invoices of two order lines, with PDF, seconds per invoice (median):",
        f"  through the screens    {result['screens_seconds']:7.2f}",
        f"  through RPC            {result['rpc_seconds']:7.2f}   the screens take {result['times_rpc']} times as long",
        f"  the server's own time  {result['server_seconds']:7.2f}   for the calls that the screens make: "
        f"{result['times_server']} times (goal {GOAL:g})",
        f"  once a batch: login {result['login_seconds']:.2f}; the first invoice takes {result['first_seconds']:.2f}",
        "",
        f"  {'step':<10} {'calls':>6} {'wall':>7} {'server':>7} {'browser':>8} {'waiting':>8}  waiting share",
    ]
    for row in result["steps"]:
        lines.append(
            f"  {row['step']:<10} {row['calls']:>6.1f} {row['wall']:>7.2f} {row['server']:>7.2f}"
            f" {row['browser']:>8.2f} {row['waiting']:>8.2f}  {row['waiting_share']:>6.0%}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
