"""`run.py bench hosts`: the same unmodified bots on every host of work items end in the same posted invoices.

Six of the demo's mails (e-invoice XML, digital PDFs, a scan, one for a person, one to reject) go through the steps
collect_mail, read_documents and post_invoices, each started as robot.yaml starts it; each host gets a new home and a
newly seeded ERP.
What is compared stands in the ERP. Exit status 1 where the hosts differ, or where none was posted.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.day_stage import _settings
from benchmarks.servers import NotThere, postgres, temporal
from tasks import demo_erp
from tasks.demo.settings import write_vault
from tasks.demo_erp.program import COMPANY, SOURCE, Program

ROOT = Path(__file__).resolve().parents[1]
MAILBOX = ROOT / "devdata" / "demo" / "mailbox"
MAILS = (
    "01-hansen-zugferd.eml",
    "02-kessler-xrechnung.eml",
    "12-moselkaffee-pdf.eml",
    "20-alpenquell-preis.eml",
    "30-Scan_20260924_0815.pdf",
    "45-Scan_20261001_0007.pdf",
)
STEPS = ("collect_mail", "read_documents", "post_invoices")
STEP_SECONDS = 900
OURS = ("DESKHAND_", "RC_")
Posted = tuple[str, str, str]


@dataclass
class Stage:
    """A home with an ERP of its own and a full mailbox."""

    home: Path
    env: dict[str, str]
    shown: list[str] = field(default_factory=list)

    def run(self, step: str, **more: str) -> None:
        """One step as robot.yaml starts it. Raises RuntimeError where it fails."""
        command = [
            sys.executable,
            "-m",
            "robocorp.tasks",
            "run",
            "tasks",
            "-t",
            step,
            "-o",
            str(self.home / "out" / step),
        ]
        log = self.home / f"{step}.log"
        with log.open("ab") as out:
            done = subprocess.run(
                command, cwd=ROOT, env=self.env | more, stdout=out, stderr=out, timeout=STEP_SECONDS, check=False
            )
        if done.returncode:
            raise RuntimeError(f"{step} ended with status {done.returncode}; see {log}")


def store_host(stage: Stage, stack: ExitStack) -> None:
    """Our store, on SQLite in the home."""
    for step in STEPS:
        stage.run(step, RC_WORKITEM_ADAPTER="workitems.adapter.StoreAdapter")


def postgres_host(stage: Stage, stack: ExitStack) -> None:
    """Our store, on a PostgreSQL of its own."""
    server = stack.enter_context(postgres(stage.home / "postgres"))
    stage.env["DESKHAND_DATABASE"] = server.database("hosts")
    store_host(stage, stack)


def file_host(stage: Stage, stack: ExitStack) -> None:
    """Robocorp's FileAdapter: each step's output file is the next one's input."""
    place = stage.home / "work-items"
    into = place / "trigger" / "work-items.json"
    into.parent.mkdir(parents=True)
    into.write_text(json.dumps([{"payload": {"trigger": "collect_mail"}, "files": {}}]), encoding="utf-8")
    for step in STEPS:
        out = place / step / "work-items.json"
        out.parent.mkdir()
        paths = {"RC_WORKITEM_INPUT_PATH": str(into), "RC_WORKITEM_OUTPUT_PATH": str(out)}
        stage.run(step, RC_WORKITEM_ADAPTER="FileAdapter", **paths)
        into = out


def control_room_host(stage: Stage, stack: ExitStack) -> None:
    """Robocorp's RobocorpAdapter against the emulator of Control Room's work item API."""
    room = stack.enter_context(_emulator()())
    stage.env["DESKHAND_DATABASE"] = f"sqlite:///{stage.home / 'shared.db'}"
    room.put({"trigger": True})
    for number, step in enumerate(STEPS):
        run, first = room.start(number)
        stage.run(step, **room.environment(run, first))
        room.end(run)


def _emulator() -> Any:
    """The class of the emulator. Another package's `tests` in the environment would hide ours."""
    if not (ROOT / "tests" / "emulators" / "control_room").is_dir():
        raise NotThere("the emulator of Control Room is not part of this copy")
    ours = types.ModuleType("tests")
    ours.__path__ = [str(ROOT / "tests")]
    sys.modules["tests"] = ours
    return importlib.import_module("tests.emulators.control_room").ControlRoom


