"""`run.py check`: what of a deployment works: settings, vault, database, mailboxes, ERP, OCR models, browser."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Literal

from tasks.settings import Settings, SettingsError, home, load, settings_file
from workitems.items import Noun

State = Literal["ok", "warn", "fail"]
MARKS = {"ok": "[green]ok  [/]", "warn": "[yellow]warn[/]", "fail": "[red]FAIL[/]"}


class Part(Noun):
    """One thing that a deployment needs and how it stands; the message says what to do where it does not work."""

    part: str
    state: State
    message: str


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py check", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    args = parser.parse_args(argv)
    failed = False
    for part in parts():
        failed = failed or part.state == "fail"
        show(part, args.json)
    return 1 if failed else 0


def show(part: Part, as_json: bool) -> None:
    if as_json:
        print(json.dumps(part.model_dump(), ensure_ascii=False), flush=True)
        return
    from rich.console import Console
    from rich.markup import escape

    Console(soft_wrap=True).print(f"{MARKS[part.state]} {part.part:<12} {escape(part.message)}")


def parts() -> Iterator[Part]:
    """Every part in turn; one that fails does not keep the others from being looked at."""
    try:
        settings = load()
        file = settings_file()
        yield Part(
            part="settings", state="ok", message=f"{file} is valid." if file else "The demo's settings are in force."
        )
    except SettingsError as error:
        yield Part(part="settings", state="fail", message=str(error))
        return
    yield from _vault(settings)
    yield from _guarded("database", _database)
    for mailbox in settings.mailboxes:
        yield from _guarded("mailbox", lambda box=mailbox: _mailbox(box))  # type: ignore[misc]
    yield from _guarded("erp", lambda: _erp(settings))
    yield from _guarded("ocr", _ocr)
    yield from _guarded("browser", _browser)


def _guarded(name: str, look: Callable[[], tuple[State, str]]) -> Iterator[Part]:
    """A part's own failure is its message. Here every kind of failure is meant: the user asked what does not work."""
    try:
        state, message = look()
    except Exception as error:  # noqa: BLE001
        state, message = (
            "fail",
            f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no reason given'}",
        )
    yield Part(part=name, state=state, message=message)


def _vault(settings: Settings) -> Iterator[Part]:
    from robocorp import vault

    names: list[str] = [b.vault for b in settings.mailboxes if b.kind != "folder"]
    if settings.erp:
        names += [settings.erp.vault, settings.erp.records_vault]
    for name in dict.fromkeys(names):

        def look(name: str = name) -> tuple[State, str]:
            missing = {"login", "password"} - set(vault.get_secret(name))
            if missing:
                return "fail", f"The secret {name!r} lacks {', '.join(sorted(missing))}."
            return "ok", f"The secret {name!r} is there."

        yield from _guarded("vault", look)
    if not names:
        yield Part(part="vault", state="ok", message="No part of these settings needs a secret.")


def _database() -> tuple[State, str]:
    from workitems.store import Store

    store = Store.open(home())
    return "ok", f"The store in {home()} holds {sum(c.count for c in store.depth())} items."


def _mailbox(settings: object) -> tuple[State, str]:
    from tasks import wiring

    mailbox = wiring.mailbox(settings)
    waiting = mailbox.list_inbox(100)
    return "ok", f"{mailbox.name}: {len(waiting)}{'+' if len(waiting) == 100 else ''} mails or files wait."


def _erp(settings: Settings) -> tuple[State, str]:
    from tasks import wiring

    if settings.erp is None:
        where = "start the demo with `python3 run.py demo`" if settings_file() is None else "add [erp] to the settings"
        return "warn", f"No ERP: nothing is posted; {where}."
    records = wiring.records(settings)
    return "ok", f"{settings.erp.url}: {len(records.suppliers())} suppliers."


def _ocr() -> tuple[State, str]:
    import shutil

    from extractors.ocr.models import missing_models

    missing = missing_models()
    if missing:
        return "fail", f"OCR models are missing ({', '.join(missing)}): run `python3 run.py read --help` once."
    if not shutil.which("tesseract"):
        return "warn", "PaddleOCR's models are there; Tesseract, the second opinion, is not installed."
    return "ok", "PaddleOCR's models and Tesseract are there."


def _browser() -> tuple[State, str]:
    from connectors.browser import find_browser

    found = find_browser()
    return "ok", f"{found} will be used."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
