"""One validated file says everything that a company decides: its mailboxes, ERP, tolerances, thresholds.

The file is TOML, named by DESKHAND_SETTINGS, else `settings.toml` in the home; without one the demo's settings hold.
docs/settings.example.toml documents every key. An unknown key is refused by name. No secret stands in it: `vault` names
a secret of robocorp's vault.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from bots.contracts.policy import ContractPolicy
from bots.drift.policy import DriftPolicy
from bots.invoices.policy import InvoicePolicy
from bots.training.compare import TrainingPolicy
from connectors.mail.exchange import ExchangeSettings
from connectors.mail.folder import FolderSettings
from connectors.mail.imap import ImapSettings
from extractors.settings import ReadingSettings
from tasks.joiner_settings import JoinersSettings
from tasks.schedules import ScheduleSettings
from tasks.work_settings import WorkSettings
from workitems.items import Noun
from workitems.targets import TargetLimits

ROOT = Path(__file__).resolve().parent.parent

MailboxSettings = Annotated[FolderSettings | ImapSettings | ExchangeSettings, Field(discriminator="kind")]


class SettingsError(Exception):
    """The settings file is not valid; the message names the file and the key."""


class TrytonSettings(Noun):
    """A Tryton server and the secrets of the vault that hold the bots' logins (`login`, `password`)."""

    kind: Literal["tryton"] = "tryton"
    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+/?$")]  # http://host:port, without the database's name
    database: str
    vault: str = "erp"  # the login that keys invoices
    records_vault: str = "erp_records"  # the login that only reads
    hr_vault: str = "hr"  # the login that keys people, employments and accounts


class CompanySettings(Noun):
    """Who we are: an invoice to somebody else is a doubt."""

    name: str
    aliases: tuple[str, ...] = ()
    vat_id: str | None = None
    country: str = "DE"  # ISO 3166, for public holidays
    currency: str = "EUR"


class LimitSettings(Noun):
    """How much one mail may cost before the child process that opens it is killed, and how many are taken at once."""

    seconds: Annotated[float, Field(gt=0)] = 30.0
    memory_mb: Annotated[int, Field(ge=200)] = 1500
    mail_bytes: Annotated[int, Field(gt=0)] = 50_000_000  # of a larger mail only the head is read; a person gets it
    mails_per_run: Annotated[int, Field(gt=0)] = 50


class RetentionSettings(Noun):
    """How many days something is kept after it came to an end; without a figure for ever. See `run.py retain`."""

    done_days: Annotated[float, Field(gt=0)] | None = None
    cancelled_days: Annotated[float, Field(gt=0)] | None = None
    dead_days: Annotated[float, Field(gt=0)] | None = None
    evidence_days: Annotated[float, Field(gt=0)] | None = None  # masked screenshots and traces of failed postings
    reports_days: Annotated[float, Field(gt=0)] | None = None
    logs_days: Annotated[float, Field(gt=0)] | None = None


class TargetSettings(Noun):
    """How each system that bots drive may be used."""

    erp: TargetLimits = TargetLimits()  # its screens
    hr: TargetLimits = TargetLimits()


class Settings(Noun):
    """Everything that a company decides."""

    company: CompanySettings
    mailboxes: tuple[MailboxSettings, ...]
    erp: TrytonSettings | None = None  # None: nothing is posted, everything that is sure waits
    invoices: InvoicePolicy = InvoicePolicy()
    contracts: ContractPolicy = ContractPolicy()
    joiners: JoinersSettings = JoinersSettings()
    reading: ReadingSettings = ReadingSettings()
    limits: LimitSettings = LimitSettings()
    targets: TargetSettings = TargetSettings()
    retention: RetentionSettings = RetentionSettings()
    learning: TrainingPolicy = TrainingPolicy()
    drift: DriftPolicy = DriftPolicy()
    work: WorkSettings = WorkSettings()
    schedules: tuple[ScheduleSettings, ...] = ()

    @field_validator("schedules")
    @classmethod
    def _one_of_a_name(cls, schedules: tuple[ScheduleSettings, ...]) -> tuple[ScheduleSettings, ...]:
        """What fired last is remembered under the schedule's name."""
        if len({each.name for each in schedules}) < len(schedules):
            raise ValueError("each schedule needs a name of its own")
        return schedules

    @field_validator("mailboxes")
    @classmethod
    def _one_or_more(cls, boxes: tuple[MailboxSettings, ...]) -> tuple[MailboxSettings, ...]:
        """A mail is known by its mailbox's name: two of one name would hide each other's mails."""
        if not boxes:
            raise ValueError("name at least one mailbox")
        if len({box.name for box in boxes}) < len(boxes):
            raise ValueError("each mailbox needs a name of its own")
        return boxes


def home() -> Path:
    """Where everything is kept: DESKHAND_HOME, else `.deskhand` in the project. Raises SettingsError."""
    path = Path(os.environ.get("DESKHAND_HOME") or ROOT / ".deskhand").expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"DESKHAND_HOME {path} cannot be used: {error.strerror}.") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingsError(f"DESKHAND_HOME {path} cannot be written to.")
    return path


def settings_file() -> Path | None:
    """The settings file that is in force, or None for the demo's settings."""
    named = os.environ.get("DESKHAND_SETTINGS")
    if named:
        return Path(named).expanduser().absolute()
    own = home() / "settings.toml"
    return own if own.is_file() else None


def load() -> Settings:
    """The settings in force, relative paths made absolute. Raises SettingsError with a sentence that names the key."""
    file = settings_file()
    if file is None:
        from tasks.demo.settings import demo_settings

        return demo_settings(home())
    return read_settings(file, home())


def read_settings(file: Path, home: Path) -> Settings:
    """The settings of a file; its relative paths lie in `home`. Raises SettingsError."""
    try:
        settings = Settings.model_validate(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise SettingsError(f"The settings file {file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"The settings file {file} is not UTF-8 text.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"The settings file {file} is not valid TOML: {error}.") from None
    except ValidationError as error:
        raise SettingsError(f"The settings file {file} is not valid: {sentence_of(error)}") from None
    anchored: Settings = _anchored(settings, home)
    return anchored


def _anchored(value: Any, home: Path) -> Any:
    """The same settings with every path absolute: `~` is the user's home, anything relative lies in `home`."""
    if isinstance(value, Path):
        return home / value.expanduser()
    if isinstance(value, tuple):
        return tuple(_anchored(each, home) for each in value)
    if isinstance(value, Noun):
        return value.model_copy(
            update={name: _anchored(getattr(value, name), home) for name in type(value).model_fields}
        )
    return value


def sentence_of(error: ValidationError) -> str:
    """All faults of a settings file in plain words, each with its key."""
    return "; ".join(_fault(_key(e["loc"]), e["type"], e["msg"]) for e in error.errors()) + "."


def _key(place: tuple[int | str, ...]) -> str:
    """`mailboxes.0.imap.prot` as the file says it: the third part is the entry's kind, which is not written there."""
    if place[:1] == ("mailboxes",) and len(place) > 2:
        place = (place[0], place[1], *place[3:])
    return ".".join(f"{part + 1}" if isinstance(part, int) else part for part in place)


def _fault(key: str, kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return f"the key {key!r} is not known"
    if kind == "missing":
        return f"the key {key!r} is missing"
    message = message.removeprefix("Value error, ")
    return f"{key!r}: {message[0].lower()}{message[1:]}"
