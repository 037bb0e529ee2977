"""`run.py check`: what of a deployment works: settings, vault, database, files, engine, mailboxes, ERP, browser ...

A part that does not work says what to do; the exit status is 1 when one fails. Nothing is changed anywhere.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from typing import Literal

from tasks.desks import Look
from tasks.desks import looks as looks_of_desks
from tasks.settings import Settings, SettingsError, home, load, settings_file
from workitems.errors import TryLater
from workitems.files import FILES, KEY_MARKER, missing_key, open_files
from workitems.items import Noun
from workitems.remotes import ENGINE
from workitems.store import Store, StoreError

State = Literal["ok", "warn", "fail"]
MARKS = {"ok": "[green]ok  [/]", "warn": "[yellow]warn[/]", "fail": "[red]FAIL[/]"}
PATIENCE_SECONDS = 3.5
"""For all parts together, once the libraries are there; they are looked at side by side."""
LITTLE_SPACE = 1_000_000_000


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
    looks = _looks(settings)
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


def _looks(settings: Settings | None) -> dict[str, Look]:
    elsewhere: dict[str, Look] = {"files": _files} if os.environ.get(FILES) else {}
    elsewhere |= {"engine": _engine} if os.environ.get(ENGINE) else {}
    if settings is None:
        unknown: Look = lambda: ("warn", "Not looked at: the settings are not valid.")  # noqa: E731
        return dict.fromkeys(("vault", "mailboxes", "ERP"), unknown) | {
            "database": _database,
            "keys": _keys,
            **elsewhere,
            "browser": _browser,
        }
    known = settings
    return {
        "vault": lambda: _vault(known),
        "database": _database,
        "keys": _keys,
        **elsewhere,
        "mailboxes": lambda: _mailboxes(known),
        "ERP": lambda: _erp(known),
        "OCR models": lambda: _ocr(known),
        "models": _models,
        "browser": _browser,
        **looks_of_desks(known),
    }


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


def _vault(settings: Settings) -> tuple[State, str]:
    from connectors.mail.logins import field, vault

    wanted = secrets_of(settings)
    for name, fields in wanted.items():
        values = vault(name)
        for each in fields:
            field(values, each, name)
    if not wanted:
        return "ok", "No part of these settings needs a secret."
    return "ok", f"It has {', '.join(wanted)}."


def secrets_of(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The vault's secrets that these settings need, each with its fields."""
    login = ("login", "password")
    wanted: dict[str, tuple[str, ...]] = {}
    for box in settings.mailboxes:
        if box.kind == "exchange" and box.auth == "oauth":
            wanted[box.vault] = ("client_id", "client_secret", *(() if box.token_url else ("tenant_id",)))
        elif box.kind != "folder":
            wanted[box.vault] = login
    if settings.erp:
        wanted |= {settings.erp.vault: login, settings.erp.records_vault: login}
    return wanted


def _database() -> tuple[State, str]:
    store = Store.open(home())
    try:
        items = sum(c.count for c in store.depth())
    finally:
        store.close()
    free = shutil.disk_usage(home()).free
    if free < LITTLE_SPACE:
        return "warn", f"Only {free // 1_000_000} MB are free in {home()}."
    return "ok", f"{store.database.name} holds {items} items."


def _files() -> tuple[State, str]:
    """Only where they lie elsewhere."""
    blobs = open_files(home())
    blobs.marker()  # a question that the store of files must answer
    return "ok", f"{blobs} answers."


def _keys() -> tuple[State, str]:
    """The keys that have sealed documents are here, and nobody else's to read. None is made."""
    blobs = open_files(home())
    noted, ours = (blobs.marker(KEY_MARKER) or "").split(), [key.id for key in blobs.keys.load()]
    lost = [each for each in noted if each not in ours]
    if lost:
        return "fail", missing_key(blobs.keys, lost[-1])
    if not ours:
        return "ok", "No document is kept yet; the key is made with the first one."
    if blobs.keys.file.is_file() and os.name == "posix" and blobs.keys.file.stat().st_mode & 0o077:
        return "warn", f"Others on this machine may read {blobs.keys}: chmod 600 it."
    return "ok", f"Documents are sealed with the key {ours[-1]} in {blobs.keys}. Keep a copy: no backup has it."


def _engine() -> tuple[State, str]:
    """Only where another one than our store moves the items."""
    store = Store.open(home())
    try:
        engine = store.hosts.engine()
        return "ok", "Our store moves the items." if engine is None else engine.describe()
    finally:
        store.close()


def _mailboxes(settings: Settings) -> tuple[State, str]:
    from tasks import wiring

    told = []
    for box in settings.mailboxes:
        if settings_file() is None and box.kind == "folder" and not box.path.is_dir():
            return "warn", "The demo's mailbox is not filled yet; `python3 run.py demo` does it."
        mailbox = wiring.mailbox(box)
        try:
            waiting = len(mailbox.list_inbox(100))
        except TryLater as away:
            raise TryLater(away.code, f"{box.name}: {away}") from None
        finally:
            mailbox.close()
        told.append(f"{box.name}: {waiting}{'+' if waiting == 100 else ''} mails or files wait.")
    return "ok", " ".join(told)


def _erp(settings: Settings) -> tuple[State, str]:
    from tasks import wiring

    if settings.erp is None:
        where = "`python3 run.py demo` starts the demo's" if settings_file() is None else "name one in [erp]"
        return "warn", f"No ERP is there, so nothing is posted; {where}."
    return "ok", wiring.try_erp(settings.erp)


def _ocr(settings: Settings) -> tuple[State, str]:
    from extractors.ocr import engine_in_use
    from extractors.ocr.models import missing_models

    runs, how = engine_in_use(settings.reading)
    tesseract = shutil.which("tesseract") is not None
    if runs == "tesseract":
        return ("ok", how) if tesseract else ("fail", "Tesseract is not installed.")
    missing = missing_models(settings.reading.model_folder)
    if missing:
        return "fail", f"Models are missing ({', '.join(missing)}); `python3 run.py read FILE` builds them."
    if runs != settings.reading.engine:
        return "warn", f"{how}; the engine {settings.reading.engine!r} of the settings does not install here."
    if not tesseract:
        return "warn", f"{how}; Tesseract, the second opinion, is not installed."
    return "ok", f"{how}; Tesseract takes second looks."


def _models() -> tuple[State, str]:
    from tasks.commands.models import standings

    told = standings(home())
    warnings = [str(row["warning"]) for row in told if row["warning"]]
    if warnings:
        return "warn", " ".join(warnings)
    names = ", ".join(f"{row['name']} {row['origin']}:{row['version']}" for row in told if row["version"])
    return "ok", f"In force: {names or 'rules alone'}."


def _browser() -> tuple[State, str]:
    from connectors.browser import find_browser

    return "ok", f"{find_browser()} will be used."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
