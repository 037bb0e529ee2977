"""The parts of a deployment that `run.py check` looks at: how each stands, and what to do where it does not work."""

from __future__ import annotations

import os
import shutil
from typing import Literal

from tasks.desks import Look
from tasks.desks import looks as looks_of_desks
from tasks.flow import started_by_nobody
from tasks.settings import Settings, home, settings_file
from workitems.errors import TryLater
from workitems.files import FILES, KEY_MARKER, missing_key, open_files
from workitems.remotes import ENGINE
from workitems.store import Store

State = Literal["ok", "warn", "fail"]
LITTLE_SPACE = 1_000_000_000


def looks_of(settings: Settings | None) -> dict[str, Look]:
    """By name, in the order in which they are told; without valid settings only what needs none."""
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
        "schedules": lambda: _schedules(known),
        "browser": _browser,
        **looks_of_desks(known),
    }


def _schedules(settings: Settings) -> tuple[State, str]:
    idle = started_by_nobody(each.step for each in settings.schedules)
    if settings_file() is None:
        return "ok", "The demo starts every step itself."
    if not idle:
        return "ok", "Every step is started by something."
    return "warn", f"Nobody starts {', '.join(idle)}: docs/settings.example.toml has a schedule for each."


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
