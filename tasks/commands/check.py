"""`run.py check`: what of a deployment works: settings, vault, database, files, engine, mailboxes, ERP, browser ...

A part that does not work says what to do; the exit status is 1 when one fails. Nothing is changed anywhere.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator

from tasks.commands.check_looks import State, looks_of
from tasks.desks import Look
from tasks.settings import SettingsError, load, settings_file
from workitems.errors import TryLater
from workitems.files import FILES
from workitems.items import Noun
from workitems.remotes import ENGINE
from workitems.store import StoreError

MARKS = {"ok": "[green]ok  [/]", "warn": "[yellow]warn[/]", "fail": "[red]FAIL[/]"}
PATIENCE_SECONDS = 3.5
"""For all parts together, once the libraries are there; they are looked at side by side."""


class Part(Noun):
    """One thing that a deployment needs and how it stands; the message says what to do where it does not work."""

    part: str
    state: State
    message: str


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py check", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    about = f"how long they may take, all together (default {PATIENCE_SECONDS:g})"
    parser.add_argument("--seconds", type=float, default=PATIENCE_SECONDS, metavar="N", help=about)
    args = parser.parse_args(argv)
    failed = False
    for part in parts(args.seconds):
        failed = failed or part.state == "fail"
        show(part, args.json)
    return 1 if failed else 0


def show(part: Part, as_json: bool) -> None:
    if as_json:
        print(json.dumps(part.model_dump(), ensure_ascii=False), flush=True)
        return
    from rich.console import Console
    from rich.markup import escape

    Console(soft_wrap=True, highlight=False).print(f"{MARKS[part.state]} {part.part:<11} {escape(part.message)}")


def parts(seconds: float = PATIENCE_SECONDS) -> Iterator[Part]:
    """Every part in turn; one that fails or hangs does not keep the others from being looked at."""
    try:
        settings = load()
        file = settings_file()
        yield Part(part="settings", state="ok", message=f"{file} is valid." if file else "The demo's are in force.")
    except SettingsError as error:
        yield Part(part="settings", state="fail", message=str(error))
        settings = None
    looks = looks_of(settings)
    _load_libraries({box.kind for box in settings.mailboxes} if settings else set())
    yield from look_at_all(looks, seconds)


def _load_libraries(mailboxes: set[str]) -> None:
    """Loads on one thread what the parts would load side by side, which circular imports do not survive.

    And it takes longer than most answers: the parts' time runs afterwards.
    """
    names = ["requests", "httpx", "robocorp.vault", "connectors.tryton.rpc", "extractors.ocr.models"]
    names.append("tasks.commands.models")
    libraries = {
        "exchange": ["connectors.mail.exchange", "exchangelib"],
        "imap": ["connectors.mail.imap", "imap_tools"],
    }
    names += ["workitems.temporal.engine"] if os.environ.get(ENGINE) == "temporal" else []
    names += ["s3fs"] if os.environ.get(FILES, "").startswith("s3:") else []
    for name in ("tasks.wiring", *names, *(n for kind in sorted(mailboxes) for n in libraries.get(kind, []))):
        importlib.import_module(name)


def look_at_all(looks: dict[str, Look], seconds: float) -> Iterator[Part]:
    """Looks at the parts side by side; who has not answered after `seconds` has failed."""
    found: dict[str, Part] = {}
    threads = {
        name: threading.Thread(target=lambda n=name, look=look: found.update({n: look_at(n, look)}), daemon=True)
        for name, look in looks.items()
    }
    until = time.monotonic() + seconds
    for thread in threads.values():
        thread.start()
    for name, thread in threads.items():
        thread.join(max(0.0, until - time.monotonic()))
        slow = Part(part=name, state="fail", message=f"No answer within {seconds:g} seconds.")
        yield found.get(name, slow)


def look_at(name: str, look: Look) -> Part:
    """A part's own failure is its message. Here every kind of failure is meant: the user asked what does not work."""
    try:
        state, message = look()
    except (TryLater, StoreError, SettingsError) as error:
        state, message = "fail", str(error)
    except Exception as error:  # noqa: BLE001
        first = str(error).strip().splitlines()[:1]
        state, message = "fail", f"{type(error).__name__}: {first[0] if first else 'no reason given'}"
    return Part(part=name, state=state, message=message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
