"""Kill -9 anywhere while joining or withdrawing, then run again: one of everything, and nothing that is nobody's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.joining_staff import Joiner, join, look
from benchmarks.joining_worker import system_at
from connectors.tryton.rpc import TrytonRpc
from tests.erp_fixture import Erp
from workitems.errors import TryLater

pytestmark = pytest.mark.erp

ROOT = Path(__file__).parents[3]
JOINING = ["during call party.party.create", "during call company.employee.create", "during call res.user.create"]
WITHDRAWING = ["during call purchase.purchase.cancel"]


@pytest.fixture(scope="module")
def sites(erp: Erp) -> dict[str, Any]:
    info = erp.info
    hr, records = [info.hr_login, info.hr_password], [info.records_login, info.records_password]
    return {"url": info.url, "database": info.database, "hr": hr, "records": records}


@pytest.fixture(scope="module")
def survivor(sites: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The bot of the next run; one session for all of them."""
    system, records = system_at(sites, tmp_path_factory.mktemp("evidence"))
    yield system, records
    system.close()


def run_until_killed(sites: dict[str, Any], point: str, joiner: Joiner, evidence: Path) -> None:
    given = {"sites": sites, "joiner": joiner.model_dump(mode="json"), "evidence": str(evidence)}
    command = [sys.executable, str(Path(__file__).with_name("dying_hr.py")), point]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, input=json.dumps(given), env=environment, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL


def test_killed_bots_are_followed_by_one_that_leaves_exactly_one_of_everything(
    erp: Erp, sites: dict[str, Any], survivor: Any, tmp_path: Path
) -> None:
    info = erp.info
    admin = TrytonRpc(info.url, info.database, info.login, info.password)
    today = admin.call("model.ir.date.today")
    comes = Joiner(key="jbench-comes", starts_on=today)
    leaves = Joiner(key="jbench-leaves", starts_on=today, licence=True, withdrawn=True)
    for joiner, points in ((comes, JOINING), (leaves, WITHDRAWING)):
        for point in points:
            run_until_killed(sites, point, joiner, tmp_path)
        for _ in range(2):
            try:
                join(joiner, *survivor)
            except TryLater:  # the dead bot's browser may go on for a moment
                join(joiner, *survivor)
    truth = look(admin, [comes, leaves])
    assert truth.wrong == ()
    assert (truth.parties, truth.employees, truth.accounts, truth.orders) == (2, 2, 2, 1)
