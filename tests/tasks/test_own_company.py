"""A company moves from the demo to its own mailbox and ERP by its settings file and the vault alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.settings import ROOT
from tests.erp_fixture import Erp

MAIL = ROOT / "devdata" / "demo" / "mailbox" / "03-adler-xrechnung-cii.eml"
SETTINGS = """
[company]
name = "Moselbrück Apparatebau GmbH"
vat_id = "DE813620474"

[[mailboxes]]
kind = "folder"
name = "accounts payable"
path = "post in"

[erp]
url = "{url}"
database = "{database}"
vault = "our bot"
records_vault = "our reader"

[invoices]
max_age_months = 120
"""


@pytest.fixture
def company(erp: Erp, tmp_path: Path) -> Iterator[Path]:
    """A home with settings and a vault, the mailbox in it; the ERP belongs to another home."""
    erp.reset()
    info = erp.info
    home = tmp_path / "our home"
    (home / "post in").mkdir(parents=True)
    shutil.copy(MAIL, home / "post in")
    (home / "settings.toml").write_text(SETTINGS.format(url=info.url, database=info.database), encoding="utf-8")
    vault = {
        "our bot": {"login": info.bot_login, "password": info.bot_password},
        "our reader": {"login": info.records_login, "password": info.records_password},
    }
    (home / "vault.json").write_text(json.dumps(vault), encoding="utf-8")
    yield home
    erp.reset()


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    command = [sys.executable, str(ROOT / "run.py"), *arguments]
    env = clean | {"DESKHAND_HOME": str(home)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.erp
def test_from_its_own_mailbox_to_its_own_erp(company: Path, erp: Erp) -> None:
    assert "FAIL" not in run(company, "check", "--seconds", "30").stdout
    before = {row["number"] for row in erp.postings()}
    said = run(company, "work", "--once").stderr
    assert "0 for a later attempt" in said
    (new,) = [row for row in erp.postings() if row["number"] not in before]
    assert (new["reference"], new["total"], new["party"]) == ("AR202609-17", "2575.16", "Systemhaus Adler GmbH")
    assert (company / "post in" / "done" / MAIL.name).is_file()
    run(company, "work", "--once")
    assert len(erp.postings()) == len(before) + 1
