"""Starts and stops the ERP of one home. The server outlives who started it, until `stop`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.demo_erp.data import folder, logins, prepare
from tasks.demo_erp.locks import is_held, only_one
from tasks.demo_erp.program import DATABASE, SOURCE, ErpFailed, Program, installed

START_SECONDS = 90.0
STOP_SECONDS = 15.0
CONFIG = """[database]
uri = sqlite://
path = {data}
[web]
root = {screens}
[session]
timeout = 604800
max_attempt = 1000
max_attempt_ip_network = 10000
[cache]
model = 1000
record = 5000
"""


@dataclass(frozen=True)
class ErpInfo:
    """A running ERP of a home: its address (without the database's name) and the logins of its seed."""

    url: str
    database: str
    login: str
    password: str
    bot_login: str
    bot_password: str
    records_login: str
    records_password: str
    hr_login: str
    hr_password: str


def running(home: Path) -> ErpInfo | None:
    """The home's ERP if it runs and answers requests."""
    state = _state(home)
    if state is None or not state.get("ready") or not _alive(home):
        return None
    return _info(home, state)


def start(home: Path, program: Program | None = None) -> ErpInfo:
    """Starts the home's ERP, or finds it running; returns once it answers. Raises ErpFailed."""
    program = program or Program()
    place = folder(home)
    with only_one(place / "start.lock"):
        if not _alive(home):
            if not installed(program):
                raise ErpFailed("The ERP is not installed completely; run.py demo installs it.")
            prepare(home, program)
            _launch(place, program)
        return _wait(home)


def stop(home: Path) -> None:
    """Ends the home's ERP; nothing happens when none runs."""
    if not folder(home).is_dir():
        return
    deadline = time.monotonic() + STOP_SECONDS
    while _alive(home):
        state = _state(home)
        if state is not None:
            last = time.monotonic() > deadline - 5
            with contextlib.suppress(ProcessLookupError):
                os.kill(state["pid"], signal.SIGTERM if not last or os.name == "nt" else signal.SIGKILL)
        if time.monotonic() > deadline:
            raise ErpFailed("The ERP's server does not end.")
        time.sleep(0.05)
    (folder(home) / "server.json").unlink(missing_ok=True)


def _launch(place: Path, program: Program) -> None:
    """A process of its own session, so that neither Ctrl-C nor the demo's end takes it along."""
    (place / "server.json").unlink(missing_ok=True)
    (place / "trytond.conf").write_text(CONFIG.format(data=place, screens=program.screens), encoding="utf-8")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("TRYTOND_", "PYTHONPATH", "PYTHONHOME"))}
    command = [str(program.python), str(SOURCE / "serve.py"), str(place)]
    with (place / "server.log").open("ab") as log:
        flags: dict[str, Any] = {"start_new_session": True}
        if os.name == "nt":
            flags = {"creationflags": 0x00000008 | 0x00000200}  # detached, a process group of its own
        subprocess.Popen(command, cwd=place, env=clean, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **flags)


def _wait(home: Path) -> ErpInfo:
    until = time.monotonic() + START_SECONDS
    seen_alive = False
    while time.monotonic() < until:
        state = _state(home)
        alive = _alive(home)
        if state is not None and state.get("ready") and alive and _answers(state["port"]):
            return _info(home, state)
        if seen_alive and not alive:
            break
        seen_alive = seen_alive or alive
        time.sleep(0.05)
    raise ErpFailed(f"The ERP's server did not start; its last words are in {folder(home) / 'server.log'}.")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/custom.css", timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _state(home: Path) -> dict[str, Any] | None:
    try:
        state: dict[str, Any] = json.loads((folder(home) / "server.json").read_text(encoding="utf-8"))
        return state
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def _info(home: Path, state: dict[str, Any]) -> ErpInfo:
    known = json.loads(logins(home).read_text(encoding="utf-8"))
    return ErpInfo(
        url=f"http://127.0.0.1:{state['port']}",
        database=DATABASE,
        login="admin",
        password=known["admin"],
        bot_login="deskhand",
        bot_password=known["deskhand"],
        records_login="records",
        records_password=known["records"],
        hr_login="hr",
        hr_password=known["hr"],
    )


def _alive(home: Path) -> bool:
    """Whether a server of this home lives: it holds its lock as long as it does."""
    return is_held(folder(home) / "server.lock")
