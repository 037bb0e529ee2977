"""Kill -9 anywhere while posting, then run again: one posted invoice, one attachment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from connectors.tryton.erp import TrytonErp
from tests.connectors.tryton.paperwork import Paperwork, run_until_killed, site_of, try_as_the_queue_does
from tests.erp_fixture import Erp

pytestmark = pytest.mark.erp


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

    posting = try_as_the_queue_does(lambda: survivor.post_invoice(invoice, paperwork.scan))

    (row,) = paperwork.standing(invoice)
    assert (row["state"], row["number"]) == ("posted", posting.reference)
    assert row["attachments"] == [f"{invoice.number}.pdf"]
    assert len(row["lines."]) == 1
    assert survivor.post_invoice(invoice, paperwork.scan).reference == posting.reference
