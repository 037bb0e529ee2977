"""Values as XML writes them: text, amounts, dates of UN/CEFACT and XML Schema, party names, element paths."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import cache

from lxml import etree

Element = etree._Element

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_COMMA = re.compile(r"[+-]?\d+,\d{1,2}")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")
_VAT_ID = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,13}")
_LONGEST_NUMBER = 40
_LONGEST_TEXT = 4_000  # characters; the longest description of an item that is known has 1,000
# Nothing is seen of these, or they turn the direction of what follows: a name must be what it looks like.
_UNSEEN = re.compile("[\x00-\x08\x7f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@cache
def _wild(path: str) -> str:
    return "/".join(step if step in ("", ".", "*") else "{*}" + step for step in path.split("/"))


def child(parent: Element | None, path: str) -> Element | None:
    """The first element at `path` ("A/B", local names, any namespace); None where it is not there."""
    return None if parent is None else parent.find(_wild(path))


def children(parent: Element | None, path: str) -> list[Element]:
    """All elements at `path`, in document order."""
    return [] if parent is None else parent.findall(_wild(path))


def folded(value: str | None) -> str | None:
    """Text with every run of white space as one space, without what nobody sees; None for nothing."""
    return " ".join(_UNSEEN.sub("", value[: 2 * _LONGEST_TEXT]).split())[:_LONGEST_TEXT] or None if value else None


def text(parent: Element | None, *paths: str) -> str | None:
    """The text of the first of `paths` that has any."""
    for path in paths:
        for found in children(parent, path):
            if value := folded(found.text):
                return value
    return None


def decimal(value: str | None) -> Decimal | None:
    """A number as XML Schema writes it, and with a decimal comma, which some programs wrongly write."""
    value = (value or "").strip()
    if len(value) > _LONGEST_NUMBER:
        return None
    if _COMMA.fullmatch(value):
        value = value.replace(",", ".")
    return Decimal(value) if _DECIMAL.fullmatch(value) else None


def amount(parent: Element | None, *paths: str) -> Decimal | None:
    """The number at the first of `paths` that has one."""
    return next((n for path in paths if (n := decimal(text(parent, path))) is not None), None)


def amount_in(parent: Element | None, path: str, currency: str | None) -> Decimal | None:
    """Of several amounts at `path` that in `currency`; without it one that names no currency, else the first.

    Invoices in a foreign currency state the tax total twice (BT-110, and BT-111 in the accounting currency).
    """
    found = children(parent, path)
    named = [e for e in found if e.get("currencyID") == currency] if currency else []
    silent = [e for e in found if not e.get("currencyID")]
    return next((n for e in [*named, *silent, *found] if (n := decimal(e.text)) is not None), None)


def plain(number: Decimal) -> str:
    """A plain decimal without exponent and without a negative zero."""
    return format(number if number else abs(number), "f")


def per_unit(price: Decimal | None, base: Decimal | None) -> Decimal | None:
    """The price of one unit where `price` is for `base` units; a base of zero says nothing."""
    if price is None or not base or base == 1:
        return price
    return Decimal(plain((price / base).quantize(Decimal("1e-8")).normalize()))


def iso_date(value: str | None) -> date | None:
    """xs:date and xs:dateTime, whatever the time zone."""
    found = _ISO.match((value or "").strip())
    return _day(found[1], found[2], found[3]) if found else None


def coded_date(value: str | None, code: str | None, last: bool = False) -> date | None:
    """A date in a format of UNTDID 2379: 102 YYYYMMDD, 203 and 204 with time, 610 YYYYMM, 616 YYYYWW.

    A month or a week stands for its first day, or its last (`last`).
    """
    value = (value or "").strip()
    if iso := iso_date(value):
        return iso
    digits = re.sub(r"\D", "", value)
    if code == "616" and len(digits) == 6:
        return _week(digits, last)
    if code == "610" and len(digits) == 6:
        first = _day(digits[:4], digits[4:], "01")
        return first.replace(day=monthrange(first.year, first.month)[1]) if first and last else first
    return _day(digits[:4], digits[4:6], digits[6:8]) if len(digits) >= 8 else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _week(digits: str, last: bool) -> date | None:
    try:
        return date.fromisocalendar(int(digits[:4]), int(digits[4:]), 7 if last else 1)
    except ValueError:
        return None


def currency_code(value: str | None) -> str | None:
    """A value that has the form of a currency of ISO 4217."""
    code = (value or "").strip().upper()
    return code if re.fullmatch("[A-Z]{3}", code) else None


def iban(value: str | None) -> str | None:
    """An account number that has the form of an IBAN, without spaces; whether it is right is checked elsewhere."""
    joined = re.sub(r"[\s.-]", "", value or "").upper()
    return joined if _IBAN.fullmatch(joined) else None


def tax_id(value: str | None) -> str | None:
    """A value that has the form of a VAT id (a country's letters first), without spaces, dots and hyphens."""
    joined = re.sub(r"[\s.-]", "", value or "").upper()
    return joined if _VAT_ID.fullmatch(joined) else None
