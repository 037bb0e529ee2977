"""Amounts of money in a contract, and the one that stands for its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_SIGNS = {
    "$": "USD",
    "US$": "USD",
    "U.S.$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "C$": "CAD",
    "A$": "AUD",
    "HK$": "HKD",
}
_CODES_TEXT = "USD EUR GBP CHF JPY CAD AUD CNY RMB HKD SGD INR SEK NOK DKK PLN ILS"
_CODES = _CODES_TEXT.split()
_MONEY = re.compile(
    r"(?<![\w$])(?:(?P<before>US\$|U\.S\.\$|HK\$|C\$|A\$|[$€£¥]|\b(?:" + "|".join(_CODES) + r")\b)\s{0,2})"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)(?!\d)(?:\s*(?P<scale>million|billion|thousand))?"
    r"|(?P<number2>\d{1,3}(?:[.,]\d{3})*(?:\.\d{1,2})?)\s?(?P<after>EUR|USD|CHF|GBP|euros?|U\.?S\.?\s+dollars)\b",
    re.I,
)
_VALUE = re.compile(
    r"\b(?:total|aggregate|purchase\s+price|contract\s+price|fees?|consideration|rent|salary|compensation|amount|price|payment)\b",
    re.I,
)
_SCALE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}


@dataclass(frozen=True)
class Amount:
    """A sum of money and where it stands."""

    value: Decimal
    currency: str
    start: int
    end: int


def all_amounts(text: str) -> Iterator[Amount]:
    """Every amount with its currency, in reading order."""
    for m in _MONEY.finditer(text):
        sign = m["before"] or m["after"]
        digits = m["number"] or re.sub(r"[.,](?=\d{3})", "", m["number2"])
        value = Decimal(digits.replace(",", "")) * _SCALE.get((m["scale"] or "").lower(), 1)
        yield Amount(value, _currency(sign), m.start(), m.end())


def _currency(sign: str) -> str:
    known = _SIGNS.get(sign.upper().replace(" ", ""))
    if known:
        return known
    code = sign.upper()
    return "EUR" if code.startswith("EURO") else "USD" if "DOLLAR" in code else "CNY" if code == "RMB" else code


def amounts_in(text: str) -> Amount | None:
    """The largest amount that a sentence calls a price, a fee or the like; None where there is none."""
    named = [a for a in all_amounts(text) if _VALUE.search(text[max(a.start - 160, 0) : a.start])]
    return max(named, key=lambda a: a.value, default=None)
