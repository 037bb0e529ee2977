"""Accounts for lines without an order: chosen by a person, by the policy, or suggested.

The suggestion is simple and says so: words in common with the supplier's earlier order lines, and with the accounts'
names. It is never booked by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import Findings, doubts
from bots.invoices.glossary import meanings
from bots.invoices.order_numbers import no_order_hint
from bots.invoices.policy import InvoicePolicy, NoOrder, SupplierPolicy
from bots.invoices.wording import line_name, listed, money
from connectors import Account, Order
from workitems.items import Doubt, InvoiceLine

_SUGGESTIONS = 3
_NAME_COUNTS = 0.9  # an account's name is weaker evidence than what was booked before
_LEAST = 0.3
_EMPTY = frozenset(("and", "und", "the", "der", "die", "das", "des", "les", "for", "für", "pour", "von", "per"))


class Suggestion(NamedTuple):
    """An account that a line may belong on; `score` is 0 to 1, a similarity, no probability."""

    account: Account
    score: float


def no_order_rules(policy: InvoicePolicy, own: SupplierPolicy) -> NoOrder:
    """What the company does with this supplier's lines that have no order."""
    rules = own.no_order or policy.no_order
    return rules.model_copy(update={"account": own.account or rules.account})


def check_no_order(draft: Draft, rules: NoOrder, fitting: Sequence[str]) -> Findings:
    """An invoice without any order: a person decides, unless the policy books it on an account.

    `fitting`: numbers of orders that the net amount fits.
    """
    hint, proposed = no_order_hint(draft, fitting), tuple(("order_number", number) for number in fitting)
    if draft.lines and all(line.account or draft.account for line in draft.lines):
        return Findings(rules=("accounts_chosen",))
    if rules.mode != "account":
        return doubts(doubt("no_order", f"The invoice names no order.{hint}", "order_number", proposed=proposed))
    if rules.limit is not None and draft.total is not None and abs(draft.total) > rules.limit:
        message = (
            f"The invoice names no order; without one only {money(rules.limit, draft.currency)} are booked unseen."
            f"{hint}"
        )
        return doubts(doubt("no_order_limit", message, "order_number", proposed=proposed))
    return Findings(rules=("no_order_allowed",))


def check_accounts(
    lines: Sequence[tuple[int, InvoiceLine]], accounts: Sequence[Account], orders: Sequence[Order]
) -> Findings:
    """Each line without an order needs an account that the ERP has; the doubt names the three likeliest."""
    known = {a.code for a in accounts} | {a.id for a in accounts}
    found: list[Doubt] = []
    for index, line in lines:
        if line.account and line.account in known:
            continue
        name = line_name(index, line)
        likely = [s.account for s in suggest(line, accounts, orders)]
        hints = listed([f"{a.code} {a.name}" for a in likely], "or")
        hint = f" Likely: {hints}." if hints else ""
        code, told = "missing_account", f"{name} has neither an order nor an account.{hint}"
        if line.account:
            code, told = "unknown_account", f"{name}: the ERP has no account {line.account}.{hint}"
        found.append(doubt(code, told, "lines", proposed=tuple(("account", a.code) for a in likely)))
    return doubts(*found)


def suggest(line: InvoiceLine, accounts: Sequence[Account], orders: Sequence[Order]) -> list[Suggestion]:
    """The likeliest accounts of a line, best first, three at most.

    `orders` are the supplier's: what was ordered before tells where its like was booked.
    """
    scores = {a.code: _NAME_COUNTS * _named(line, a) for a in accounts}
    by_any = {a.id: a.code for a in accounts} | {a.code: a.code for a in accounts}
    for earlier in (ol for order in orders for ol in order.lines if ol.account):
        code = by_any.get(earlier.account or "")
        if code:
            same = max(alike(line.description, t) for t in (earlier.description, earlier.product_name))
            scores[code] = max(scores[code], same)
    ranked = sorted(accounts, key=lambda a: (-scores[a.code], a.code))
    return [Suggestion(a, round(scores[a.code], 3)) for a in ranked[:_SUGGESTIONS] if scores[a.code] >= _LEAST]


def alike(one: str | None, other: str | None) -> float:
    """How much two short texts have in common, 0 to 1: the share of the shorter one's words that the other has."""
    first, second = _words(one), _words(other)
    fewest = min(len(first), len(second))
    return len(first & second) / fewest if fewest else 0.0


def _named(line: InvoiceLine, account: Account) -> float:
    """How well an account's name fits a line, 0 to 1; what the line's words are called in charts of accounts counts."""
    name, words = _words(account.name), _words(line.description)
    direct, meant = len(name & words), len(name & meanings(words))
    if not name or not (direct or meant):
        return 0.0
    return min(1.0, 0.4 + 0.6 * max(direct, meant) / len(name))


def _words(text: str | None) -> set[str]:
    return {w for w in re.split(r"[^\w]+|\d+", (text or "").casefold()) if len(w) > 2 and w not in _EMPTY}
