"""One validated file says everything that a company decides: its mailboxes, ERP, tolerances, thresholds.

The file is TOML, named by DESKHAND_SETTINGS, else `settings.toml` in the home; without one the demo's settings hold.
docs/settings.example.toml documents every key. An unknown key is refused by name. No secret stands in it: `vault` names
a secret of robocorp's vault.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from bots.invoices.policy import InvoicePolicy
from connectors.mail.exchange import ExchangeSettings
from connectors.mail.folder import FolderSettings
from connectors.mail.imap import ImapSettings
from extractors.settings import ReadingSettings
from workitems.items import Noun

ROOT = Path(__file__).resolve().parent.parent

MailboxSettings = Annotated[FolderSettings | ImapSettings | ExchangeSettings, Field(discriminator="kind")]


class SettingsError(Exception):
    """The settings file is not valid; the message names the file and the key."""


class TrytonSettings(Noun):
    """A Tryton server and the secrets of the vault that hold the bots' logins (`login`, `password`)."""

    kind: Literal["tryton"] = "tryton"
    url: str  # http://host:port, without the database's name
    database: str
    vault: str = "erp"  # the login that keys invoices
    records_vault: str = "erp_records"  # the login that only reads


class CompanySettings(Noun):
    """Who we are: an invoice to somebody else is a doubt."""

    name: str
    aliases: tuple[str, ...] = ()
    vat_id: str | None = None
    country: str = "DE"  # ISO 3166, for public holidays
    currency: str = "EUR"


class LimitSettings(Noun):
    """How much one document may cost before its child process is killed."""

    seconds: float = 30.0
    memory_mb: int = 1500
    mail_bytes: int = 50_000_000
    mails_per_run: int = 50


class Settings(Noun):
    """Everything that a company decides."""

    company: CompanySettings
    mailboxes: tuple[MailboxSettings, ...]
    erp: TrytonSettings | None = None  # None: nothing is posted, everything that is sure waits
    invoices: InvoicePolicy = InvoicePolicy()
    reading: ReadingSettings = ReadingSettings()
    limits: LimitSettings = LimitSettings()


def home() -> Path:
    """Where everything is kept: DESKHAND_HOME, else `.deskhand` in the project."""
    path = Path(os.environ.get("DESKHAND_HOME") or ROOT / ".deskhand").expanduser().absolute()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def settings_file() -> Path | None:
    """The settings file that is in force, or None for the demo's settings."""
    named = os.environ.get("DESKHAND_SETTINGS")
    if named:
        return Path(named).expanduser().absolute()
    own = home() / "settings.toml"
    return own if own.is_file() else None


def load() -> Settings:
    """The settings in force. Raises SettingsError with a sentence that names the key."""
    file = settings_file()
    if file is None:
        from tasks.demo.settings import demo_settings

        return demo_settings(home())
    try:
        return Settings.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"The settings file {file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"The settings file {file} is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {file} is not valid TOML: {error}.") from None
    except ValidationError as error:
        raise SettingsError(f"The settings file {file} is not valid: {sentence_of(error)}") from None


def sentence_of(error: ValidationError) -> str:
    """All faults of a settings file in plain words, each with its key."""
    return "; ".join(_fault(".".join(str(p) for p in e["loc"]), e["type"], e["msg"]) for e in error.errors()) + "."


def _fault(key: str, kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return f"the key {key!r} is not known"
    if kind == "missing":
        return f"the key {key!r} is missing"
    return f"{key!r}: {message[0].lower()}{message[1:]}"
