"""Kill -9 anywhere while posting, then run again: one posted invoice, one attachment."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from connectors.tryton.erp import TrytonErp
from tests.connectors.tryton.paperwork import Paperwork, site_of
from tests.erp_fixture import Erp
from workitems.errors import TryLater
from workitems.items import Invoice, Posting

pytestmark = pytest.mark.erp

ROOT = Path(__file__).parents[3]


class Death(NamedTuple):
    """Where the bot dies, the state in which the invoice may then stand (None: not at all), and its attachments."""

    point: str
    states: set[str | None]
    attached: int = 0


DEATHS = [
    Death("in lines", {None}),
    Death("before call validate_invoice", {"draft", "validated"}),  # two calls of one action; the browser outlives us
    Death("after validate", {"validated"}),
    Death("after attach", {"validated"}, 1),
    Death("during call account.invoice.post", {"validated", "posted"}, 1),
    Death("after post", {"posted"}, 1),
]


@pytest.fixture(scope="module")
def paperwork(erp: Erp, tmp_path_factory: pytest.TempPathFactory) -> Paperwork:
    return Paperwork(erp, tmp_path_factory.mktemp("scans"))


@pytest.fixture(scope="module")
def survivor(erp: Erp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonErp]:
    """The bot of the next run; one session for all of them."""
    session = TrytonErp(site_of(erp), tmp_path_factory.mktemp("evidence"))
    yield session
    session.close()


def run_until_killed(erp: Erp, point: str, invoice: Invoice, scan: Path) -> None:
    site = site_of(erp)
    given = {
        "site": {**site.model_dump(exclude={"password"}), "password": site.password.get_secret_value()},
        "invoice": invoice.model_dump(mode="json"),
        "scan": str(scan),
        "evidence": str(scan.parent),
    }
    command = [sys.executable, str(Path(__file__).with_name("dying_bot.py")), point]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, input=json.dumps(given), env=environment, text=True, timeout=90, check=False)
    assert done.returncode == -signal.SIGKILL


def try_as_the_queue_does(bot: TrytonErp, invoice: Invoice, scan: Path) -> Posting:
    """Again where the ERP says that somebody else is busy: the dead bot's browser may go on for a moment."""
    with contextlib.suppress(TryLater):
        return bot.post_invoice(invoice, scan)
    return bot.post_invoice(invoice, scan)


@pytest.mark.parametrize("death", DEATHS, ids=[death.point for death in DEATHS])
def test_a_killed_bot_leaves_what_the_next_run_finishes_once(
    erp: Erp, paperwork: Paperwork, survivor: TrytonErp, death: Death
) -> None:
    invoice = paperwork.one_line()
    run_until_killed(erp, death.point, invoice, paperwork.scan)
    left = paperwork.standing(invoice)
    assert {row["state"] for row in left} <= death.states
    assert len(left) == (0 if death.states == {None} else 1)
    assert [len(row["attachments"]) for row in left] in ([], [death.attached])

    posting = try_as_the_queue_does(survivor, invoice, paperwork.scan)

    (row,) = paperwork.standing(invoice)
    assert (row["state"], row["number"]) == ("posted", posting.reference)
    assert row["attachments"] == [f"{invoice.number}.pdf"]
    assert len(row["lines."]) == 1
    assert survivor.post_invoice(invoice, paperwork.scan).reference == posting.reference
