"""The two- and three-way match: every invoice line against ordered, received and already invoiced quantities.

Pure: it gets the orders as the ERP has them now and says which order line each invoice line is booked on.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bots.invoices.allocation import Tolerances, check_pair, check_quantities, in_order_unit
from bots.invoices.assign_lines import Pair, assign
from bots.invoices.charges import BELOW_LINES, below_lines, is_charge
from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import NOTHING, Findings, doubts, together, vouch
from bots.invoices.line_score import wording
from bots.invoices.lines import amount_sum, cents, priced
from bots.invoices.targets import Target, open_value, targets_of
from bots.invoices.wording import line_name, listed, money
from connectors import Order
from workitems.items import Doubt, InvoiceLine, Noun


class LineMatch(Noun):
    """One invoice line beside its order line, as a person would compare them. `line` counts from 1."""

    line: int
    order_number: str
    order_line: str
    description: str
    quantity: Decimal | None
    price: Decimal | None
    agreed_price: Decimal
    ordered: Decimal
    received: Decimal | None  # None: a service, nothing is received
    invoiced: Decimal  # before this invoice
    score: float


class Match(Noun):
    """The invoice's lines with their order lines, those without one, and what was found.

    `charges` and `loose` are indices of lines that are on no order: charges, and others.
    """

    lines: tuple[InvoiceLine, ...] = ()
    rows: tuple[LineMatch, ...] = ()
    charges: tuple[int, ...] = ()
    loose: tuple[int, ...] = ()
    findings: Findings = NOTHING


def match_orders(draft: Draft, orders: Sequence[Order], rules: Tolerances) -> Match:
    """Matches the lines of an invoice, or of a credit note, with those of the orders that it names."""
    credit = draft.is_credit_note
    targets = targets_of(orders)
    printed, made_up = _lines(draft, orders)
    pairs = assign(printed, targets, credit)
    pairs = [None if p and not p.sure and is_charge(printed[i]) else p for i, p in enumerate(pairs)]
    lines = [_linked(printed[i], p) for i, p in enumerate(pairs)]
    found = [check_pair(i, printed[i], lines[i], p, rules, currency=draft.currency) for i, p in enumerate(pairs) if p]
    matched = [(i, lines[i], p.target) for i, p in enumerate(pairs) if p]
    found.append(check_quantities(matched, rules, credit))
    alone = [i for i, p in enumerate(pairs) if p is None]
    charges = [i for i in alone if is_charge(printed[i]) or printed[i].description == BELOW_LINES]
    loose = [i for i in alone if i not in charges]
    found += [doubts(_not_on_order(i, printed[i], targets)) for i in loose if not (printed[i].account or draft.account)]
    found.append(doubts(made_up))
    findings = together(found)
    return Match(
        lines=tuple(lines),
        rows=tuple(_row(i, lines[i], p) for i, p in enumerate(pairs) if p),
        charges=tuple(charges),
        loose=tuple(loose),
        findings=findings + _vouched(draft, pairs, findings, rules),
    )


def _lines(draft: Draft, orders: Sequence[Order]) -> tuple[list[InvoiceLine], Doubt | None]:
    """The draft's lines, with charges below them; without any, the orders' open lines where they fit the net amount."""
    below = below_lines(draft)
    extra = [below] if below else []
    if draft.lines or draft.net is None or draft.is_credit_note:
        return [*draft.lines, *extra], None
    if not orders or cents(open_value(orders)) + amount_sum(extra) != draft.net:
        return extra, None
    numbers = listed([o.number for o in orders])
    message = f"No lines were read; what is open on order {numbers} is just {money(draft.net, draft.currency)}."
    lines = [_from_order(t) for t in targets_of(orders) if t.open() > 0]
    return [*lines, *extra], doubt("lines_from_order", message, "lines")


def _from_order(target: Target) -> InvoiceLine:
    quantity, price = target.open(), target.line.unit_price
    return InvoiceLine(
        description=target.line.description or target.line.product_name,
        quantity=quantity,
        unit=target.line.unit,
        unit_price=price,
        amount=cents(quantity * price),
        order_line=f"id:{target.line.id}",
        confidence=1.0,
    )


def _linked(line: InvoiceLine, pair: Pair | None) -> InvoiceLine:
    """The line as it will be booked: on the order line, in its unit, at the price that was really charged."""
    if pair is None:
        return priced(line.model_copy(update={"order_line": None}))
    target = pair.target
    update = {"order_line": target.line.id, "order_number": target.order.number, "account": target.line.account}
    return priced(in_order_unit(line, target)).model_copy(update=update)


def _not_on_order(index: int, line: InvoiceLine, targets: Sequence[Target]) -> Doubt:
    orders = listed(list(dict.fromkeys(t.order.number for t in targets)))
    near = max(targets, key=lambda t: (wording(line, t), t.key), default=None)
    hint = f" The nearest is {near.name}." if near and wording(line, near) >= 0.5 else ""
    amount = f" ({money(line.amount, None)})" if line.amount is not None else ""
    message = f"{line_name(index, line)}{amount} is not on order {orders}.{hint}"
    return doubt("line_not_on_order", message, "lines")


def _row(index: int, line: InvoiceLine, pair: Pair) -> LineMatch:
    of = pair.target.line
    return LineMatch(
        line=index + 1,
        order_number=pair.target.order.number,
        order_line=of.id,
        description=of.product_name or of.description,
        quantity=line.quantity,
        price=line.unit_price,
        agreed_price=of.unit_price,
        ordered=of.quantity,
        received=None if of.is_service else of.received,
        invoiced=of.invoiced,
        score=round(pair.score, 3),
    )


def _vouched(draft: Draft, pairs: Sequence[Pair | None], findings: Findings, rules: Tolerances) -> Findings:
    """Lines that agree with the order are right, whatever confidence they had; so is a net amount that they give."""
    differing = any(d.code != "line_description" for d in findings.doubts)
    if not draft.lines or not all(pairs[: len(draft.lines)]) or differing:
        return NOTHING
    matched = vouch("lines_match_order", "lines", "order_number")
    found = amount_sum(draft.lines) + draft.adjustment
    if draft.net is None or draft.total is None or draft.tax is None:
        return matched
    total = draft.net + draft.tax
    if abs(found - draft.net) > rules.rounding * len(draft.lines) or abs(total - draft.total) > rules.rounding:
        return matched
    matched += vouch("order_gives_total", "net", "tax", "total")
    # Confirmations and pro formas come before the goods: what was received and not yet invoiced is an invoice.
    received = all(p and not p.target.line.is_service for p in pairs) and not draft.is_credit_note
    return matched + (vouch("goods_were_received", "kind") if received else NOTHING)
