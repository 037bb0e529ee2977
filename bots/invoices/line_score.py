"""How well one invoice line fits one order line."""

from __future__ import annotations

from decimal import Decimal

from bots.invoices.lines import cents
from bots.invoices.order_numbers import order_key
from bots.invoices.targets import Target
from workitems.items import InvoiceLine

ACCEPTED = 0.395
"""Score from which a pair is believed: the agreed price and a quantity that is open are just enough."""
WEAK = 0.15
"""Score from which the last line left may belong to the last order line left; a person looks."""
EXPLICIT = "id:"
"""How a person names an order line by the ERP's id: `order_line = "id:17"`."""

_DESCRIPTION, _CODE, _POSITION = 0.40, 0.45, 0.10
_SAME_PRICE, _NEAR_PRICE = 0.30, 0.10
_SAME_QUANTITY, _WITHIN_QUANTITY = 0.15, 0.10
_SAME_AMOUNT = 0.10
_NEAR = Decimal("0.15")  # a price that is off by no more is near
_LEAST_ALIKE = 0.35  # wordings that are less alike say nothing
_SAME_WORDING = 0.5


def score(line: InvoiceLine, target: Target, credit: bool = False) -> float:
    """0 (impossible) to about 1.5. A price or quantity that contradicts is no veto: the checks name it afterwards."""
    if line.order_number and order_key(line.order_number) != order_key(target.order.number):
        return 0.0
    if line.order_line and line.order_line.startswith(EXPLICIT):
        return 2.0 if line.order_line.removeprefix(EXPLICIT) == target.line.id else 0.0
    words = wording(line, target)
    return (
        (_DESCRIPTION * words if words >= _LEAST_ALIKE else 0.0)
        + (_CODE if _same_code(line, target) else 0.0)
        + (_POSITION if _same_position(line, target) else 0.0)
        + _price_score(line, target)
        + _quantity_score(line, target, credit)
    )


def wording(line: InvoiceLine, target: Target) -> float:
    """How alike the descriptions are, 0 to 1; the order's own wording and the product's name both count."""
    from rapidfuzz import fuzz, utils

    text = utils.default_process(line.description or "")
    if not text:
        return 0.0
    names = (target.line.product_name, target.line.description)
    known = {utils.default_process(n) for n in names if n}
    found = [(fuzz.token_set_ratio(text, n) + fuzz.token_sort_ratio(text, n)) / 200 for n in known if n]
    return max(found, default=0.0)


def speaks_of_same(line: InvoiceLine, target: Target) -> bool:
    """Whether code or wording alone already say that the two belong together."""
    return _same_code(line, target) or wording(line, target) >= _SAME_WORDING


def _same_code(line: InvoiceLine, target: Target) -> bool:
    code = order_key(target.line.product_code or "")
    if len(code) < 3:
        return False
    text = order_key(line.description or "") if len(code) >= 5 else ""
    return code == order_key(line.product_code or "") or code in text


def _same_position(line: InvoiceLine, target: Target) -> bool:
    """Orders are counted 1, 2, 3 or 10, 20, 30."""
    digits = (line.order_line or "").strip().lstrip("0")
    return digits in (str(target.position), str(target.position * 10))


def _price_score(line: InvoiceLine, target: Target) -> float:
    price, agreed = line.unit_price, target.line.unit_price
    if line.quantity and line.amount is not None:
        if cents(abs(line.quantity) * agreed) == cents(abs(line.amount)):
            return _SAME_PRICE
        price = abs(line.amount / line.quantity)
    if price is None or not agreed:
        return 0.0
    if cents(price) == cents(agreed):
        return _SAME_PRICE
    factor = max(price, agreed) / min(price, agreed) if price else Decimal(0)
    whole = factor >= 2 and factor == factor.to_integral_value()
    return _NEAR_PRICE if abs(price - agreed) <= agreed * _NEAR or whole else 0.0


def _quantity_score(line: InvoiceLine, target: Target, credit: bool) -> float:
    room = target.open(credit)
    total = 0.0
    if line.quantity is not None:
        if abs(line.quantity) in (room, target.line.quantity):
            total = _SAME_QUANTITY
        elif abs(line.quantity) <= room:
            total = _WITHIN_QUANTITY
    if line.amount is not None and room > 0 and cents(abs(line.amount)) == cents(room * target.line.unit_price):
        total += _SAME_AMOUNT
    return total
