"""The stage of the day's benchmark: a home of its own, with the ERP of a mid-sized company and a full mailbox."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.day_company import grown
from benchmarks.day_papers import Day
from tasks import demo_erp
from tasks.demo.settings import MAX_AGE_MONTHS, write_vault
from tasks.demo_erp.data import folder as erp_folder
from tasks.demo_erp.locks import only_one
from tasks.demo_erp.program import DATABASE, Program, keys
from tasks.demo_erp.stages import fill

OTHER_DEPLOYMENT = ("DESKHAND_SETTINGS", "DESKHAND_DATABASE", "RC_API_SECRET_HOST", "RC_WORKITEM_QUEUE_NAME")
FIRST_MAIL = 1_767_225_600  # seconds since 1970; the folder's mails are collected in the order of these times


@dataclass(frozen=True)
class DayProgram(Program):
    """The demo's ERP with another company in it; its database is made once and kept beside the demo's.

    `suppliers`: how many more than the demo has.
    """

    suppliers: int = 0

    @property
    def _name(self) -> str:
        return f"bench-day-{self.suppliers}"

    @property
    def place(self) -> Path:
        return self.root / self._name

    @property
    def template(self) -> Path:
        return self.place / f"{DATABASE}.sqlite"

    @property
    def company(self) -> Path:
        return self.root / f"{self._name}.json"

    def make(self) -> None:
        """Seeds the database, unless it was made from the same company before. Raises ErpFailed."""
        demo_erp.install()
        text = grown(self.suppliers)
        key = sha256(f"{keys()['template']} {text}".encode()).hexdigest()
        with only_one(self.root / "install.lock"):
            stamp = self.stamp(self._name)
            if stamp.exists() and stamp.read_text(encoding="utf-8") == key and self.template.exists():
                return
            stamp.unlink(missing_ok=True)
            self.company.write_text(text, encoding="utf-8")
            fill(self, self.company, self.place)
            stamp.write_text(key, encoding="utf-8")


@dataclass(frozen=True)
class Stage:
    """A running ERP and what the workers are started with."""

    home: Path
    erp: demo_erp.ErpInfo
    env: dict[str, str]

    @property
    def erp_pid(self) -> int:
        """The server's process."""
        state = json.loads((erp_folder(self.home) / "server.json").read_text(encoding="utf-8"))
        return int(state["pid"])


def fill_mailbox(home: Path, day: Day) -> int:
    """Puts the day's mails into the folder; returns their bytes."""
    inbox = home / "mailbox"
    inbox.mkdir(parents=True)
    size = 0
    for number, (name, content) in enumerate(day.files):
        (inbox / name).write_bytes(content)
        os.utime(inbox / name, (FIRST_MAIL + number, FIRST_MAIL + number))
        size += len(content)
    return size


@contextmanager
def on_stage(home: Path, program: DayProgram) -> Iterator[Stage]:
    """The ERP runs and the home has settings and logins as a company's has, as long as the block does."""
    erp = demo_erp.start(home, program)
    try:
        write_vault(home, erp)
        company = json.loads(program.company.read_text(encoding="utf-8"))["company"]
        (home / "settings.toml").write_text(_settings(company, erp), encoding="utf-8")
        env = {name: value for name, value in os.environ.items() if name not in OTHER_DEPLOYMENT}
        env |= {"DESKHAND_HOME": str(home), "RC_WORKITEM_ADAPTER": "workitems.adapter.StoreAdapter"}
        env |= {"RC_VAULT_SECRET_MANAGER": "FileSecrets", "RC_VAULT_SECRETS_FILE": str(home / "vault.json")}
        yield Stage(home, erp, env)
    finally:
        demo_erp.stop(home)


def _settings(company: dict[str, str], erp: demo_erp.ErpInfo) -> str:
    """A settings file; the paper's dates stand still, so it must never become too old."""
    vat_id, name = company["vat_id"], company["name"]
    return f"""[company]
name = "{name}"
vat_id = "{vat_id}"

[[mailboxes]]
kind = "folder"
name = "invoices"
path = "mailbox"

[erp]
url = "{erp.url}"
database = "{erp.database}"

[invoices]
max_age_months = {MAX_AGE_MONTHS}
"""
