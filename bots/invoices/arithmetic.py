"""Does the invoice add up: lines, net, tax for each rate, gross. What adds up in two ways confirms the amounts."""

from __future__ import annotations

from decimal import Decimal

from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import NOTHING, Findings, doubts, together, vouch
from bots.invoices.lines import PRICE_BASES, amount_sum, cents
from bots.invoices.policy import InvoicePolicy
from bots.invoices.wording import line_name, money, number
from workitems.items import Doubt, InvoiceLine, TaxLine

_HIGHEST_TAX = Decimal("0.30")  # of the net amount; no country asks for more
_WHOLE_DISCOUNTS = range(1, 61)  # per cent


def check_arithmetic(draft: Draft, policy: InvoicePolicy) -> Findings:
    """All sums of the invoice; amounts that two independent sums agree on are confirmed."""
    lines, rows, gross = check_lines_sum(draft, policy), check_taxes(draft, policy), check_total(draft, policy)
    evidence = {r for f in (lines, rows, gross) for r in f.rules}
    untaxed = "lines_add_up" in evidence and draft.tax == 0 and "tax" not in draft.derived
    settled = NOTHING
    if (len(evidence) >= 2 or untaxed) and not (lines + rows + gross).doubts:
        settled = vouch("adds_up_twice", "net", "tax", "total")
    each = together(check_line(draft, i, policy, "lines_add_up" in evidence) for i in range(len(draft.lines)))
    return together((each, lines, rows, gross, settled))


def allowance(rows: int, policy: InvoicePolicy) -> Decimal:
    """How far a sum of `rows` rounded amounts may be off."""
    return min(policy.rounding * max(rows, 1), max(policy.rounding_limit, policy.rounding))


def check_line(draft: Draft, index: int, policy: InvoicePolicy, sum_fits: bool) -> Findings:
    """Quantity times price is the amount; a price per 100, a rounded price or a whole percentage off explain it.

    Where the lines' sum fits the net amount, the line's amount is right, and the rest is only remarked.
    """
    line = draft.lines[index]
    if line.quantity is None or line.unit_price is None or line.amount is None:
        return NOTHING
    full = line.quantity * line.unit_price
    if _line_fits(line, full, policy):
        return NOTHING
    name = line_name(index, line)
    sums = f"{number(line.quantity)} × {number(line.unit_price)} is {money(cents(full), draft.currency)}"
    percent = _discount(full, line.amount)
    if percent is not None or (sum_fits and abs(line.amount) < abs(full)):
        share = f", {percent} % off" if percent is not None else ""
        message = f"{name}: {sums}, but {money(line.amount, draft.currency)} is charged{share}."
        return doubts(doubt("line_discount", message, "lines"))
    message = f"{name}: {sums}, but the line says {money(line.amount, draft.currency)}."
    return doubts(doubt("line_arithmetic", message, "lines", "warn" if sum_fits else None))


def _line_fits(line: InvoiceLine, full: Decimal, policy: InvoicePolicy) -> bool:
    """Within rounding, that of a printed price included: its last digit, but 1 % of the amount at most."""
    amount, quantity, price = line.amount, line.quantity, line.unit_price
    if amount is None or quantity is None or price is None:
        return True
    exponent = price.as_tuple().exponent
    digit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) / 2
    leeway = policy.rounding + min(abs(quantity) * digit, abs(amount) / 100)
    exact = policy.rounding
    return any(abs(full / base - amount) <= (leeway if base == 1 else exact) for base in PRICE_BASES)


def _discount(full: Decimal, amount: Decimal) -> int | None:
    """The whole percentage that was taken off, where that explains the amount to the cent."""
    for percent in _WHOLE_DISCOUNTS:
        if cents(full * (100 - percent) / 100) == cents(amount):
            return percent
    return None


