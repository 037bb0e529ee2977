"""Which orders an invoice names, and whether they may be invoiced at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import NOTHING, Findings, doubts, together, vouch
from bots.invoices.identity import plain_name
from bots.invoices.targets import open_value
from bots.invoices.wording import listed, money
from connectors import Order, Supplier
from workitems.items import Noun

_LOOKS_LIKE = str.maketrans("OQDILZSGB", "000112568")
_MOST_HINTS = 3


class NamedOrders(Noun):
    """The orders that may be matched, and what is wrong with the others."""

    orders: tuple[Order, ...] = ()
    findings: Findings = NOTHING


def wanted_numbers(draft: Draft) -> tuple[str, ...]:
    """All order numbers of the paper, header first, each once."""
    of_lines = (" ".join(line.order_number.split()) for line in draft.lines if line.order_number)
    numbers: dict[str, str] = {}
    for number in (*draft.order_numbers, *of_lines):
        if order_key(number):
            numbers.setdefault(order_key(number), number)
    return tuple(numbers.values())


def order_key(number: str) -> str:
    """An order number as it is compared: letters and digits, upper case."""
    return "".join(c for c in number.upper() if c.isalnum())


def named_orders(
    draft: Draft, supplier: Supplier, found: Mapping[str, Order | None], open_orders: Sequence[Order]
) -> NamedOrders:
    """The orders that the paper names. `found` is what the ERP answered for each of `wanted_numbers`."""
    orders, findings = [], []
    for number in wanted_numbers(draft):
        order = found.get(number) or next((o for o in open_orders if order_key(o.number) == order_key(number)), None)
        if order is None:
            near = near_orders(number, open_orders)
            hint = f" Did you mean {listed(near, 'or')}?" if near else ""
            proposed = tuple(("order_number", each) for each in near)
            told = f"The ERP has no order {number}.{hint}"
            findings.append(doubts(doubt("unknown_order", told, "order_number", proposed=proposed)))
            continue
        wrong = check_order(order, draft, supplier)
        findings.append(wrong)
        if not wrong.blocking:
            orders.append(order)
    if orders and len(orders) == len(wanted_numbers(draft)):
        same_name = plain_name(draft.supplier_name or "") == plain_name(supplier.name)
        findings.append(vouch("orders_are_the_suppliers", "order_number", *(("supplier_name",) if same_name else ())))
    if orders and draft.currency and all(o.currency == draft.currency for o in orders):
        findings.append(vouch("currency_is_the_orders", "currency"))
    distinct = {o.id: o for o in orders}
    return NamedOrders(orders=tuple(distinct.values()), findings=together(findings))


def check_order(order: Order, draft: Draft, supplier: Supplier) -> Findings:
    """The order was given to this supplier, stands, and is in the invoice's currency."""
    if order.supplier_id != supplier.id:
        message = f"Order {order.number} was given to another supplier, not to {supplier.name}".rstrip(".") + "."
        return doubts(doubt("order_of_other_supplier", message, "order_number"))
    if order.state == "cancelled":
        message = f"Order {order.number} was cancelled."
        return doubts(doubt("order_cancelled", message, "order_number"))
    if order.state == "draft":
        message = f"Order {order.number} is only a draft in the ERP; nobody has confirmed it."
        return doubts(doubt("order_draft", message, "order_number"))
    if draft.currency and draft.currency != order.currency:
        message = f"The invoice is in {draft.currency}, order {order.number} in {order.currency}."
        return doubts(doubt("order_currency", message, "currency"))
    return NOTHING


def near_orders(number: str, orders: Sequence[Order]) -> list[str]:
    """The supplier's orders whose number is nearly the same, the nearest first."""
    from rapidfuzz.distance import OSA

    wanted = order_key(number).translate(_LOOKS_LIKE)
    most = 1 if len(wanted) < 6 else 2
    near = []
    for order in orders:
        key = order_key(order.number).translate(_LOOKS_LIKE)
        inside = len(wanted) >= 4 and (key.endswith(wanted) or wanted.endswith(key))
        distance = 0 if inside else OSA.distance(wanted, key)
        if distance <= most:
            near.append((distance, order.number))
    return [name for _, name in sorted(near)[:_MOST_HINTS]]


def fitting_orders(draft: Draft, orders: Sequence[Order]) -> list[str]:
    """The supplier's open orders of which just the net amount is open."""
    if draft.net is None:
        return []
    return [o.number for o in orders if o.lines and open_value([o]) == draft.net][:_MOST_HINTS]


def no_order_hint(draft: Draft, fitting: Sequence[str]) -> str:
    """Which orders the net amount fits, as a sentence; empty where it fits none."""
    if draft.net is None or not fitting:
        return ""
    return f" What is open on order {listed(fitting, 'or')} is just {money(draft.net, draft.currency)}."
