"""The demo's settings: what stands in a company's settings.toml, computed from the demo's own parts."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tasks import demo_erp

if TYPE_CHECKING:
    from tasks.settings import Settings

MAX_AGE_MONTHS = 120
"""The demo's paper is of September 2026 and never gets newer: it must not become too old to be posted."""

COMPANY = Path(__file__).resolve().parents[2] / "devdata" / "company.json"


def demo_settings(home: Path) -> Settings:
    """The demo's company, its folder mailbox and, while the demo's ERP runs, that ERP."""
    from bots.invoices.policy import InvoicePolicy
    from connectors.mail.folder import FolderSettings
    from devdata.joiners.policy import demo_policy
    from tasks.demo import mailbox
    from tasks.joiner_settings import JoinersSettings
    from tasks.settings import CompanySettings, Settings, TrytonSettings

    company = json.loads(COMPANY.read_text(encoding="utf-8"))["company"]
    erp = demo_erp.running(home)
    return Settings(
        company=CompanySettings(
            name=company["name"], vat_id=company["vat_id"], country=company["address"]["country"], currency="EUR"
        ),
        mailboxes=(FolderSettings(name="invoices", path=mailbox.folder(home)),),
        erp=TrytonSettings(url=erp.url, database=erp.database) if erp else None,
        invoices=InvoicePolicy(max_age_months=MAX_AGE_MONTHS),
        joiners=JoinersSettings(**dict(demo_policy())),
    )


def write_vault(home: Path, erp: demo_erp.ErpInfo) -> None:
    """The bots' logins, where robocorp's file-backed vault finds them; readable by the owner alone."""
    secrets = {
        "erp": {"login": erp.bot_login, "password": erp.bot_password},
        "erp_records": {"login": erp.records_login, "password": erp.records_password},
        "hr": {"login": erp.hr_login, "password": erp.hr_password},
    }
    file = home / "vault.json"
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    new = file.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as out:
        json.dump(kept | secrets, out, indent=1)
    new.replace(file)
