"""The demo's stage: ERP, mailbox, store and vault of one home, made ready, and made new on request."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tasks import demo_erp
from tasks.demo.settings import write_vault
from tasks.desks import NAMES, desk
from workitems.emptying import claim_for_demo, empty_for_demo
from workitems.remotes import engine_name
from workitems.store import Store

# What a fresh beginning throws away: what the demo's runs left, never what was installed nor a company's settings.
LEFT_BY_RUNS = ("files", "reports", "logs", "evidence", "demo", "joiners")


def begin_again(home: Path) -> None:
    """An empty store, an unfilled mailbox and the seeded ERP. Killed half-way, `make_ready` completes it."""
    claim_for_demo(home)  # before anything is thrown away
    (home / "fresh.pending").touch()
    complete_new_beginning(home)


def complete_new_beginning(home: Path) -> None:
    """Does what `begin_again` wanted, as often as it takes; the mark goes last."""
    pending = home / "fresh.pending"
    if not pending.exists():
        return
    claim_for_demo(home)
    demo_erp.reset(home)
    if engine_name() == "temporal":  # before the store goes: what Temporal has would come back into the new one
        store = Store.open(home)
        store.end_all()
        store.close()
    tell(empty_for_demo(home))
    for name in LEFT_BY_RUNS:
        shutil.rmtree(home / name, ignore_errors=True)
    pending.unlink()


def make_ready(home: Path, names: Sequence[str] = NAMES) -> tuple[demo_erp.ErpInfo, int]:
    """Starts the ERP, writes the vault and puts these desks' mails into the mailbox; returns the ERP and how many."""
    complete_new_beginning(home)
    claim_for_demo(home)
    erp = demo_erp.start(home)
    write_vault(home, erp)
    os.environ["RC_VAULT_SECRET_MANAGER"] = "FileSecrets"  # noqa: S105 - the demo's logins, whatever vault else is used
    os.environ["RC_VAULT_SECRETS_FILE"] = str(home / "vault.json")
    return erp, sum(desk(name).fill(home) for name in names)


def tell(text: str) -> None:
    """Progress goes to stderr: stdout belongs to the result."""
    print(text, file=sys.stderr, flush=True)
