"""Where each line of an invoice is booked: on order lines, on accounts, or, where neither is clear, nowhere yet."""

from __future__ import annotations

from decimal import Decimal

from bots.invoices.accounts import check_accounts, check_no_order, no_order_rules
from bots.invoices.allocation import Tolerances
from bots.invoices.charges import below_lines, check_charges
from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.facts import Facts, House
from bots.invoices.findings import Findings, doubts
from bots.invoices.lines import priced
from bots.invoices.match_orders import Match, match_orders
from bots.invoices.order_numbers import NamedOrders, fitting_orders, wanted_numbers
from bots.invoices.targets import open_value
from workitems.items import InvoiceLine


def match_lines(draft: Draft, named: NamedOrders, facts: Facts, house: House) -> Match:
    """Matches with the named orders; without any, the policy for invoices without an order decides."""
    supplier, policy = facts.identity.supplier, house.policy
    if supplier is None:
        return Match(lines=draft.lines)
    if len(draft.lines) > policy.max_lines:
        message = f"The invoice has {len(draft.lines)} lines; up to {policy.max_lines} are matched."
        return Match(lines=draft.lines, findings=doubts(doubt("too_many_lines", message, "lines")))
    own = house.own(supplier)
    rules = Tolerances(
        price=own.price or policy.price,
        quantity=own.quantity or policy.quantity,
        price_below=policy.price_below,
        rounding=policy.rounding,
    )
    if named.orders:
        return _with_orders(draft, match_orders(draft, named.orders, rules), facts, house)
    if wanted_numbers(draft):
        return Match(lines=draft.lines)  # the doubts about the orders say what is wrong
    if no_order_rules(policy, own).mode == "match":
        found = _only_fitting(draft, facts, rules)
        if found is not None:
            return found
    return _without_order(_with_one_line(draft), facts, house)


def _only_fitting(draft: Draft, facts: Facts, rules: Tolerances) -> Match | None:
    """The match with the one open order that the invoice uses up, line by line, without any doubt."""
    if not draft.lines or draft.is_credit_note:
        return None
    orders = [o for o in facts.open_orders if o.currency == draft.currency and open_value([o]) == draft.net]
    matches = [match_orders(draft, [order], rules) for order in orders]
    fitting = [m for m in matches if len(m.rows) == len(m.lines) and not m.findings.doubts]
    if len(fitting) != 1:
        return None
    message = f"The invoice names no order; of the open ones only {fitting[0].rows[0].order_number} fits, in all."
    return _add(fitting[0], doubts(doubt("order_found", message, "order_number")))


def _with_orders(draft: Draft, match: Match, facts: Facts, house: House) -> Match:
    """Books what is on no order: charges as the policy allows, other lines only where a person chose an account."""
    if not match.lines:
        return _add(match, doubts(doubt("missing_lines", "No lines were found.", "lines")))
    lines = list(_on_account(match.lines, (*match.charges, *match.loose), draft.account))
    charges = check_charges([lines[i] for i in match.charges], draft, house.policy.charges)
    if not charges.doubts:
        lines = list(_on_account(tuple(lines), match.charges, house.policy.charges.account))
    booked = [(i, lines[i]) for i in (*match.charges, *match.loose) if lines[i].account]
    found = charges + check_accounts(booked, facts.accounts, facts.open_orders)
    return _add(match.model_copy(update={"lines": tuple(lines)}), found)


def _without_order(draft: Draft, facts: Facts, house: House) -> Match:
    rules = no_order_rules(house.policy, house.own(facts.identity.supplier))
    allowed = check_no_order(draft, rules, fitting_orders(draft, facts.open_orders))
    by_policy = rules.account if rules.mode == "account" and not allowed.doubts else None
    below = below_lines(draft)
    printed = tuple(map(priced, (*draft.lines, *((below,) if below else ()))))
    lines = _on_account(printed, tuple(range(len(printed))), draft.account or by_policy)
    if not lines:
        allowed += doubts(doubt("missing_lines", "No lines were found.", "lines"))
    found = allowed + check_accounts(list(enumerate(lines)), facts.accounts, facts.open_orders)
    return Match(lines=lines, loose=tuple(range(len(lines))), findings=found)


def _with_one_line(draft: Draft) -> Draft:
    """An invoice whose lines were not found, and that has no order, is booked as one line over the net amount."""
    if draft.lines or draft.net is None:
        return draft
    sign = Decimal(-1) if draft.net < 0 else Decimal(1)
    text = f"Invoice {draft.number or ''}".strip()
    line = InvoiceLine(description=text, quantity=sign, unit_price=abs(draft.net), amount=draft.net, confidence=1.0)
    return draft.model_copy(update={"lines": (line,), "adjustment": Decimal(0)})


def _on_account(lines: tuple[InvoiceLine, ...], which: tuple[int, ...], account: str | None) -> tuple[InvoiceLine, ...]:
    return tuple(
        line.model_copy(update={"account": account}) if i in which and not line.account else line
        for i, line in enumerate(lines)
    )


def _add(match: Match, found: Findings) -> Match:
    return match.model_copy(update={"findings": match.findings + found})