def check_lines_sum(draft: Draft, policy: InvoicePolicy) -> Findings:
    """The lines, with charges and allowances below them, are the net amount."""
    if not draft.lines or draft.net is None or any(line.amount is None for line in draft.lines):
        return NOTHING
    lines = amount_sum(draft.lines)
    found, off = lines + draft.adjustment, allowance(len(draft.lines), policy)
    if abs(found - draft.net) <= off:
        return vouch("lines_add_up", "lines", "net")
    if draft.total is not None and draft.tax and abs(found - draft.total) <= off:
        message = (
            f"The lines add up to {money(found, draft.currency)}, which is the gross amount: "
            "they seem to be printed with tax."
        )
        return doubts(doubt("lines_gross", message, "lines"))
    extra = ""
    if draft.adjustment:
        extra = f" (with {money(draft.adjustment, draft.currency)} of charges and allowances)"
    sum_of = f"The {len(draft.lines)} lines add up to" if len(draft.lines) > 1 else "The one line adds up to"
    message = (
        f"{sum_of} {money(found, draft.currency)}{extra}, the net amount is {money(draft.net, draft.currency)}: "
        f"{money(draft.net - found, draft.currency)} are unexplained."
    )
    return doubts(doubt("lines_sum", message, "lines"))


def check_taxes(draft: Draft, policy: InvoicePolicy) -> Findings:
    """Each tax row: rate times base is the tax; all rows together are the net amount and the tax."""
    rows = [t for t in draft.taxes if t.base is not None and t.tax is not None]
    found = [_tax_row(t, draft.currency, policy) for t in rows]
    if len(rows) == len(draft.taxes) and rows:
        found.append(_tax_sum(rows, draft, policy))
    elif (
        draft.net is not None
        and draft.tax is not None
        and abs(draft.tax) > abs(draft.net) * _HIGHEST_TAX + policy.rounding
    ):
        message = f"A tax of {money(draft.tax, draft.currency)} on {money(draft.net, draft.currency)} is too much."
        found.append(doubt("tax_arithmetic", message, "tax"))
    wrong = doubts(*found)
    taxed = bool(rows) and len(rows) == len(draft.taxes) and any(t.tax and t.rate is not None for t in rows)
    if taxed and not wrong.doubts:
        return vouch("tax_fits_rate")
    return wrong


def _tax_row(row: TaxLine, currency: str | None, policy: InvoicePolicy) -> Doubt | None:
    if row.rate is None or row.base is None or row.tax is None:
        return None
    wanted = row.base * row.rate / 100
    if abs(wanted - row.tax) <= policy.rounding_limit:
        return None
    message = (
        f"{number(row.rate)} % tax on {money(row.base, currency)} would be {money(cents(wanted), currency)}, "
        f"the invoice says {money(row.tax, currency)}."
    )
    return doubt("tax_arithmetic", message, "tax")


def _tax_sum(rows: list[TaxLine], draft: Draft, policy: InvoicePolicy) -> Doubt | None:
    off = allowance(len(rows), policy)
    for name, wanted, found in (
        ("net", draft.net, sum((t.base for t in rows if t.base is not None), Decimal(0))),
        ("tax", draft.tax, sum((t.tax for t in rows if t.tax is not None), Decimal(0))),
    ):
        if wanted is not None and abs(wanted - found) > off:
            message = (
                f"The tax rows add up to {'a net amount' if name == 'net' else 'a tax'} of "
                f"{money(found, draft.currency)}, the invoice says {money(wanted, draft.currency)}."
            )
            return doubt("tax_sum", message, name)
    return None


def check_total(draft: Draft, policy: InvoicePolicy) -> Findings:
    """Net plus tax is the total."""
    if draft.net is None or draft.tax is None or draft.total is None:
        return NOTHING
    found = draft.net + draft.tax
    if abs(found - draft.total) <= policy.rounding:
        read = not draft.derived and draft.tax != 0
        return vouch("net_and_tax_are_total") if read else NOTHING
    message = (
        f"Net {money(draft.net, draft.currency)} plus tax {money(draft.tax, draft.currency)} is "
        f"{money(found, draft.currency)}, but the total says {money(draft.total, draft.currency)}."
    )
    return doubts(doubt("total_arithmetic", message, "total"))
