"""Freight, packing and other charges, and rebates: lines that stand on invoices but on no order."""

from __future__ import annotations

import re

from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import NOTHING, Findings, doubts, vouch
from bots.invoices.lines import amount_sum
from bots.invoices.policy import Charges
from bots.invoices.wording import listed, money
from workitems.items import InvoiceLine

_WORDS = re.compile(
    r"freight|shipping|shipment|carriage|postage|delivery|handling|packing|packaging|surcharge|insurance|courier"
    r"|fracht|versand|porto|liefer(?:ung|kosten|pauschale)|zustell|verpackung|zuschlag|maut|transport|nachnahme"
    r"|frais|\bport\b|livraison|emballage|suppl[eé]ment|exp[eé]dition|[eé]co-?(?:part|contrib|taxe)"
    r"|discount|rebate|rabatt|nachlass|bonus|remise|ristourne|rabais|gutschrift",
    re.IGNORECASE,
)
BELOW_LINES = "Charges and allowances below the lines"


def is_charge(line: InvoiceLine) -> bool:
    """Whether the line's wording is that of a charge or rebate; a product code speaks against it only with a price."""
    return bool(_WORDS.search(line.description or ""))


def below_lines(draft: Draft) -> InvoiceLine | None:
    """Charges and allowances that the invoice states below its lines, as one line; None where there are none."""
    amount = draft.adjustment
    if not amount:
        return None
    quantity = -1 if amount < 0 else 1
    return InvoiceLine.model_validate(
        {"description": BELOW_LINES, "quantity": quantity, "unit_price": abs(amount), "amount": amount, "confidence": 1}
    )


def check_charges(lines: list[InvoiceLine], draft: Draft, rules: Charges) -> Findings:
    """Charges without an account: booked as the policy says while they are small, else a person decides."""
    open_lines = [line for line in lines if not line.account]
    if not open_lines:
        return NOTHING
    amount = amount_sum(open_lines)
    limit = min(rules.limit, abs(draft.net) * rules.percent / 100 if draft.net is not None else rules.limit)
    if rules.account and abs(amount) <= limit:
        return vouch("charges_within_limit")
    names = listed([f"“{line.description}”" for line in open_lines])
    message = f"{names} ({money(amount, draft.currency)}) is on no order"
    rest = f" and above the {money(limit, draft.currency)} that are booked unseen." if rules.account else "."
    return doubts(doubt("charge_not_ordered", message + rest, "lines"))
