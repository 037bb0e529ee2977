"""Price and quantity of matched lines against what was ordered, received and already invoiced."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bots.invoices.assign_lines import Pair
from bots.invoices.codes import doubt
from bots.invoices.findings import Findings, doubts
from bots.invoices.line_score import speaks_of_same
from bots.invoices.lines import cents
from bots.invoices.policy import Tolerance
from bots.invoices.targets import Target
from bots.invoices.wording import line_name, money, number
from workitems.items import Doubt, InvoiceLine, Noun


class Tolerances(Noun):
    """What is allowed for one supplier."""

    price: Tolerance
    quantity: Tolerance
    price_below: Decimal
    rounding: Decimal


def in_order_unit(line: InvoiceLine, target: Target) -> InvoiceLine:
    """The line in the unit of the order, where its price is a whole multiple or part of the order's and units differ.

    A line that gives only its amount gets the quantity that the order's price implies.
    """
    agreed, amount = target.line.unit_price, line.amount
    if not agreed or amount is None:
        return line
    quantity = (amount / agreed).quantize(Decimal("0.001")).normalize()
    # With decimals some quantity always fits the amount, so only a whole one says anything.
    fits = cents(quantity * agreed) == cents(amount) and quantity != 0 and quantity % 1 == 0
    if line.quantity is None:
        return _with_quantity(line, quantity, agreed, target) if fits else line
    same_unit = (line.unit or "").casefold() == (target.line.unit or "").casefold() and bool(line.unit)
    ratio = max(abs(quantity), abs(line.quantity)) / (min(abs(quantity), abs(line.quantity)) or Decimal(1))
    if same_unit or not fits or ratio < 2 or ratio != ratio.to_integral_value():
        return line
    return _with_quantity(line, quantity, agreed, target)


def _with_quantity(line: InvoiceLine, quantity: Decimal, price: Decimal, target: Target) -> InvoiceLine:
    plain = Decimal(format(quantity, "f"))
    return line.model_copy(update={"quantity": plain, "unit_price": price, "unit": target.line.unit})


def check_pair(
    index: int, printed: InvoiceLine, line: InvoiceLine, pair: Pair, rules: Tolerances, *, currency: str | None
) -> Findings:
    """One matched line: the evidence, the unit, the price. `line` is `printed` in the order's unit."""
    name, target = line_name(index, printed), pair.target
    found: list[Doubt | None] = []
    if line.quantity is None or line.amount is None:
        message = f"{name} belongs to {target.name}, but its quantity or amount was not found."
        return doubts(doubt("line_incomplete", message, "lines"))
    if not pair.sure:
        found.append(doubt("line_unclear", f"{name} was taken for {target.name}: it is all that was left.", "lines"))
    elif not speaks_of_same(printed, target):
        message = f"{name} was taken for {target.name} because price and quantity fit; the wording does not."
        found.append(doubt("line_description", message, "lines"))
    if printed.quantity is not None and printed.quantity != line.quantity:
        message = (
            f"{name}: {number(printed.quantity)} {printed.unit or 'pieces'} were taken as {number(line.quantity)} "
            f"{target.line.unit or 'of the order'}, which gives the order's price."
        )
        found.append(doubt("unit_differs", message, "lines"))
    found += [_price(name, line, target, rules, currency), _tax_rate(name, line, target)]
    return doubts(*found)


def _price(name: str, line: InvoiceLine, target: Target, rules: Tolerances, currency: str | None) -> Doubt | None:
    """The amount against quantity times the agreed price; a credit note may differ neither way."""
    if line.quantity is None or line.amount is None or not line.quantity:
        return None
    agreed = abs(line.quantity) * target.line.unit_price
    difference = abs(line.amount) - agreed
    allowed = rules.price.allowance(agreed) + rules.rounding
    if -allowed <= difference <= allowed:
        return None
    charged = cents(abs(line.amount / line.quantity))
    prices = f"{money(charged, currency)} instead of {money(target.line.unit_price, currency)} each"
    share = f"{abs(difference) / agreed * 100:.1f} %" if agreed else "all of it"
    where = f"{name}, {target.name}"
    if difference > 0:
        message = (
            f"{where}: {prices}, {share} ({money(difference, currency)}) above the order; "
            f"{money(allowed, currency)} are allowed."
        )
        return doubt("price_too_high", message, "lines")
    message = f"{where}: {prices}, {share} below the order."
    far = line.quantity < 0 or -difference > agreed * rules.price_below / 100
    return doubt("price_too_low" if far else "price_below_order", message, "lines")


def _tax_rate(name: str, line: InvoiceLine, target: Target) -> Doubt | None:
    agreed = target.line.tax_rate
    if line.tax_rate is None or agreed is None or line.tax_rate == agreed:
        return None
    message = f"{name} has {number(line.tax_rate)} % tax, {target.name} has {number(agreed)} %."
    return doubt("tax_rate_differs", message, "lines")


def check_quantities(
    matched: Sequence[tuple[int, InvoiceLine, Target]], rules: Tolerances, credit: bool = False
) -> Findings:
    """For each order line: what all invoice lines ask of it together may not exceed what is open."""
    by_target: dict[tuple[str, int], list[tuple[int, InvoiceLine, Target]]] = {}
    for entry in matched:
        by_target.setdefault(entry[2].key, []).append(entry)
    return doubts(*(_quantity(by_target[key], rules, credit) for key in sorted(by_target)))


def _quantity(entries: list[tuple[int, InvoiceLine, Target]], rules: Tolerances, credit: bool) -> Doubt | None:
    target = entries[0][2]
    asked = sum((line.quantity for _, line, _ in entries if line.quantity is not None), Decimal(0))
    line, unit = target.line, target.line.unit or "pieces"
    together = " together" if len(entries) > 1 else ""
    numbers = " and ".join(f"line {i + 1}" for i, _, _ in entries)
    if credit:
        if -asked <= line.invoiced:
            return None
        message = (
            f"{_capital(target.name)}: {number(-asked)} {unit} are credited ({numbers}{together}), "
            f"but only {number(line.invoiced)} were invoiced."
        )
        return doubt("credit_over_invoiced", message, "lines")
    after = line.invoiced + asked
    head = f"{_capital(target.name)}: {number(asked)} {unit} are invoiced ({numbers}{together})"
    before = f", {number(line.invoiced)} were invoiced before" if line.invoiced else ""
    if after > line.quantity + rules.quantity.allowance(line.quantity):
        message = f"{head}{before}, but only {number(line.quantity)} were ordered."
        return doubt("quantity_over_ordered", message, "lines")
    if not line.is_service and after > line.received + rules.quantity.allowance(line.received):
        received = f"only {number(line.received)} were received" if line.received else "nothing was received yet"
        message = f"{head}{before}, but {received} of {number(line.quantity)} ordered."
        return doubt("quantity_over_received", message, "lines")
    return None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
