"""The tax breakdown: rows of rate, base and tax, recognised by their arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from extractors.invoice.arithmetic import TOGETHER
from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.layout import Row
from extractors.values import Amount, amounts_in
from workitems.items import TaxLine

_TAX_WORD = re.compile(
    r"(?<![a-z])(?:u\.?st|mwst|umsatzsteuer|mehrwertsteuer|vat|tva|gst|sst|taxe?s?|steuer\w*"
    r"|sr|zrl?|exonerat\w+)(?![a-z])"
)
_TAX_HEADER = re.compile(r"(?:steuersatz|ust\.?\s?-?%|mwst\.?\s?-?%|vat\s?%|taux|tax\s+rate|rate|%)")
_OF_ITEMS = re.compile(
    r"menge|anzahl|qty|quantit|qte\b|einzel|unit\b|price|preis|prix|p\.?u\.?\s|bezeichnung|designation|description"
)
_ADDED = re.compile(r"zzgl|zuzuglich|plus\b|\+|davon|enthalt|on\s+\$?|sur\b|von\b|auf\b|of\b")
_HIGHEST = Decimal(30)


def find_taxes(context: Context, items: frozenset[int] = frozenset()) -> tuple[TaxLine, ...]:
    """One entry per rate; where base x rate = tax holds it is sure, a zero rate needs the words for it.

    `items` are the indexes of rows that are line items and therefore no breakdown.
    """
    sure = [line for line, _ in _by_rate(context, items) if line.confidence >= 0.5]
    return tuple(sorted(sure, key=lambda t: -(t.rate or Decimal(0))))


def taxes_together(context: Context) -> list[Candidate]:
    """The taxes of several rates as one sum, for papers that print them apart. Only arithmetic can vouch for it."""
    rates = [(line, row) for line, row in _by_rate(context, frozenset()) if line.confidence >= 0.5 and line.tax]
    if len(rates) < 2:
        return []
    total = sum((line.tax or Decimal(0) for line, _ in rates), Decimal(0))
    last = [row for _, row in rates if row.page == rates[-1][1].page]
    pieces = tuple(p for row in last for p in row.pieces)
    return [Candidate(format(total, "f"), 0.8, rates[-1][1].page, pieces, TOGETHER)]


def _by_rate(context: Context, items: frozenset[int]) -> list[tuple[TaxLine, Row]]:
    """The surest row of each rate."""
    found: dict[Decimal, tuple[TaxLine, Row]] = {}
    under_header = 0
    for row in context.sheet.rows:
        under_header = 8 if _is_header(row) else max(0, under_header - 1)
        if row.index in items:
            continue
        line = _tax_line(context, row, under_header > 0)
        if line is None or line.rate is None:
            continue
        known = found.get(line.rate)
        if known is None or line.confidence > known[0].confidence:
            found[line.rate] = line, row
    return list(found.values())


def _is_header(row: Row) -> bool:
    """Whether the row heads a breakdown: base, rate, tax and no figures."""
    words = set(
        re.findall(r"basis\w*|\bbase\b|netto\w*|taxable|amount|betrag|montant|tax|steuer\w*|mwst|ust|tva", row.folded)
    )
    if _OF_ITEMS.search(row.folded):
        return False
    is_tax = bool(_TAX_HEADER.search(row.folded) or _TAX_WORD.search(row.folded))
    return len(words) >= 2 and is_tax


def _tax_line(context: Context, row: Row, under_header: bool) -> TaxLine | None:
    amounts = [a for c in row.cells for a in amounts_in(c.text, context.mark)]
    rates = list(_rates(amounts, under_header))
    money = [a.value for a in amounts if not a.percent and a.decimals in (2, 3)]
    worded = bool(_TAX_WORD.search(row.folded))
    if not rates or not money or len(amounts) > 9 or not (worded or under_header):
        return None
    fits = [
        (abs(base * rate / 100 - tax), rate, base, tax)
        for rate in rates
        for base, tax in permutations(money[:6], 2)
        if tax and abs(tax) < abs(base) and abs(base * rate / 100 - tax) <= Decimal("0.011")
    ]
    if fits:
        _, rate, base, tax = min(fits)
        return TaxLine(rate=rate, base=base, tax=tax, confidence=0.95)
    is_listed = under_header and len(amounts) >= 3 and not money[-1]
    if Decimal(0) in rates and (worded or is_listed):
        base = max(money, key=abs)
        if base and (Decimal(0) in [a.value for a in amounts if not a.percent][-1:] or len(money) >= 1):
            return TaxLine(rate=Decimal(0), base=base, tax=Decimal(0), confidence=0.75 if under_header else 0.55)
    if len(rates) == 1 and rates[0] and len(money) == 1 and worded and any(a.percent for a in amounts):
        return TaxLine(rate=rates[0], tax=money[0], confidence=0.6 if _ADDED.search(row.folded) else 0.5)
    return None


def _rates(amounts: Sequence[Amount], under_header: bool) -> Iterator[Decimal]:
    """Numbers that may be a rate: with a per cent sign, or bare below a header that has a column for them."""
    for amount in amounts:
        if not 0 <= amount.value <= _HIGHEST:
            continue
        if amount.percent or (under_header and amount.decimals <= 2 and amount.value in (0, *_USUAL)):
            yield Decimal(format(amount.value.normalize(), "f"))


_USUAL_RATES = "2.1 2.5 2.6 3.8 5 5.5 6 7 7.7 8 8.1 8.5 9 10 12 13 14 16 19 20 21 22 23 24 25 27"
_USUAL = frozenset(Decimal(r) for r in _USUAL_RATES.split())
