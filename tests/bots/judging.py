"""All checks on one paper, with records that a test is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.invoices.assemble import Source
from bots.invoices.checks import Verdict, check_invoice
from bots.invoices.draft import draft_from
from bots.invoices.duplicates import Earlier
from bots.invoices.facts import Facts
from bots.invoices.identity import identify
from bots.invoices.order_numbers import wanted_numbers
from connectors import Order
from tests.bots.fakes import (
    ACCOUNTS,
    HANSEN,
    SUPPLIERS,
    TODAY,
    FakeRecords,
    document,
    house,
    order,
)
from workitems.items import Answer, Doubt, Paper

PO = "PO-2026-0101"
NEVER_SEEN = Earlier()


def judged(
    read: Paper,
    orders: Sequence[Order] = (order(),),
    answers: Sequence[Answer] = (),
    shown: Sequence[Doubt] = (),
    earlier: Earlier = NEVER_SEEN,
    **policy: Any,
) -> Verdict:
    """The verdict with records that hold `orders`."""
    records, draft, rules = FakeRecords(*orders), draft_from(read, answers), house(**policy)
    facts = Facts(
        today=TODAY,
        identity=identify(draft, SUPPLIERS, rules.policy),
        suppliers=SUPPLIERS,
        orders={n: records.find_order(n) for n in wanted_numbers(draft)},
        open_orders=tuple(records.open_orders(HANSEN.id)),
        accounts=ACCOUNTS,
        earlier=earlier,
    )
    return check_invoice(Source(document=document(), paper=read, answers=tuple(answers)), draft, facts, rules, shown)


def blocking(found: Verdict) -> list[str]:
    return [x.code for x in found.blocking]
