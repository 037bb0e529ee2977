"""The steps in processes of their own, killed with SIGKILL at any moment, and run again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bots.contracts.conftest import RENEWAL, TODAY, US, USUAL, item, paper
from workitems.dossiers import Dossiers
from workitems.store import Store

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).parent / "programs" / "registrar.py"
CONTRACTS = 3
DEATHS = 2
QUEUES = {"register": ("contract", "none"), "watch": ("watch_contracts", "reminder")}


def run(step: str, home: Path, call: int | None = None) -> subprocess.CompletedProcess[str]:
    takes, gives = QUEUES[step]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    environment |= {
        "DESKHAND_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "RC_WORKITEM_ADAPTER": "workitems.adapter.StoreAdapter",
        "RC_WORKITEM_QUEUE_NAME": takes,
        "RC_WORKITEM_OUTPUT_QUEUE_NAME": gives,
    }
    command = [sys.executable, str(PROGRAM), step, *([] if call is None else [str(call)])]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def filled(home: Path) -> Path:
    """A home where contracts wait whose notice is due in ten days."""
    store = Store.open(home)
    ends = (TODAY + timedelta(days=100)).isoformat()
    for number in range(CONTRACTS):
        parties = f'["{US}", "Supplier {"ABCDEFGH"[number] * 4} Ltd."]'
        of = paper(
            USUAL | {"Renewal Term": RENEWAL},
            title=f"Agreement {number}",
            parties=parties,
            expires_on=ends,
            notice_period="90 days",
            renewal_term="12 months",
        )
        store.put("contract", item(of, f"{number}.pdf", number).model_dump(mode="json"))
    store.close()
    return home


def killed(step: str, home: Path, calls: int, chance: random.Random) -> None:
    """The step, killed several times, each time somewhere in its share of the work; then run to its end."""
    for _ in range(DEATHS):
        done = run(step, home, chance.randint(1, max(calls // DEATHS, 2)))
        assert done.returncode == -signal.SIGKILL, done.stderr
        store = Store.open(home)
        store.release_dead_owners(blame=False)
        store.close()
    last = run(step, home)
    assert last.returncode == 0, last.stderr


@pytest.mark.parametrize("seed", [3])
def test_killed_at_any_moment_every_contract_is_registered_once_and_every_reminder_raised_once(
    seed: int, tmp_path: Path
) -> None:
    quiet, home = filled(tmp_path / "quiet"), filled(tmp_path / "home")
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    for step in QUEUES:
        calls = int(run(step, quiet).stdout)
        killed(step, home, calls, chance)
    store = Store.open(home)
    dossiers = Dossiers(store.database, "contracts").all()
    assert Counter(d.body["title"] for d in dossiers) == Counter(f"Agreement {n}" for n in range(CONTRACTS))
    assert {i.payload["ended"] for i in store.find("contract")} == {"registered"}
    raised = Counter((i.payload["dossier"], i.payload["what"]) for i in store.find("reminder"))
    assert raised == Counter((d.id, "notice") for d in dossiers)
    clauses = Counter(d.body["document"] for d in Dossiers(store.database, "clauses").all())
    assert set(clauses.values()) == {len(USUAL) + 1}
    store.close()