def temporal_host(stage: Stage, stack: ExitStack) -> None:
    """Temporal's development server."""
    server = stack.enter_context(temporal(stage.home / "temporal"))
    stage.env |= {"DESKHAND_ENGINE": "temporal", "DESKHAND_TEMPORAL": server.address}
    for step in STEPS:
        stage.run(step, RC_WORKITEM_ADAPTER="workitems.temporal.adapter.TemporalAdapter")


HOSTS: dict[str, Callable[[Stage, ExitStack], None]] = {
    "sqlite": store_host,
    "file": file_host,
    "postgres": postgres_host,
    "control_room": control_room_host,
    "temporal": temporal_host,
}


def main(argv: list[str]) -> int:
    args = _parser().parse_args(argv)
    demo_erp.install()
    rows = []
    with tempfile.TemporaryDirectory(prefix="deskhand-hosts-") as temporary:
        for row in _rows(args.hosts.split(","), (args.keep or Path(temporary)).absolute()):
            rows.append(row)
            print(json.dumps(row, ensure_ascii=False) if args.json else line(row), flush=True)
    posted = [row["posted"] for row in rows if row["posted"] is not None]
    same = bool(posted) and bool(posted[0]) and all(each == posted[0] for each in posted)
    failed = any(row["failure"] for row in rows)
    if not args.json:
        print("The same invoices on every host." if same and not failed else "NOT THE SAME on every host.")
    return 0 if same and not failed else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py bench hosts", description=__doc__)
    parser.add_argument("--hosts", default=",".join(HOSTS), help=f"some of {', '.join(HOSTS)} (default: all)")
    parser.add_argument("--keep", type=Path, help="an empty folder for homes and logs, instead of a temporary one")
    parser.add_argument("--json", action="store_true", help="one JSON object a host")
    parser.add_argument("--data", help="not used by this benchmark")
    return parser


def _rows(hosts: list[str], folder: Path) -> Iterator[dict[str, Any]]:
    for host in hosts:
        began, used = time.monotonic(), _cpu()
        row: dict[str, Any] = {"host": host, "posted": None, "failure": None, "note": ""}
        try:
            row["posted"] = _posted_on(host, folder / host)
        except NotThere as missing:
            row["note"] = f"not there: {missing}"
        except (RuntimeError, subprocess.TimeoutExpired) as failure:
            row["failure"] = str(failure)
        yield row | {"seconds": round(time.monotonic() - began, 1), "cpu_seconds": round(_cpu() - used, 1)}


def _posted_on(host: str, home: Path) -> list[Posted]:
    """Runs the batch on the host; (supplier, number, total) of the invoices that were not there before."""
    home.mkdir(parents=True)
    erp = demo_erp.start(home)
    try:
        write_vault(home, erp)
        company = json.loads(COMPANY.read_text(encoding="utf-8"))["company"]
        (home / "settings.toml").write_text(_settings(company, erp), encoding="utf-8")
        (home / "mailbox").mkdir()
        for mail in MAILS:
            shutil.copy2(MAILBOX / mail, home / "mailbox" / mail)
        before = _in_the_erp(home)
        env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        with ExitStack() as stack:
            HOSTS[host](Stage(home, env | {"DESKHAND_HOME": str(home)}), stack)
        return sorted(set(_in_the_erp(home)) - set(before))
    finally:
        demo_erp.stop(home)


def _in_the_erp(home: Path) -> list[Posted]:
    """What stands posted in the ERP, read from outside."""
    command = [str(Program().python), str(SOURCE / "read_postings.py"), str(home / "erp")]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [json.loads(text) for text in lines]
    return [(row["party"], row["reference"], row["total"]) for row in rows]


def _cpu() -> float:
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


def line(row: dict[str, Any]) -> str:
    """One host for people."""
    posted = row["posted"]
    what = row["failure"] or row["note"] or f"{len(posted)} posted: " + ", ".join(" ".join(each) for each in posted)
    return f"{row['host']:<13} {row['seconds']:>6.1f} s  CPU {row['cpu_seconds']:>6.1f} s  {what}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
